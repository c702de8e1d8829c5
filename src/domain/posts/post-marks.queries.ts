import { ACCOUNT_COLUMNS, accountView, type AccountRow, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

/** Somebody who favourited or boosted; `id` is the page's cursor. */
export interface PostMark {
  id: number;
  account: AccountView;
}

const NO_BLOCK = `not exists (select 1 from blocks b
  where (b.blocker_id = a.id and b.blocked_id = $2) or (b.blocker_id = $2 and b.blocked_id = a.id))`;
const WINDOW = `a.suspended_at is null and a.deleted_at is null and ${NO_BLOCK}`;

const TEXTS = {
  favourites: `select ${ACCOUNT_COLUMNS}, r.id as mark_id from favourites r join accounts a on a.id = r.account_id
    where r.post_id = $1 and ${WINDOW} and r.id < $3 order by r.id desc limit $4`,
  // Who boosted for their followers alone is seen by these.
  boosts: `select ${ACCOUNT_COLUMNS}, p.id as mark_id from posts p join accounts a on a.id = p.author_id
    where p.boost_of_id = $1 and ${WINDOW} and ${visibleTo(2)} and p.id < $3 order by p.id desc limit $4`,
};

/** Who favourited or boosted a post, the latest first. The caller has made sure that the viewer may see the post. */
export async function postMarks(
  { read }: Pick<Reader, 'read'>,
  viewerId: number,
  postId: number,
  kind: keyof typeof TEXTS,
  page: PageRequest,
): Promise<Page<PostMark>> {
  const rows = await read.hot<AccountRow & { mark_id: number }>(
    TEXTS[kind],
    postId,
    viewerId,
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.limit + 1,
  );
  return pageOf(
    rows.map((row) => ({ id: row.mark_id, account: accountView(row) })),
    page.limit,
  );
}
