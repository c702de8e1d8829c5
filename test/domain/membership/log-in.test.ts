import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changePassword } from '#domain/membership/change-password.ts';
import { confirmTotp } from '#domain/membership/confirm-totp.ts';
import { disableTotp } from '#domain/membership/disable-totp.ts';
import { endAllSessions, endOtherSessions, endSession } from '#domain/membership/end-sessions.ts';
import { logIn, type LogIn } from '#domain/membership/log-in.ts';
import { findCredentials, ownMembership } from '#domain/membership/membership.queries.ts';
import { hashRecoveryCode, renewRecoveryCodes } from '#domain/membership/recovery-codes.ts';
import { sessionByTokenHash, sessionsOf } from '#domain/membership/sessions.queries.ts';
import { startTotp } from '#domain/membership/start-totp.ts';
import { touchSession } from '#domain/membership/touch-session.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { hashToken } from '#kernel/tokens.ts';
import { addMember, outboxOf, passwordHash, sessionOf, type MemberOptions } from '../../members.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const visit = { address: '192.0.2.7', userAgent: 'Test' };

async function enter(accountId: number, changes: Partial<LogIn> = {}) {
  return world.commit(logIn, {
    accountId,
    passwordHash: await passwordHash(),
    rehashed: null,
    secondFactor: null,
    visit,
    deviceKnown: true,
    ...changes,
  });
}

const sessionBy = (token: string) => sessionByTokenHash(world.store.read, hashToken(token), world.clock.now());
const mark = (column: 'suspended_at' | 'deleted_at', accountId: number, at: number | null) =>
  world.store.write((tx) => tx.hot(`update accounts set ${column} = $1 where id = $2`, at, accountId));

async function tokenOf(entered: ReturnType<typeof enter>): Promise<string> {
  const result = await entered;
  if (result.kind !== 'session') throw new Error('a second factor is asked for');
  return result.token;
}

