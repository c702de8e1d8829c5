import type { Unit } from '#db/unit.ts';
import type { EventOf } from '#domain/events.ts';
import { notify, withdraw } from '#domain/notifications/notify.ts';

/** Tells the author of a boosted post. */
export async function notifyOfBoost(unit: Unit, { postId, accountId }: EventOf<'post-boosted'>): Promise<void> {
  const news = { kind: 'boost', fromId: accountId, postId, onceKey: boostKey(postId, accountId) } as const;
  await notify(unit, news, await authorOf(unit, postId));
}

export async function withdrawBoost(unit: Unit, { postId, accountId }: EventOf<'boost-undone'>): Promise<void> {
  await withdrawFromAuthor(unit, postId, boostKey(postId, accountId));
}

/** Tells the author of a favoured post. */
export async function notifyOfFavourite(unit: Unit, { postId, accountId }: EventOf<'post-favourited'>): Promise<void> {
  const news = { kind: 'favourite', fromId: accountId, postId, onceKey: favouriteKey(postId, accountId) } as const;
  await notify(unit, news, await authorOf(unit, postId));
}

export async function withdrawFavourite(unit: Unit, { postId, accountId }: EventOf<'favourite-undone'>): Promise<void> {
  await withdrawFromAuthor(unit, postId, favouriteKey(postId, accountId));
}

function boostKey(postId: number, accountId: number): string {
  return `boost:${postId}:${accountId}`;
}

function favouriteKey(postId: number, accountId: number): string {
  return `favourite:${postId}:${accountId}`;
}

async function withdrawFromAuthor(unit: Unit, postId: number, onceKey: string): Promise<void> {
  for (const authorId of await authorOf(unit, postId)) await withdraw(unit, authorId, [onceKey]);
}

async function authorOf(unit: Unit, postId: number): Promise<number[]> {
  const rows = await unit.tx.hot<{ author_id: number }>('select author_id from posts where id = $1', postId);
  return rows.map((row) => row.author_id);
}
