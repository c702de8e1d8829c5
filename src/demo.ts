import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#config/config.ts';
import { DEMO_PASSWORD, INSTANCES, type InstanceKey } from '#demo/cast.ts';
import { drawAll } from '#demo/drawings.ts';
import { dataDirOf, openDemoInstance, type DemoInstance } from '#demo/instances.ts';
import { tellStory } from '#demo/story.ts';
import { createEgress } from '#federation/egress.ts';
import { DAY_MS, HOUR_MS, ManualClock, systemClock } from '#kernel/clock.ts';
import { createImageWorker } from '#ports/image-worker.ts';

/*
 * `npm run demo`: two instances that know each other, with a few days of life in them. The story is told once, by real
 * deliveries between the two; afterwards both run as any server does.
 */
const KEYS = Object.keys(INSTANCES) as InstanceKey[];
const STORY_MS = 4 * DAY_MS;
const HOST_MAP = new Map(
  KEYS.map((key) => [
    new URL(`http://${INSTANCES[key].host}`).hostname,
    { scheme: 'http' as const, address: '127.0.0.1', port: INSTANCES[key].port },
  ]),
);

async function main(): Promise<void> {
  const config = readConfig();
  const root = config.dataDir;
  if (!KEYS.every((key) => existsSync(join(dataDirOf(root, key), 'estrade.sqlite')))) {
    console.log('Telling the story of the last few days …');
    await prepare(root);
  }
  const servers = KEYS.map((key) => startServer(root, key));
  for (const key of KEYS) {
    const { host, name, cast } = INSTANCES[key];
    console.log(`${name}: http://${host} — log in as ${cast.map(({ handle }) => handle).join(', ')}`);
  }
  console.log(`Everyone's password is: ${DEMO_PASSWORD}`);
  const stop = () => {
    for (const server of servers) server.kill('SIGTERM');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  for (const server of servers) server.on('exit', stop);
}

async function prepare(root: string): Promise<void> {
  const making = join(root, 'demo-in-the-making');
  rmSync(making, { recursive: true, force: true });
  const clock = new ManualClock(systemClock.now() - STORY_MS);
  const egress = createEgress({ hostMap: HOST_MAP, allowPrivate: [], userAgent: 'Estrade demo' });
  egress.install();
  const drawings = await drawAll();
  const processor = createImageWorker();
  const parts = { root: making, config: readConfig(), clock, egress, hostMap: HOST_MAP, processor, drawings };
  const instances = { a: await openDemoInstance('a', parts), b: await openDemoInstance('b', parts) };
  const settle = () => settleAll(Object.values(instances));
  await tellStory({ clock, instances, drawings, settle });
  await settle();
  const left = systemClock.now() - clock.now();
  if (left > HOUR_MS) clock.advance(left - HOUR_MS / 2);
  for (const instance of Object.values(instances)) await instance.close();
  await processor.close();
  await egress.close();
  for (const key of KEYS) {
    rmSync(dataDirOf(root, key), { recursive: true, force: true });
    renameSync(dataDirOf(making, key), dataDirOf(root, key));
  }
  rmSync(making, { recursive: true, force: true });
}

async function settleAll(instances: readonly DemoInstance[]): Promise<void> {
  // What one has sent the other has still to handle, and may answer.
  for (let round = 0; round < 3; round += 1) {
    for (const instance of instances) await instance.runner.settle();
  }
}

function startServer(root: string, key: InstanceKey): ChildProcess {
  const { host, port } = INSTANCES[key];
  return spawn(process.execPath, [fileURLToPath(new URL('main.js', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      ORIGIN: `http://${host}`,
      DATA_DIR: dataDirOf(root, key),
      HOST_MAP: [...HOST_MAP].map(([name, to]) => `${name}=${to.scheme}://${to.address}:${to.port}`).join(','),
      LOG_LEVEL: 'warning',
    },
  });
}

main().catch((error: unknown) => {
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const ports = Object.values(INSTANCES).map(({ port }) => port);
  console.error(
    inUse ? `The demo needs the ports ${ports.join(' and ')}, and another program uses one of them.` : error,
  );
  process.exit(1);
});
