import { idsIn } from '#db/dialect.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { postViews } from '#domain/posts/posts.queries.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

/**
 * What was said in a conversation of this person, newest first: direct posts of its thread by its people that are by
 * or for this person. Empty for a conversation of somebody else.
 */
export async function conversationPosts(
  reader: Reader,
  accountId: number,
  conversationId: number,
  page: PageRequest,
): Promise<Page<PostView>> {
  const [conversation] = await reader.read.hot<{ last_post_id: number; participant_ids: string }>(
    'select last_post_id, participant_ids from conversations where id = $1 and account_id = $2',
    conversationId,
    accountId,
  );
  if (!conversation) return { items: [], nextBefore: null };
  const people = [accountId, ...(JSON.parse(conversation.participant_ids) as number[])];
  const rows = await reader.read.hot<{ id: number }>(
    `select p.id from posts p
     where p.thread_id = (select thread_id from posts where id = $1) and p.visibility = 'direct' and p.boost_of_id is null
       and p.author_id in ${idsIn(reader.engine, '$2')}
       and (p.author_id = $3 or exists (select 1 from post_mentions m where m.post_id = p.id and m.account_id = $3))
       and p.id < $4 order by p.id desc limit $5`,
    conversation.last_post_id,
    JSON.stringify(people),
    accountId,
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.limit + 1,
  );
  const { items, nextBefore } = pageOf(rows, page.limit);
  const posts = await postViews(
    reader,
    accountId,
    items.map((row) => row.id),
  );
  return { items: items.flatMap((row) => posts.get(row.id) ?? []), nextBefore };
}
