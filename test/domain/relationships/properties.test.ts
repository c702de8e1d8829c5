import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { unsuspendAccount } from '#domain/moderation/unsuspend-account.ts';
import { acceptFollow } from '#domain/relationships/accept-follow.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveBlock } from '#domain/relationships/receive-block.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { receiveReject } from '#domain/relationships/receive-reject.ts';
import { receiveUndoBlock } from '#domain/relationships/receive-undo-block.ts';
import { receiveUndoFollow } from '#domain/relationships/receive-undo-follow.ts';
import { rejectFollow } from '#domain/relationships/reject-follow.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { undoBlock } from '#domain/relationships/undo-block.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { DomainError } from '#kernel/errors.ts';
import { openWorld, type World } from '../../world.ts';
import { counters, expectExactCounters, followState, followUriOf, update } from '../observed.ts';

/** Two people here, the second of them locked, and two elsewhere. */
const CAST = ['open', 'locked', 'rita', 'lou'] as const;
type Who = (typeof CAST)[number];
type Cast = Record<Who, number>;

const isLocal = (who: Who) => who === 'open' || who === 'locked';

async function openStage(): Promise<{ world: World; cast: Cast }> {
  const world = await openWorld();
  const cast = {
    open: await world.person('open'),
    locked: await world.person('locked'),
    rita: await world.remote('rita', 'one.test'),
    lou: await world.remote('lou', 'two.test'),
  };
  await update(world, cast.locked, 'locked = 1');
  return { world, cast };
}

/** What somebody does to somebody; what makes no sense between the two is refused or ignored by the commands. */
const DEEDS = [
  'ask',
  'take back',
  'accept',
  'refuse',
  'send away',
  'block',
  'lift the block',
  'suspend the domain',
  'lift the suspension of the domain',
  'suspend',
  'lift the suspension',
] as const;
type Deed = (typeof DEEDS)[number];

interface Step {
  deed: Deed;
  from: Who;
  to: Who;
}

const step: fc.Arbitrary<Step> = fc.record({
  deed: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Deed>('ask') },
    { weight: 3, arbitrary: fc.constantFrom<Deed>('accept') },
    { weight: 4, arbitrary: fc.constantFrom(...DEEDS) },
  ),
  from: fc.constantFrom(...CAST),
  to: fc.constantFrom(...CAST),
});

