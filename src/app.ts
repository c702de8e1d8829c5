import { Hono } from 'hono';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createCommit, type CommitWith } from '#db/commit.ts';
import { freeLeasesOfTheGone } from '#db/free-leases.ts';
import { createLane, exponentialBackoff, type Job, type Lane, type LaneOptions } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { consumersOf, FEDERATION_LANE, LINKS_LANE, MOVE_LANE } from '#domain/consumers.ts';
import { closePolls } from '#domain/posts/close-polls.ts';
import { forgetEndedBlocks } from '#domain/moderation/forget-ended-blocks.ts';
import { react } from '#domain/reactions.ts';
import { forgetEndedMutes } from '#domain/relationships/forget-ended-mutes.ts';
import { ShareSpent } from '#federation/domain-shares.ts';
import type { Egress, HostMap } from '#federation/egress.ts';
import { createFederationDoors, type FederationDoors } from '#federation/federation.ts';
import { INBOX_LANE } from '#federation/inbox/admit.ts';
import { FETCH_LANE } from '#federation/resolve/plan-ancestors.ts';
import type { NodeInfoFacts } from '#federation/mount/well-known.ts';
import { askPeers } from '#jobs/ask-peers.ts';
import { moveFollowers } from '#jobs/move-followers.ts';
import { recheckLinks } from '#jobs/recheck-links.ts';
import { createRunner, type Runner } from '#jobs/runner.ts';
import { createSchedule, type Recurring, type Schedule } from '#jobs/schedule.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Clock } from '#kernel/clock.ts';
import type { IdSource } from '#kernel/ids.ts';
import { visitorOf } from '#kernel/networks.ts';
import type { Sealer } from '#kernel/seal.ts';
import type { Metrics } from '#metrics.ts';
import { clientAddress } from '#web/client-address.ts';

export interface InstanceParts {
  store: Store;
  clock: Clock;
  ids: IdSource;
  site: Site;
  sealer: Sealer;
  egress: Egress;
  hostMap: HostMap;
  userAgent: string;
  nodeInfo(): Promise<NodeInfoFacts>;
  log(message: string, details: Record<string, unknown>): void;
  /** Counts what happens; tests do without. */
  metrics?: Metrics;
  /** Networks of the proxies whose word about a visitor's address counts. */
  trustedProxies?: readonly string[];
  /** Told after each transaction of this process. */
  committed?(): void;
  /** The pages, made once the rest stands; none in tests of federation alone. */
  web?(instance: InstanceCore): WebDoor;
  /** More lanes than federation's own: mail. */
  lanes?(instance: InstanceCore): Record<string, (job: Job) => Promise<void>>;
  recurring?(instance: InstanceCore): readonly Recurring[];
}

export interface WebDoor {
  app: Hono<never>;
}

/** What pages and jobs build upon. */
export interface InstanceCore {
  store: Store;
  clock: Clock;
  site: Site;
  commit: CommitWith;
  federation: FederationDoors;
}

export interface Instance extends InstanceCore {
  app: Hono;
  runner: Runner;
  schedule: Schedule;
}

/** How often a refused sender may try, by its network address. */
const REFUSALS_PER_MINUTE = 300;

/** Puts an instance together: commands, doors and jobs on one store. Starts nothing. */
export function createInstance(parts: InstanceParts): Instance {
  const { store, clock, ids, site } = parts;
  let wake = () => undefined as void;
  const commit = createCommit({ store, clock, ids, site, react, consumersOf, wake: () => wake() });
  const refusals = new RateLimiterMemory({ points: REFUSALS_PER_MINUTE, duration: 60 });
  const federation = createFederationDoors({
    ...parts,
    commit,
    wake: () => wake(),
    addressOf: (peer, forwardedFor) => clientAddress(peer, forwardedFor, parts.trustedProxies ?? []),
    mayPost: async (address) => ((await refusals.get(visitorOf(address)))?.consumedPoints ?? 0) < REFUSALS_PER_MINUTE,
    received(address, admission) {
      parts.metrics?.admitted(admission);
      // Who is asked to come again has done nothing wrong.
      if (admission.status === 202 || admission.status === 429) return;
      parts.log('inbox refused', { address, ...admission });
      refusals.consume(visitorOf(address)).catch(() => undefined);
    },
    unproven: (address) => void refusals.consume(visitorOf(address)).catch(() => undefined),
    delivered: (outcome) => parts.metrics?.delivered(outcome),
  });
  const core: InstanceCore = { store, clock, site, commit, federation };
  const lanes = createLanes(parts, core);
  const runner = createRunner(
    { store, clock, report: (error) => parts.log('the queue stumbled', { error: String(error) }) },
    lanes,
  );
  wake = () => {
    parts.committed?.();
    runner.wake();
  };
  const schedule = createSchedule([...ownRecurring(core), ...(parts.recurring?.(core) ?? [])], {
    clock,
    report: (name, error) => parts.log('a recurring job failed', { name, error: String(error) }),
  });
  return { ...core, app: createDoors(parts, core), runner, schedule };
}

