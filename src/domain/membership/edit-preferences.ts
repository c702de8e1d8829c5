import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { findMember } from '#domain/membership/member.ts';
import { invalid } from '#kernel/errors.ts';

export interface Preferences {
  /** Null follows the browser. */
  locale: 'en' | 'fr' | null;
  scheme: 'light' | 'dark' | 'auto';
  defaultVisibility: 'public' | 'unlisted' | 'followers';
  /** A language tag (BCP 47), or null. */
  defaultLanguage: string | null;
  defaultSensitive: boolean;
}

/** @throws not-found, invalid. */
export async function editPreferences(unit: Unit, input: Preferences & { accountId: number }): Promise<void> {
  const { accountId, locale, scheme, defaultVisibility, defaultLanguage, defaultSensitive } = input;
  if (defaultLanguage !== null && !/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(defaultLanguage)) {
    throw invalid('malformed', 'defaultLanguage');
  }
  await findMember(unit, accountId);
  const { members } = unit.schema;
  await unit.tx
    .update(members)
    .set({ locale, scheme, defaultVisibility, defaultLanguage, defaultSensitive })
    .where(eq(members.accountId, accountId));
}
