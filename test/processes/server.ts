import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, startArguments } from './bundle.ts';

const READY_WITHIN_MS = 15_000;
/** The server forces its own end after nine seconds. */
const STOPPED_WITHIN_MS = 12_000;
/** It is printed right after the word that all is ready. */
const LINK_WITHIN_MS = 2000;

/** A server that runs as anybody's does, in a process and a data folder of its own; it can be started again and again. */
export interface Server {
  /** `a.localhost:4001`: cookies know no ports, so each server has a name of its own. */
  readonly host: string;
  readonly origin: string;
  readonly port: number;
  readonly dataDir: string;
  /** What it is started with: for other programs on the same data. */
  readonly options: Readonly<Record<string, string>>;
  /** Of the process that runs. @throws when none does. */
  readonly pid: number;
  /** Returns how long it took from the start of the process to the first answer. */
  start(): Promise<number>;
  /** As a supervisor stops it; returns its exit code. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Everything that the present process has printed. */
  said(): string;
  /** The link that is printed at each start until the instance is set up. */
  setUpLink(): Promise<string>;
}

export interface ServerOptions<Name extends string = string> {
  /** Where the data of the only server lie already; a new folder otherwise. It is then not removed. */
  dataDir?: string;
  /** In the order of the names; free ones otherwise. */
  ports?: readonly number[];
  env?: Record<string, string>;
  /** What only one of them is started with. */
  envOf?: Partial<Record<Name, Record<string, string>>>;
}

/** Servers that reach each other by their names. None is started. Ends them and removes their data with `close`. */
export async function openServers<Name extends string>(
  names: readonly Name[],
  options: ServerOptions<Name> = {},
): Promise<Record<Name, Server> & { close(): Promise<void> }> {
  const ports = options.ports ?? (await Promise.all(names.map(freePort)));
  const hostMap = names.map((name, index) => `${name}.localhost=http://127.0.0.1:${ports[index]}`).join(',');
  const servers = names.map((name, index) =>
    createServerProcess(`${name}.localhost`, ports[index] ?? 0, {
      ...options,
      env: { HOST_MAP: hostMap, ...options.env, ...options.envOf?.[name] },
    }),
  );
  const close = async () => {
    await Promise.all(servers.map((server) => server.kill()));
    if (options.dataDir !== undefined) return;
    for (const { dataDir } of servers) rmSync(dataDir, { recursive: true, force: true });
  };
  return Object.assign({ close }, Object.fromEntries(names.map((name, index) => [name, servers[index]]))) as never;
}

/** Runs the program until it ends by itself: for starts that are to be refused. */
export async function runToItsEnd(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const { child, said } = launch(env);
  const code = await ended(child, READY_WITHIN_MS);
  return { code, said: said() };
}

function createServerProcess(hostname: string, port: number, { dataDir: given, env = {} }: ServerOptions): Server {
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'estrade-server-'));
  const host = `${hostname}:${port}`;
  const origin = `http://${host}`;
  const options = { ORIGIN: origin, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'info', ...env };
  let present: Launched | null = null;
  let isWanted = false;
  const running = () => {
    if (present === null || hasEnded(present.child)) throw new Error(`${host} does not run`);
    return present.child;
  };
  return {
    host,
    origin,
    port,
    dataDir,
    options,
    get pid() {
      return running().pid ?? 0;
    },
    async start() {
      const begun = performance.now();
      const started = launch(options);
      present = started;
      await untilReady(started, `http://127.0.0.1:${port}/readyz`);
      isWanted = true;
      started.child.once('close', (code, signal) => {
        // The test fails somewhere later, with a page that does not answer: here is why.
        if (isWanted && present === started) console.error(endOf(host, code ?? signal, started.said()));
      });
      return performance.now() - begun;
    },
    async stop() {
      const child = running();
      isWanted = false;
      child.kill('SIGTERM');
      return ended(child, STOPPED_WITHIN_MS);
    },
    async kill() {
      if (present === null || hasEnded(present.child)) return;
      isWanted = false;
      present.child.kill('SIGKILL');
      await ended(present.child, STOPPED_WITHIN_MS);
    },
    said: () => present?.said() ?? '',
    async setUpLink() {
      const child = running();
      const link = () => /https?:\/\/\S+\/set-up\?token=\S+/.exec(present?.said() ?? '')?.[0];
      await until(() => link() !== undefined || hasEnded(child), LINK_WITHIN_MS);
      const found = link();
      if (found === undefined) throw new Error(`no link to set it up:\n${present?.said()}`);
      return found;
    },
  };
}

function endOf(host: string, how: number | string | null, said: string): string {
  return `${host} ended by itself with ${how} at ${new Date().toISOString()}, and had said:\n${said.slice(-4000)}`;
}

interface Launched {
  child: ChildProcess;
  said(): string;
}

const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

function launch(env: Record<string, string>): Launched {
  const child = spawn(process.execPath, startArguments(), {
    cwd: ROOT,
    // Nothing of the configuration of whoever runs the tests.
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  child.once('close', () => living.delete(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  return { child, said: () => text };
}

/** Ready is when it answers, and has said all that it says at its start. */
async function untilReady({ child, said }: Launched, url: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${said()}`);
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok && said().includes(' is ready at ')) return;
    await pause(10);
  }
  child.kill('SIGKILL');
  throw new Error(`${url} does not answer within ${READY_WITHIN_MS} ms:\n${said()}`);
}

async function ended(child: ChildProcess, withinMs: number): Promise<number | null> {
  if (!(await until(() => hasEnded(child), withinMs))) {
    child.kill('SIGKILL');
    throw new Error(`process ${child.pid} did not end within ${withinMs} ms`);
  }
  return child.exitCode;
}

/** Not only dead: all that it said has been read. */
function hasEnded(child: ChildProcess): boolean {
  return !living.has(child);
}

/** Asks until it is so; false when it was not within the time. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) return false;
    await pause(10);
  }
  return true;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Below those that systems give to connections by themselves: one of theirs may be taken again before a server starts
 * on it.
 */
const PORTS = { from: 20_000, to: 32_000 };

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
