import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eraseAccount } from '#domain/departures/erase-account.ts';
import { refreshPost } from '#domain/posts/receive-post.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { VISIBILITIES } from '#domain/posts/visibility.ts';
import { counterDrift } from '#domain/upkeep/counter-drift.queries.ts';
import { replies } from '#federation/documents/collections.ts';
import { openWorld, type World } from '../../world.ts';
import { publish, receive, remotePost } from '../observed.ts';

let world: World;
let ada: number;
let bo: number;
let ria: { id: number; uri: string };
/** The post that everyone answers. */
let asked: { id: number; uri: string };

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  bo = await world.person('bo');
  ria = { id: await world.remote('ria'), uri: 'https://there.test/users/ria' };
  const id = await publish(world, ada, 'what do you say?');
  asked = { id, uri: `https://here.test/users/ada/posts/${id}` };
});

afterEach(async () => {
  expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
  await world.close();
});

/** What stands under the post, for someone who passes by and for its author. */
async function shown(id = asked.id): Promise<{ stranger: number | undefined; author: number | undefined }> {
  const [stranger, author] = await Promise.all([findPost(world.store, null, id), findPost(world.store, ada, id)]);
  return { stranger: stranger?.repliesCount, author: author?.repliesCount };
}

async function totalItems(): Promise<unknown> {
  const context = { reader: world.store, site: world.site };
  return (await replies(context, asked.id, asked.uri, { before: null, viewerId: 0 }))['totalItems'];
}

async function answerInEveryWay(): Promise<void> {
  for (const visibility of VISIBILITIES) {
    await publish(world, bo, `@ada ${visibility}`, { visibility, replyToId: asked.id });
    await receive(world, ria, visibility, { visibility, replyToUri: asked.uri });
  }
}

describe('the count of answers under a post', () => {
  test('says nothing of the private ones, to nobody, on pages and over the wire', async () => {
    await answerInEveryWay();
    expect(await shown()).toEqual({ stranger: 4, author: 4 });
    expect(await totalItems()).toBe(4);
  });

  test('is right when somebody leaves who answered in every way', async () => {
    await answerInEveryWay();
    await world.commit(eraseAccount, bo);
    expect(await shown()).toEqual({ stranger: 2, author: 2 });
    expect(await totalItems()).toBe(2);
  });

  test('stays when the author of a private one says that it is public now', async () => {
    await receive(world, ria, 'secret', { visibility: 'direct', replyToUri: asked.uri });
    world.clock.advance(1000);
    const post = remotePost(world, ria.uri, 'secret', {
      ...{ visibility: 'public', replyToUri: asked.uri, contentHtml: '<p>so be it</p>' },
      editedAt: world.clock.now(),
    });
    await world.commit(refreshPost, { post, authorId: ria.id });
    expect(await shown()).toEqual({ stranger: 0, author: 0 });
  });
});
