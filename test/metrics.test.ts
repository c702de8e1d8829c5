import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { createMetrics, type Metrics } from '#metrics.ts';
import { openWorld, type World } from './world.ts';

const TOKEN = 'a token for metrics';

let world: World;
let metrics: Metrics;

beforeEach(async () => {
  world = await openWorld();
  metrics = make(TOKEN);
});

afterEach(() => world.close());

const make = (token: string | null) =>
  createMetrics({ token, store: world.store, freeSpace: async () => ({ freeBytes: 5, totalBytes: 10 }) });

function appWith(of: Metrics): Hono {
  const app = new Hono();
  app.use(of.middleware);
  app.get('/metrics', of.route);
  app.get('/@ana', (c) => c.text('a page'));
  app.post('/users/ana/inbox', (c) => c.body(null, 202));
  app.get('/broken', () => {
    throw new Error('no');
  });
  app.onError((_, c) => c.text('sorry', 500));
  return app;
}

const ask = (app: Hono, authorization?: string) =>
  app.request('/metrics', authorization === undefined ? {} : { headers: { authorization } });

async function numbers(app: Hono): Promise<string> {
  const answer = await ask(app, `Bearer ${TOKEN}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  return answer.text();
}

test('without the token there is nothing to be seen, and without one set nothing at all', async () => {
  const app = appWith(metrics);
  for (const wrong of [undefined, 'Bearer wrong', `Basic ${TOKEN}`, TOKEN, 'Bearer ', `Bearer ${TOKEN}x`]) {
    expect((await ask(app, wrong)).status, String(wrong)).toBe(404);
  }
  expect((await ask(app, `Bearer ${TOKEN}`)).status).toBe(200);
  const closed = appWith(make(null));
  for (const any of [undefined, 'Bearer null', 'Bearer ', `Bearer ${TOKEN}`])
    expect((await ask(closed, any)).status).toBe(404);
});

test('requests are counted by door, method and status, and no path is a label', async () => {
  const app = appWith(metrics);
  await app.request('/@ana');
  await app.request('/users/ana/inbox', { method: 'POST' });
  await app.request('/broken');
  await app.request('/nowhere', { method: 'BREW' });
  const text = await numbers(app);
  const counted = (door: string, method: string, status: number) =>
    `estrade_http_request_duration_seconds_count{door="${door}",method="${method}",status="${status}"} 1`;
  expect(text).toContain(counted('pages', 'GET', 200));
  expect(text).toContain(counted('inbox', 'POST', 202));
  expect(text).toContain(counted('pages', 'GET', 500));
  expect(text).toContain(counted('pages', 'other', 404));
  expect(text).not.toContain('ana');
});

test('activities and deliveries are counted by what became of them; strangers make no labels', async () => {
  metrics.admitted({ status: 202, reason: 'admitted' });
  metrics.admitted({ status: 401, reason: 'renamed: https://evil.test/whatever' });
  for (let index = 0; index < 100; index += 1) metrics.admitted({ status: 401, reason: `odd ${index}` });
  metrics.delivered('delivered');
  metrics.delivered('delivered');
  const text = await numbers(appWith(metrics));
  expect(text).toContain('estrade_inbox_activities_total{status="202",reason="admitted"} 1');
  expect(text).toContain('estrade_inbox_activities_total{status="401",reason="renamed"} 1');
  expect(text).toMatch(/estrade_inbox_activities_total\{status="401",reason="other"\} [45]\d\n/);
  expect(text.match(/estrade_inbox_activities_total\{/g)?.length).toBeLessThan(60);
  expect(text).not.toContain('evil.test');
  expect(text).toContain('estrade_delivery_tries_total{outcome="delivered"} 2');
});

test('queue, storage and the process itself can be watched', async () => {
  await world.commit(async (unit: Unit) => {
    await enqueueJobs(unit, [{ lane: 'inbox', data: {} }]);
    await unit.tx.hot(
      `insert into delivery_hosts (host, failures, failing_since, next_try_at) values ('there.test', 2, 1, 1)`,
    );
  }, undefined);
  const app = appWith(metrics);
  const text = await numbers(app);
  expect(text).toContain('estrade_jobs{lane="inbox",state="waiting"} 1');
  expect(text).toContain('estrade_jobs{lane="inbox",state="dead"} 0');
  expect(text).toContain('estrade_failing_hosts 1');
  expect(text).toContain('estrade_deliveries_waiting 0');
  expect(text).toContain('estrade_disk_free_bytes 5');
  expect(text).toMatch(/estrade_database_bytes [1-9]\d+/);
  expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/);
  await world.store.write((tx) => tx.hot('delete from jobs'));
  expect(await numbers(app)).not.toContain('lane="inbox"');
});
