import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { refuseBlockedAddress } from '#domain/membership/refuse-blocked.ts';
import type { Member } from '#domain/membership/member.ts';
import { openSession, type Visit } from '#domain/membership/open-session.ts';
import { DomainError, invalid, notAllowed } from '#kernel/errors.ts';

/** A second factor that the door has found to be right, but for its freshness. */
export type SecondFactor = { kind: 'totp'; step: number; totpSealed: string } | { kind: 'recovery'; codeHash: string };

export interface LogIn {
  accountId: number;
  /** The hash against which the door has verified the password. */
  passwordHash: string;
  /** The same password under today's parameters, where the hash was made with others. */
  rehashed: string | null;
  secondFactor: SecondFactor | null;
  visit: Visit;
  /** Whether the browser has been logged in to this account before; a strange one causes a mail. */
  deviceKnown: boolean;
}

export type LoggedIn = { kind: 'session'; token: string } | { kind: 'second-factor' };

/**
 * Opens a session for a person whose password is right, or says that a second factor is asked for. A TOTP step and a
 * recovery code work once.
 * @throws not-allowed with `log-in-failed`, `account-suspended`, `email-not-confirmed`, `approval-pending` or
 * `address-blocked`; invalid with `code-wrong`.
 */
export async function logIn(unit: Unit, input: LogIn): Promise<LoggedIn> {
  const member = await requireStanding(unit, input);
  if (member.totpEnabledAt !== null) {
    if (input.secondFactor === null) return { kind: 'second-factor' };
    await spendSecondFactor(unit, member, input.secondFactor);
  }
  const { members } = unit.schema;
  await unit.tx
    .update(members)
    .set({ lastSeenAt: unit.now, ...(input.rehashed === null ? {} : { passwordHash: input.rehashed }) })
    .where(eq(members.accountId, member.accountId));
  if (!input.deviceKnown && member.lastSeenAt !== null) {
    unit.emit({ type: 'security-noticed', accountId: member.accountId, notice: 'new-login' });
  }
  return { kind: 'session', token: await openSession(unit, input) };
}

/** What a wrong name and a wrong password get: the same words. */
export function logInFailed(): DomainError {
  return new DomainError('not-allowed', 'log-in-failed', { field: 'password' });
}

async function requireStanding(unit: Unit, input: LogIn): Promise<Member> {
  const { accounts, members } = unit.schema;
  const [row] = await unit.tx
    .select({ member: members, suspendedAt: accounts.suspendedAt, deletedAt: accounts.deletedAt })
    .from(members)
    .innerJoin(accounts, eq(accounts.id, members.accountId))
    .where(eq(members.accountId, input.accountId));
  if (!row || row.deletedAt !== null || row.member.passwordHash !== input.passwordHash) throw logInFailed();
  await refuseBlockedAddress(unit, input.visit.address);
  if (row.suspendedAt !== null) throw notAllowed('account-suspended');
  if (row.member.emailConfirmedAt === null) throw notAllowed('email-not-confirmed');
  if (row.member.approvedAt === null) throw notAllowed('approval-pending');
  return row.member;
}

async function spendSecondFactor(unit: Unit, member: Member, factor: SecondFactor): Promise<void> {
  const { recoveryCodes } = unit.schema;
  const { accountId } = member;
  if (factor.kind === 'totp') {
    // The condition stands in the statement: of two that bring one code at once, one loses.
    const fresh = await unit.tx.hot(
      `update members set totp_last_step = $1
       where account_id = $2 and totp_sealed = $3 and coalesce(totp_last_step, -1) < $1 returning account_id`,
      factor.step,
      accountId,
      factor.totpSealed,
    );
    if (fresh.length === 0) throw invalid('code-wrong', 'code');
    return;
  }
  const spent = await unit.tx
    .update(recoveryCodes)
    .set({ usedAt: unit.now })
    .where(
      and(
        eq(recoveryCodes.accountId, accountId),
        eq(recoveryCodes.codeHash, factor.codeHash),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ accountId: recoveryCodes.accountId });
  if (spent.length === 0) throw invalid('code-wrong', 'code');
}
