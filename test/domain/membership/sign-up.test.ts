import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editSettings } from '#domain/instance/edit-settings.ts';
import type { Registrations } from '#domain/instance/settings.ts';
import { approveSignUp } from '#domain/membership/approve-sign-up.ts';
import { confirmEmail } from '#domain/membership/confirm-email.ts';
import { createInvite } from '#domain/membership/create-invite.ts';
import { issueMailToken } from '#domain/membership/mail-tokens.ts';
import { rejectSignUp } from '#domain/membership/reject-sign-up.ts';
import { requestConfirmation } from '#domain/membership/request-confirmation.ts';
import { revokeInvite } from '#domain/membership/revoke-invite.ts';
import { countPendingSignUps, inviteStands, openInvites, pendingSignUps } from '#domain/membership/sign-ups.queries.ts';
import { signUp, type SignUp } from '#domain/membership/sign-up.ts';
import { DAY_MS, HOUR_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { firstPage } from '#kernel/page.ts';
import { hashToken } from '#kernel/tokens.ts';
import { addMember, outboxOf, passwordHash } from '../../members.ts';
import { openWorld, testKeys, type World } from '../../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const mode = (registrations: Registrations) =>
  world.commit(editSettings, { actorId: null, changes: { registrations } });

const proof = (challenge = 'solved') => ({ challenge, expiresAt: world.clock.now() + HOUR_MS });

async function join(changes: Partial<SignUp> = {}) {
  return world.commit(signUp, {
    handle: 'nina',
    email: 'nina@mail.test',
    passwordHash: await passwordHash(),
    keys: await testKeys(),
    locale: 'fr',
    reason: 'I know Ana',
    inviteCode: null,
    proof: proof(),
    address: '192.0.2.9',
    isOldEnough: true,
    acceptsRules: true,
    mailWorks: true,
    ...changes,
  });
}

async function invite(options: { usesMax?: number | null; lifeMs?: number | null } = {}) {
  const creatorId = await addMember(world, 'ana', { role: 'admin' });
  return {
    creatorId,
    ...(await world.commit(createInvite, { creatorId, comment: '', usesMax: 1, lifeMs: null, ...options })),
  };
}

async function memberOf(accountId: number) {
  const rows = await world.store.read.select().from(world.store.schema.members);
  return rows.find((row) => row.accountId === accountId);
}

describe('who may join', () => {
  test('nobody where registrations are closed, not even with an invite', async () => {
    const { code } = await invite();
    await expect(join({ inviteCode: code })).rejects.toMatchObject({
      code: 'not-allowed',
      reason: 'registrations-closed',
    });
    expect(await inviteStands(world.store.read, code, world.clock.now())).toBe(true);
  });

  test('everyone where they are open, once the address is confirmed', async () => {
    await mode('open');
    const { accountId, awaits } = await join();
    expect(awaits).toEqual({ confirmation: true, approval: false });
    expect(await memberOf(accountId)).toMatchObject({
      email: 'nina@mail.test',
      emailConfirmedAt: null,
      approvedAt: world.clock.now(),
      role: 'user',
      locale: 'fr',
      signUpAddress: '192.0.2.9',
    });
    expect(await outboxOf(world, 'mail-requested')).toEqual([
      { type: 'mail-requested', accountId, purpose: 'confirm', email: 'nina@mail.test' },
    ]);
    expect(await outboxOf(world, 'sign-up-requested')).toEqual([]);
  });

  test('staff looks at those without a proof of work, which a browser without JavaScript cannot bring', async () => {
    await mode('open');
    expect((await join({ proof: null, reason: '' })).awaits).toEqual({ confirmation: true, approval: true });
  });

  test('staff looks at those who show a proof that was shown before, or one that is too old', async () => {
    await mode('open');
    await join({ proof: proof('once') });
    const again = await join({ handle: 'rosa', email: 'rosa@mail.test', proof: proof('once') });
    expect(again.awaits.approval).toBe(true);
    const late = { challenge: 'late', expiresAt: world.clock.now() };
    expect((await join({ handle: 'ida', email: 'ida@mail.test', proof: late })).awaits.approval).toBe(true);
  });

  test('those whom staff approves, who say why', async () => {
    await mode('approval');
    await expect(join({ reason: ' ' })).rejects.toMatchObject({ reason: 'required', field: 'reason' });
    const { accountId, awaits } = await join();
    expect(awaits).toEqual({ confirmation: true, approval: true });
    expect(await memberOf(accountId)).toMatchObject({ approvedAt: null, signUpReason: 'I know Ana' });
  });

  test('the invited at once, also where staff approves the others', async () => {
    await mode('approval');
    const { code } = await invite();
    const { awaits } = await join({ inviteCode: code, reason: '', proof: null });
    expect(awaits).toEqual({ confirmation: true, approval: false });
  });

  test('only the invited where an invite is needed', async () => {
    await mode('invite');
    await expect(join()).rejects.toMatchObject({ code: 'not-allowed', reason: 'invite-required' });
    const { code } = await invite();
    expect((await join({ inviteCode: code.toLowerCase() })).awaits.approval).toBe(false);
  });

  test('where no mail can be sent the uninvited wait for staff, and nobody for a mail', async () => {
    await mode('open');
    const { accountId, awaits } = await join({ mailWorks: false });
    expect(awaits).toEqual({ confirmation: false, approval: true });
    expect(await outboxOf(world, 'mail-requested')).toEqual([]);
    expect(await outboxOf(world, 'sign-up-requested')).toEqual([{ type: 'sign-up-requested', accountId }]);
  });
});

describe('an invite', () => {
  beforeEach(() => mode('invite'));

  test('is used once, however many come at the same time', async () => {
    const { code } = await invite({ usesMax: 1 });
    const all = await Promise.allSettled(
      ['aa', 'bb', 'cc', 'dd', 'ee'].map((handle) => join({ handle, email: `${handle}@mail.test`, inviteCode: code })),
    );
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect((await openInvites(world.store.read, firstPage(10))).items).toMatchObject([{ uses: 1, usesMax: 1 }]);
  });

  test('is given back when the sign-up fails for another reason', async () => {
    const { code } = await invite({ usesMax: 1 });
    await expect(join({ inviteCode: code, handle: 'admin' })).rejects.toMatchObject({ reason: 'handle-reserved' });
    expect((await join({ inviteCode: code })).awaits.approval).toBe(false);
  });

  test('opens nothing when it is unknown, revoked or past its time', async () => {
    const { code, id, creatorId } = await invite({ usesMax: null, lifeMs: DAY_MS });
    await expect(join({ inviteCode: 'nonsense' })).rejects.toMatchObject({ reason: 'invite-invalid', field: 'invite' });
    world.clock.advance(DAY_MS);
    await expect(join({ inviteCode: code })).rejects.toMatchObject({ reason: 'invite-invalid' });
    world.clock.advance(-1);
    await world.commit(revokeInvite, { actorId: creatorId, inviteId: id });
    await expect(join({ inviteCode: code })).rejects.toMatchObject({ reason: 'invite-invalid' });
    await expect(world.commit(revokeInvite, { actorId: creatorId, inviteId: id })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('ends with the suspension of who made it', async () => {
    const { code, creatorId } = await invite();
    await world.store.write((tx) => tx.hot('update accounts set suspended_at = 1 where id = $1', creatorId));
    expect(await inviteStands(world.store.read, code, world.clock.now())).toBe(false);
    await expect(join({ inviteCode: code })).rejects.toMatchObject({ reason: 'invite-invalid' });
  });

  test('is made and revoked by those who may', async () => {
    const creatorId = await addMember(world, 'bob');
    const made = world.commit(createInvite, { creatorId, comment: '', usesMax: 1, lifeMs: null });
    await expect(made).rejects.toMatchObject({ code: 'not-allowed' });
    const { id } = await invite();
    await expect(world.commit(revokeInvite, { actorId: creatorId, inviteId: id })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  test.each([
    ['uses', { usesMax: 0 }],
    ['uses', { usesMax: 1.5 }],
    ['uses', { usesMax: limits.inviteUses + 1 }],
    ['time', { lifeMs: -1 }],
    ['time', { lifeMs: limits.inviteLifeMs + 1 }],
  ])('has an end to its %s: %o is refused', async (_, options) => {
    await expect(invite(options)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a sign-up is refused', () => {
  beforeEach(() => mode('open'));

  test('without the word that the person is old enough and keeps the rules', async () => {
    await expect(join({ isOldEnough: false })).rejects.toMatchObject({
      reason: 'age-required',
      field: 'isOldEnough',
      values: { years: 16 },
    });
    await expect(join({ acceptsRules: false })).rejects.toMatchObject({
      reason: 'rules-required',
      field: 'acceptsRules',
    });
  });

  test.each(['NINA@mail.test', 'nina+two@mail.test', ' nina@MAIL.test ', 'ｎｉｎａ@mail.test'])(
    'without mail, for a member’s mailbox in another form: %s',
    async (email) => {
      await join({ mailWorks: false });
      await expect(join({ handle: 'other', email, mailWorks: false })).rejects.toMatchObject({
        code: 'conflict',
        reason: 'email-taken',
        field: 'email',
      });
    },
  );

  test('without mail, for a domain in its other script', async () => {
    await join({ email: 'nina@münchen.test', mailWorks: false });
    await expect(join({ handle: 'other', email: 'nina@xn--mnchen-3ya.test', mailWorks: false })).rejects.toMatchObject({
      reason: 'email-taken',
    });
  });

  test.each([
    '',
    'nina',
    '@mail.test',
    'nina@',
    'a b@mail.test',
    'nina@mail.test, eve@evil.test',
    'nina@mail.test\r\nBcc: eve@evil.test',
    '"nina"@mail.test',
    'nina@[127.0.0.1]',
    'nina@127.0.0.1',
    'nina@mail',
    'nina@mail..test',
    'nina@mail.test/x',
  ])('for what is no mail address: %j', async (email) => {
    await expect(join({ email })).rejects.toMatchObject({ code: 'invalid', reason: 'email-malformed', field: 'email' });
  });

  test.each(['admin', 'Inbox', 'instance', 'settings', 'nina.x', '.well-known', 'ni na', '', 'x'.repeat(31)])(
    'for the handle %j',
    async (handle) => {
      await expect(join({ handle })).rejects.toMatchObject({ code: 'invalid', field: 'handle' });
      expect(await world.store.read.$count(world.store.schema.members)).toBe(0);
    },
  );

  test('for a handle that differs by case only', async () => {
    await join();
    await expect(join({ handle: 'Nina', email: 'two@mail.test' })).rejects.toMatchObject({
      code: 'conflict',
      field: 'handle',
    });
  });

  test('for one of two with one address who come at the same time, or confirm it', async () => {
    const both = (mailWorks: boolean, email: string) =>
      Promise.allSettled([
        join({ handle: `one_${mailWorks}`, email, mailWorks, proof: proof(`one ${email}`) }),
        join({ handle: `two_${mailWorks}`, email, mailWorks, proof: proof(`two ${email}`) }),
      ]);
    const blind = await both(false, 'blind@mail.test');
    expect(blind.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);

    const unconfirmed = await both(true, 'nina@mail.test');
    const ids = unconfirmed.map((one) => (one.status === 'fulfilled' ? one.value.accountId : 0));
    for (const accountId of ids) {
      const token = {
        accountId,
        purpose: 'confirm' as const,
        email: 'nina@mail.test',
        tokenHash: hashToken(String(accountId)),
      };
      expect(await world.commit(issueMailToken, token)).not.toBeNull();
    }
    const confirmed = await Promise.allSettled(
      ids.map((accountId) => world.commit(confirmEmail, { tokenHash: hashToken(String(accountId)) })),
    );
    expect(confirmed.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(confirmed.find((one) => one.status === 'rejected')?.reason).toMatchObject({ reason: 'email-taken' });
  });

  test.each([
    ['evil.test', 'nina@evil.test'],
    ['evil.test', 'nina@mx.evil.test'],
  ])('for mail at a blocked domain: %s, %s', async (domain, email) => {
    const { emailDomainBlocks } = world.store.schema;
    await world.store.write((tx) => tx.insert(emailDomainBlocks).values({ domain, createdAt: 1 }));
    await expect(join({ email })).rejects.toMatchObject({
      code: 'not-allowed',
      reason: 'email-domain-blocked',
      field: 'email',
    });
    expect((await join({ email: 'nina@notevil.test' })).awaits.approval).toBe(false);
  });

  test.each([
    ['192.0.2.0/24', '192.0.2.9'],
    ['192.0.2.0/24', '::ffff:192.0.2.9'],
    ['2001:db8::/32', '2001:db8::9'],
  ])('from a blocked network, until the block ends: %s, %s', async (cidr, address) => {
    const { addressBlocks } = world.store.schema;
    const expiresAt = world.clock.now() + DAY_MS;
    await world.store.write((tx) => tx.insert(addressBlocks).values({ id: 1, cidr, createdAt: 1, expiresAt }));
    await expect(join({ address })).rejects.toMatchObject({ code: 'not-allowed', reason: 'address-blocked' });
    world.clock.advance(DAY_MS);
    expect((await join({ address })).accountId).toBeGreaterThan(0);
  });

  test('with a reason without end', async () => {
    await expect(join({ reason: 'x'.repeat(limits.signUpReasonCharacters + 1) })).rejects.toMatchObject({
      field: 'reason',
    });
  });
});

describe('the link by mail', () => {
  const issue = (accountId: number, token: string, email = 'nina@mail.test') =>
    world.commit(issueMailToken, { accountId, purpose: 'confirm', email, tokenHash: hashToken(token) });
  const confirm = (token: string) => world.commit(confirmEmail, { tokenHash: hashToken(token) });

  test('confirms the address, once', async () => {
    await mode('open');
    const { accountId } = await join();
    expect(await issue(accountId, 'secret')).toEqual({ handle: 'nina', locale: 'fr' });
    expect(await confirm('secret')).toEqual({ accountId, changed: false, approved: true });
    expect((await memberOf(accountId))?.emailConfirmedAt).toBe(world.clock.now());
    await expect(confirm('secret')).rejects.toMatchObject({ code: 'gone', reason: 'link-expired' });
  });

  test('does nothing when it is old or made up', async () => {
    await mode('open');
    const { accountId } = await join();
    await issue(accountId, 'secret');
    await expect(confirm('other')).rejects.toMatchObject({ code: 'gone' });
    world.clock.advance(limits.confirmTokenMs);
    await expect(confirm('secret')).rejects.toMatchObject({ code: 'gone' });
  });

  test('asks staff only once the address is confirmed', async () => {
    await mode('approval');
    const { accountId } = await join();
    expect(await outboxOf(world, 'sign-up-requested')).toEqual([]);
    expect(await countPendingSignUps(world.store.read)).toBe(0);
    await issue(accountId, 'secret');
    expect(await confirm('secret')).toMatchObject({ approved: false });
    expect(await outboxOf(world, 'sign-up-requested')).toEqual([{ type: 'sign-up-requested', accountId }]);
    expect((await pendingSignUps(world.store.read, firstPage(10))).items).toMatchObject([
      { id: accountId, handle: 'nina', email: 'nina@mail.test', reason: 'I know Ana' },
    ]);
  });

  test('can be asked for again, and nobody learns whose address it is', async () => {
    await mode('open');
    const { accountId } = await join();
    for (const email of ['nobody@mail.test', 'NINA@mail.test']) {
      expect(await world.commit(requestConfirmation, { email })).toBeUndefined();
    }
    expect(await outboxOf(world, 'mail-requested')).toHaveLength(2);
    await issue(accountId, 'secret');
    await confirm('secret');
    await world.commit(requestConfirmation, { email: 'nina@mail.test' });
    expect(await outboxOf(world, 'mail-requested')).toHaveLength(2);
  });

  test('is not made for an address that is confirmed or no longer the member’s', async () => {
    await mode('open');
    const { accountId } = await join();
    expect(await issue(accountId, 'a', 'old@mail.test')).toBeNull();
    await issue(accountId, 'b');
    await confirm('b');
    expect(await issue(accountId, 'c')).toBeNull();
  });
});

describe('staff', () => {
  async function waiting() {
    await mode('approval');
    const { accountId } = await join();
    const email = 'nina@mail.test';
    await world.commit(issueMailToken, { accountId, purpose: 'confirm', email, tokenHash: hashToken('secret') });
    await world.commit(confirmEmail, { tokenHash: hashToken('secret') });
    return { accountId, actorId: await addMember(world, 'judge', { role: 'moderator' }) };
  }

  test('lets a person in', async () => {
    const { accountId, actorId } = await waiting();
    await world.commit(approveSignUp, { actorId, accountId });
    expect((await memberOf(accountId))?.approvedAt).toBe(world.clock.now());
    expect(await outboxOf(world, 'member-approved')).toEqual([{ type: 'member-approved', accountId }]);
    await expect(world.commit(approveSignUp, { actorId, accountId })).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.commit(rejectSignUp, { actorId, accountId })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('declines a person, who leaves nothing behind and may come again', async () => {
    const { accountId, actorId } = await waiting();
    await world.commit(rejectSignUp, { actorId, accountId });
    expect(await memberOf(accountId)).toBeUndefined();
    expect(await outboxOf(world, 'sign-up-rejected')).toEqual([
      { type: 'sign-up-rejected', email: 'nina@mail.test', locale: 'fr' },
    ]);
    expect((await join()).accountId).not.toBe(accountId);
  });

  test('is who may decide, and is not suspended', async () => {
    const { accountId, actorId } = await waiting();
    const bob = await addMember(world, 'bob');
    for (const command of [approveSignUp, rejectSignUp]) {
      await expect(world.commit(command, { actorId: bob, accountId })).rejects.toMatchObject({ code: 'not-allowed' });
    }
    await world.store.write((tx) => tx.hot('update accounts set suspended_at = 1 where id = $1', actorId));
    await expect(world.commit(approveSignUp, { actorId, accountId })).rejects.toMatchObject({ code: 'not-allowed' });
  });
});
