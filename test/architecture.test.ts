import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fenceFaults } from './architecture/fences.ts';
import { importsOf } from './architecture/imports.ts';
import { layerFaults } from './architecture/layers.ts';
import { sizeFaults, sizeWarnings } from './architecture/size.ts';
import { sliceFaults } from './architecture/slices.ts';
import { makeSource, readSources } from './architecture/source.ts';
import type { Source } from './architecture/source.ts';

const root = join(import.meta.dirname, '..');

test('the code keeps to the architecture', () => {
  const sources = readSources(root, 'src');
  const warnings = sources.flatMap(sizeWarnings);
  if (warnings.length > 0) console.warn(`Longer than they should be:\n${warnings.join('\n')}`);
  expect(faultsOf(sources)).toEqual([]);
});

test('an empty folder is not taken for a clean one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  writeFileSync(join(folder, 'only.ts'), 'export const only = 1;\n');
  expect(() => readSources(folder, '.')).toThrow('only 1 files');
  rmSync(folder, { recursive: true });
});

test.each([
  ['kernel imports another layer', 'src/kernel/ids.ts', `import { schema } from '#db/schema.ts';`],
  ['kernel imports a package', 'src/kernel/ids.ts', `import { z } from 'zod';`],
  ['db imports a command', 'src/db/commit.ts', `import { publishPost } from '#domain/posts/publish-post.ts';`],
  ['db imports the values of events', 'src/db/unit.ts', `import { x } from '#domain/events.ts';`],
  ['domain imports the web framework', 'src/domain/posts/x.ts', `import { Hono } from 'hono';`],
  ['domain imports an adapter', 'src/domain/posts/x.ts', `import type { Page } from '../../web/pages/page.ts';`],
  ['domain imports the store', 'src/domain/posts/x.ts', `import { openStore } from '#db/store.ts';`],
  ['domain imports the configuration', 'src/domain/posts/x.ts', `import type { Config } from '#config/config.ts';`],
  ['domain reads a file', 'src/domain/posts/x.ts', `import { readFileSync } from 'node:fs';`],
  ['domain reads a file by the old name', 'src/domain/posts/x.ts', `import { readFileSync } from 'fs';`],
  ['a port runs a command', 'src/ports/mail.ts', `import { publishPost } from '#domain/posts/publish-post.ts';`],
  ['an adapter imports another', 'src/web/pages/home.tsx', `import { ask } from '#federation/resolve.ts';`],
  ['an adapter imports types of another', 'src/api/native/x.ts', `import type { Row } from '#web/pages/row.ts';`],
  ['an adapter opens the store', 'src/web/pages/home.tsx', `import { openStore } from '#db/store.ts';`],
  ['jobs import federation', 'src/jobs/runner.ts', `import { deliver } from '#federation/outbound.ts';`],
  ['a file outside is imported', 'src/web/pages/home.tsx', `import { world } from '../../../test/world.ts';`],
  ['a folder without a place', 'src/utils/text.ts', `export const x = 1;`],
  ['an import that hides its target', 'src/main.ts', `await import(name);`],
  ['a re-export', 'src/domain/posts/x.ts', `export { Hono } from 'hono';`],
  ['an import for its side effect', 'src/domain/posts/x.ts', `import 'hono';`],
  ['a dynamic import', 'src/domain/posts/x.ts', `const x = await import('hono');`],
  ['an import over several lines', 'src/domain/posts/x.ts', `import {\n  Hono,\n  type Context,\n} from 'hono';`],
])('layers: %s', (_, path, text) => {
  expect(layerFaults(makeSource(path, text))).toHaveLength(1);
});

test.each([
  [
    'the domain uses its doors',
    'src/domain/posts/x.ts',
    `import type { Unit } from '#db/unit.ts';\nimport { eq } from 'drizzle-orm';`,
  ],
  ['the domain names a type of the store', 'src/domain/posts/x.ts', `import type { Read } from '#db/store.ts';`],
  ['db names the events', 'src/db/unit.ts', `import type { Event } from '#domain/events.ts';`],
  ['db takes the tables', 'src/db/schema.ts', `import { posts } from '#domain/posts/posts.tables.ts';`],
  ['tables use the column helpers', 'src/domain/posts/posts.tables.ts', `import { kit } from '#db/kit.ts';`],
  [
    'an adapter commits a command',
    'src/web/pages/x.tsx',
    `import { commit } from '#db/commit.ts';\nimport { x } from '#domain/posts/x.ts';`,
  ],
  [
    'the composition root imports all',
    'src/main.ts',
    `import { a } from '#federation/a.ts';\nimport { b } from '#web/b.ts';`,
  ],
])('layers let pass: %s', (_, path, text) => {
  expect(layerFaults(makeSource(path, text))).toEqual([]);
});

