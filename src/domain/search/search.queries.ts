import { searchIds, type SearchIndex } from '#db/dialect.ts';
import type { HotValue } from '#db/store.ts';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { ACCOUNT_COLUMNS, accountView, type AccountRow, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { postViews } from '#domain/posts/posts.queries.ts';
import { dropUnwanted, type TimelineRow } from '#domain/timelines/wanted-rows.ts';
import { limits } from '#kernel/limits.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

/*
 * Finding people and posts by words. Nobody is found who did not wish to be: visitors find accounts of this instance
 * that are discoverable, and posts are found by strangers where their author lets them be indexed.
 */

/** Both engines let `$2` be the viewer, 0 for anyone. */
const FOLLOWED = `exists (select 1 from follows f
  where f.follower_id = $2 and f.followee_id = a.id and f.state = 'accepted')`;
const SHUT_OUT = `exists (select 1 from blocks b
  where (b.blocker_id = a.id and b.blocked_id = $2) or (b.blocker_id = $2 and b.blocked_id = a.id))`;

/** Accounts by the words of their name, handle and domain: those one follows first, then those of here. */
export async function searchAccounts(
  reader: Reader,
  viewerId: number | null,
  text: string,
  most: number,
): Promise<AccountView[]> {
  const found = clauseOf(reader, 'account_search', text);
  if (found === null) return [];
  const scope = viewerId === null ? `a.domain = '' and a.discoverable = 1` : `not ${SHUT_OUT}`;
  const rows = await reader.read.hot<AccountRow>(
    `select ${ACCOUNT_COLUMNS} from accounts a where a.id in ${found.sql} and ${scope} and a.kind <> 'application'
       and a.suspended_at is null and a.deleted_at is null
       and (a.limited_at is null or a.id = $2 or ${FOLLOWED})
     order by case when ${FOLLOWED} then 0 when a.domain = '' then 1 else 2 end, a.followers_count desc, a.id limit $3`,
    found.value,
    viewerId ?? 0,
    most,
  );
  return rows.map(accountView);
}

/** What makes a post one's own business, besides having written it. */
const TOUCHED = [
  'exists (select 1 from favourites x where x.post_id = p.id and x.account_id = $2)',
  'exists (select 1 from bookmarks x where x.post_id = p.id and x.account_id = $2)',
  'exists (select 1 from posts x where x.boost_of_id = p.id and x.author_id = $2)',
  'exists (select 1 from posts x where x.reply_to_id = p.id and x.author_id = $2)',
  'exists (select 1 from post_mentions x where x.post_id = p.id and x.account_id = $2)',
].join(' or ');

/**
 * Public posts with every one of the words, newest first: by authors who let their posts be found, by oneself, and
 * those that one favourited, bookmarked, boosted, answered or is named in. Visitors find posts of this instance.
 */
export async function searchPosts(
  reader: Reader,
  viewerId: number | null,
  text: string,
  page: PageRequest,
): Promise<Page<PostView>> {
  const found = clauseOf(reader, 'post_search', text);
  if (found === null) return { items: [], nextBefore: null };
  const scope =
    viewerId === null ? 'p.local = 1 and a.indexable = 1' : `(a.indexable = 1 or p.author_id = $2 or ${TOUCHED})`;
  const rows = await reader.read.hot<TimelineRow>(
    `select p.id, p.author_id, p.boost_of_id, p.reply_to_id, p.reply_to_account_id, p.created_at
     from posts p join accounts a on a.id = p.author_id
     where p.id in (select * from ${found.sql} as found order by 1 desc limit ${limits.searchCandidates})
       and p.visibility = 'public' and p.boost_of_id is null and ${scope} and ${visibleTo(2)}
       and (a.limited_at is null or p.author_id = $2 or ${FOLLOWED})
       and p.id < $3 order by p.id desc limit $4`,
    found.value,
    viewerId ?? 0,
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.limit + 1,
  );
  const { items: shown, nextBefore } = pageOf(rows, page.limit);
  const wanted = await dropUnwanted(reader, viewerId, shown);
  const posts = await postViews(
    reader,
    viewerId,
    wanted.map((row) => row.id),
  );
  return { items: wanted.flatMap((row) => posts.get(row.id) ?? []), nextBefore };
}

/** Null where the text has no word at all, which neither engine takes. */
function clauseOf({ engine }: Reader, index: SearchIndex, text: string): { sql: string; value: HotValue } | null {
  const words = text.slice(0, limits.searchCharacters).split(/\s+/).slice(0, limits.searchWords);
  const clause = searchIds(engine, index, words, '$1');
  return clause.value === '' ? null : clause;
}
