import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findAccount } from '#domain/accounts/accounts.queries.ts';
import { createAccount } from '#domain/accounts/create-account.ts';
import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { readSettings } from '#domain/instance/settings.ts';
import { changeRole } from '#domain/membership/change-role.ts';
import { completeSetUp, issueSetUpToken, type SetUp } from '#domain/membership/complete-set-up.ts';
import { confirmEmail } from '#domain/membership/confirm-email.ts';
import { deleteOwnAccount } from '#domain/departures/delete-own-account.ts';
import { editPreferences } from '#domain/membership/edit-preferences.ts';
import { issueMailToken, type MailPurpose } from '#domain/membership/mail-tokens.ts';
import {
  findCredentials,
  mailTokenEmail,
  memberCounts,
  ownMembership,
  setUpTokenHash,
  staffWith,
} from '#domain/membership/membership.queries.ts';
import { checkPassword } from '#domain/membership/membership.policy.ts';
import { ROLES, type Role } from '#domain/membership/permissions.ts';
import { requestEmailChange } from '#domain/membership/request-email-change.ts';
import { requestPasswordReset } from '#domain/membership/request-password-reset.ts';
import { resetPassword } from '#domain/membership/reset-password.ts';
import { sessionByTokenHash } from '#domain/membership/sessions.queries.ts';
import { sweepMembership } from '#domain/membership/sweep-membership.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { hashToken } from '#kernel/tokens.ts';
import { addMember, outboxOf, passwordHash, sessionOf } from '../../members.ts';
import { openWorld, testKeys, type World } from '../../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const issue = (accountId: number, purpose: MailPurpose, email: string, token = 'secret') =>
  world.commit(issueMailToken, { accountId, purpose, email, tokenHash: hashToken(token) });
const alive = async (token: string) =>
  (await sessionByTokenHash(world.store.read, hashToken(token), world.clock.now())) !== null;

describe('a forgotten password', () => {
  const reset = (token = 'secret') => world.commit(resetPassword, { tokenHash: hashToken(token), passwordHash: 'new' });

  test('is answered alike for a member and for a stranger', async () => {
    const ana = await addMember(world, 'ana');
    expect(await world.commit(requestPasswordReset, { email: 'nobody@mail.test' })).toBeUndefined();
    expect(await outboxOf(world, 'mail-requested')).toEqual([]);
    expect(await world.commit(requestPasswordReset, { email: 'Ana@mail.test' })).toBeUndefined();
    expect(await outboxOf(world, 'mail-requested')).toEqual([
      { type: 'mail-requested', accountId: ana, purpose: 'reset', email: 'ana@mail.test' },
    ]);
  });

  test('is replaced by the mailed link, which ends every session', async () => {
    const ana = await addMember(world, 'ana', { confirmed: false });
    const session = await sessionOf(world, ana);
    await issue(ana, 'reset', 'ana@mail.test');
    await issue(ana, 'reset', 'ana@mail.test', 'second');
    expect(await reset()).toBe(ana);
    expect(await alive(session)).toBe(false);
    expect(await findCredentials(world.store.read, 'ana', 'here.test')).toMatchObject({ passwordHash: 'new' });
    for (const token of ['secret', 'second']) await expect(reset(token)).rejects.toMatchObject({ code: 'gone' });
    expect(await outboxOf(world, 'security-noticed')).toMatchObject([{ notice: 'password-changed' }]);
  });

  test('is not replaced by a link that is old, of another kind, or sent to a former address', async () => {
    const ana = await addMember(world, 'ana');
    await issue(ana, 'change-email', 'ana@mail.test');
    await expect(reset()).rejects.toMatchObject({ code: 'gone' });
    await issue(ana, 'reset', 'ana@mail.test', 'late');
    expect(await mailTokenEmail(world.store.read, hashToken('late'), ['reset'], world.clock.now())).toBe(
      'ana@mail.test',
    );
    world.clock.advance(limits.resetTokenMs);
    expect(await mailTokenEmail(world.store.read, hashToken('late'), ['reset'], world.clock.now())).toBeNull();
    await expect(reset('late')).rejects.toMatchObject({ code: 'gone' });
    await issue(ana, 'reset', 'ana@mail.test', 'former');
    const { members } = world.store.schema;
    await world.store.write((tx) => tx.update(members).set({ email: 'new@mail.test', emailFolded: 'new@mail.test' }));
    await expect(reset('former')).rejects.toMatchObject({ code: 'gone' });
  });

  test('sends nothing to a suspended person', async () => {
    const ana = await addMember(world, 'ana');
    await world.store.write((tx) => tx.hot('update accounts set suspended_at = 1 where id = $1', ana));
    await world.commit(requestPasswordReset, { email: 'ana@mail.test' });
    expect(await outboxOf(world, 'mail-requested')).toEqual([]);
    expect(await issue(ana, 'reset', 'ana@mail.test')).toBeNull();
  });

  test('keeps ten links at most', async () => {
    const ana = await addMember(world, 'ana');
    for (let n = 0; n < limits.mailTokensPerPurpose + 3; n += 1) await issue(ana, 'reset', 'ana@mail.test', `t${n}`);
    expect(await world.store.read.$count(world.store.schema.mailTokens)).toBe(limits.mailTokensPerPurpose);
    await expect(reset('t0')).rejects.toMatchObject({ code: 'gone' });
  });
});

