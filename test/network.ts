import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { createInstance, type Instance } from '#app.ts';
import { createAccount } from '#domain/accounts/create-account.ts';
import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { createEgress, type Egress } from '#federation/egress.ts';
import { ManualClock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';
import { createSealer } from '#kernel/seal.ts';
import { openTestStore } from './engine.ts';
import { TEST_SECRET, testKeys } from './world.ts';

export interface NetworkInstance extends Instance {
  host: string;
  logged: { message: string; details: Record<string, unknown> }[];
  person(handle: string): Promise<number>;
  /** The id of an account of another instance, looked up by its handle there. */
  find(handle: string): Promise<number>;
}

export interface Network {
  clock: ManualClock;
  egress: Egress;
  /** Names that lead to a port of this machine: instances, and the peers that a test brings. */
  hosts: Map<string, { scheme: 'http'; address: string; port: number }>;
  /** Nothing answers there until `online`; its own queue keeps turning. */
  offline(host: string): Promise<void>;
  online(host: string): Promise<void>;
  /** Runs everything that is due everywhere, until nothing is. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const SETTLE_ROUNDS_MAX = 50;

/**
 * Several instances in one process that speak to each other over loopback, under names like `http://a.test`.
 */
export async function openNetwork<Host extends string>(
  ...names: Host[]
): Promise<Network & Record<Host, NetworkInstance>> {
  const clock = new ManualClock(Date.now());
  const hosts: Network['hosts'] = new Map();
  const egress = createEgress({ hostMap: hosts, allowPrivate: [], userAgent: 'Estrade test' });
  egress.install();
  const servers = new Map<string, ServerType>();
  const instances: NetworkInstance[] = [];
  for (const name of names) {
    const instance = await openInstance(name, { clock, hosts, egress });
    const server = await listen(instance);
    hosts.set(instance.host, { scheme: 'http', address: '127.0.0.1', port: (server.address() as AddressInfo).port });
    servers.set(instance.host, server);
    instances.push(instance);
  }
  const network: Network = {
    clock,
    egress,
    hosts,
    async offline(host) {
      const server = servers.get(host);
      servers.delete(host);
      if (server) await closeServer(server);
    },
    async online(host) {
      const instance = instances.find((one) => one.host === host);
      const port = hosts.get(host)?.port;
      if (instance && port) servers.set(host, await listen(instance, port));
    },
    async settle() {
      for (let round = 0; round < SETTLE_ROUNDS_MAX; round += 1) {
        const before = await pending(instances);
        for (const instance of instances) await instance.runner.settle();
        if (before === 0 && (await pending(instances)) === 0) return;
      }
      throw new Error('the network does not come to rest');
    },
    async close() {
      await Promise.all([...servers.values()].map(closeServer));
      await egress.close();
      for (const instance of instances) await instance.store.close();
    },
  };
  return Object.assign(network, Object.fromEntries(names.map((name, index) => [name, instances[index]]))) as never;
}

async function openInstance(
  name: string,
  shared: Pick<Network, 'clock' | 'hosts' | 'egress'>,
): Promise<NetworkInstance> {
  const host = `${name}.test`;
  const logged: NetworkInstance['logged'] = [];
  const store = await openTestStore();
  const instance = createInstance({
    store,
    clock: shared.clock,
    ids: createIdSource(0),
    site: { origin: `http://${host}`, host, handleDomain: host },
    sealer: createSealer(TEST_SECRET),
    egress: shared.egress,
    hostMap: shared.hosts,
    userAgent: `Estrade test (${host})`,
    nodeInfo: async () => ({
      version: '0.0.0',
      users: 1,
      activeMonth: 1,
      activeHalfyear: 1,
      posts: 0,
      openRegistrations: false,
      name,
      description: '',
    }),
    log: (message, details) => void logged.push({ message, details }),
  });
  await instance.commit(ensureInstanceActor, { keys: await testKeys() });
  return {
    ...instance,
    host,
    logged,
    person: async (handle) => instance.commit(createAccount, { handle, keys: await testKeys() }),
    async find(handle) {
      const [, name_ = '', domain = ''] = handle.split('@');
      const id = await instance.federation.resolver.accountByHandle(name_, domain);
      if (id === null) throw new Error(`${handle} cannot be found from ${host}`);
      return id;
    },
  };
}

function listen({ app }: Instance, port = 0): Promise<ServerType> {
  return new Promise((resolve) => {
    const server: ServerType = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => resolve(server));
  });
}

function closeServer(server: ServerType): Promise<unknown> {
  return new Promise((done) => {
    server.close(done);
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

async function pending(instances: readonly NetworkInstance[]): Promise<number> {
  let count = 0;
  for (const { store, clock } of instances) {
    const rows = await store.read.hot<{ n: number }>(
      `select (select count(*) from jobs where dead_at is null and due_at <= $1)
            + (select count(*) from deliveries d left join delivery_hosts h on h.host = d.host
               where d.due_at <= $1 and (h.next_try_at is null or h.next_try_at <= $1)) as n`,
      clock.now(),
    );
    count += Number(rows[0]?.n ?? 0);
  }
  return count;
}