describe('logging in', () => {
  test('opens a session whose secret is not in the database', async () => {
    const ana = await addMember(world, 'ana', { role: 'admin', locale: 'fr' });
    const token = await tokenOf(enter(ana));
    expect(await sessionBy(token)).toMatchObject({ accountId: ana, role: 'admin', locale: 'fr' });
    const [row] = await world.store.read.select().from(world.store.schema.sessions);
    expect(JSON.stringify(row)).not.toContain(token);
    expect(row).toMatchObject({ address: '192.0.2.7', userAgent: 'Test' });
  });

  test('opens another session each time', async () => {
    const ana = await addMember(world, 'ana');
    const [first, second] = [await tokenOf(enter(ana)), await tokenOf(enter(ana))];
    expect(first).not.toBe(second);
    expect((await sessionBy(first))?.csrfToken).not.toBe((await sessionBy(second))?.csrfToken);
  });

  test.each<[string, MemberOptions, string]>([
    ['whose address is not confirmed', { confirmed: false }, 'email-not-confirmed'],
    ['who waits for staff', { approved: false }, 'approval-pending'],
  ])('is refused to a person %s', async (_, options, reason) => {
    const ana = await addMember(world, 'ana', options);
    await expect(enter(ana)).rejects.toMatchObject({ code: 'not-allowed', reason });
  });

  test('is refused to a suspended person, and a deleted one gets the words of a wrong password', async () => {
    const ana = await addMember(world, 'ana');
    await mark('suspended_at', ana, 1);
    await expect(enter(ana)).rejects.toMatchObject({ code: 'not-allowed', reason: 'account-suspended' });
    await mark('deleted_at', ana, 1);
    await expect(enter(ana)).rejects.toMatchObject({ code: 'not-allowed', reason: 'log-in-failed' });
  });

  test('is refused from a blocked network', async () => {
    const ana = await addMember(world, 'ana');
    const { addressBlocks } = world.store.schema;
    const block = { id: 1, cidr: '192.0.2.0/28', createdAt: 1, expiresAt: world.clock.now() + DAY_MS };
    await world.store.write((tx) => tx.insert(addressBlocks).values(block));
    await expect(enter(ana)).rejects.toMatchObject({ reason: 'address-blocked' });
    expect(await tokenOf(enter(ana, { visit: { address: '198.51.100.1', userAgent: '' } }))).not.toBe('');
  });

  test('with the password that was checked before it was changed is refused', async () => {
    const ana = await addMember(world, 'ana');
    await expect(enter(ana, { passwordHash: 'older' })).rejects.toMatchObject({ reason: 'log-in-failed' });
  });

  test('keeps the password under today’s parameters', async () => {
    const ana = await addMember(world, 'ana');
    await enter(ana, { rehashed: 'newer' });
    expect(await findCredentials(world.store.read, 'ana', 'here.test')).toMatchObject({ passwordHash: 'newer' });
  });

  test('from a strange browser is told by mail, but for the first time', async () => {
    const ana = await addMember(world, 'ana');
    await enter(ana, { deviceKnown: false });
    expect(await outboxOf(world, 'security-noticed')).toEqual([]);
    await enter(ana, { deviceKnown: true });
    expect(await outboxOf(world, 'security-noticed')).toEqual([]);
    await enter(ana, { deviceKnown: false });
    expect(await outboxOf(world, 'security-noticed')).toEqual([
      { type: 'security-noticed', accountId: ana, notice: 'new-login' },
    ]);
  });

  test.each(['ana', 'Ana', '@ana', '@ana@here.test', 'ANA@MAIL.test', 'ana+list@mail.test', ' ana '])(
    'finds a person by %j',
    async (login) => {
      const ana = await addMember(world, 'ana');
      expect((await findCredentials(world.store.read, login, 'here.test'))?.accountId).toBe(ana);
    },
  );

  test.each(['', '@', 'bob', 'ana@there.test', 'ana%', 'remote', "' or 1=1 --"])(
    'finds nobody by %j',
    async (login) => {
      await addMember(world, 'ana');
      await world.remote('remote');
      await world.person('actor');
      expect(await findCredentials(world.store.read, login, 'here.test')).toBeNull();
      expect(await findCredentials(world.store.read, 'actor', 'here.test')).toBeNull();
    },
  );
});