test.each([
  ['Fedify in a page', 'src/web/x.tsx', `import type { Context } from '@fedify/fedify';`],
  ['Hono in federation', 'src/federation/actors.ts', `import { Hono } from 'hono';`],
  ['Hono in the composition root', 'src/main.ts', `import { logger } from 'hono/logger';`],
  ['the web server in a page', 'src/web/x.tsx', `import { serve } from '@hono/node-server';`],
  ['the environment', 'src/main.ts', `const port = process.env['PORT'];`],
  ['the environment, taken apart', 'src/main.ts', `const { env } = process;`],
  ['the environment, imported', 'src/main.ts', `import { env } from 'node:process';`],
  ['the time', 'src/domain/posts/x.ts', `const now = Date.now();`],
  ['the date', 'src/web/x.tsx', `const today = new Date();`],
  ['the date without brackets', 'src/web/x.tsx', `const today = new Date;`],
  ['the date as text', 'src/web/x.tsx', `const today = Date();`],
  ['chance', 'src/jobs/x.ts', `const jitter = Math.random();`],
  ['the stopwatch', 'src/federation/x.ts', `const start = performance.now();`],
  ['the time in a template', 'src/web/x.tsx', 'const text = `at ${Date.now()} exactly`;'],
  ['fetch in a job', 'src/jobs/x.ts', `const answer = await fetch(url);`],
  ['fetch by its full name', 'src/domain/posts/x.ts', `const answer = globalThis.fetch(url);`],
  ['fetch as a value', 'src/web/x.tsx', `const load = fetch;`],
  ['undici in a page', 'src/web/x.tsx', `import { request } from 'undici';`],
  ['a driver', 'src/jobs/x.ts', `import Database from 'better-sqlite3';`],
  ['a driver of Drizzle', 'src/main.ts', `import { drizzle } from 'drizzle-orm/node-postgres';`],
  ['the driver of Node', 'src/domain/posts/x.ts', `import { DatabaseSync } from 'node:sqlite';`],
  ["a driver's transaction", 'src/domain/posts/x.ts', `await store.transaction(async (tx) => tx);`],
  ['an http client', 'src/ports/mail.ts', `import { request } from 'node:https';`],
  ['an http client by the old name', 'src/ports/mail.ts', `import { request } from 'http';`],
  ['a socket', 'src/ports/mail.ts', `import { connect } from 'node:net';`],
])('fences: %s', (_, path, text) => {
  expect(fenceFaults(makeSource(path, text))).toHaveLength(1);
});

test.each([
  [
    'in a comment',
    'src/domain/posts/x.ts',
    `// import { Hono } from 'hono'; Date.now()\n/* fetch(url) */ const x = 1;`,
  ],
  ['in a string', 'src/domain/posts/x.ts', `const text = "import x from 'hono'; Date.now() fetch(url)";`],
  ['in a template', 'src/domain/posts/x.ts', "const text = `it's ${name}: Date.now()`;"],
  ['in a regular expression', 'src/domain/posts/x.ts', `const quote = /['"]fetch(/;\nconst other = 1;`],
  ['a member called fetch', 'src/main.ts', `serve({ fetch: app.fetch, port });\nawait app.fetch(request);`],
  ['a date of a given moment', 'src/web/x.tsx', `const day = new Date(post.publishedAt);`],
  ['the clock in the kernel', 'src/kernel/clock.ts', `const now = Date.now();`],
  ['fetch in its place', 'src/federation/loaders.ts', `const answer = await fetch(url);`],
  ['fetch in the browser', 'src/web/assets/islands/composer.ts', `const answer = await fetch(url);`],
  ['types of Node', 'src/web/x.tsx', `import type { IncomingMessage } from 'node:http';`],
])('fences let pass: %s', (_, path, text) => {
  expect(fenceFaults(makeSource(path, text))).toEqual([]);
});

test.each([
  ['an apostrophe', `<p>Don't {Date.now()} can't</p>`],
  ['an address', `<p>See https://example.org {Date.now()}</p>`],
  ['closing tags', `<b>a</b> {Date.now()} <i>b</i>`],
  ['a division', `const half = width / 2; const now = Date.now(); const third = width / 3;`],
])('text between tags hides no code: %s', (_, text) => {
  expect(fenceFaults(makeSource('src/web/x.tsx', text))).toHaveLength(1);
});

