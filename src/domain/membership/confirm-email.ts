import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { showAccount } from '#domain/accounts/create-account.ts';
import { findMember, type Member } from '#domain/membership/member.ts';
import { parseEmail } from '#domain/membership/email.ts';
import { refuseTakenEmail } from '#domain/membership/sign-up.ts';
import { spendMailToken } from '#domain/membership/mail-tokens.ts';

export interface Confirmed {
  accountId: number;
  /** A new address of a member, rather than a sign-up's first one. */
  changed: boolean;
  approved: boolean;
}

/**
 * Confirms the address to which the link was sent: a sign-up's, or the one to which a member changes.
 * @throws gone for a link that is unknown, used or expired; conflict when another member has the address by now, be it
 * by another sign-up with the same.
 */
export async function confirmEmail(unit: Unit, input: { tokenHash: string }): Promise<Confirmed> {
  const token = await spendMailToken(unit, input.tokenHash, ['confirm', 'change-email']);
  const member = await findMember(unit, token.accountId);
  const changed = token.purpose === 'change-email';
  if (changed) await changeEmail(unit, member, token.email);
  await markConfirmed(unit, member);
  return { accountId: member.accountId, changed, approved: member.approvedAt !== null };
}

/** From now on the address is known to be the person's; staff is asked about a sign-up only now. */
export async function markConfirmed(unit: Unit, member: Member): Promise<void> {
  if (member.emailConfirmedAt !== null) return;
  const { members } = unit.schema;
  const { folded } = parseEmail(member.email);
  if (folded !== member.emailFolded) await refuseTakenEmail(unit, folded);
  await unit.tx
    .update(members)
    .set({ emailConfirmedAt: unit.now, emailFolded: folded })
    .where(eq(members.accountId, member.accountId));
  if (member.approvedAt !== null) await showAccount(unit, member.accountId);
  else unit.emit({ type: 'sign-up-requested', accountId: member.accountId });
}

async function changeEmail(unit: Unit, member: Member, typed: string): Promise<void> {
  const { members } = unit.schema;
  const email = parseEmail(typed);
  if (email.folded !== member.emailFolded) await refuseTakenEmail(unit, email.folded);
  await unit.tx
    .update(members)
    .set({ email: email.address, emailFolded: email.folded })
    .where(eq(members.accountId, member.accountId));
}
