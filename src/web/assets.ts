import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { need } from '#kernel/assert.ts';

export interface Asset {
  body: Uint8Array<ArrayBuffer>;
  /** Media type with its charset. */
  type: string;
  /** Strong, quoted. The address holds the hash, so the answer may be cached for a year as immutable. */
  etag: string;
}

export interface Assets {
  /** The one style sheet of a page: ours, with the theme's layer inside. An unknown theme gets the plain one. */
  stylesheet(theme: string): string;
  /** The one module with all islands. */
  script: string;
  /** Address of a file such as `icons.svg` or `fonts/source-sans-3-latin.woff2`. */
  url(name: string): string;
  byPath: ReadonlyMap<string, Asset>;
}

/** What the sheet of a theme is made from; see `themes.ts`. */
export interface ThemeSheet {
  name: string;
  /** Already checked and wrapped in `@layer theme`. */
  css: string;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

const LAYERS = '@layer reset, tokens, base, components, theme, account;\n';

/**
 * Reads style sheets, islands, fonts and pictures once, at start.
 * `css/*.css` are joined in order of their names (layers decide what wins, not the order); `islands/*.js` are
 * joined into one module, each in a block of its own.
 */
export function loadAssets(assetsDir: string, themes: ThemeSheet[] = []): Assets {
  const byPath = new Map<string, Asset>();
  const urls = new Map<string, string>();

  function add(name: string, body: Buffer | string): string {
    const asset = makeAsset(name, body);
    const extension = extname(name);
    const path = `/assets/${name.slice(0, -extension.length)}.${asset.etag.slice(1, -1)}${extension}`;
    byPath.set(path, asset);
    urls.set(name, path);
    return path;
  }

  for (const file of readdirSync(assetsDir, { withFileTypes: true })) {
    if (file.isFile() && TYPES[extname(file.name)]) add(file.name, readFileSync(join(assetsDir, file.name)));
  }
  for (const file of readdirSync(join(assetsDir, 'fonts')).filter((name) => name.endsWith('.woff2'))) {
    add(`fonts/${file}`, readFileSync(join(assetsDir, 'fonts', file)));
  }

  const url = (name: string): string => need(urls.get(name), `no asset ${name}`);
  const sheet = LAYERS + resolveUrls(joinFiles(join(assetsDir, 'css'), '.css'), url);
  const plain = add('estrade.css', squeeze(sheet));
  const sheets = new Map(
    themes.map((theme) => [theme.name, add(`estrade-${theme.name}.css`, squeeze(sheet + theme.css))]),
  );
  const script = add('islands.js', joinIslands(join(assetsDir, 'islands')));

  return { stylesheet: (theme) => sheets.get(theme) ?? plain, script, url, byPath };
}

/** The file behind a path below `/assets/`; null for everything that is not exactly one of ours. */
export function serveAsset(assets: Assets, path: string): Asset | null {
  return assets.byPath.get(path) ?? null;
}

function makeAsset(name: string, content: Buffer | string): Asset {
  const body = Uint8Array.from(typeof content === 'string' ? Buffer.from(content) : content);
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { body, type: need(TYPES[extname(name)], `no media type for ${name}`), etag: `"${hash}"` };
}

function joinFiles(dir: string, extension: string): string {
  return readdirSync(dir)
    .filter((name) => name.endsWith(extension))
    .toSorted()
    .map((name) => readFileSync(join(dir, name), 'utf8'))
    .join('\n');
}

/** Islands neither import nor export; the blocks keep their names apart. */
function joinIslands(dir: string): string {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.js'))
    .toSorted()
    .map((name) => `{\n${readFileSync(join(dir, name), 'utf8')}}\n`)
    .join('\n');
}

function resolveUrls(css: string, url: (name: string) => string): string {
  return css.replace(/url\(['"]?((?:fonts\/)?[\w.-]+)['"]?\)/g, (_, name: string) => `url("${url(name)}")`);
}

/** Drops comments, indentation and empty lines; not a minifier, so that nothing can change its meaning. */
function squeeze(css: string): string {
  return css
    .replace(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//g, '')
    .replace(/^\s+/gm, '')
    .replace(/\n+/g, '\n');
}