test('slices import in their order', () => {
  expect(sliceFaults(two('posts', 'accounts'))).toEqual([]);
  expect(sliceFaults(two('accounts', 'posts'))).toEqual(['src/domain/accounts/x.ts:1: accounts may not import posts']);
  expect(sliceFaults(two('posts', 'novelties'))).toEqual(['src/domain/posts/x.ts:1: posts may not import novelties']);
  expect(sliceFaults(two('novelties', 'posts'))).toContain(
    'src/domain/novelties/x.ts: the slice novelties has no place in the order',
  );
  expect(sliceFaults([makeSource('src/domain/loose.ts', '')])).toEqual(['src/domain/loose.ts: lies in no slice']);
});

test('tables refer to each other in an order of their own', () => {
  const tables = (from: string, to: string): Source =>
    makeSource(`src/domain/${from}/${from}.tables.ts`, `import type { t } from '#domain/${to}/${to}.tables.ts';`);
  expect(sliceFaults([tables('media', 'posts'), ...two('posts', 'media')])).toEqual([]);
  expect(sliceFaults([tables('posts', 'media')])).toEqual([
    'src/domain/posts/posts.tables.ts:1: posts may not import media',
  ]);
});

test('slices form no circle', () => {
  const faults = sliceFaults([...two('posts', 'accounts'), ...two('accounts', 'posts')]);
  expect(faults).toContain('a circle of slices: posts → accounts → posts');
});

test('reactions and events join the slices, and no slice calls them', () => {
  const joint = makeSource('src/domain/reactions.ts', `import { x } from './posts/x.ts';`);
  const slice = makeSource('src/domain/posts/x.ts', `import type { Event } from '../events.ts';`);
  expect(sliceFaults([joint, slice])).toEqual([]);
  const caller = makeSource('src/domain/posts/x.ts', `import { react } from '#domain/reactions.ts';`);
  expect(sliceFaults([caller])).toEqual(['src/domain/posts/x.ts:1: a slice may not import #domain/reactions.ts']);
});

test('long files and functions are noticed', () => {
  const file = (lines: number): Source => makeSource('src/web/x.ts', 'export {};\n'.repeat(lines));
  expect(sizeFaults(file(401))).toEqual(['src/web/x.ts: 401 lines, more than 400']);
  expect(sizeFaults(file(400))).toEqual([]);
  expect(sizeWarnings(file(301))).toEqual(['src/web/x.ts: 301 lines']);
  const body = '  if (x) {\n    x();\n  }\n'.repeat(30);
  const source = makeSource('src/web/x.ts', `const a = { b: 1 };\nfunction long(x: () => void): void {\n${body}}\n`);
  expect(sizeWarnings(source)).toEqual(['src/web/x.ts:2: long has 92 lines']);
  const arrow = makeSource('src/web/x.ts', `const long = async (x: string): Promise<void> => {\n${body}};\n`);
  expect(sizeWarnings(arrow)).toEqual(['src/web/x.ts:1: long has 92 lines']);
});

test('every form of import is read', () => {
  const text = [
    `import a, { b } from './a.ts';`,
    `import type { C } from "#web/c.ts";`,
    `export * as d from '@scope/name/deep';`,
    `import data from './data.json' with { type: 'json' };`,
  ].join('\n');
  expect(importsOf(makeSource('src/web/x.ts', text)).imports).toEqual([
    { line: 1, specifier: './a.ts', typeOnly: false, file: 'src/web/a.ts', module: null },
    { line: 2, specifier: '#web/c.ts', typeOnly: true, file: 'src/web/c.ts', module: null },
    { line: 3, specifier: '@scope/name/deep', typeOnly: false, file: null, module: '@scope/name/deep' },
    { line: 4, specifier: './data.json', typeOnly: false, file: 'src/web/data.json', module: null },
  ]);
});

function faultsOf(sources: Source[]): string[] {
  return [
    ...sources.flatMap(layerFaults),
    ...sources.flatMap(fenceFaults),
    ...sliceFaults(sources),
    ...sources.flatMap(sizeFaults),
  ];
}

/** A file of one slice that imports from another. */
function two(from: string, to: string): Source[] {
  return [makeSource(`src/domain/${from}/x.ts`, `import { y } from '#domain/${to}/y.ts';`)];
}
