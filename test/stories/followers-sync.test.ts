import { afterEach, beforeEach, expect, test } from 'vitest';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { publish } from './cast.ts';

let net: Network & Record<'a' | 'b', NetworkInstance>;

beforeEach(async () => {
  net = await openNetwork('a', 'b');
});

afterEach(() => net.close());

test('a follower that only its own server believes in is gone after the next post to followers', async () => {
  const alice = await net.a.person('alice');
  const [bob, carol] = [await net.b.person('bob'), await net.b.person('carol')];
  const aliceAtB = await net.b.find('@alice@a.test');
  for (const followerId of [bob, carol]) await net.b.commit(requestFollow, { followerId, followeeId: aliceAtB });
  await net.settle();

  // The follow was lost at a.test: a restored backup, say.
  const bobAtA = await net.a.find('@bob@b.test');
  await net.a.store.write((tx) => tx.hot('delete from follows where follower_id = $1', bobAtA));
  await publish(net.a, alice, 'Among friends', { visibility: 'followers' });
  await net.settle();

  const followers = await net.b.store.read.hot<{ follower_id: number }>('select follower_id from follows');
  expect(followers).toEqual([{ follower_id: carol }]);
});
