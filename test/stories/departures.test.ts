import { afterEach, beforeEach, expect, test } from 'vitest';
import { eraseAccount } from '#domain/departures/erase-account.ts';
import { addAlias, moveAccount } from '#domain/departures/move-account.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { undoBlock } from '#domain/relationships/undo-block.ts';
import { DAY_MS, HOUR_MS } from '#kernel/clock.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { follow, publish, textsAtHome } from './cast.ts';

let net: Network & Record<'a' | 'b' | 'c', NetworkInstance>;
let alice: number;
let bob: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b', 'c');
  alice = await net.a.person('alice');
  bob = await net.b.person('bob');
  await follow(net, net.b, bob, '@alice@a.test');
});

afterEach(() => net.close());

const followsAt = (instance: NetworkInstance) =>
  instance.store.read.hot<{ follower: string; followee: string; state: string }>(
    `select r.uri as follower, e.uri as followee, f.state from follows f
     join accounts r on r.id = f.follower_id join accounts e on e.id = f.followee_id order by f.id`,
  );

test('a move takes the followers along, from one instance to another', async () => {
  const newAlice = await net.c.person('alice');
  await net.c.find('@alice@a.test');
  await net.c.commit(addAlias, { accountId: newAlice, uri: 'http://a.test/users/alice' });
  await net.a.commit(moveAccount, { accountId: alice, targetId: await net.a.find('@alice@c.test') });
  await net.settle();

  const expected = [{ follower: 'http://b.test/users/bob', followee: 'http://c.test/users/alice', state: 'accepted' }];
  expect(await followsAt(net.b)).toEqual(expected);
  expect(await followsAt(net.c)).toEqual(expected);
  expect(await followsAt(net.a)).toEqual([]);
  await publish(net.c, newAlice, 'My new home');
  await net.settle();
  expect(await textsAtHome(net.b, bob)).toEqual(['My new home']);
});

test('a move to an account that does not name the old one changes nothing', async () => {
  await net.c.person('mallory');
  const target = await net.a.find('@mallory@c.test');
  await expect(net.a.commit(moveAccount, { accountId: alice, targetId: target })).rejects.toThrow('move-target-alias');
  await net.settle();
  expect(await followsAt(net.b)).toHaveLength(1);
});

test('a deleted account is gone on the other side, with its posts', async () => {
  await publish(net.a, alice, 'Soon gone');
  await net.settle();
  expect(await textsAtHome(net.b, bob)).toEqual(['Soon gone']);
  await net.a.commit((unit) => eraseAccount(unit, alice), undefined);
  await net.settle();
  expect(await textsAtHome(net.b, bob)).toEqual([]);
  expect(await followsAt(net.b)).toEqual([]);
});

test('a block ends both follows on both sides, and nothing gets through until it is lifted', async () => {
  await follow(net, net.a, alice, '@bob@b.test');
  const bobAtA = await net.a.find('@bob@b.test');
  await net.a.commit(blockAccount, { blockerId: alice, blockedId: bobAtA });
  await net.settle();
  expect(await followsAt(net.a)).toEqual([]);
  expect(await followsAt(net.b)).toEqual([]);

  await net.a.commit(undoBlock, { blockerId: alice, blockedId: bobAtA });
  await net.settle();
  await follow(net, net.b, bob, '@alice@a.test');
  expect(await followsAt(net.a)).toEqual([
    { follower: 'http://b.test/users/bob', followee: 'http://a.test/users/alice', state: 'accepted' },
  ]);
});

test('followers at a host that is away are kept; an account that answers 410 on two days is let go', async () => {
  await net.offline('b.test');
  await publish(net.a, alice, 'Is anybody there?');
  for (let hours = 0; hours < 20 * 24; hours += 2) {
    await net.settle();
    net.clock.advance(2 * HOUR_MS);
  }
  expect(await followsAt(net.a)).toHaveLength(1);

  await net.online('b.test');
  // Bob is gone without a word: his inbox and his document answer 410 from now on.
  await net.b.store.write((tx) => tx.hot('update accounts set deleted_at = 1 where id = $1', bob));
  const inbox = 'http://b.test/users/bob/inbox';
  await net.a.store.write((tx) =>
    tx.hot('update accounts set shared_inbox = null, inbox = $1 where domain <> $2', inbox, ''),
  );
  await publish(net.a, alice, 'One more try');
  net.clock.advance(2 * HOUR_MS);
  await net.settle();
  expect(await followsAt(net.a)).toHaveLength(1);
  net.clock.advance(DAY_MS + HOUR_MS);
  await net.settle();
  expect(await followsAt(net.a)).toEqual([]);
});
