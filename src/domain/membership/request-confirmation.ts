import type { Unit } from '#db/unit.ts';
import { parseEmail, UNCONFIRMED_OF } from '#domain/membership/email.ts';

/**
 * Sends the link of a sign-up once more: of several with one address, that of the latest. The caller learns nothing of
 * who has signed up here.
 * @throws invalid for what is no mail address.
 */
export async function requestConfirmation(unit: Unit, input: { email: string }): Promise<void> {
  const { folded } = parseEmail(input.email);
  const [latest] = await unit.tx.hot<{ account_id: number; email: string }>(
    `select m.account_id, m.email from members m where ${UNCONFIRMED_OF}
       and not exists (select 1 from members o where o.email_folded = $1)
     order by m.account_id desc limit 1`,
    folded,
  );
  if (!latest) return;
  unit.emit({ type: 'mail-requested', accountId: latest.account_id, purpose: 'confirm', email: latest.email });
}