describe('a session', () => {
  test('lives thirty days from its last use, and a year at most', async () => {
    const ana = await addMember(world, 'ana');
    const token = await sessionOf(world, ana);
    const id = (await sessionBy(token))?.id as number;
    world.clock.advance(30 * DAY_MS - 1);
    expect(await sessionBy(token)).not.toBeNull();
    for (let day = 30; day < 365; day += 29) {
      await world.commit(touchSession, { sessionId: id, address: '192.0.2.8' });
      world.clock.advance(29 * DAY_MS);
    }
    expect(await sessionBy(token)).toBeNull();
    await world.commit(touchSession, { sessionId: id, address: null });
    expect(await sessionBy(token)).toBeNull();
  });

  test('ends with thirty days of silence', async () => {
    const ana = await addMember(world, 'ana');
    const token = await sessionOf(world, ana);
    world.clock.advance(limits.sessionIdleMs);
    expect(await sessionBy(token)).toBeNull();
  });

  test('notes where it was used last', async () => {
    const ana = await addMember(world, 'ana');
    const token = await sessionOf(world, ana);
    world.clock.advance(5 * MINUTE_MS);
    await world.commit(touchSession, { sessionId: (await sessionBy(token))?.id as number, address: '192.0.2.8' });
    expect(await sessionsOf(world.store.read, ana, world.clock.now())).toMatchObject([
      { address: '192.0.2.8', lastSeenAt: world.clock.now(), userAgent: 'Test' },
    ]);
  });

  test('is ended by its person and by nobody else', async () => {
    const [ana, eve] = [await addMember(world, 'ana'), await addMember(world, 'eve')];
    const token = await sessionOf(world, ana);
    const sessionId = (await sessionBy(token))?.id as number;
    await expect(world.commit(endSession, { accountId: eve, sessionId })).rejects.toMatchObject({ code: 'not-found' });
    expect(await sessionBy(token)).not.toBeNull();
    await world.commit(endSession, { accountId: ana, sessionId });
    expect(await sessionBy(token)).toBeNull();
    await expect(world.commit(endSession, { accountId: ana, sessionId })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('can be the only one to stay', async () => {
    const [ana, eve] = [await addMember(world, 'ana'), await addMember(world, 'eve')];
    const [kept, other, others] = [
      await sessionOf(world, ana),
      await sessionOf(world, ana),
      await sessionOf(world, eve),
    ];
    const sessionId = (await sessionBy(kept))?.id as number;
    expect(await world.commit(endOtherSessions, { accountId: ana, sessionId })).toBe(1);
    expect(await Promise.all([kept, other, others].map(async (token) => (await sessionBy(token)) !== null))).toEqual([
      true,
      false,
      true,
    ]);
    await world.commit(endAllSessions, { accountId: ana });
    expect(await sessionBy(kept)).toBeNull();
  });

  test('of the longest unused goes when there are too many', async () => {
    const ana = await addMember(world, 'ana');
    const first = await sessionOf(world, ana);
    for (let n = 0; n < limits.sessionsPerAccount; n += 1) {
      world.clock.advance(1);
      await sessionOf(world, ana);
    }
    expect(await sessionBy(first)).toBeNull();
    expect(await sessionsOf(world.store.read, ana, world.clock.now())).toHaveLength(limits.sessionsPerAccount);
  });

  test('ends with a suspension, and does not come back with its end', async () => {
    const ana = await addMember(world, 'ana');
    const token = await sessionOf(world, ana);
    await mark('suspended_at', ana, 1);
    expect(await sessionBy(token)).toBeNull();
    await mark('suspended_at', ana, null);
    await world.commit(async (unit) => unit.emit({ type: 'account-suspended', accountId: ana }), undefined);
    expect(await sessionBy(token)).toBeNull();
  });
});

describe('a new password', () => {
  test('ends every session and gives a new one', async () => {
    const ana = await addMember(world, 'ana');
    const old = await sessionOf(world, ana);
    const input = { accountId: ana, passwordHash: await passwordHash(), newPasswordHash: 'new', visit };
    const token = await world.commit(changePassword, input);
    expect(await sessionBy(old)).toBeNull();
    expect(await sessionBy(token)).toMatchObject({ accountId: ana });
    expect(await outboxOf(world, 'security-noticed')).toEqual([
      { type: 'security-noticed', accountId: ana, notice: 'password-changed' },
    ]);
    await expect(world.commit(changePassword, input)).rejects.toMatchObject({ reason: 'password-changed-meanwhile' });
  });
});

describe('a second factor', () => {
  const sealed = 'sealed secret';

  async function enabled() {
    const ana = await addMember(world, 'ana');
    await world.commit(startTotp, { accountId: ana, totpSealed: sealed });
    return { ana, codes: await world.commit(confirmTotp, { accountId: ana, totpSealed: sealed, step: 100 }) };
  }

  const totp = (step: number, totpSealed = sealed) => ({ secondFactor: { kind: 'totp' as const, step, totpSealed } });
  const recovery = (code: string) => ({
    secondFactor: { kind: 'recovery' as const, codeHash: hashRecoveryCode(code) },
  });

  test('is not asked for before it is confirmed', async () => {
    const ana = await addMember(world, 'ana');
    await world.commit(startTotp, { accountId: ana, totpSealed: sealed });
    expect((await enter(ana)).kind).toBe('session');
  });

  test('is asked for after the password, and opens no session without it', async () => {
    const { ana } = await enabled();
    expect(await enter(ana)).toEqual({ kind: 'second-factor' });
    expect(await world.store.read.$count(world.store.schema.sessions)).toBe(0);
    expect((await enter(ana, totp(101))).kind).toBe('session');
  });

  test('takes each code once, also from two at the same time, and none from before', async () => {
    const { ana } = await enabled();
    await expect(enter(ana, totp(100))).rejects.toMatchObject({ code: 'invalid', reason: 'code-wrong', field: 'code' });
    const both = await Promise.allSettled([enter(ana, totp(102)), enter(ana, totp(102))]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    await expect(enter(ana, totp(101))).rejects.toMatchObject({ reason: 'code-wrong' });
  });

  test('that was checked with an older secret is refused', async () => {
    const { ana } = await enabled();
    await expect(enter(ana, totp(500, 'older'))).rejects.toMatchObject({ reason: 'code-wrong' });
  });

  test('can be a recovery code, which works once and however it is typed', async () => {
    const { ana, codes } = await enabled();
    expect(codes).toHaveLength(limits.recoveryCodes);
    expect(new Set(codes).size).toBe(limits.recoveryCodes);
    const [code] = codes as [string];
    expect((await enter(ana, recovery(code.toLowerCase().replaceAll('-', ' ')))).kind).toBe('session');
    await expect(enter(ana, recovery(code))).rejects.toMatchObject({ reason: 'code-wrong' });
    expect(await ownMembership(world.store.read, ana)).toMatchObject({ recoveryCodesLeft: limits.recoveryCodes - 1 });
    const stored = JSON.stringify(await world.store.read.select().from(world.store.schema.recoveryCodes));
    expect(codes.some((one) => stored.includes(one))).toBe(false);
  });

  test('of one person does not open the account of another', async () => {
    const { codes } = await enabled();
    const bob = await addMember(world, 'bob');
    await world.commit(startTotp, { accountId: bob, totpSealed: 'of bob' });
    await world.commit(confirmTotp, { accountId: bob, totpSealed: 'of bob', step: 1 });
    await expect(enter(bob, recovery(codes[0] as string))).rejects.toMatchObject({ reason: 'code-wrong' });
    await expect(enter(bob, totp(200))).rejects.toMatchObject({ reason: 'code-wrong' });
  });

  test('cannot be replaced while it is on, nor confirmed with another secret', async () => {
    const { ana } = await enabled();
    await expect(world.commit(startTotp, { accountId: ana, totpSealed: 'evil' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const bob = await addMember(world, 'bob');
    await world.commit(startTotp, { accountId: bob, totpSealed: 'one' });
    await expect(world.commit(confirmTotp, { accountId: bob, totpSealed: 'two', step: 1 })).rejects.toMatchObject({
      reason: 'code-wrong',
    });
  });

  test('goes with the password, and its recovery codes with it', async () => {
    const { ana, codes } = await enabled();
    await expect(world.commit(disableTotp, { accountId: ana, passwordHash: 'wrong' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await world.commit(disableTotp, { accountId: ana, passwordHash: await passwordHash() });
    expect((await enter(ana)).kind).toBe('session');
    expect(await ownMembership(world.store.read, ana)).toMatchObject({ totpEnabledAt: null, recoveryCodesLeft: 0 });
    expect((await outboxOf(world, 'security-noticed')).map((event) => event['notice'])).toEqual([
      'totp-enabled',
      'totp-disabled',
    ]);
    await world.commit(startTotp, { accountId: ana, totpSealed: 'next' });
    await world.commit(confirmTotp, { accountId: ana, totpSealed: 'next', step: 1 });
    await expect(enter(ana, recovery(codes[0] as string))).rejects.toMatchObject({ reason: 'code-wrong' });
  });

  test('gets new recovery codes, and the old ones end', async () => {
    const { ana, codes } = await enabled();
    const input = { accountId: ana, passwordHash: await passwordHash() };
    const fresh = await world.commit(renewRecoveryCodes, input);
    expect(fresh).not.toContain(codes[0]);
    await expect(enter(ana, recovery(codes[0] as string))).rejects.toMatchObject({ reason: 'code-wrong' });
    expect((await enter(ana, recovery(fresh[9] as string))).kind).toBe('session');
    const bob = await addMember(world, 'bob');
    await expect(world.commit(renewRecoveryCodes, { ...input, accountId: bob })).rejects.toMatchObject({
      reason: 'totp-off',
    });
  });
});
