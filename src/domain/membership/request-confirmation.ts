import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { parseEmail } from '#domain/membership/email.ts';

/**
 * Sends the link of a sign-up once more. The caller learns nothing of who has signed up here.
 * @throws invalid for what is no mail address.
 */
export async function requestConfirmation(unit: Unit, input: { email: string }): Promise<void> {
  const { folded } = parseEmail(input.email);
  const { members } = unit.schema;
  const [member] = await unit.tx.select().from(members).where(eq(members.emailFolded, folded));
  if (!member || member.emailConfirmedAt !== null) return;
  unit.emit({ type: 'mail-requested', accountId: member.accountId, purpose: 'confirm', email: member.email });
}
