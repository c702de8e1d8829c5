import { federatedTimeline, homeTimeline } from '#domain/timelines/timelines.queries.ts';
import type { TimelineItem } from '#domain/posts/post-view.ts';
import { limits } from '#kernel/limits.ts';
import type { Page, PageRequest } from '#kernel/page.ts';
import type { Line } from './report.ts';
import { costOf, drive, repeat, type Call } from './drive.ts';
import { READERS, type Town } from './population.ts';
import type { Measured } from './server.ts';

const ROUNDS = 200;
/** Until the engine has compiled what a page runs through: the first pages cost half as much again as the others. */
const WARM_UP_PAGES = 1000;

/** The rows of one page by follows, posts and depth, read in this process; no follows: the public timeline. */
interface Rows {
  posts: number;
  follows: number | null;
  firstMs: number;
  middleMs: number;
}

export async function measureRows(town: Town): Promise<Rows[]> {
  const rows: Rows[] = [];
  const ids = town.posts.map(({ id }) => id).toSorted((a, b) => a - b);
  const middle = ids[Math.floor(ids.length / 2)] ?? 0;
  for (const follows of [...READERS, null]) {
    const reader = town.readers.get(follows ?? 500);
    if (!reader) continue;
    const read = (page: PageRequest) =>
      follows === null ? federatedTimeline(town.store, reader.id, page) : homeTimeline(town.store, reader.id, page);
    rows.push({
      posts: ids.length,
      follows,
      firstMs: await costOfPage(read, null),
      middleMs: await costOfPage(read, middle),
    });
  }
  return rows;
}

async function costOfPage(
  read: (page: PageRequest) => Promise<Page<TimelineItem>>,
  before: number | null,
): Promise<number> {
  const page = { before, after: null, limit: limits.timelinePage };
  const rounds = async (count: number) => {
    for (let round = 0; round < count; round += 1) {
      const { items } = await read(page);
      if (items.length !== page.limit) throw new Error(`a page of ${items.length} posts`);
    }
  };
  await rounds(ROUNDS / 2);
  const begun = process.cpuUsage();
  await rounds(ROUNDS);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / ROUNDS;
}

/** The gate, and how the cost grows: with the follows at most as they do, with posts and depth hardly. */
export function rowLines(rows: readonly Rows[]): Line[] {
  const largest = Math.max(...rows.map(({ posts }) => posts));
  const smallest = Math.min(...rows.map(({ posts }) => posts));
  const lines = rows.flatMap((row): Line[] => {
    const gate = row.follows === 500 && row.posts === largest ? { gate: 1 } : {};
    const whose = row.follows === null ? 'public rows' : `home rows, ${row.follows} follows`;
    const what = `${whose}, ${row.posts / 1000} k posts`;
    return [
      { what, measured: row.firstMs, unit: 'ms', cpu: true, ...gate },
      { what: `${what}, page in the middle`, measured: row.middleMs, unit: 'ms', cpu: true, ...gate },
    ];
  });
  const at = (follows: number | null, posts: number) =>
    rows.find((row) => row.follows === follows && row.posts === posts) ?? { firstMs: 0, middleMs: 0 };
  const large = at(500, largest);
  const times = (what: string, more: number, less: number, gate: number): Line => ({
    what,
    measured: more / less,
    unit: '×',
    gate,
  });
  return [
    ...lines,
    times('home rows, 4 times the follows', at(2000, largest).firstMs, large.firstMs, 4),
    times('home rows, 10 times the posts', large.firstMs, at(500, smallest).firstMs, 2),
    times('home rows, middle against start', large.middleMs, large.firstMs, 2),
    times('public rows, 10 times the posts', at(null, largest).firstMs, at(null, smallest).firstMs, 2),
    times('public rows, middle against start', at(null, largest).middleMs, at(null, largest).firstMs, 2),
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
  await drive(
    server,
    repeat(WARM_UP_PAGES, () => call),
    200,
  );
  const measured = await costOf(server, 400, () =>
    drive(
      server,
      repeat(400, () => call),
      200,
    ),
  );
  return [{ what: 'home page of 20 posts, 500 follows, 100 k posts', measured, unit: 'ms', gate: 4, cpu: true }];
}
