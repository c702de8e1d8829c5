import type { Unit } from '#db/unit.ts';

/** Removes blocks of addresses and mail domains whose time is over; they hold nobody any more. For a daily job. */
export async function forgetEndedBlocks(unit: Unit): Promise<void> {
  await unit.tx.hot('delete from address_blocks where expires_at <= $1', unit.now);
  await unit.tx.hot('delete from email_domain_blocks where expires_at <= $1', unit.now);
}
