import type { Query } from '#db/store.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/clock.ts';

/** How many people are here and what they wrote, for NodeInfo and the about page. */
export interface InstanceNumbers {
  users: number;
  activeMonth: number;
  activeHalfyear: number;
  posts: number;
  peers: number;
}

/** How long a count is good enough: it walks everybody who is known, and whoever likes may ask for it. */
const FRESH_MS = MINUTE_MS;

const kept = new WeakMap<object, { at: number; numbers: Promise<InstanceNumbers> }>();

/** Counted once for all who ask within a minute. */
export function instanceNumbers(read: Pick<Query, 'hot'>, now: number): Promise<InstanceNumbers> {
  const known = kept.get(read);
  if (known && now - known.at < FRESH_MS) return known.numbers;
  const numbers = countNumbers(read, now);
  kept.set(read, { at: now, numbers });
  numbers.catch(() => kept.delete(read));
  return numbers;
}

async function countNumbers(read: Pick<Query, 'hot'>, now: number): Promise<InstanceNumbers> {
  const rows = await read.hot<Record<keyof InstanceNumbers, number>>(
    `select (select count(*) from members where approved_at is not null) as users,
       (select count(*) from members where last_seen_at > $1) as "activeMonth",
       (select count(*) from members where last_seen_at > $2) as "activeHalfyear",
       (select coalesce(sum(posts_count), 0) from accounts where domain = '') as posts,
       (select count(distinct domain) from accounts where domain <> '') as peers`,
    now - 30 * DAY_MS,
    now - 180 * DAY_MS,
  );
  const numbers = rows[0] ?? { users: 0, activeMonth: 0, activeHalfyear: 0, posts: 0, peers: 0 };
  return Object.fromEntries(
    Object.entries(numbers).map(([key, value]) => [key, Number(value)]),
  ) as unknown as InstanceNumbers;
}
