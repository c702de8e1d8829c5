import type { Unit } from '#db/unit.ts';
import { originOf } from '#federation/translate/read.ts';
import { DAY_MS } from '#kernel/clock.ts';

/*
 * What is undone before it has come: two deliveries overtake each other, after an outage or by a failure of ours. It is
 * remembered until the late one is here, which then changes nothing.
 *
 * An id alone is no safe sign of what is late, since some servers do a thing again under the id of the first (Misskey
 * follows, snac 2.94 likes and boosts, Hollo 0.10 blocks). So only what was never worked off here is remembered, once,
 * and for no longer than anybody goes on trying.
 */
const TRIED_FOR_MS = 20 * DAY_MS;

export interface Undoing {
  actorUri: string;
  /** The id of the Undo. */
  undoUri: string;
  /** The id of what it undoes. */
  uri: string;
}

/** Remembers that something was undone of which nothing was found here. */
export async function rememberUndone(unit: Unit, { actorUri, undoUri, uri }: Undoing): Promise<void> {
  if (originOf(uri) !== originOf(actorUri)) return;
  // It was worked off and is gone, or this very Undo has come before.
  if ((await isWorkedOff(unit, actorUri, uri)) || (await isWorkedOff(unit, actorUri, undoUri))) return;
  await unit.tx.hot(
    `insert into tombstones (uri, deleted_at) values ($1, $2)
     on conflict (uri) do update set deleted_at = excluded.deleted_at`,
    keyOf(actorUri, uri),
    unit.now,
  );
}

/** Whether this was undone before it came; true once only. */
export async function wasUndone(unit: Unit, actorUri: string, uri: string): Promise<boolean> {
  const graves = await unit.tx.hot<{ deleted_at: number }>(
    'delete from tombstones where uri = $1 returning deleted_at',
    keyOf(actorUri, uri),
  );
  return graves.some((grave) => grave.deleted_at > unit.now - TRIED_FOR_MS);
}

/** Activities that may come again are remembered with the time that they were signed at behind their id. */
async function isWorkedOff(unit: Unit, actorUri: string, uri: string): Promise<boolean> {
  const rows = await unit.tx.hot(
    `select 1 as done from activities
     where (uri = $1 or (uri > $1 || ' ' and uri < $1 || '!')) and actor_uri = $2 and raw = '' limit 1`,
    uri,
    actorUri,
  );
  return rows.length > 0;
}

/** No address begins so, and nobody buries what somebody else has done. */
function keyOf(actorUri: string, uri: string): string {
  return `undone by ${actorUri} ${uri}`;
}
