import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { queueDepth } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import { monotonicMs } from '#kernel/clock.ts';
import { sameSecret } from '#kernel/tokens.ts';
import type { DiskSpace } from '#ports/disk-space.ts';

export interface MetricsDeps {
  /** Null: `/metrics` does not exist. */
  token: string | null;
  store: Store;
  /** Of the disk under `DATA_DIR`. */
  freeSpace(): Promise<DiskSpace>;
}

/** What is needed of an exchange; Hono's `Context` has it. */
export interface Exchange {
  req: { method: string; path: string; header(name: string): string | undefined };
  res: { status: number };
}

export interface Metrics {
  /** Counts and times every exchange; to be mounted before everything else. */
  middleware(exchange: Exchange, next: () => Promise<void>): Promise<void>;
  /** Answers `GET /metrics`. */
  route(exchange: Exchange): Promise<Response>;
  /** What became of an activity at the inbox. */
  admitted(admission: { status: number; reason: string }): void;
  /** What became of one try to deliver: `delivered`, `gone`, `refused`, `later`, `host-failed`. */
  delivered(outcome: string): void;
}

/** From what is cached to what is fetched elsewhere; in seconds. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A reason may quote what a stranger wrote: beyond so many different ones, all are `other`. */
const REASONS_MAX = 50;

/** What Prometheus reads. Labels are few and ours: no person's name or address is ever one. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const exchanges = new Histogram({
    name: 'estrade_http_request_duration_seconds',
    help: 'Requests by door, method and status, and how long they took.',
    labelNames: ['door', 'method', 'status'],
    buckets: BUCKETS_S,
    registers,
  });
  const inbox = new Counter({
    name: 'estrade_inbox_activities_total',
    help: 'Activities that came to the inbox, by status and reason.',
    labelNames: ['status', 'reason'],
    registers,
  });
  const deliveries = new Counter({
    name: 'estrade_delivery_tries_total',
    help: 'Tries to deliver, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  addQueueGauges(deps, registers);
  addStorageGauges(deps, registers);
  const wordFor = createVocabulary(REASONS_MAX);

  return {
    async middleware(exchange, next) {
      const startedMs = monotonicMs();
      await next();
      const { method, path } = exchange.req;
      exchanges.observe(
        { door: doorOf(method, path), method: METHODS.has(method) ? method : 'other', status: exchange.res.status },
        (monotonicMs() - startedMs) / 1000,
      );
    },
    async route({ req }) {
      if (!mayRead(deps.token, req.header('authorization'))) return new Response('Not found', { status: 404 });
      return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
    },
    admitted: ({ status, reason }) => inbox.inc({ status, reason: wordFor(reason) }),
    delivered: (outcome) => deliveries.inc({ outcome }),
  };
}

function mayRead(token: string | null, authorization: string | undefined): boolean {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  return token !== null && given !== undefined && sameSecret(given, token);
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const DOORS: [door: string, path: RegExp][] = [
  ['watching', /^\/(healthz|readyz|metrics)$/],
  ['inbox', /(^|\/)inbox$/],
  ['well-known', /^\/(\.well-known|nodeinfo)(\/|$)/],
  ['documents', /^\/users\//],
  ['media', /^\/media\//],
  ['assets', /^\/assets\//],
  ['api', /^\/(api|oauth)\//],
];

function doorOf(method: string, path: string): string {
  const door = DOORS.find(([, shape]) => shape.test(path))?.[0] ?? 'pages';
  // The page of one's own notifications may be called so, too.
  return door === 'inbox' && method !== 'POST' ? 'pages' : door;
}

function addQueueGauges({ store }: MetricsDeps, registers: Registry[]): void {
  const jobs: Gauge = new Gauge({
    name: 'estrade_jobs',
    help: 'Jobs by lane; dead ones were given up.',
    labelNames: ['lane', 'state'],
    registers,
    async collect() {
      jobs.reset();
      for (const { lane, waiting, dead } of await queueDepth(store.read)) {
        jobs.set({ lane, state: 'waiting' }, Number(waiting));
        jobs.set({ lane, state: 'dead' }, Number(dead));
      }
    },
  });
  addGauge(registers, 'estrade_deliveries_waiting', 'Deliveries that wait for their turn or for their host.', () =>
    count(store, 'select count(*) as n from deliveries'),
  );
  addGauge(registers, 'estrade_failing_hosts', 'Servers that do not answer deliveries at present.', () =>
    count(store, 'select count(*) as n from delivery_hosts where failures > 0'),
  );
}

function addStorageGauges({ store, freeSpace }: MetricsDeps, registers: Registry[]): void {
  addGauge(registers, 'estrade_database_bytes', 'Size of the database.', () => store.size());
  addGauge(registers, 'estrade_disk_free_bytes', 'What is free on the disk under DATA_DIR.', async () => {
    return (await freeSpace()).freeBytes;
  });
  addGauge(registers, 'estrade_disk_total_bytes', 'Size of the disk under DATA_DIR.', async () => {
    return (await freeSpace()).totalBytes;
  });
}

/** A number that is looked up when it is asked for. */
function addGauge(registers: Registry[], name: string, help: string, read: () => Promise<number>): void {
  const gauge: Gauge = new Gauge({ name, help, registers, collect: async () => gauge.set(await read()) });
}

async function count({ read }: Store, query: string): Promise<number> {
  const rows = await read.hot<{ n: number }>(query);
  return Number(rows[0]?.n ?? 0);
}

/** Takes reasons as labels: what stands before a colon, and only so many of them. */
function createVocabulary(most: number): (reason: string) => string {
  const known = new Set<string>();
  return (reason) => {
    const word = (reason.split(':')[0] ?? '').slice(0, 60);
    if (known.has(word)) return word;
    if (known.size >= most) return 'other';
    known.add(word);
    return word;
  };
}