describe('a password', () => {
  test.each([
    ['too short', 'short', 'password-too-short'],
    ['short by characters, not by bytes', '😀😀😀😀😀', 'password-too-short'],
    ['too long', 'ab1'.repeat(100), 'password-too-long'],
    ['one letter', 'aaaaaaaaaaaa', 'password-guessable'],
    ['the handle', 'ana_of_the_stage', 'password-guessable'],
    ['the address', 'ANA@mail.test', 'password-guessable'],
  ])('that is %s is refused', (_, password, reason) => {
    const known = { handle: 'Ana_of_the_stage', email: 'ana@mail.test' };
    expect(() => checkPassword(password, known)).toThrow(expect.objectContaining({ reason, field: 'password' }));
    expect(() => checkPassword('a stage of one’s own', known)).not.toThrow();
  });
});

describe('another mail address', () => {
  const request = async (accountId: number, email: string) =>
    world.commit(requestEmailChange, { accountId, email, passwordHash: await passwordHash() });

  test('counts once its link was followed, and the old one is told', async () => {
    const ana = await addMember(world, 'ana');
    await request(ana, 'Ana@new.test');
    expect(await outboxOf(world, 'mail-requested')).toMatchObject([{ purpose: 'change-email', email: 'Ana@new.test' }]);
    expect(await outboxOf(world, 'security-noticed')).toMatchObject([{ notice: 'email-change-requested' }]);
    expect(await ownMembership(world.store.read, ana)).toMatchObject({ email: 'ana@mail.test' });
    await issue(ana, 'change-email', 'Ana@new.test');
    expect(await world.commit(confirmEmail, { tokenHash: hashToken('secret') })).toMatchObject({ changed: true });
    expect(await ownMembership(world.store.read, ana)).toMatchObject({ email: 'Ana@new.test' });
  });

  test('that is another member’s gets no link, and is refused at a link from before', async () => {
    const ana = await addMember(world, 'ana');
    const bob = await addMember(world, 'bob');
    await request(ana, 'BOB@mail.test');
    expect(await outboxOf(world, 'mail-requested')).toEqual([]);
    expect(await outboxOf(world, 'address-claimed')).toEqual([{ type: 'address-claimed', accountId: bob }]);
    await expect(request(ana, 'ana@mail.test')).rejects.toMatchObject({ reason: 'email-unchanged' });
    await issue(ana, 'change-email', 'bob@mail.test');
    await expect(world.commit(confirmEmail, { tokenHash: hashToken('secret') })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('needs the present password', async () => {
    const ana = await addMember(world, 'ana');
    const input = { accountId: ana, email: 'a@new.test', passwordHash: 'wrong' };
    await expect(world.commit(requestEmailChange, input)).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('is no longer possible by a link from before a new password', async () => {
    const ana = await addMember(world, 'ana');
    await issue(ana, 'change-email', 'eve@evil.test', 'planted');
    await issue(ana, 'reset', 'ana@mail.test');
    await world.commit(resetPassword, { tokenHash: hashToken('secret'), passwordHash: 'new' });
    await expect(world.commit(confirmEmail, { tokenHash: hashToken('planted') })).rejects.toMatchObject({
      code: 'gone',
    });
  });
});

describe('roles', () => {
  const cells = ROLES.flatMap((actor) =>
    ROLES.flatMap((target) => ROLES.map((given) => [actor, target, given] as const)),
  );
  const rank = (role: Role) => ROLES.indexOf(role);

  test('are given by those who may, to those below, up to what is below them', async () => {
    const ids = new Map<string, number>();
    for (const role of ROLES) {
      ids.set(`actor ${role}`, await addMember(world, `actor_${role}`, { role }));
      ids.set(`target ${role}`, await addMember(world, `target_${role}`, { role }));
    }
    const { members } = world.store.schema;
    for (const [actor, target, given] of cells) {
      const [actorId, accountId] = [ids.get(`actor ${actor}`) as number, ids.get(`target ${target}`) as number];
      const allowed =
        (actor === 'owner' || actor === 'admin') &&
        rank(actor) < rank(target) &&
        (actor === 'owner' || rank(actor) < rank(given));
      const outcome = await world.commit(changeRole, { actorId, accountId, role: given }).then(
        () => true,
        () => false,
      );
      expect([actor, target, given, outcome]).toEqual([actor, target, given, allowed]);
      await world.store.write((tx) => tx.hot('update members set role = $1 where account_id = $2', target, accountId));
    }
    expect(await world.store.read.$count(members)).toBe(8);
  });

  test('are written into the log, and tell whom to ask', async () => {
    const [owner, ana] = [await addMember(world, 'ada', { role: 'owner' }), await addMember(world, 'ana')];
    await world.commit(changeRole, { actorId: owner, accountId: ana, role: 'moderator' });
    expect(await world.store.read.select().from(world.store.schema.auditEntries)).toMatchObject([
      { actorId: owner, action: 'role-changed', target: `account:${ana}`, details: { from: 'user', to: 'moderator' } },
    ]);
    const handles = (await staffWith(world.store.read, 'registrations.decide')).map((one) => one.handle);
    expect(handles).toEqual(['ada', 'ana']);
    expect((await staffWith(world.store.read, 'instance.edit')).map((one) => one.handle)).toEqual(['ada']);
  });
});

describe('preferences', () => {
  test('are kept', async () => {
    const ana = await addMember(world, 'ana');
    const wanted = {
      locale: 'fr' as const,
      scheme: 'dark' as const,
      defaultVisibility: 'unlisted' as const,
      defaultLanguage: 'pt-BR',
      defaultSensitive: true,
    };
    await world.commit(editPreferences, { accountId: ana, ...wanted });
    expect(await ownMembership(world.store.read, ana)).toMatchObject(wanted);
    const odd = world.commit(editPreferences, { accountId: ana, ...wanted, defaultLanguage: '<b>' });
    await expect(odd).rejects.toMatchObject({ field: 'defaultLanguage' });
  });
});

describe('the deletion of one’s own account', () => {
  test('leaves the handle taken and nothing personal', async () => {
    const [ana, bob] = [await addMember(world, 'Ana'), await addMember(world, 'bob')];
    const remote = await world.remote('zoe');
    const session = await sessionOf(world, ana);
    await world.store.write(async (tx) => {
      const { accounts, follows, posts, favourites, blocks } = world.store.schema;
      await tx.update(accounts).set({ displayName: 'Ana A.', bio: 'secret', bioHtml: '<p>secret</p>' });
      await tx.hot('update accounts set followers_count = 1, following_count = 1');
      await tx.insert(follows).values([
        { id: 1, followerId: ana, followeeId: bob, uri: 'u:1', state: 'accepted', createdAt: 1 },
        { id: 2, followerId: remote, followeeId: ana, uri: 'u:2', state: 'accepted', createdAt: 1 },
      ]);
      await tx.insert(blocks).values({ id: 1, blockerId: ana, blockedId: bob, uri: 'u:3', createdAt: 1 });
      const post = { url: '', visibility: 'public' as const, createdAt: 1, receivedAt: 1, local: true };
      await tx.insert(posts).values([
        {
          ...post,
          id: 10,
          uri: 'p:bob',
          authorId: bob,
          threadId: 10,
          repliesCount: 2,
          boostsCount: 1,
          favouritesCount: 1,
        },
        { ...post, id: 11, uri: 'p:ana', authorId: ana, threadId: 10, replyToId: 10 },
        { ...post, id: 12, uri: 'p:ana-boost', authorId: ana, threadId: 12, boostOfId: 10 },
        { ...post, id: 13, uri: 'p:bob-boost', authorId: bob, threadId: 13, boostOfId: 11 },
        { ...post, id: 14, uri: 'p:bob-reply', authorId: bob, threadId: 10, replyToId: 11, replyToUri: 'p:ana' },
        { ...post, id: 15, uri: 'p:bob-too', authorId: bob, threadId: 10, replyToId: 10 },
      ]);
      await tx.insert(favourites).values({ id: 1, accountId: ana, postId: 10, uri: 'f:1', createdAt: 1 });
    });
    await world.commit(deleteOwnAccount, { accountId: ana, passwordHash: await passwordHash() });

    const { accounts, accountKeys, posts } = world.store.schema;
    const rows = await world.store.read.select().from(accounts);
    expect(rows.find((row) => row.id === ana)).toMatchObject({ handle: 'Ana', displayName: '', bio: '', bioHtml: '' });
    expect(rows.find((row) => row.id === bob)).toMatchObject({ followersCount: 0 });
    expect(await findAccount(world.store, 'ana', '')).toMatchObject({ deletedAt: world.clock.now() });
    expect(await alive(session)).toBe(false);
    expect(await ownMembership(world.store.read, ana)).toBeNull();
    const left = await world.store.read.select().from(posts);
    expect(left.toSorted((a, b) => a.id - b.id).map((post) => [post.id, post.replyToId])).toEqual([
      [10, null],
      [14, null],
      [15, 10],
    ]);
    expect(left.find((post) => post.id === 10)).toMatchObject({ repliesCount: 1, boostsCount: 0, favouritesCount: 0 });
    expect(await world.store.read.hot('select uri from tombstones order by uri')).toEqual([
      { uri: 'https://here.test/users/ana#grave' },
      { uri: 'p:ana' },
      { uri: 'p:ana-boost' },
    ]);
    // Whom the news goes to, and what signs it.
    expect(await world.store.read.hot('select id from follows')).toEqual([{ id: 2 }]);
    expect(await world.store.read.$count(accountKeys)).toBe(4);
    expect(await outboxOf(world, 'account-deleted')).toEqual([
      { type: 'account-deleted', accountId: ana, uri: 'https://here.test/users/Ana', local: true },
    ]);
    await expect(world.commit(createAccount, { handle: 'ANA', keys: [] })).rejects.toMatchObject({ code: 'conflict' });

    world.clock.advance(limits.deletedAccountMs + 1);
    await world.commit(sweepMembership, undefined);
    expect(await world.store.read.hot('select id from follows')).toEqual([]);
    expect(await world.store.read.$count(accountKeys)).toBe(2);
    expect(await findAccount(world.store, 'ana', '')).not.toBeNull();
  });

  test('needs the password', async () => {
    const ana = await addMember(world, 'ana');
    await expect(world.commit(deleteOwnAccount, { accountId: ana, passwordHash: 'wrong' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  test('is refused to the only owner', async () => {
    const ana = await addMember(world, 'ana', { role: 'owner' });
    const input = { accountId: ana, passwordHash: await passwordHash() };
    await expect(world.commit(deleteOwnAccount, input)).rejects.toMatchObject({ reason: 'last-owner' });
    const bob = await addMember(world, 'bob');
    await world.commit(changeRole, { actorId: ana, accountId: bob, role: 'owner' });
    await world.commit(deleteOwnAccount, input);
    expect(await ownMembership(world.store.read, ana)).toBeNull();
  });
});

describe('the set-up', () => {
  async function setUp(changes: Partial<SetUp> = {}) {
    return world.commit(completeSetUp, {
      tokenHash: hashToken('first'),
      settings: { name: 'Stage', registrations: 'approval' },
      handle: 'ada',
      email: 'ada@mail.test',
      passwordHash: await passwordHash(),
      ownerKeys: await testKeys(),
      instanceKeys: await testKeys(),
      locale: 'fr',
      visit: { address: null, userAgent: '' },
      ...changes,
    });
  }

  test('makes owner, instance actor and settings with the one-time token', async () => {
    await world.commit(issueSetUpToken, { tokenHash: hashToken('first') });
    expect(await setUpTokenHash(world.store.read)).toBe(hashToken('first'));
    const { accountId, sessionToken } = await setUp();
    expect(await readSettings(world.store.read)).toMatchObject({
      name: 'Stage',
      registrations: 'approval',
      setUpAt: world.clock.now(),
      origin: 'https://here.test',
      handleDomain: 'here.test',
    });
    expect(await sessionByTokenHash(world.store.read, hashToken(sessionToken), world.clock.now())).toMatchObject({
      accountId,
      role: 'owner',
    });
    const actor = await findAccount(world.store, 'instance', '');
    expect(actor?.uri).toBe('https://here.test/users/instance');
    expect(await world.commit(ensureInstanceActor, { keys: [] })).toBe(actor?.id);
    expect(await setUpTokenHash(world.store.read)).toBeNull();
  });

  test('happens once, also when two come at the same time', async () => {
    await world.commit(issueSetUpToken, { tokenHash: hashToken('first') });
    const both = await Promise.allSettled([setUp(), setUp({ handle: 'eve', email: 'eve@mail.test' })]);
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(setUp({ handle: 'eve', email: 'eve@mail.test' })).rejects.toMatchObject({ reason: 'set-up-already' });
    expect(await world.commit(issueSetUpToken, { tokenHash: hashToken('second') })).toBe(false);
    expect(await world.store.read.$count(world.store.schema.members)).toBe(1);
  });

  test('is refused with another token, with a former one and with none', async () => {
    await expect(setUp()).rejects.toMatchObject({ code: 'not-allowed', reason: 'set-up-token-wrong' });
    await world.commit(issueSetUpToken, { tokenHash: hashToken('former') });
    await world.commit(issueSetUpToken, { tokenHash: hashToken('second') });
    await expect(setUp({ tokenHash: hashToken('former') })).rejects.toMatchObject({ reason: 'set-up-token-wrong' });
    await expect(setUp({ tokenHash: '' })).rejects.toMatchObject({ reason: 'set-up-token-wrong' });
    expect((await setUp({ tokenHash: hashToken('second') })).accountId).toBeGreaterThan(0);
  });

  test('leaves nothing behind when a field does not fit, and the token is good for another try', async () => {
    await world.commit(issueSetUpToken, { tokenHash: hashToken('first') });
    await expect(setUp({ email: 'nonsense' })).rejects.toMatchObject({ field: 'email' });
    await expect(setUp({ handle: 'instance' })).rejects.toMatchObject({ field: 'handle' });
    expect(await world.store.read.$count(world.store.schema.accounts)).toBe(0);
    expect((await readSettings(world.store.read)).setUpAt).toBeNull();
    expect((await setUp()).accountId).toBeGreaterThan(0);
  });
});

describe('the sweep', () => {
  test('forgets what has ended and nothing else', async () => {
    const ana = await addMember(world, 'ana');
    const stale = await addMember(world, 'stale', { confirmed: false });
    const { members, spentChallenges, sessions, mailTokens, accounts } = world.store.schema;
    await world.store.write((tx) => tx.update(members).set({ signUpAddress: '192.0.2.1' }));
    await sessionOf(world, ana);
    await issue(ana, 'reset', 'ana@mail.test');
    const now = world.clock.now();
    await world.store.write((tx) => tx.insert(spentChallenges).values({ challenge: 'c', expiresAt: now + DAY_MS }));
    await world.commit(sweepMembership, undefined);
    expect(await world.store.read.$count(accounts)).toBe(2);
    expect(await world.store.read.$count(mailTokens)).toBe(1);
    expect(await world.store.read.$count(spentChallenges)).toBe(1);

    world.clock.advance(limits.unconfirmedSignUpMs + 1);
    await world.commit(sweepMembership, undefined);
    expect((await world.store.read.select({ id: accounts.id }).from(accounts)).map((row) => row.id)).toEqual([ana]);
    expect(stale).not.toBe(ana);
    expect(await world.store.read.$count(mailTokens)).toBe(0);
    expect(await world.store.read.$count(spentChallenges)).toBe(0);
    expect(await world.store.read.$count(sessions)).toBe(1);

    world.clock.advance(limits.signUpAddressMs);
    await world.commit(sweepMembership, undefined);
    expect(await world.store.read.$count(sessions)).toBe(0);
    expect(await world.store.read.select({ address: members.signUpAddress }).from(members)).toEqual([
      { address: null },
    ]);
  });
});

test('members are counted when they can log in, and as active when they were here', async () => {
  await addMember(world, 'ana');
  await addMember(world, 'waits', { approved: false });
  await addMember(world, 'unknown', { confirmed: false });
  await world.store.write((tx) => tx.hot('update members set last_seen_at = $1', world.clock.now() - 40 * DAY_MS));
  expect(await memberCounts(world.store.read, world.clock.now())).toEqual({
    total: 1,
    activeMonth: 0,
    activeHalfYear: 1,
  });
});
