import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One file as the rules see it. */
export interface Source {
  /** From the repository's root, with slashes: `src/domain/posts/publish-post.ts`. */
  path: string;
  text: string;
  /** As long as `text`, so that positions agree; comments and the insides of strings are spaces. */
  code: string;
}

/** Fewer files than this and the rules have judged nothing: a wrong folder must not look like a clean one. */
const FILES_MIN = 10;

export function readSources(root: string, folder: string): Source[] {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length < FILES_MIN) {
    throw new Error(`only ${files.length} files of TypeScript under ${folder}: the rules would have judged nothing`);
  }
  return files.map((file) => makeSource(relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')));
}

export function makeSource(path: string, text: string): Source {
  return { path, text, code: codeOf(text) };
}

export function lineOf(source: Source, index: number): number {
  return source.text.slice(0, index).split('\n').length;
}

/**
 * Blanks comments and the insides of strings, templates and regular expressions; what stands in `${…}` is code
 * and stays. TypeScript 7 offers no parser to programs, so this reads the characters themselves. It knows where
 * the text between JSX tags looks like a string, a comment or a regular expression and is none.
 */
function codeOf(text: string): string {
  const erased: [from: number, to: number][] = [];
  readCode(text, 0, false, erased);
  const characters = text.split('');
  for (const [from, to] of erased) {
    for (let i = from; i < to; i += 1) if (characters[i] !== '\n') characters[i] = ' ';
  }
  return characters.join('');
}

/** Reads code from `start` to the end, or to the brace that closes a template's `${`; returns where it stopped. */
function readCode(text: string, start: number, insideTemplate: boolean, erased: [number, number][]): number {
  let depth = 0;
  let i = start;
  while (i < text.length) {
    const character = text[i];
    if (character === '{') depth += 1;
    if (character === '}') {
      if (insideTemplate && depth === 0) return i;
      depth -= 1;
    }
    const end = endOfInert(text, i, erased);
    i = end === null ? i + 1 : end;
  }
  return i;
}

/** The index after the comment, string, template or regular expression that starts at `i`; null when none does. */
function endOfInert(text: string, i: number, erased: [number, number][]): number | null {
  const character = text[i];
  if (character === '/') {
    // `://` is an address in the text between tags.
    if (text[i + 1] === '/' && text[i - 1] !== ':') return erase(erased, i, indexOrEnd(text, '\n', i));
    if (text[i + 1] === '*') return erase(erased, i, indexOrEnd(text, '*/', i + 2) + 2);
    return regularExpressionMayStart(text, i) ? skipRegularExpression(text, i, erased) : null;
  }
  // A quote right after a letter is an apostrophe between tags; code is formatted and has a space or a bracket there.
  if ((character === "'" || character === '"') && !/\w/.test(text[i - 1] ?? '')) return skipString(text, i, erased);
  return character === '`' ? skipTemplate(text, i, erased) : null;
}

function skipString(text: string, start: number, erased: [number, number][]): number | null {
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === text[start]) return erase(erased, start + 1, i) + 1;
  }
  return null;
}

function skipTemplate(text: string, start: number, erased: [number, number][]): number | null {
  const erasedBefore = erased.length;
  let from = start + 1;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '`') return erase(erased, from, i) + 1;
    else if (text[i] === '$' && text[i + 1] === '{') {
      erase(erased, from, i);
      i = readCode(text, i + 2, true, erased);
      from = i + 1;
    }
  }
  erased.length = erasedBefore;
  return null;
}

function skipRegularExpression(text: string, start: number, erased: [number, number][]): number | null {
  let insideClass = false;
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '[') insideClass = true;
    else if (text[i] === ']') insideClass = false;
    else if (text[i] === '/' && !insideClass) return erase(erased, start + 1, i) + 1;
  }
  return null;
}

/** Elsewhere a slash divides, or belongs to a tag. */
function regularExpressionMayStart(text: string, i: number): boolean {
  const before = text.slice(Math.max(0, i - 20), i).trimEnd();
  return (
    before === '' || /(?:[(,=:[!&|?{;+\-*%^~]|=>|\b(?:return|typeof|case|in|of|else|throw|await|yield))$/.test(before)
  );
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const index = text.indexOf(wanted, from);
  return index === -1 ? text.length : index;
}

function erase(erased: [number, number][], from: number, to: number): number {
  erased.push([from, to]);
  return to;
}
