import type { Unit } from '#db/unit.ts';
import { DomainError, notAllowed, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

/**
 * Pins one's own post to the profile.
 * @throws not-found for somebody else's post, not-allowed for a direct one, too-many past the limit.
 */
export async function pinPost(unit: Unit, input: { accountId: number; postId: number }): Promise<void> {
  const rows = await unit.tx.hot<{ visibility: string }>(
    'select visibility from posts where id = $1 and author_id = $2 and boost_of_id is null',
    input.postId,
    input.accountId,
  );
  if (!rows[0]) throw notFound();
  if (rows[0].visibility === 'direct') throw notAllowed('pin-direct');
  const pinned = await unit.tx.hot<{ n: number }>(
    'select count(*) as n from pins where account_id = $1',
    input.accountId,
  );
  if (Number(pinned[0]?.n) >= limits.pinsPerAccount) {
    throw new DomainError('too-many', 'pins-too-many', { values: { max: limits.pinsPerAccount } });
  }
  const fresh = await writePin(unit, input.accountId, input.postId);
  if (fresh) unit.emit({ type: 'post-pinned', ...input });
}

/** Takes a pin off; one that is not there changes nothing. */
export async function unpinPost(unit: Unit, input: { accountId: number; postId: number }): Promise<void> {
  const rows = await unit.tx.hot(
    'delete from pins where account_id = $1 and post_id = $2 returning post_id',
    input.accountId,
    input.postId,
  );
  if (rows.length > 0) unit.emit({ type: 'post-unpinned', ...input });
}

/** A remote author's own Add to or Remove from its featured collection. */
export async function receivePin(
  unit: Unit,
  input: { actorId: number; postUri: string; pinned: boolean },
): Promise<void> {
  const rows = await unit.tx.hot<{ id: number }>(
    `select id from posts where uri = $1 and author_id = $2 and local = 0 and boost_of_id is null`,
    input.postUri,
    input.actorId,
  );
  if (!rows[0]) return;
  if (input.pinned) await writePin(unit, input.actorId, rows[0].id);
  else await unit.tx.hot('delete from pins where account_id = $1 and post_id = $2', input.actorId, rows[0].id);
}

/** A remote author's whole featured collection, in its order: what is not in it is no longer pinned. */
export async function receivePins(unit: Unit, input: { actorId: number; postUris: readonly string[] }): Promise<void> {
  await unit.tx.hot('delete from pins where account_id = $1', input.actorId);
  for (const [position, postUri] of input.postUris.entries()) {
    await unit.tx.hot(
      `insert into pins (account_id, post_id, created_at)
       select author_id, id, $1 from posts where uri = $2 and author_id = $3 and local = 0 and boost_of_id is null
       on conflict do nothing`,
      // The newest stands first.
      unit.now - position,
      postUri,
      input.actorId,
    );
  }
}

async function writePin(unit: Unit, accountId: number, postId: number): Promise<boolean> {
  const rows = await unit.tx.hot(
    'insert into pins (account_id, post_id, created_at) values ($1, $2, $3) on conflict do nothing returning post_id',
    accountId,
    postId,
    unit.now,
  );
  return rows.length > 0;
}
