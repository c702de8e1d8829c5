import type { Unit } from '#db/unit.ts';

export async function unmuteAccount(unit: Unit, input: { muterId: number; mutedId: number }): Promise<void> {
  await unit.tx.hot('delete from mutes where muter_id = $1 and muted_id = $2', input.muterId, input.mutedId);
}