function createLanes(parts: InstanceParts, core: InstanceCore): Lane[] {
  const laneParts = {
    ...parts,
    commit: core.commit,
    failed: (job: { id: number; lane: string; tries: number }, error: unknown, dead: boolean) =>
      parts.log(messageOf(error, dead), {
        lane: job.lane,
        tries: job.tries,
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      }),
  };
  const lane = (name: string, handle: (job: Job) => Promise<void>, options: Partial<LaneOptions> = {}) =>
    createLane(laneParts, {
      lane: name,
      handle,
      concurrency: 8,
      leaseMs: 5 * MINUTE_MS,
      triesMax: 12,
      backoffMs: exponentialBackoff(15 * SECOND_MS, 12 * HOUR_MS),
      ...options,
    });
  const { handlers, deliveries } = core.federation;
  return [
    lane(INBOX_LANE, handlers[INBOX_LANE], { concurrency: 32, mostWithSlow: 128 }),
    // In order, so that what one person does leaves in the order in which it was done.
    lane(FEDERATION_LANE, handlers[FEDERATION_LANE], { triesMax: 20, inOrder: true, concurrency: 16 }),
    lane(FETCH_LANE, handlers[FETCH_LANE], { concurrency: 4, mostWithSlow: 32, triesMax: 5 }),
    // Other people's pages: nobody waits for them, and few may be asked at a time.
    lane(LINKS_LANE, handlers[LINKS_LANE], { concurrency: 2, triesMax: 3 }),
    lane(MOVE_LANE, moveFollowers(parts), { concurrency: 2 }),
    ...Object.entries(parts.lanes?.(core) ?? {}).map(([name, handle]) => lane(name, handle, { concurrency: 2 })),
    deliveries,
  ];
}

function messageOf(error: unknown, dead: boolean): string {
  if (dead) return 'a job is given up';
  return error instanceof ShareSpent ? 'a job waits for its domain' : 'a job failed and will be tried again';
}

function ownRecurring({ commit, store, clock, federation }: InstanceCore): Recurring[] {
  return [
    { name: 'free-leases', everyMs: 10 * SECOND_MS, run: () => freeLeasesOfTheGone(store, clock.now()) },
    { name: 'close-polls', everyMs: 10 * SECOND_MS, run: () => commit(closePolls, { most: 100 }) },
    { name: 'recheck-links', everyMs: HOUR_MS, run: () => recheckLinks({ store, commit, clock }) },
    { name: 'forget-ended-mutes', everyMs: MINUTE_MS, run: () => commit(forgetEndedMutes, undefined) },
    { name: 'forget-ended-blocks', everyMs: HOUR_MS, run: () => commit(forgetEndedBlocks, undefined) },
    { name: 'note-contacts', everyMs: MINUTE_MS, run: () => federation.contacts.write() },
    {
      name: 'ask-peers',
      everyMs: 10 * MINUTE_MS,
      run: (stopping) =>
        askPeers({ store, commit, clock, askForSoftware: (host) => federation.askForSoftware(host) }, stopping),
    },
  ];
}

function createDoors(parts: InstanceParts, core: InstanceCore): Hono {
  const app = new Hono();
  const { metrics } = parts;
  if (metrics) {
    app.use((c, next) => metrics.middleware(c, next));
    app.get('/metrics', (c) => metrics.route(c));
  }
  // No address of ours has a NUL in it, and PostgreSQL cannot even look for a text with one.
  app.use(async (c, next): Promise<Response | void> =>
    c.req.url.includes('%00') ? c.text('Bad request', 400) : next(),
  );
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    await core.store.read.hot('select 1 as ready');
    return c.text('ready');
  });
  app.route('/', core.federation.app);
  const web = parts.web?.(core);
  if (web) app.route('/', web.app as unknown as Hono);
  app.onError((error, c) => {
    parts.log('a request failed', {
      path: c.req.path,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return c.text('Something went wrong on our side.', 500);
  });
  return app;
}
