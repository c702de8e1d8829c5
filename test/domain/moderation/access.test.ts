import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { credentialsOf } from '#domain/membership/membership.queries.ts';
import { sessionsOf } from '#domain/membership/sessions.queries.ts';
import { limitAccounts } from '#domain/moderation/limit-account.ts';
import { forcePasswordReset, removeSecondFactor } from '#domain/moderation/reset-access.ts';
import { verifyPassword } from '#kernel/password.ts';
import { addMember, outboxOf, PASSWORD, sessionOf } from '../../members.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;
let admin: number;
let pia: number;

beforeEach(async () => {
  world = await openWorld();
  admin = await addMember(world, 'the_admin', { role: 'admin' });
  pia = await addMember(world, 'pia');
});

afterEach(() => world.close());

const passwordWorks = async () =>
  verifyPassword((await credentialsOf(world.store.read, pia))?.passwordHash ?? null, PASSWORD);

describe('a forced choice of a new password', () => {
  test('ends every session, every link that was sent, and the password', async () => {
    await sessionOf(world, pia);
    await world.store.write((tx) =>
      tx.hot(
        `insert into mail_tokens (id, account_id, purpose, token_hash, email, created_at, expires_at)
         values (1, $1, 'change-email', 'x', 'thief@mail.test', 1, $2)`,
        pia,
        world.clock.now() + 1000,
      ),
    );
    await world.commit(forcePasswordReset, { actorId: admin, accountId: pia });
    expect(await passwordWorks()).toBe(false);
    expect(await sessionsOf(world.store.read, pia, world.clock.now())).toEqual([]);
    expect(await world.store.read.hot('select 1 as x from mail_tokens')).toEqual([]);
    expect(await outboxOf(world, 'mail-requested')).toEqual([
      { type: 'mail-requested', accountId: pia, purpose: 'reset', email: 'pia@mail.test' },
    ]);
  });

  test.each(['moderator', 'user'] as const)('is not for a %s to demand', async (role) => {
    const actorId = await addMember(world, 'somebody', { role });
    await expect(world.commit(forcePasswordReset, { actorId, accountId: pia })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await expect(world.commit(removeSecondFactor, { actorId, accountId: pia })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    expect(await passwordWorks()).toBe(true);
  });

  test('is not for a suspended admin, nor of an equal, nor of somebody elsewhere', async () => {
    const other = await addMember(world, 'other_admin', { role: 'admin' });
    const remote = await world.remote('rita');
    for (const accountId of [other, admin])
      await expect(world.commit(forcePasswordReset, { actorId: admin, accountId })).rejects.toMatchObject({
        reason: 'account-outranks',
      });
    await expect(world.commit(forcePasswordReset, { actorId: admin, accountId: remote })).rejects.toMatchObject({
      code: 'not-found',
    });
    await world.store.write((tx) => tx.hot('update accounts set suspended_at = 1 where id = $1', admin));
    await expect(world.commit(forcePasswordReset, { actorId: admin, accountId: pia })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    expect(await passwordWorks()).toBe(true);
  });
});

describe('a lost second factor', () => {
  test('is taken off with its recovery codes; the password stays', async () => {
    await world.store.write(async (tx) => {
      await tx.hot(`update members set totp_enabled_at = 1, totp_sealed = 'x' where account_id = $1`, pia);
      await tx.hot(`insert into recovery_codes (account_id, code_hash) values ($1, 'y')`, pia);
    });
    await world.commit(removeSecondFactor, { actorId: admin, accountId: pia });
    expect(await credentialsOf(world.store.read, pia)).toMatchObject({ totpOn: false, totpSealed: null });
    expect(await world.store.read.hot('select 1 as x from recovery_codes')).toEqual([]);
    expect(await passwordWorks()).toBe(true);
    await expect(world.commit(removeSecondFactor, { actorId: admin, accountId: pia })).rejects.toMatchObject({
      reason: 'totp-off',
    });
  });
});

describe('several accounts', () => {
  test('are limited together or not at all', async () => {
    const other = await addMember(world, 'other');
    const limited = () => world.store.read.hot('select id from accounts where limited_at is not null order by id');
    await expect(
      world.commit(limitAccounts, { actorId: admin, accountIds: [pia, other, admin] }),
    ).rejects.toMatchObject({ reason: 'account-outranks' });
    expect(await limited()).toEqual([]);
    await world.commit(limitAccounts, { actorId: admin, accountIds: [pia, other] });
    expect(await limited()).toEqual([{ id: pia }, { id: other }]);
  });
});
