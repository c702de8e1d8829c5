import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { requireSamePassword } from '#domain/membership/member.ts';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { foldReadableCode, hashToken, newReadableCode } from '#kernel/tokens.ts';

/** 16 characters, 78 bits: a plain digest of it cannot be searched. */
const GROUPS = 4;

/** Replaces the recovery codes and returns the new ones. @throws not-allowed, conflict without a second factor. */
export async function renewRecoveryCodes(
  unit: Unit,
  input: { accountId: number; passwordHash: string },
): Promise<string[]> {
  const member = await requireSamePassword(unit, input.accountId, input.passwordHash);
  if (member.totpEnabledAt === null) throw new DomainError('conflict', 'totp-off');
  return writeRecoveryCodes(unit, member.accountId);
}

export async function writeRecoveryCodes(unit: Unit, accountId: number): Promise<string[]> {
  const { recoveryCodes } = unit.schema;
  const codes = Array.from({ length: limits.recoveryCodes }, () => newReadableCode(GROUPS));
  await unit.tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId));
  await unit.tx.insert(recoveryCodes).values(codes.map((code) => ({ accountId, codeHash: hashRecoveryCode(code) })));
  return codes;
}

/** What is stored of a code, whatever case and hyphens it is typed with. */
export function hashRecoveryCode(typed: string): string {
  return hashToken(foldReadableCode(typed));
}
