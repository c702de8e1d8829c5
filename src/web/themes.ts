import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ThemeSheet } from '#web/assets.ts';

export const THEME_CONTRACT = 1;

const THEME_CSS_BYTES_MAX = 64 * 1024;
const THEME_JSON_BYTES_MAX = 8 * 1024;
const EXTENDS_DEPTH_MAX = 4;

export interface Theme extends ThemeSheet {
  /** The folder's name, which people's choices are stored under. */
  name: string;
  title: string;
  description: string;
  author: string;
  licence: string;
  schemes: ('light' | 'dark')[];
  extends: string | null;
}

export class ThemeError extends Error {
  override name = 'ThemeError';
}

const manifestSchema = z.strictObject({
  title: z.string().min(1).max(60),
  description: z.string().max(300).default(''),
  author: z.string().min(1).max(100),
  licence: z.string().min(1).max(60),
  contract: z.literal(THEME_CONTRACT),
  schemes: z
    .array(z.enum(['light', 'dark']))
    .min(1)
    .default(['light', 'dark']),
  extends: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
    .optional(),
});

/**
 * Every theme in the given folders; of two with one name the earlier folder's is taken, so that nobody's
 * `plain` replaces ours. A broken theme is left out and reported: a bad file never keeps a server from starting.
 */
export function loadThemes(dirs: string[], report: (name: string, problem: string) => void = () => {}): Theme[] {
  const found = new Map<string, { manifest: z.infer<typeof manifestSchema>; css: string }>();
  for (const dir of dirs.filter((candidate) => existsSync(candidate))) {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (!entry.isDirectory() || found.has(entry.name)) continue;
      try {
        found.set(entry.name, readTheme(join(dir, entry.name), entry.name));
      } catch (error) {
        report(entry.name, error instanceof Error ? error.message : String(error));
      }
    }
  }

  const themes: Theme[] = [];
  for (const [name, { manifest }] of found) {
    try {
      const { extends: base, contract: _, ...shown } = manifest;
      themes.push({ name, ...shown, extends: base ?? null, css: layered(cssWithBases(name, found)) });
    } catch (error) {
      report(name, error instanceof Error ? error.message : String(error));
    }
  }
  return themes.toSorted((a, b) => a.title.localeCompare(b.title));
}

function readTheme(dir: string, name: string): { manifest: z.infer<typeof manifestSchema>; css: string } {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new ThemeError('the folder’s name may have a–z, 0–9 and hyphens only');
  const parsed = manifestSchema.safeParse(parseJson(readCapped(join(dir, 'theme.json'), THEME_JSON_BYTES_MAX)));
  if (!parsed.success) throw new ThemeError(`theme.json: ${z.prettifyError(parsed.error)}`);
  const css = readCapped(join(dir, 'theme.css'), THEME_CSS_BYTES_MAX);
  checkThemeCss(css);
  return { manifest: parsed.data, css };
}

function readCapped(path: string, bytesMax: number): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  const file = path.split('/').at(-1);
  if (!stat?.isFile()) throw new ThemeError(`${file} is missing`);
  if (stat.size > bytesMax) throw new ThemeError(`${file} has ${stat.size} bytes, at most ${bytesMax} are taken`);
  return readFileSync(path, 'utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ThemeError('theme.json is not JSON');
  }
}

function cssWithBases(
  name: string,
  found: Map<string, { manifest: { extends?: string | undefined }; css: string }>,
): string {
  const chain: string[] = [];
  for (let current: string | undefined = name; current !== undefined;) {
    const theme = found.get(current);
    if (!theme) throw new ThemeError(`it extends "${current}", which is not there`);
    if (chain.length >= EXTENDS_DEPTH_MAX) throw new ThemeError('it extends too many others, or itself');
    chain.unshift(theme.css);
    current = theme.manifest.extends;
  }
  return chain.join('\n');
}

function layered(css: string): string {
  return `@layer theme {\n${css}\n}\n`;
}

/**
 * Refuses what could leave the layer, load anything, or mean something else than it seems to.
 * Strings and comments are read as CSS Syntax 3 does; outside strings no backslash is taken, so that no escape
 * can hide a name.
 *
 * @throws ThemeError
 */
export function checkThemeCss(css: string): void {
  const code = codeOf(css);
  const forbidden =
    /@(?:import|charset|namespace|layer|document)\b|\b(?:src|image|element|cross-fade|paint|expression)\(|image-set\(|-moz-binding|\bbehavior\s*:/i.exec(
      code,
    );
  if (forbidden) throw new ThemeError(`theme.css: ${forbidden[0]} is not allowed`);
  for (const [, address = ''] of code.matchAll(/\burl\(\s*([^)]*)/gi)) {
    if (!/^["']?(?:#|data:image\/(?:png|webp|jpeg|svg\+xml)[;,])/i.test(address)) {
      throw new ThemeError('theme.css: url() may only hold a data: image or a #fragment');
    }
  }
  if (code.includes('\\')) throw new ThemeError('theme.css: a backslash is only allowed inside a string');
  // `<` begins CDO and could end a <style> element, should a sheet ever stand in one.
  if (css.includes('</') || code.includes('<!--')) throw new ThemeError('theme.css: markup is not allowed');
  checkBalance(code);
}

/** The sheet without comments and without what its strings hold, except strings that are the argument of url(). */
function codeOf(css: string): string {
  let code = '';
  let at = 0;
  const token = /\/\*[\s\S]*?\*\/|"(?:[^"\\\n\r\f]|\\[\s\S])*"|'(?:[^'\\\n\r\f]|\\[\s\S])*'|[\s\S]/y;
  while (at < css.length) {
    token.lastIndex = at;
    const [text] = token.exec(css) ?? [''];
    if (css.startsWith('/*', at) && text.length < 4) throw new ThemeError('theme.css: a comment is not closed');
    if ((text === '"' || text === "'") && text.length === 1) throw new ThemeError('theme.css: a string is not closed');
    if (text.startsWith('/*')) code += ' ';
    else if (text.length > 1) code += /\burl\(\s*$/i.test(code) ? text.replaceAll(/[(){}[\]]/g, '') : '""';
    else code += text;
    at += text.length;
  }
  return code;
}

function checkBalance(code: string): void {
  const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  const open: string[] = [];
  for (const character of code) {
    if ('([{'.includes(character)) open.push(character);
    else if (pairs[character] && open.pop() !== pairs[character])
      throw new ThemeError(`theme.css: a "${character}" too many`);
  }
  if (open.length > 0) throw new ThemeError(`theme.css: a "${open.at(-1)}" is not closed`);
}
