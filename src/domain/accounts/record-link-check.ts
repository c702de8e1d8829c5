import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import type { ProfileField } from '#domain/accounts/account-view.ts';
import { linkOfField } from '#domain/accounts/profile-links.ts';
import { limits } from '#kernel/limits.ts';

/** What a page said when it was asked whether it links back to the profile. */
export type LinkAnswer = 'links-back' | 'does-not' | 'no-answer';

/**
 * Writes down which of an account's links lead to pages that link back. A page that says no more loses its mark at
 * once; one that does not answer keeps it for a while. Fields that were changed meanwhile stay as they are.
 */
export async function recordLinkCheck(
  unit: Unit,
  input: { accountId: number; answers: ReadonlyMap<string, LinkAnswer> },
): Promise<void> {
  const { accounts } = unit.schema;
  const [account] = await unit.tx
    .select({ fields: accounts.fields, domain: accounts.domain, version: accounts.version })
    .from(accounts)
    .where(eq(accounts.id, input.accountId));
  if (!account || account.domain !== '') return;
  const fields = account.fields.map((field) => {
    const answer = input.answers.get(linkOfField(field) ?? '');
    return answer === undefined ? field : { ...field, ...judge(field, answer, unit.now) };
  });
  await unit.tx.update(accounts).set({ fields }).where(eq(accounts.id, input.accountId));
}

function judge(field: ProfileField, answer: LinkAnswer, now: number): Omit<ProfileField, 'name' | 'valueHtml'> {
  if (answer === 'links-back') return { verifiedAt: field.verifiedAt ?? now, checkedAt: now, silentSince: null };
  if (answer === 'does-not') return { verifiedAt: null, checkedAt: now, silentSince: null };
  const silentSince = field.silentSince ?? now;
  const isPatient = now - silentSince < limits.linkPatienceMs;
  return { verifiedAt: isPatient ? field.verifiedAt : null, checkedAt: now, silentSince };
}
