import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RemotePoll } from '#domain/posts/remote-post.ts';
import { openWorld, type World } from '../../world.ts';
import { receive } from '../observed.ts';

let world: World;
let rita: { id: number; uri: string };

beforeEach(async () => {
  world = await openWorld();
  rita = { id: await world.remote('rita'), uri: 'https://there.test/users/rita' };
});

afterEach(() => world.close());

test('a poll whose options claim everybody there is says a number that its column holds', async () => {
  const options = Array.from({ length: 20 }, (_, n) => ({ title: `option ${n}`, votesCount: 1_000_000_000 }));
  const poll: RemotePoll = { multiple: true, options, votersCount: null, expiresAt: null, closedAt: null };
  await receive(world, rita, 'poll', { kind: 'question', poll });
  const [row] = await world.store.read.hot<{ voters_count: number }>('select voters_count from polls');
  expect(row?.voters_count).toBe(1_000_000_000);
  expect(await world.store.read.$count(world.store.schema.pollOptions)).toBe(20);
});
