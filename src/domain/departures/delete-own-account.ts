import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { eraseAccount } from '#domain/departures/erase-account.ts';
import { requireSamePassword } from '#domain/membership/member.ts';
import { notAllowed } from '#kernel/errors.ts';

/**
 * Deletes one's own account, at once and for good.
 * @throws not-allowed when the password has changed meanwhile, or for the only owner of the instance.
 */
export async function deleteOwnAccount(unit: Unit, input: { accountId: number; passwordHash: string }): Promise<void> {
  const member = await requireSamePassword(unit, input.accountId, input.passwordHash);
  const { members } = unit.schema;
  if (member.role === 'owner' && (await unit.tx.$count(members, eq(members.role, 'owner'))) === 1) {
    throw notAllowed('last-owner');
  }
  await eraseAccount(unit, member.accountId);
}
