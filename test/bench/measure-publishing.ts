import { randomUUID } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import { costOf, drive, repeat, sleep, type Call } from './drive.ts';
import { untilEmpty } from './measure-inbox.ts';
import type { Peers } from './peers.ts';
import { HOSTS, type Person, type Town } from './population.ts';
import type { Line } from './report.ts';
import type { Measured } from './server.ts';

const QUIET_POSTS = 100;
const LOUD_POSTS = 10;

/** Posts written in the composer, with all that follows from them. */
export async function measurePublishing(
  town: Town,
  server: Measured,
  { peers, db }: { peers: Peers; db: Sqlite.Database },
): Promise<Line[]> {
  const publish = (person: Person, count: number) =>
    drive(
      server,
      repeat(count, (i) => postCall(town, person, i)),
      303,
    );
  const loud = async (count: number) => {
    const expected = peers.received + count * HOSTS;
    await publish(town.star, count);
    await untilSent(db);
    if (peers.received !== expected) throw new Error(`${expected - peers.received} deliveries are missing`);
  };
  await publish(town.quiet, 20);
  await untilSent(db);
  const quietMs = await costOf(server, QUIET_POSTS, async () => {
    await publish(town.quiet, QUIET_POSTS);
    await untilSent(db);
  });
  const before = peers.connections;
  const coldMs = await costOf(server, HOSTS, () => loud(1));
  if (peers.connections - before < HOSTS) throw new Error('the first deliveries found connections open');
  const answerMs = await untilAnswered(town, server, db);
  // As many at once as are measured, so that every connection is open that they need.
  await loud(LOUD_POSTS);
  const opened = peers.connections;
  const warmMs = await costOf(server, HOSTS * LOUD_POSTS, () => loud(LOUD_POSTS));
  const reopened = peers.connections - opened;
  return [
    { what: 'publishing without followers, jobs included', measured: quietMs, unit: 'ms', gate: 5, cpu: true },
    { what: 'publishing to 1,000 followers: until the answer (wall)', measured: answerMs, unit: 'ms', gate: 10 },
    {
      what: `delivering, per inbox, kept alive (${reopened} new)`,
      measured: warmMs,
      unit: 'ms',
      gate: 0.8,
      cpu: true,
      signatures: 1,
    },
    { what: 'delivering, per inbox, cold TLS', measured: coldMs, unit: 'ms', cpu: true, signatures: 1 },
  ];
}

/**
 * The lower quartile over posts that are written one after the other, each when the one before has arrived. It is the
 * time that passes and not the processor's, so whoever else uses the machine counts.
 */
async function untilAnswered(town: Town, server: Measured, db: Sqlite.Database): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < 12; index += 1) {
    const call = postCall(town, town.star, index);
    const begun = performance.now();
    await fetch(`http://127.0.0.1:${server.port}/posts`, {
      method: 'POST',
      headers: call.headers,
      body: call.body as string,
      redirect: 'manual',
    });
    times.push(performance.now() - begun);
    await untilSent(db);
  }
  return times.toSorted((a, b) => a - b)[3] ?? 0;
}

async function untilSent(db: Sqlite.Database): Promise<void> {
  await untilEmpty(db, `select 1 from jobs where lane like 'event:%' union all select 1 from deliveries limit 1`);
  // The last answers are still being written down.
  await sleep(50);
}

function postCall(town: Town, person: Person, index: number): Call {
  const boundary = 'bench-boundary';
  const fields = {
    _csrf: person.csrf,
    text: `Post ${index} about #topic${index % 50}: what people write is about as long as this sentence.`,
    visibility: 'public',
    language: 'en',
    return_to: '/home',
    form_token: randomUUID(),
  };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    method: 'POST',
    path: '/posts',
    headers: {
      host: town.site.host,
      origin: town.site.origin,
      'sec-fetch-site': 'same-origin',
      cookie: `__Host-session=${person.token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
}
