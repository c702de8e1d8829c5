import type { Unit } from '#db/unit.ts';
import { invalid, notFound } from '#kernel/errors.ts';

export interface Mute {
  muterId: number;
  mutedId: number;
  hideNotifications: boolean;
  /** Null: until it is lifted. */
  expiresAt: number | null;
}

/**
 * A local person no longer wants to read another; nobody is told. A second mute replaces the terms of the first.
 * @throws invalid for oneself or an end in the past, not-found for an unknown account.
 */
export async function muteAccount(unit: Unit, input: Mute): Promise<void> {
  if (input.muterId === input.mutedId) throw invalid('mute-self');
  if (input.expiresAt !== null && input.expiresAt <= unit.now) throw invalid('mute-end-past', 'expiresAt');
  const known = await unit.tx.hot('select id from accounts where id = $1 and pending_at is null', input.mutedId);
  if (known.length === 0) throw notFound('account-gone');
  await unit.tx.hot(
    `insert into mutes (id, muter_id, muted_id, hide_notifications, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (muter_id, muted_id) do update
     set hide_notifications = excluded.hide_notifications, expires_at = excluded.expires_at`,
    unit.newId(),
    input.muterId,
    input.mutedId,
    input.hideNotifications ? 1 : 0,
    unit.now,
    input.expiresAt,
  );
}
