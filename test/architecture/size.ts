import { lineOf } from './source.ts';
import type { Source } from './source.ts';

const FILE_LINES_MAX = 400;
const FILE_LINES_WARNING = 300;
const FUNCTION_LINES_WARNING = 70;

/** Files that may be longer than the limit, each with its reason. */
const LONG_FILES: Record<string, string> = {};

export function sizeFaults(source: Source): string[] {
  const lines = linesOf(source);
  if (lines <= FILE_LINES_MAX || source.path in LONG_FILES) return [];
  return [`${source.path}: ${lines} lines, more than ${FILE_LINES_MAX}`];
}

/** Tripwires, not laws: someone should look whether the file or function does more than one thing. */
export function sizeWarnings(source: Source): string[] {
  const lines = linesOf(source);
  return [
    ...(lines > FILE_LINES_WARNING ? [`${source.path}: ${lines} lines`] : []),
    ...longFunctions(source).map((one) => `${source.path}:${one.line}: ${one.name} has ${one.lines} lines`),
  ];
}

function linesOf(source: Source): number {
  return source.text.split('\n').length - 1;
}

function longFunctions(source: Source): { name: string; line: number; lines: number }[] {
  // A table of columns is a list, however long.
  if (source.path.endsWith('.tables.ts')) return [];
  const opened: { index: number; name: string | null }[] = [];
  const found: { name: string; line: number; lines: number }[] = [];
  for (const match of source.code.matchAll(/[{}]/g)) {
    if (match[0] === '{') {
      opened.push({ index: match.index, name: nameOfFunction(source.code, match.index) });
      continue;
    }
    const start = opened.pop();
    if (!start || start.name === null) continue;
    const line = lineOf(source, start.index);
    const lines = lineOf(source, match.index) - line + 1;
    if (lines > FUNCTION_LINES_WARNING) found.push({ name: start.name, line, lines });
  }
  return found;
}

/** The name of the function whose body opens at `brace`; null when the brace opens something else. */
function nameOfFunction(code: string, brace: number): string | null {
  const before = code.slice(Math.max(0, brace - 1000), brace);
  // Up to the end of the parameters: `) {`, `): Type {`, `) => {`, `): Type => {`.
  const header = /\)\s*(?::[^;{}=()]*)?(?:=>\s*)?$/.exec(before);
  if (!header) return /=>\s*$/.test(before) ? 'a function' : null;
  let depth = 0;
  for (let i = header.index; i >= 0; i -= 1) {
    if (before[i] === ')') depth += 1;
    if (before[i] === '(') depth -= 1;
    if (depth === 0) return nameBefore(before.slice(0, i));
  }
  return null;
}

function nameBefore(code: string): string | null {
  const word = /([\w$]+)\s*(?:<[^()]*>)?\s*$/.exec(code)?.[1];
  if (word === undefined || word === 'async')
    return /([\w$]+)\s*(?::[^=]*)?=\s*(?:async\s*)?$/.exec(code)?.[1] ?? 'a function';
  return ['if', 'for', 'while', 'switch', 'catch', 'with'].includes(word) ? null : word;
}
