import type { Unit } from '#db/unit.ts';
import { parseEmail, UNCONFIRMED_OF } from '#domain/membership/email.ts';

/**
 * Sends a link by which a new password can be chosen, if the address is a member's, or that of somebody who has not
 * confirmed it yet. The caller learns nothing of that.
 * @throws invalid for what is no mail address.
 */
export async function requestPasswordReset(unit: Unit, input: { email: string }): Promise<void> {
  const { folded } = parseEmail(input.email);
  const [member] = await unit.tx.hot<{ account_id: number; email: string }>(
    `select m.account_id, m.email from members m join accounts a on a.id = m.account_id
     where (m.email_folded = $1 or (${UNCONFIRMED_OF})) and a.suspended_at is null and a.deleted_at is null
     order by m.email_confirmed_at is null, m.account_id desc limit 1`,
    folded,
  );
  if (!member) return;
  unit.emit({ type: 'mail-requested', accountId: member.account_id, purpose: 'reset', email: member.email });
}
