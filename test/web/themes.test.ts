import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadAssets, serveAsset } from '#web/assets.ts';
import { checkThemeCss, loadThemes, ThemeError } from '#web/themes.ts';
import { contrast, parseOklch } from './oklch.ts';

const root = join(import.meta.dirname, '../..');
const MANIFEST = { title: 'Test', author: 'Inès', licence: 'CC0-1.0', contract: 1 };

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'themes-'));
});

afterEach(() => rmSync(dir, { recursive: true }));

function writeTheme(name: string, manifest: unknown, css: string, base = dir): void {
  mkdirSync(join(base, name), { recursive: true });
  writeFileSync(join(base, name, 'theme.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  writeFileSync(join(base, name, 'theme.css'), css);
}

function load(dirs = [dir]) {
  const problems: string[] = [];
  const themes = loadThemes(dirs, (name, problem) => problems.push(`${name}: ${problem}`));
  return { themes, problems };
}

describe('loading themes', () => {
  test('wraps a theme in its layer', () => {
    writeTheme('night', MANIFEST, ':root { --accent: oklch(0.5 0.1 200); }');
    const [theme] = load().themes;
    expect(theme).toMatchObject({ name: 'night', title: 'Test', schemes: ['light', 'dark'], extends: null });
    expect(theme?.css).toMatch(/^@layer theme \{\n:root/);
  });

  test('leaves out a broken one and says why; the others stand', () => {
    writeTheme('good', MANIFEST, '');
    writeTheme('old', { ...MANIFEST, contract: 0 }, '');
    writeTheme('loud', { ...MANIFEST, script: 'x.js' }, '');
    writeTheme('torn', '{', '');
    writeTheme('big', MANIFEST, ' '.repeat(70_000));
    writeTheme('No Name', MANIFEST, '');
    mkdirSync(join(dir, 'empty'));
    const { themes, problems } = load();
    expect(themes.map((theme) => theme.name)).toEqual(['good']);
    expect(problems.map((problem) => problem.split(':')[0] ?? '').toSorted()).toEqual([
      'No Name',
      'big',
      'empty',
      'loud',
      'old',
      'torn',
    ]);
  });

  test('puts what it extends before it, and refuses a circle', () => {
    writeTheme('base', MANIFEST, ':root { --radius: 0; }');
    writeTheme('child', { ...MANIFEST, extends: 'base' }, ':root { --edge: red; }');
    writeTheme('orphan', { ...MANIFEST, extends: 'nobody' }, '');
    writeTheme('ouro', { ...MANIFEST, extends: 'boros' }, '');
    writeTheme('boros', { ...MANIFEST, extends: 'ouro' }, '');
    const { themes, problems } = load();
    expect(themes.map((theme) => theme.name).toSorted()).toEqual(['base', 'child']);
    expect(themes.find((theme) => theme.name === 'child')?.css).toMatch(/--radius[\s\S]*--edge/);
    expect(problems).toHaveLength(3);
  });

  test('never lets another folder replace plain', () => {
    writeTheme('plain', { ...MANIFEST, title: 'Impostor' }, 'body { display: none; }');
    const { themes } = load([join(root, 'themes'), dir]);
    expect(themes.find((theme) => theme.name === 'plain')?.title).toBe('Plain');
  });

  test('bears a folder that is not there', () => {
    expect(load([join(dir, 'missing')])).toEqual({ themes: [], problems: [] });
  });
});

describe('a theme’s style sheet', () => {
  test.each([
    [':root { --ink: oklch(0.3 0 0); }'],
    ['[data-part="post"]::before { content: "\\201C } @import url(x)"; }'],
    ['.brand { background: url("data:image/png;base64,AAAA=="); }'],
    ['@media (min-width: 60rem) { .side { gap: 1rem; } }'],
    ['/* @import "x"; } */ body { color: red; }'],
    ['.x { fill: url(#stage-light); }'],
  ])('may be %s', (css) => {
    expect(() => checkThemeCss(css)).not.toThrow();
  });

  test.each([
    ['loads another sheet', '@import "https://evil.example/x.css";'],
    ['loads another sheet, loudly', '@IMPORT url(x.css);'],
    ['loads a picture from elsewhere', 'body { background: url(https://evil.example/pixel.png); }'],
    ['loads a picture by a path', "body { background: url('/media/secret.png'); }"],
    ['loads a picture, with a space', 'body { background: url(  "//evil.example/x" ); }'],
    ['loads a picture by image-set', 'body { background: image-set("https://evil.example/x" 1x); }'],
    ['loads by src()', 'body { background: src("https://evil.example/x"); }'],
    ['loads SVG as a document', 'body { background: url("data:text/html,<script>"); }'],
    ['hides url behind an escape', 'body { background: u\\72l(https://evil.example); }'],
    ['hides import behind an escape', '@\\69mport "x";'],
    ['leaves its layer', '} body { display: none; } .x {'],
    ['closes a bracket too many', ':root { --x: ); }'],
    ['swallows what follows', 'body { color: red;'],
    ['swallows it by a comment', 'body { } /* '],
    ['swallows it by a string', 'body { content: "'],
    ['swallows it by a string over lines', 'body { content: "a\n } "; }'],
    ['names layers', '@layer account { html { --accent: red; } }'],
    ['ends a style element', 'body { content: "</style><script>"; }'],
    ['sets a charset', '@charset "utf-7";'],
    ['calls old code', 'body { width: expression(alert(1)); }'],
    ['binds old code', 'body { -moz-binding: url(#x); }'],
  ])('is refused when it %s', (_, css) => {
    expect(() => checkThemeCss(css)).toThrow(ThemeError);
  });
});

describe('assets', () => {
  test('have one sheet per theme, with the layers named first', () => {
    const themes = loadThemes([join(root, 'themes')]);
    const assets = loadAssets(join(root, 'src/web/assets'), [
      ...themes,
      { name: 'odd', css: '@layer theme { :root { --radius: 0 } }' },
    ]);
    const plain = serveAsset(assets, assets.stylesheet('nobody'));
    const odd = serveAsset(assets, assets.stylesheet('odd'));
    expect(plain?.type).toBe('text/css; charset=utf-8');
    const css = new TextDecoder().decode(plain?.body);
    expect(css).toMatch(/^@layer reset, tokens, base, components, theme, account;/);
    expect(css).not.toMatch(/url\((?!"\/assets\/fonts\/|#)/);
    expect(new TextDecoder().decode(odd?.body)).toContain('--radius: 0');
  });

  test('answer only to the exact address, whose hash is the etag', () => {
    const assets = loadAssets(join(root, 'src/web/assets'));
    const path = assets.url('icons.svg');
    expect(path).toMatch(/^\/assets\/icons\.[0-9a-f]{12}\.svg$/);
    expect(serveAsset(assets, path)?.etag).toBe(`"${path.split('.')[1]}"`);
    for (const wrong of [
      '/assets/icons.svg',
      '/assets/../assets.ts',
      '/assets/%2e%2e/assets.ts',
      `${path}/`,
      '/assets/',
    ]) {
      expect(serveAsset(assets, wrong)).toBeNull();
    }
    expect(() => assets.url('nothing.svg')).toThrow('no asset nothing.svg');
  });

  test('islands stand apart from each other and load nothing', () => {
    const assets = loadAssets(join(root, 'src/web/assets'));
    const script = new TextDecoder().decode(serveAsset(assets, assets.script)?.body);
    expect(script).not.toMatch(/^\s*(?:import|export)\b/m);
    expect(script).not.toMatch(/\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|document\.write|\beval\b/);
    expect(script.match(/^\{$/gm)).toHaveLength(readdirSync(join(root, 'src/web/assets/islands')).length);
  });
});

type Tokens = Record<string, { light: string; dark: string }>;

/** Colours that a sheet sets on its root. */
function colourTokens(css: string): Tokens {
  const tokens: Tokens = {};
  for (const [, name = '', light = '', dark = ''] of css.matchAll(
    /(--[\w-]+):\s*light-dark\((oklch\([^()]*\)),\s*(oklch\([^()]*\))\)/g,
  )) {
    tokens[name] = { light, dark };
  }
  return tokens;
}

const ours = colourTokens(readFileSync(join(root, 'src/web/assets/css/tokens.css'), 'utf8'));
const GROUNDS = ['--surface', '--surface-raised', '--surface-quiet'];

/** Text, the grounds it stands on, and the least contrast: 7 for reading, 4.5 for the rest, 3 for edges (WCAG 1.4.11). */
const PAIRS: [string, string[], number][] = [
  ['--ink', [...GROUNDS, '--accent-soft', '--success-soft', '--warning-soft', '--danger-soft'], 7],
  ['--ink-soft', GROUNDS, 7],
  ['--link', ['--surface', '--surface-raised'], 7],
  ['--ink-faint', GROUNDS, 4.5],
  ['--accent-ink', [...GROUNDS, '--accent-soft'], 4.5],
  ['--on-accent', ['--accent', '--accent-strong'], 4.5],
  ['--on-danger', ['--danger'], 4.5],
  ['--live', GROUNDS, 4.5],
  ['--gold', GROUNDS, 4.5],
  ['--success', [...GROUNDS, '--success-soft'], 4.5],
  ['--warning', [...GROUNDS, '--warning-soft'], 4.5],
  ['--danger', [...GROUNDS, '--danger-soft'], 4.5],
  ['--edge', GROUNDS, 3],
  ['--focus', GROUNDS, 3],
  ['--accent', ['--surface'], 3],
];

describe.each(loadThemes([join(root, 'themes')]).map((theme) => [theme.name, theme.css]))('the theme %s', (_, css) => {
  const tokens = { ...ours, ...colourTokens(css) };

  test.each(['light', 'dark'] as const)('can be read in the %s', (scheme) => {
    const weak = PAIRS.flatMap(([text, grounds, least]) =>
      grounds
        .map((ground) => ({
          pair: `${text} on ${ground}`,
          ratio: contrast(parseOklch(tokens[text]?.[scheme] ?? ''), parseOklch(tokens[ground]?.[scheme] ?? '')),
          least,
        }))
        .filter(({ ratio }) => ratio < least),
    );
    expect(weak).toEqual([]);
  });
});

test('every accent that a person may choose can be read', () => {
  const css = readFileSync(join(root, 'src/web/assets/css/account-accent.css'), 'utf8');
  const rules = [...css.matchAll(/\[data-accent='(\w+)'\] \{([^}]*)\}/g)];
  const common = /\[data-accent\] \{([^}]*)\}/.exec(css)?.[1] ?? '';
  const weak: string[] = [];
  for (const [, name = '', own = ''] of rules) {
    const hue = /--hue: (\d+)/.exec(own)?.[1] ?? '';
    const tokens = { ...ours, ...colourTokens(common.replaceAll('var(--hue)', hue)), ...colourTokens(own) };
    for (const scheme of ['light', 'dark'] as const) {
      for (const [text, grounds, least] of PAIRS.filter(([text]) => /accent|link/.test(text))) {
        for (const ground of grounds) {
          const ratio = contrast(parseOklch(tokens[text]?.[scheme] ?? ''), parseOklch(tokens[ground]?.[scheme] ?? ''));
          if (ratio < least) weak.push(`${name} ${scheme}: ${text} on ${ground} ${ratio.toFixed(2)}`);
        }
      }
    }
  }
  expect(rules).toHaveLength(10);
  expect(weak).toEqual([]);
});
