import { and, eq, gt, inArray, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export type MailPurpose = 'confirm' | 'reset' | 'change-email';

const LIFE_MS: Record<MailPurpose, number> = {
  confirm: limits.confirmTokenMs,
  reset: limits.resetTokenMs,
  'change-email': limits.changeEmailTokenMs,
};

export interface NewMailToken {
  accountId: number;
  purpose: MailPurpose;
  email: string;
  tokenHash: string;
}

/**
 * Makes a link's token valid and returns for whom the mail is; null when the mail is no longer wanted: the member is
 * gone, suspended, has another address by now or has confirmed this one. The token itself is made by the sender of
 * the mail and is nowhere else.
 */
export async function issueMailToken(
  unit: Unit,
  input: NewMailToken,
): Promise<{ handle: string; locale: 'en' | 'fr' | null } | null> {
  const { accountId, purpose, email } = input;
  const [member] = await unit.tx.hot<{
    handle: string;
    locale: 'en' | 'fr' | null;
    email: string;
    email_confirmed_at: number | null;
  }>(
    `select a.handle, m.locale, m.email, m.email_confirmed_at from members m join accounts a on a.id = m.account_id
     where m.account_id = $1 and a.suspended_at is null and a.deleted_at is null`,
    accountId,
  );
  if (!member) return null;
  if (purpose !== 'change-email' && member.email !== email) return null;
  if (purpose === 'confirm' && member.email_confirmed_at !== null) return null;
  await unit.tx.insert(unit.schema.mailTokens).values({
    id: unit.newId(),
    accountId,
    purpose,
    tokenHash: input.tokenHash,
    email,
    createdAt: unit.now,
    expiresAt: unit.now + LIFE_MS[purpose],
  });
  await unit.tx.hot(
    `delete from mail_tokens where account_id = $1 and purpose = $2 and id not in (
       select id from mail_tokens where account_id = $1 and purpose = $2 order by id desc limit $3)`,
    accountId,
    purpose,
    limits.mailTokensPerPurpose,
  );
  return { handle: member.handle, locale: member.locale };
}

export interface SpentMailToken {
  accountId: number;
  purpose: MailPurpose;
  email: string;
}

/** Uses a link up, and with it all others of its kind that the person was sent. @throws gone. */
export async function spendMailToken(unit: Unit, tokenHash: string, purposes: MailPurpose[]): Promise<SpentMailToken> {
  const { mailTokens } = unit.schema;
  const [token] = await unit.tx
    .update(mailTokens)
    .set({ usedAt: unit.now })
    .where(
      and(
        eq(mailTokens.tokenHash, tokenHash),
        inArray(mailTokens.purpose, purposes),
        isNull(mailTokens.usedAt),
        gt(mailTokens.expiresAt, unit.now),
      ),
    )
    .returning({ accountId: mailTokens.accountId, purpose: mailTokens.purpose, email: mailTokens.email });
  if (!token) throw new DomainError('gone', 'link-expired');
  await unit.tx
    .delete(mailTokens)
    .where(
      and(eq(mailTokens.accountId, token.accountId), eq(mailTokens.purpose, token.purpose), isNull(mailTokens.usedAt)),
    );
  return token;
}
