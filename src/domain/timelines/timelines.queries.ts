import { accountViews, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { TimelineItem } from '#domain/posts/post-view.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { postViews } from '#domain/posts/posts.queries.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { dropUnwanted, keepWantedAtHome, type TimelineRow } from '#domain/timelines/wanted-rows.ts';
import { limits } from '#kernel/limits.ts';
import type { Page, PageRequest } from '#kernel/page.ts';

const COLUMNS = `p.id, p.author_id, p.boost_of_id, p.reply_to_id, p.reply_to_account_id, p.created_at`;
const NEVER = 9_007_199_254_740_991;

/** A reader who wants almost nothing of what is there gets a short page, not a long wait. */
const BATCHES_MAX = 10;

/** Up to `size` rows older than `before`; fewer are the last ones. */
type Batch<Row> = (before: number, size: number) => Promise<Row[]>;
type Sift<Row> = (rows: Row[]) => Promise<TimelineRow[]>;

interface HomeRow extends TimelineRow {
  visibility: Visibility;
}

/** Who follows more has so many of the newest posts at home that these are looked through first. */
const FOLLOWS_MANY = 100;
/** How many of them for each one that is wanted. */
const GLANCE = 10;

const BY_FOLLOWED = `(p.author_id = $1 or exists (
  select 1 from follows f where f.follower_id = $1 and f.followee_id = p.author_id and f.state = 'accepted'))`;

/** Dear where few of the newest posts are by people whom one follows: it stops there, with less than a batch. */
const AMONG_THE_NEWEST = `select ${COLUMNS}, p.visibility from (
    select * from posts where id < $2 and id > $3 order by id desc limit $5) p
  where ${BY_FOLLOWED} order by p.id desc limit $4`;

/** Dear where one follows many: the newest of each. The innermost query needs nothing but the index of authors. */
const OF_EACH_AUTHOR = `select ${COLUMNS}, p.visibility from (
    select id from posts
    where author_id in (select followee_id from follows where follower_id = $1 and state = 'accepted' union all select $1)
      and id < $2 and id > $3 order by id desc limit $4) x
  join posts p on p.id = x.id order by p.id desc`;

/**
 * Posts and boosts of those one follows and of oneself, merged when they are read: an unfollow, a block, an
 * edit or a deletion takes effect at once. Mutes and reply rules are applied here to a batch of rows, since in
 * the query they would cost more than the page. So would anything else that is asked of a row before it is chosen.
 */
export async function homeTimeline(reader: Reader, viewerId: number, page: PageRequest): Promise<Page<TimelineItem>> {
  const isGlance = (await followingCount(reader, viewerId)) > FOLLOWS_MANY;
  const batch: Batch<HomeRow> = async (before, size) => {
    const window = [viewerId, before, page.after ?? 0, size] as const;
    const newest = isGlance ? await reader.read.hot<HomeRow>(AMONG_THE_NEWEST, ...window, size * GLANCE) : [];
    return newest.length === size ? newest : reader.read.hot<HomeRow>(OF_EACH_AUTHOR, ...window);
  };
  return readPage(reader, viewerId, page, batch, (rows) =>
    keepWantedAtHome(
      reader,
      viewerId,
      rows.filter((row) => row.visibility !== 'direct'),
    ),
  );
}

async function followingCount({ read }: Reader, accountId: number): Promise<number> {
  const rows = await read.hot<{ n: number }>('select following_count as n from accounts where id = $1', accountId);
  return Number(rows[0]?.n ?? 0);
}

/** Public posts of this instance's people; replies and boosts are left to their threads. */
export function localTimeline(reader: Reader, viewerId: number | null, page: PageRequest): Promise<Page<TimelineItem>> {
  return publicTimeline(reader, viewerId, page, 'p.local = 1 and');
}

/** Public posts of everyone known here. */
export function federatedTimeline(
  reader: Reader,
  viewerId: number | null,
  page: PageRequest,
): Promise<Page<TimelineItem>> {
  return publicTimeline(reader, viewerId, page, '');
}

function publicTimeline(
  reader: Reader,
  viewerId: number | null,
  page: PageRequest,
  scope: string,
): Promise<Page<TimelineItem>> {
  const batch: Batch<TimelineRow> = (before, size) =>
    reader.read.hot<TimelineRow>(
      `select ${COLUMNS} from posts p join accounts a on a.id = p.author_id
       where ${scope} p.visibility = 'public' and p.boost_of_id is null
         and (p.reply_to_uri is null or p.reply_to_account_id = p.author_id)
         and a.limited_at is null and a.suspended_at is null and a.deleted_at is null
         and p.id < $1 and p.id > $2 order by p.id desc limit $3`,
      before,
      page.after ?? 0,
      size,
    );
  return readPage(reader, viewerId, page, batch, (rows) => dropUnwanted(reader, viewerId, rows));
}

export function hashtagTimeline(
  reader: Reader,
  viewerId: number | null,
  tag: string,
  page: PageRequest,
): Promise<Page<TimelineItem>> {
  const batch: Batch<TimelineRow> = (before, size) =>
    reader.read.hot<TimelineRow>(
      `select ${COLUMNS} from post_tags t join posts p on p.id = t.post_id join accounts a on a.id = p.author_id
       where t.tag_id = (select id from tags where name = $1) and p.visibility = 'public'
         and a.limited_at is null and t.post_id < $2 and t.post_id > $3 order by t.post_id desc limit $4`,
      tag,
      before,
      page.after ?? 0,
      size,
    );
  return readPage(reader, viewerId, page, batch, (rows) => dropUnwanted(reader, viewerId, rows));
}

export type AccountTab = 'posts' | 'replies' | 'media';

const TAB_CLAUSES: Record<AccountTab, string> = {
  posts: '(p.reply_to_uri is null or p.reply_to_account_id = p.author_id)',
  replies: 'p.boost_of_id is null and p.reply_to_uri is not null',
  media: 'p.boost_of_id is null and exists (select 1 from media m where m.post_id = p.id)',
};

/** What one account posted and boosted, as far as the viewer may see it: some boosts are for followers alone. */
export function accountTimeline(
  reader: Reader,
  viewerId: number | null,
  accountId: number,
  tab: AccountTab,
  page: PageRequest,
): Promise<Page<TimelineItem>> {
  const batch: Batch<TimelineRow> = (before, size) =>
    reader.read.hot<TimelineRow>(
      `select ${COLUMNS} from posts p join accounts a on a.id = p.author_id
       where p.author_id = $1 and p.visibility <> 'direct' and ${TAB_CLAUSES[tab]} and ${visibleTo(5)}
         and p.id < $2 and p.id > $3 order by p.id desc limit $4`,
      accountId,
      before,
      page.after ?? 0,
      size,
      viewerId ?? 0,
    );
  return readPage(reader, viewerId, page, batch, async (rows) => rows);
}

export async function pinnedPosts(reader: Reader, viewerId: number | null, accountId: number): Promise<TimelineItem[]> {
  const rows = await reader.read.hot<TimelineRow>(
    `select ${COLUMNS} from pins x join posts p on p.id = x.post_id where x.account_id = $1
     order by x.created_at desc limit $2`,
    accountId,
    limits.timelinePage,
  );
  return timelineItems(reader, viewerId, rows);
}

/** What a person favourited or bookmarked, in the order in which they did; the page's ids are those of the marks. */
export async function markedPosts(
  reader: Reader,
  viewerId: number,
  mark: 'favourites' | 'bookmarks',
  page: PageRequest,
): Promise<Page<TimelineItem>> {
  const rows = await reader.read.hot<{ id: number; post_id: number }>(
    `select id, post_id from ${mark} where account_id = $1 and id < $2 and id > $3 order by id desc limit $4`,
    viewerId,
    page.before ?? NEVER,
    page.after ?? 0,
    page.limit + 1,
  );
  const shown = rows.slice(0, page.limit);
  const posts = await postViews(
    reader,
    viewerId,
    shown.map((row) => row.post_id),
  );
  const items = shown.flatMap(({ id, post_id }) => {
    const post = posts.get(post_id);
    return post ? [{ id, boostedBy: null, boostedAt: null, post }] : [];
  });
  return { items, nextBefore: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null };
}

async function readPage<Row extends TimelineRow>(
  reader: Reader,
  viewerId: number | null,
  page: PageRequest,
  batch: Batch<Row>,
  sift: Sift<Row>,
): Promise<Page<TimelineItem>> {
  // More rows than a page are read, since what the reader does not want is dropped afterwards.
  const size = page.limit * 2;
  const items: TimelineItem[] = [];
  const shown = new Set<number>();
  let before = page.before ?? NEVER;
  for (let round = 0; round < BATCHES_MAX; round += 1) {
    const rows = await batch(before, size);
    const wanted = await sift(rows);
    const fresh: TimelineRow[] = [];
    for (const row of wanted) {
      // A post that several people boosted stands once.
      const postId = row.boost_of_id ?? row.id;
      if (!shown.has(postId)) fresh.push(row);
      shown.add(postId);
    }
    const room = page.limit - items.length;
    items.push(...(await timelineItems(reader, viewerId, fresh.slice(0, room + 1))));
    const last = rows.at(-1);
    if (items.length > page.limit) break;
    if (!last || rows.length < size) return { items, nextBefore: null };
    before = last.id;
  }
  const kept = items.slice(0, page.limit);
  return { items: kept, nextBefore: items.length > page.limit ? (kept.at(-1)?.id ?? null) : before };
}

async function timelineItems(
  reader: Reader,
  viewerId: number | null,
  rows: readonly TimelineRow[],
): Promise<TimelineItem[]> {
  const [posts, boosters] = await Promise.all([
    postViews(
      reader,
      viewerId,
      rows.map((row) => row.boost_of_id ?? row.id),
    ),
    accountViews(
      reader,
      rows.filter((row) => row.boost_of_id !== null).map((row) => row.author_id),
    ),
  ]);
  return rows.flatMap((row): TimelineItem[] => {
    const post = posts.get(row.boost_of_id ?? row.id);
    if (!post) return [];
    if (row.boost_of_id === null) return [{ id: row.id, boostedBy: null, boostedAt: null, post }];
    const boostedBy = boosters.get(row.author_id) ?? null;
    return boostedBy && !boostedBy.suspended ? [{ id: row.id, boostedBy, boostedAt: row.created_at, post }] : [];
  });
}

/** How many posts newer than `after` wait at home, up to `most`; for the bar that announces them. */
export async function countNewAtHome(reader: Reader, viewerId: number, after: number, most: number): Promise<number> {
  const rows = await reader.read.hot<TimelineRow>(
    `select ${COLUMNS} from posts p
     where p.author_id in (select followee_id from follows where follower_id = $1 and state = 'accepted')
       and p.id > $2 and p.visibility <> 'direct' order by p.id desc limit $3`,
    viewerId,
    after,
    most,
  );
  return (await keepWantedAtHome(reader, viewerId, rows)).length;
}
