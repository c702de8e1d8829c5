import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';

/** Lane of background fetches: the rest of a thread, the counts of a poll. */
export const FETCH_LANE = 'fetch';

/** A received post, and the search for what it answers, or what that answers in its turn, where it is unknown. */
export async function storePostWithThread(
  unit: Unit,
  input: { post: RemotePost; authorId: number },
): Promise<number | null> {
  const id = await receivePost(unit, input);
  if (id === null || input.post.replyToUri === null) return id;
  const answered = await unit.tx.hot<{ reply_to_id: number | null; reply_to_uri: string | null }>(
    'select reply_to_id, reply_to_uri from posts where uri = $1',
    input.post.replyToUri,
  );
  // One that was found on a profile came without its thread.
  const missing = answered[0]?.reply_to_id === null ? answered[0].reply_to_uri : null;
  await planAncestors(unit, answered[0] ? missing : input.post.replyToUri);
  return id;
}

/** Notes as a job that a post is to be looked for, and what it answers; nothing for one that could only be ours. */
export async function planAncestors(unit: Unit, uri: string | null): Promise<void> {
  if (uri === null || uri.startsWith(`${unit.site.origin}/`)) return;
  const buried = await unit.tx.hot('select 1 as buried from tombstones where uri = $1', uri);
  if (buried.length > 0) return;
  await enqueueJobs(unit, [{ lane: FETCH_LANE, onceKey: `ancestors ${uri}`, data: { ancestorsFrom: uri } }]);
}
