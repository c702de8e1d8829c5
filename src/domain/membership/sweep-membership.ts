import type { Unit } from '#db/unit.ts';
import { forgetSignUp } from '#domain/membership/reject-sign-up.ts';
import { forgetRelationships } from '#domain/relationships/forget-relationships.ts';
import { limits } from '#kernel/limits.ts';

/** How much one sweep does; the next one goes on. */
const BATCH = 200;

/**
 * Forgets what has ended: sessions, links and challenges past their time, sign-ups whose address nobody confirmed,
 * network addresses of old sign-ups, and the last remains of deleted accounts. For a job that runs every hour.
 */
export async function sweepMembership(unit: Unit): Promise<void> {
  await unit.tx.hot('delete from sessions where expires_at <= $1', unit.now);
  await unit.tx.hot('delete from mail_tokens where expires_at <= $1', unit.now);
  await unit.tx.hot('delete from spent_challenges where expires_at <= $1', unit.now);
  await unit.tx.hot(
    'update members set sign_up_address = null where sign_up_address is not null and created_at < $1',
    unit.now - limits.signUpAddressMs,
  );
  await forgetUnconfirmed(unit);
  await buryAccounts(unit);
}

async function forgetUnconfirmed(unit: Unit): Promise<void> {
  const unconfirmed = await unit.tx.hot<{ account_id: number }>(
    'select account_id from members where email_confirmed_at is null and created_at < $1 limit $2',
    unit.now - limits.unconfirmedSignUpMs,
    BATCH,
  );
  for (const { account_id: accountId } of unconfirmed) await forgetSignUp(unit, accountId);
}

/**
 * Deliveries are given up long before a deleted account is this old: nobody is left to be told, so its keys and its
 * follows across servers go. The row stays, so that its address answers that it is gone.
 */
async function buryAccounts(unit: Unit): Promise<void> {
  const buried = await unit.tx.hot<{ id: number }>(
    `select id from accounts a where domain = '' and deleted_at < $1
       and exists (select 1 from account_keys k where k.account_id = a.id) limit $2`,
    unit.now - limits.deletedAccountMs,
    BATCH,
  );
  for (const { id } of buried) {
    await forgetRelationships(unit, id);
    await unit.tx.hot('delete from account_keys where account_id = $1', id);
  }
}
