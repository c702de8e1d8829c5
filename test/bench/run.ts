import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openStore } from '#db/open.ts';
import type { Site } from '#db/unit.ts';
import { createSealer } from '#kernel/seal.ts';
import { readSecret } from '#ports/secret-file.ts';
import { sleep } from './drive.ts';
import { openBare, type Bare } from './measure-bare.ts';
import { measureDocuments } from './measure-documents.ts';
import { measureHomePage, measureRows, rowLines } from './measure-timelines.ts';
import { measureInbox } from './measure-inbox.ts';
import { measurePublishing } from './measure-publishing.ts';
import { openPeers, type Peers } from './peers.ts';
import { makeTown, writePosts, type Town } from './population.ts';
import { printTable, type Line } from './report.ts';
import { makeBundle, removeBundle, ROOT, startServer, type Measured } from './server.ts';

/*
 * `npm run bench`: what the hot paths cost, against what is promised of them. The production bundle with all its guards
 * and limits serves a file database with synchronous=FULL; the cost is the CPU time of its process. With names behind it
 * (`npm run bench -- inbox`) only these parts are measured: rows, publishing, documents, pages, inbox.
 */

const SITE: Site = { origin: 'https://bench.test', host: 'bench.test', handleDomain: 'bench.test' };
const POSTS_SMALL = 10_000;
const POSTS = 100_000;
const IDLE_SECONDS = 5;

type Part = 'rows' | 'publishing' | 'documents' | 'pages' | 'inbox';
const asked = process.argv.slice(2);
const isAsked = (part: Part) => asked.length === 0 || asked.includes(part);

const dataDir = mkdtempSync(join(tmpdir(), 'estrade-bench-'));
const closers: (() => Promise<void> | void)[] = [() => rmSync(dataDir, { recursive: true, force: true }), removeBundle];
try {
  process.exitCode = await run();
} catch (error) {
  console.error(error);
  console.error(lastLog());
  process.exitCode = 1;
} finally {
  for (const close of closers.toReversed()) await close();
}

async function run(): Promise<number> {
  const file = join(dataDir, 'estrade.sqlite');
  const peers = await openPeers();
  closers.push(() => peers.close());
  step('bundling');
  const bundle = await makeBundle();
  const bare = await openBare();
  closers.push(() => bare.stop());
  step('a bare route');
  const lines = await besideBare(bare, () => bare.lines());
  step(`a town with ${POSTS} posts`);
  const { town, rows } = await prepareTown(file, bare);
  const server = await start(bundle, peers);
  const db = new Sqlite(file, { timeout: 5000 });
  closers.push(() => void db.close());
  lines.push(...rows, ...(await measureServer(town, { server, peers, db, bare })));
  const missed = printTable(lines);
  for (const { what } of missed) console.error(`missed: ${what}`);
  return missed.length === 0 ? 0 : 1;
}

/** Notes what a bare route and a signature cost before and after, to hold the lines against them. */
async function besideBare(bare: Bare, measure: () => Promise<Line[]>): Promise<Line[]> {
  const routeMs = await bare.routeMs();
  const signMs = bare.signMs();
  const lines = await measure();
  const now = { bareMs: (routeMs + (await bare.routeMs())) / 2, signMs: (signMs + bare.signMs()) / 2 };
  return lines.map((line) => ({ ...line, ...now }));
}

async function prepareTown(file: string, bare: Bare): Promise<{ town: Town; rows: Line[] }> {
  const store = await openStore({ engine: 'sqlite', file }, join(ROOT, 'migrations'), Date.now());
  try {
    const town = await makeTown(store, SITE, createSealer(readSecret({ secretKey: null, dataDir })));
    const now = Date.now();
    await writePosts(town, POSTS_SMALL, POSTS, now);
    const small = isAsked('rows') ? await measureRows(town) : [];
    await writePosts(town, POSTS, POSTS, now);
    if (!isAsked('rows')) return { town, rows: [] };
    const rows = await besideBare(bare, async () => rowLines([...small, ...(await measureRows(town))]));
    return { town, rows };
  } finally {
    await store.close();
  }
}

async function start(bundle: string, peers: Peers): Promise<Measured> {
  const caFile = join(dataDir, 'ca.pem');
  writeFileSync(caFile, peers.ca);
  const server = await startServer({
    bundle,
    dataDir,
    env: {
      ORIGIN: SITE.origin,
      HOST_MAP: `*.peer.test=https://127.0.0.1:${peers.port}`,
      EGRESS_CA_FILE: caFile,
      LOG_FORMAT: 'json',
      MIGRATIONS_DIR: join(ROOT, 'migrations'),
      THEMES_DIR: join(ROOT, 'themes'),
      ASSETS_DIR: join(ROOT, 'src/web/assets'),
    },
  });
  closers.push(() => server.stop());
  return server;
}

async function measureServer(
  town: Town,
  { server, peers, db, bare }: { server: Measured; peers: Peers; db: Sqlite.Database; bare: Bare },
): Promise<Line[]> {
  step('an idle server');
  await sleep(3000);
  const idleMb = server.residentMb();
  const before = server.cpuMs();
  await sleep(IDLE_SECONDS * 1000);
  const idleCpu = (server.cpuMs() - before) / IDLE_SECONDS;
  const parts: [Part, () => Promise<Line[]>][] = [
    ['publishing', () => measurePublishing(town, server, { peers, db })],
    ['documents', () => measureDocuments(town, server)],
    ['pages', () => measureHomePage(town, server)],
    ['inbox', () => measureInbox(town, server, { key: peers.key.privateKey, db })],
  ];
  const lines: Line[] = [];
  for (const [part, measure] of parts) {
    if (!isAsked(part)) continue;
    step(part);
    lines.push(...(await besideBare(bare, measure)));
  }
  return [
    ...lines,
    { what: 'start-up to /readyz', measured: server.readyMs, unit: 'ms' },
    { what: 'memory, idle', measured: idleMb, unit: 'MB', gate: 150 },
    { what: 'memory after load', measured: server.residentMb(), unit: 'MB', gate: 350 },
    { what: 'CPU, idle', measured: idleCpu, unit: 'ms/s' },
  ];
}

/** What the server said last. */
function lastLog(): string {
  const file = join(dataDir, 'server.log');
  return existsSync(file) ? readFileSync(file, 'utf8').slice(-4000) : '';
}

function step(name: string): void {
  console.log(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${name}`);
}
