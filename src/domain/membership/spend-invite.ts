import type { Unit } from '#db/unit.ts';
import { invalid } from '#kernel/errors.ts';
import { foldReadableCode } from '#kernel/tokens.ts';

/** What makes an invite valid, as SQL over `invites i` with the present time as $1. */
export const INVITE_STANDS = `i.revoked_at is null and (i.expires_at is null or i.expires_at > $1)
  and (i.uses_max is null or i.uses < i.uses_max)
  and exists (select 1 from accounts a where a.id = i.creator_id and a.suspended_at is null and a.deleted_at is null)`;

/**
 * Takes one use of an invite and returns its id. One statement looks and counts, so that of two who come at once with
 * the last use, one is refused.
 * @throws invalid for an invite that is unknown, used up, expired or revoked.
 */
export async function spendInvite(unit: Unit, code: string): Promise<number> {
  const spent = await unit.tx.hot<{ id: number }>(
    `update invites set uses = uses + 1 where id in (select i.id from invites i where i.code = $2 and ${INVITE_STANDS})
       and (uses_max is null or uses < uses_max) returning id`,
    unit.now,
    foldReadableCode(code),
  );
  if (!spent[0]) throw invalid('invite-invalid', 'invite');
  return spent[0].id;
}
