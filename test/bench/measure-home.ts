import { homeTimeline } from '#domain/timelines/timelines.queries.ts';
import { limits } from '#kernel/limits.ts';
import type { Line } from './report.ts';
import { costOf, drive, repeat, type Call } from './drive.ts';
import { READERS, type Town } from './population.ts';
import type { Measured } from './server.ts';

const ROUNDS = 150;

/** The rows of a home page by follows, posts and depth, in this process: on the first page, and in the middle. */
export interface HomeRows {
  posts: number;
  follows: number;
  firstMs: number;
  middleMs: number;
}

export async function measureHomeRows(town: Town): Promise<HomeRows[]> {
  const rows: HomeRows[] = [];
  const ids = town.posts.map(({ id }) => id).toSorted((a, b) => a - b);
  const middle = ids[Math.floor(ids.length / 2)] ?? 0;
  for (const follows of READERS) {
    const reader = town.readers.get(follows);
    if (!reader) continue;
    rows.push({
      posts: ids.length,
      follows,
      firstMs: await rowsMs(town, reader.id, null),
      middleMs: await rowsMs(town, reader.id, middle),
    });
  }
  return rows;
}

async function rowsMs({ store }: Town, viewerId: number, before: number | null): Promise<number> {
  const page = { before, after: null, limit: limits.timelinePage };
  const read = async (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) {
      const { items } = await homeTimeline(store, viewerId, page);
      if (items.length !== page.limit) throw new Error(`a page of ${items.length} posts`);
    }
  };
  await read(ROUNDS / 3);
  const begun = process.cpuUsage();
  await read(ROUNDS);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / ROUNDS;
}

/** The gate, and how the cost grows: with the follows at most as they do, with the posts and the depth hardly. */
export function homeRowLines(rows: readonly HomeRows[]): Line[] {
  const largest = Math.max(...rows.map(({ posts }) => posts));
  const at = (follows: number, posts: number) => rows.find((row) => row.follows === follows && row.posts === posts);
  const lines = rows.flatMap(({ posts, follows, firstMs, middleMs }): Line[] => {
    const gate = follows === 500 && posts === largest ? { gate: 1 } : {};
    const what = `home rows, ${follows} follows, ${posts / 1000} k posts`;
    return [
      { what, measured: firstMs, unit: 'ms', cpu: true, ...gate },
      { what: `${what}, page in the middle`, measured: middleMs, unit: 'ms', cpu: true, ...gate },
    ];
  });
  const [small, large] = [at(500, Math.min(...rows.map(({ posts }) => posts))), at(500, largest)];
  const many = at(2000, largest);
  if (!small || !large || !many) return lines;
  return [
    ...lines,
    { what: 'home rows, 4 times the follows', measured: many.firstMs / large.firstMs, unit: '×', gate: 4 },
    { what: 'home rows, 10 times the posts', measured: large.firstMs / small.firstMs, unit: '×', gate: 2 },
    { what: 'home rows, middle against start', measured: large.middleMs / large.firstMs, unit: '×', gate: 2 },
  ];
}

/** The page itself, as a person with 500 follows asks for it. */
export async function measureHomePage(town: Town, server: Measured): Promise<Line[]> {
  const reader = town.readers.get(500);
  const call: Call = {
    method: 'GET',
    path: '/home',
    headers: { host: town.site.host, cookie: `__Host-session=${reader?.token}`, accept: 'text/html' },
  };
  await drive(server, repeat(100, () => call), 200);
  const measured = await costOf(server, 400, () => drive(server, repeat(400, () => call), 200));
  return [{ what: 'home page of 20 posts, 500 follows, 100 k posts', measured, unit: 'ms', gate: 4, cpu: true }];
}
