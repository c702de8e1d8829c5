import { forgetText } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { erasePosts } from '#domain/posts/erase-posts.ts';
import { forgetRelationships } from '#domain/relationships/forget-relationships.ts';

/** A remote account is gone, by its own word: what it left here goes, too. Its row stays as a grave. */
export async function receiveAccountDelete(unit: Unit, input: { actorId: number }): Promise<void> {
  const rows = await unit.tx.hot<{ uri: string }>(
    `select uri from accounts where id = $1 and domain <> '' and deleted_at is null`,
    input.actorId,
  );
  if (!rows[0]) return;
  await erasePosts(unit, input.actorId);
  await forgetRelationships(unit, input.actorId);
  await forgetText(unit, 'account_search', input.actorId);
  await unit.tx.hot('delete from notifications where from_id = $1', input.actorId);
  await unit.tx.hot('delete from post_mentions where account_id = $1', input.actorId);
  await unit.tx.hot(
    `update accounts set deleted_at = $1, display_name = '', bio_html = '', fields = '[]', emoji = '[]', aliases = '[]',
       public_keys = '[]', avatar_remote_url = null, header_remote_url = null, posts_count = 0, last_post_at = null, version = version + 1
     where id = $2`,
    unit.now,
    input.actorId,
  );
  unit.emit({ type: 'account-deleted', accountId: input.actorId, uri: rows[0].uri, local: false });
}
