import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuMsOf, residentMbOf } from './process-cost.ts';

export const ROOT = join(import.meta.dirname, '../..');
/** Below `node_modules`, so that the bundle finds its packages, and apart from the bundle that somebody may run. */
const BUNDLE = join(ROOT, 'node_modules/.cache/estrade-bench');
const READY_WITHIN_MS = 20_000;

/** A process whose cost is measured. */
export interface Measured {
  port: number;
  /** From its start to its first answer. */
  readyMs: number;
  cpuMs(): number;
  residentMb(): number;
  stop(): Promise<void>;
}

/** Bundles the sources as `npm run build` does, and returns the folder. */
export async function makeBundle(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/rolldown/bin/cli.mjs'), '-c', '-d', BUNDLE], {
    cwd: ROOT,
  });
  return BUNDLE;
}

export function removeBundle(): void {
  rmSync(BUNDLE, { recursive: true, force: true });
}

/** Starts the bundle with the flags of `npm start`; what it logs goes to a file in its data folder. */
export async function startServer(options: {
  bundle: string;
  dataDir: string;
  env: Record<string, string>;
}): Promise<Measured> {
  const port = await freePort();
  const log = createWriteStream(join(options.dataDir, 'server.log'), { flags: 'a' });
  return startProcess({
    args: [...startFlags(), ...extraFlags(), join(options.bundle, 'main.js')],
    env: { ...options.env, DATA_DIR: options.dataDir, PORT: String(port) },
    port,
    ready: '/readyz',
    log,
  });
}

/** A route that does nothing, in a process of its own: what the framework and the loopback cost by themselves. */
export async function startBareServer(): Promise<Measured> {
  const port = await freePort();
  const file = join(import.meta.dirname, 'bare-server.ts');
  return startProcess({ args: [file, String(port)], env: {}, port, ready: '/bare' });
}

interface ProcessOptions {
  args: string[];
  env: Record<string, string>;
  port: number;
  ready: string;
  log?: NodeJS.WritableStream;
}

async function startProcess({ args, env, port, ready, log }: ProcessOptions): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (log) stream.pipe(log, { end: false });
    else stream.pipe(process.stderr);
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args.at(-1)} cannot be started`);
  try {
    await untilReady(child, `http://127.0.0.1:${port}${ready}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    port,
    readyMs: performance.now() - begun,
    cpuMs: () => cpuMsOf(pid),
    residentMb: () => residentMbOf(pid),
    stop: () => stopProcess(child),
  };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 3);
    });
  }
  throw new Error(`${url} does not answer`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  await ended;
}

/** The flags that stand in `npm start`. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(/\s+/).filter((word) => word.startsWith('--'));
}

/** More flags for one run: `BENCH_NODE_FLAGS=--cpu-prof npm run bench`. */
function extraFlags(): string[] {
  return (process.env['BENCH_NODE_FLAGS'] ?? '').split(/\s+/).filter(Boolean);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
