import type { Unit } from '#db/unit.ts';
import { refuseBlockedEmailDomain } from '#domain/membership/refuse-blocked.ts';
import { parseEmail } from '#domain/membership/email.ts';
import { requireSamePassword } from '#domain/membership/member.ts';
import { ownerOf } from '#domain/membership/sign-up.ts';
import { invalid } from '#kernel/errors.ts';

export interface EmailChange {
  accountId: number;
  /** The hash against which the door has verified the password. */
  passwordHash: string;
  email: string;
}

/**
 * Sends a link to the new address, which counts once it was followed, and word of it to the present one. Where the new
 * one is another member's, that one is told instead, and whoever asks does not learn it.
 * @throws not-allowed, invalid.
 */
export async function requestEmailChange(unit: Unit, input: EmailChange): Promise<void> {
  const member = await requireSamePassword(unit, input.accountId, input.passwordHash);
  const email = parseEmail(input.email);
  if (email.address === member.email) throw invalid('email-unchanged', 'email');
  await refuseBlockedEmailDomain(unit, email.domain);
  const { accountId } = member;
  const ownerId = await ownerOf(unit, email.folded);
  if (ownerId !== null && ownerId !== accountId) unit.emit({ type: 'address-claimed', accountId: ownerId });
  else unit.emit({ type: 'mail-requested', accountId, purpose: 'change-email', email: email.address });
  unit.emit({ type: 'security-noticed', accountId, notice: 'email-change-requested' });
}
