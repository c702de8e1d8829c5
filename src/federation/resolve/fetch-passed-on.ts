import type { CommitWith } from '#db/commit.ts';
import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { receiveDelete } from '#domain/posts/receive-delete.ts';
import type { PassedOn } from '#federation/guard/passed-on.ts';
import { isSilenced } from '#federation/inbox/silenced.ts';
import { isByFollowed } from '#federation/resolve/followed-here.ts';
import { newBudget } from '#federation/resolve/budget.ts';
import { statusOf } from '#federation/resolve/fetch-faults.ts';
import { FETCH_LANE, storePostWithThread } from '#federation/resolve/plan-ancestors.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import { typeOf } from '#federation/translate/read.ts';
import { limits } from '#kernel/limits.ts';

export interface PassedOnParts {
  reader: Reader;
  resolver: Resolver;
  commit: CommitWith;
}

/** What is asked of an object's own server, because another one passed on that it is new, edited or gone. */
export interface Hint {
  kind: PassedOn['kind'];
  uri: string;
  /** Its address has answered 404 before. */
  missing?: boolean;
}

/** Everything is judged by what the object's own server says now; the hint has said nothing but where to look. */
export async function fetchPassedOn(parts: PassedOnParts, hint: Hint): Promise<void> {
  const known = await findPostIdByUri(parts.reader, hint.uri);
  if (hint.kind === 'delete') {
    if (known !== null) await askWhetherDeleted(parts, hint, known);
  } else if (known === null) await fetchAnswer(parts, hint.uri);
  else if (hint.kind === 'update') await parts.resolver.refreshPostByUri(hint.uri);
}

/**
 * Kept only when everyone may read it and it does answer a post that we have, or one by somebody followed here that it
 * has overtaken.
 */
async function fetchAnswer({ reader, resolver, commit }: PassedOnParts, uri: string): Promise<void> {
  const budget = newBudget();
  const found = await resolver.fetchObject(uri, budget);
  const post = found ? await resolver.translatePost(found.json) : null;
  if (!post || (post.visibility !== 'public' && post.visibility !== 'unlisted')) return;
  if (post.replyToUri === null) return;
  const isKnown = (await findPostIdByUri(reader, post.replyToUri)) !== null;
  if (!isKnown && !(await isByFollowed({ reader, resolver, budget }, post.replyToUri))) return;
  const authorId = await resolver.authorOf(post, budget);
  if (authorId === null || (await isSilenced(reader, authorId))) return;
  await commit(storePostWithThread, { post, authorId });
}

/**
 * A Tombstone and a 410 say that it was deleted. Mastodon answers 404, as does a server that is being repaired: that
 * counts when it answers so once more after a while.
 */
async function askWhetherDeleted({ reader, resolver, commit }: PassedOnParts, hint: Hint, id: number): Promise<void> {
  const rows = await reader.read.hot<{ author_id: number }>('select author_id from posts where id = $1', id);
  const verdict = await lookAt(resolver, hint.uri);
  if (!rows[0] || verdict === 'there') return;
  if (verdict === 'deleted' || hint.missing) await commit(receiveDelete, { actorId: rows[0].author_id, uri: hint.uri });
  else await commit(planSecondLook, hint);
}

/** What an address answers by now: a Tombstone and a 410 both say that what was there was deleted. */
export async function lookAt(resolver: Resolver, uri: string): Promise<'there' | 'missing' | 'deleted'> {
  try {
    const found = await resolver.fetchObject(uri, newBudget());
    return found && typeOf(found.json) === 'Tombstone' ? 'deleted' : 'there';
  } catch (error) {
    const status = statusOf(error);
    if (status === 410) return 'deleted';
    if (status === 404) return 'missing';
    throw error;
  }
}

async function planSecondLook(unit: Unit, hint: Hint): Promise<void> {
  const data = { passedOn: { ...hint, missing: true } };
  const onceKey = `passed on again ${hint.uri}`;
  await enqueueJobs(unit, [{ lane: FETCH_LANE, onceKey, data, delayMs: limits.secondLookMs }]);
}
