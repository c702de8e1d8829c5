import type { Store } from '#db/store.ts';
import { agedPosts, FIRST_AGED_POST } from '#domain/retention/aged-posts.queries.ts';
import { forgetRemotePosts as forget } from '#domain/retention/forget-remote-posts.ts';
import { inBatches, type ForgetParts } from '#jobs/in-batches.ts';
import { DAY_MS } from '#kernel/clock.ts';

export interface ForgetRemotePostsParts extends ForgetParts {
  store: Pick<Store, 'read'>;
  /** Null keeps them for ever. */
  retention: { remotePostDays: number | null };
}

/** Forgets posts of other servers that are old and that nobody here would miss. To be run once a day. */
export async function forgetRemotePosts(parts: ForgetRemotePostsParts): Promise<void> {
  const { store, commit, clock, retention, stopping } = parts;
  if (retention.remotePostDays === null) return;
  const before = clock.now() - retention.remotePostDays * DAY_MS;
  let after = FIRST_AGED_POST;
  await inBatches(async (most) => {
    const { untouchedIds, next } = await agedPosts(store.read, { before, after, most });
    // A batch of which all stay must not take the write lock.
    if (untouchedIds.length > 0) await commit(forget, { ids: untouchedIds, before });
    after = next ?? after;
    return next === null ? 'through' : 'more';
  }, stopping);
}