async function run(world: World, cast: Cast, { deed, from, to }: Step): Promise<void> {
  try {
    await act(world, cast, deed, from, to);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

async function act(world: World, cast: Cast, deed: Deed, from: Who, to: Who): Promise<unknown> {
  const [one, other] = [cast[from], cast[to]];
  const { commit } = world;
  const domain = `${from === 'lou' ? 'two' : 'one'}.test`;
  const theirs = (kind: string) => `https://elsewhere.test/${kind}/${from}/${to}`;
  const policy = { actorId: null, domain, rejectMedia: false, publicComment: '', privateComment: '' };
  switch (deed) {
    case 'ask':
      if (isLocal(from)) return commit(requestFollow, { followerId: one, followeeId: other });
      return commit(receiveFollow, { uri: theirs('f'), followerId: one, followeeId: other });
    case 'take back':
      if (isLocal(from)) return commit(undoFollow, { followerId: one, followeeId: other });
      return commit(receiveUndoFollow, { followerId: one, uri: theirs('f'), followeeId: other });
    case 'accept': {
      if (isLocal(from)) return commit(acceptFollow, { followeeId: one, followerId: other });
      return commit(receiveAccept, { followeeId: one, uri: await followUriOf(world, other, one), followerId: other });
    }
    case 'refuse': {
      if (isLocal(from)) return commit(rejectFollow, { followeeId: one, followerId: other });
      return commit(receiveReject, { followeeId: one, uri: await followUriOf(world, other, one), followerId: other });
    }
    case 'send away':
      return commit(removeFollower, { followeeId: one, followerId: other });
    case 'block':
      if (isLocal(from)) return commit(blockAccount, { blockerId: one, blockedId: other });
      return commit(receiveBlock, { uri: theirs('b'), blockerId: one, blockedId: other });
    case 'lift the block':
      if (isLocal(from)) return commit(undoBlock, { blockerId: one, blockedId: other });
      return commit(receiveUndoBlock, { blockerId: one, uri: null, blockedId: other });
    case 'suspend the domain':
      return isLocal(from) ? null : commit(setDomainPolicy, { ...policy, severity: 'suspend' });
    case 'lift the suspension of the domain':
      return isLocal(from) ? null : commit(setDomainPolicy, { ...policy, severity: 'none' });
    case 'suspend':
      return isLocal(from) ? null : commit(suspendAccount, { actorId: null, accountId: one });
    case 'lift the suspension':
      return isLocal(from) ? null : commit(unsuspendAccount, { actorId: null, accountId: one });
  }
}

/** No follow crosses a block or a suspension, or has somebody at both ends. */
async function expectNoForbiddenFollow(world: World): Promise<void> {
  const forbidden = await world.store.read.hot(
    `select f.id from follows f join accounts r on r.id = f.follower_id join accounts e on e.id = f.followee_id
     where f.follower_id = f.followee_id or (r.domain <> '' and e.domain <> '')
       or r.suspended_at is not null or e.suspended_at is not null
       or exists (select 1 from blocks b where (b.blocker_id = r.id and b.blocked_id = e.id)
                                            or (b.blocker_id = e.id and b.blocked_id = r.id))`,
  );
  expect(forbidden).toEqual([]);
}

describe('whatever people do to each other', () => {
  test('at once: the counters say what the rows say, and no follow crosses a block or a suspension', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { maxLength: 6 }), async (rounds) => {
        const { world, cast } = await openStage();
        try {
          for (const steps of rounds) {
            await Promise.all(steps.map((one) => run(world, cast, one)));
            await expectExactCounters(world);
            await expectNoForbiddenFollow(world);
          }
        } finally {
          await world.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 90_000);

  test('one after the other: nobody follows without having asked, nor a locked or remote one without their word', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { world, cast } = await openStage();
        const consent = new Set<string>();
        try {
          for (const one of steps) {
            await run(world, cast, one);
            note(consent, one);
            expect(await followsWithoutConsent(world, cast, consent)).toEqual([]);
          }
        } finally {
          await world.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 90_000);
});

async function followsWithoutConsent(world: World, cast: Cast, consent: ReadonlySet<string>): Promise<string[]> {
  const missing: string[] = [];
  for (const from of CAST) {
    for (const to of CAST) {
      if ((await followState(world, cast[from], cast[to])) !== 'accepted') continue;
      const needed = [`${from} asked ${to}`, ...(to === 'open' ? [] : [`${to} accepted ${from}`])];
      missing.push(...needed.filter((word) => !consent.has(word)));
    }
  }
  return missing;
}

/** An ending takes the consent back; a suspension does not, but whom we ask anew has to give it again. */
function note(consent: Set<string>, { deed, from, to }: Step): void {
  const forget = (follower: Who, followee: Who) => {
    consent.delete(`${follower} asked ${followee}`);
    consent.delete(`${followee} accepted ${follower}`);
  };
  if (deed === 'ask') consent.add(`${from} asked ${to}`);
  if (deed === 'accept' && consent.has(`${to} asked ${from}`)) consent.add(`${from} accepted ${to}`);
  if (deed === 'take back') forget(from, to);
  if (deed === 'send away' && isLocal(from)) forget(to, from);
  if (deed === 'block') {
    forget(from, to);
    forget(to, from);
  }
  if (deed === 'suspend' || deed === 'suspend the domain') {
    const gone = isLocal(from) ? [] : [from];
    for (const other of CAST) for (const one of gone) consent.delete(`${one} accepted ${other}`);
  }
}

describe('storms', () => {
  test('fifty who follow and unfollow one person at once leave an exact count', async () => {
    const { world, cast } = await openStage();
    const people: number[] = [];
    for (let n = 0; n < 50; n += 1) people.push(await world.remote(`p${n}`, `p${n}.test`));
    const uri = (id: number) => `https://p.test/${id}`;
    await Promise.all(
      people.flatMap((followerId, n) => [
        world.commit(receiveFollow, { uri: uri(followerId), followerId, followeeId: cast.open }),
        world.commit(receiveFollow, { uri: uri(followerId), followerId, followeeId: cast.open }),
        ...(n % 2 === 0
          ? [world.commit(receiveUndoFollow, { followerId, uri: uri(followerId), followeeId: cast.open })]
          : []),
      ]),
    );
    await expectExactCounters(world);
    expect((await counters(world, cast.open)).followers).toBeGreaterThanOrEqual(25);
    await Promise.all(
      people.map((followerId) => world.commit(receiveUndoFollow, { followerId, uri: null, followeeId: cast.open })),
    );
    expect(await counters(world, cast.open)).toEqual({ followers: 0, following: 0 });
    await world.close();
  });

  test('one who follows and unfollows fifty times at once is counted once or not at all', async () => {
    const { world, cast } = await openStage();
    const other = await world.person('other');
    const pair = { followerId: cast.open, followeeId: other };
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 2 === 0 ? world.commit(requestFollow, pair) : world.commit(undoFollow, pair),
      ),
    );
    await expectExactCounters(world);
    await Promise.all(Array.from({ length: 50 }, () => world.commit(requestFollow, pair)));
    expect(await counters(world, other)).toEqual({ followers: 1, following: 0 });
    await Promise.all(Array.from({ length: 50 }, () => world.commit(undoFollow, pair)));
    expect(await counters(world, other)).toEqual({ followers: 0, following: 0 });
    await world.close();
  });

  test('a follow that races a block does not survive it', async () => {
    const { world, cast } = await openStage();
    const people: number[] = [];
    for (let n = 0; n < 25; n += 1) people.push(await world.remote(`p${n}`));
    await Promise.all(
      people.flatMap((id) => [
        world.commit(receiveFollow, { uri: `https://there.test/${id}`, followerId: id, followeeId: cast.open }),
        world.commit(blockAccount, { blockerId: cast.open, blockedId: id }),
      ]),
    );
    expect(await world.store.read.$count(world.store.schema.follows)).toBe(0);
    expect(await counters(world, cast.open)).toEqual({ followers: 0, following: 0 });
    await world.close();
  });
});
