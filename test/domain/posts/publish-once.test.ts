import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Unit } from '#db/unit.ts';
import { publishOnce } from '#domain/posts/publish-once.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { forgetPublishKeys } from '#jobs/forget-publish-keys.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { draft } from '../../stories/cast.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;
let alice: number;
let bob: number;

beforeEach(async () => {
  world = await openWorld();
  alice = await world.person('alice');
  bob = await world.person('bob');
});

afterEach(() => world.close());

const publish = (authorId: number, key: string, text = 'Words') =>
  world.commit(
    (unit: Unit) => publishOnce(unit, { authorId, key }, () => publishPost(unit, draft(authorId, text))),
    undefined,
  );
const countPosts = () => world.store.read.$count(world.store.schema.posts);

test('of several at the same time one is published, and all are told which', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => publish(alice, 'one')));
  expect(new Set(ids).size).toBe(1);
  expect(await countPosts()).toBe(1);
});

test('another key, or the same of somebody else, is another post', async () => {
  const ids = [await publish(alice, 'one'), await publish(alice, 'two'), await publish(bob, 'one')];
  expect(new Set(ids).size).toBe(3);
});

test('what was refused can be sent again', async () => {
  await expect(publish(alice, 'one', '')).rejects.toThrow('post-empty');
  await publish(alice, 'one');
  expect(await countPosts()).toBe(1);
});

test('keys are forgotten after a day', async () => {
  const keys = () => world.store.read.hot<{ key: string }>('select key from publish_keys order by key');
  await publish(alice, 'old');
  world.clock.advance(DAY_MS);
  await publish(alice, 'new');
  await forgetPublishKeys(world);
  expect(await keys()).toEqual([{ key: 'new' }, { key: 'old' }]);
  world.clock.advance(1);
  await forgetPublishKeys(world);
  expect(await keys()).toEqual([{ key: 'new' }]);
});
