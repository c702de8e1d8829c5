import type { Unit } from '#db/unit.ts';

/** Removes mutes whose time is over. Nobody waits for it: every query looks at the end itself. */
export async function forgetEndedMutes(unit: Unit): Promise<void> {
  await unit.tx.hot('delete from mutes where expires_at <= $1', unit.now);
}
