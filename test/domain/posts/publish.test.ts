import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { counterDrift } from '#domain/upkeep/counter-drift.queries.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { draft } from '../../stories/cast.ts';
import { receive } from '../observed.ts';
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

const publish = (authorId: number, text: string, more: Partial<NewPost> = {}) =>
  world.commit(publishPost, draft(authorId, text, more));
const edit = (authorId: number, postId: number, text: string) =>
  world.commit(editPost, { authorId, postId, text, warning: null, sensitive: false, language: null });
const countsOf = async (accountId: number) =>
  (await world.store.read.hot<{ posts_count: number }>('select posts_count from accounts where id = $1', accountId))[0]
    ?.posts_count;

describe('publishing', () => {
  test('a post shows its words as HTML that is safe', async () => {
    const id = await publish(alice, 'Fish & <b>chips</b> at https://example.org/?a=1&b=2\nnow #Food');
    expect((await findPost(world.store, null, id))?.contentHtml).toBe(
      '<p>Fish &amp; &lt;b&gt;chips&lt;/b&gt; at <a href="https://example.org/?a=1&amp;b=2" target="_blank" ' +
        'rel="nofollow noopener noreferrer"><span class="invisible">https://</span><span>example.org/?a=1&amp;b=2</span></a>' +
        '<br>now <a href="https://here.test/tags/food" class="mention hashtag" rel="tag">#<span>Food</span></a></p>',
    );
  });

  test('counts for the author, but a direct post does not', async () => {
    await publish(alice, 'One');
    await publish(alice, '@bob two', { visibility: 'direct' });
    expect(await countsOf(alice)).toBe(1);
  });

  test.for([
    ['', {}, 'post-empty'],
    ['   \n ', {}, 'post-empty'],
    ['x'.repeat(501), {}, 'post-too-long'],
    ['x'.repeat(490), { warning: 'long words ahead' }, 'post-too-long'],
    ['Tea?', { poll: { options: ['Yes'], multiple: false, minutes: 60 } }, 'poll-too-few-options'],
    ['Tea?', { poll: { options: ['Yes', 'Yes '], multiple: false, minutes: 60 } }, 'poll-options-equal'],
    ['Tea?', { poll: { options: ['Yes', 'No'], multiple: false, minutes: 1 } }, 'poll-duration'],
    ['Tea?', { mediaIds: [1], poll: { options: ['Yes', 'No'], multiple: false, minutes: 60 } }, 'poll-with-media'],
    ['A picture', { mediaIds: [12_345] }, 'media-not-found'],
  ] as const)('refuses %j %j', async ([text, more, reason]) => {
    await expect(publish(alice, text, more)).rejects.toMatchObject({ reason });
    expect(await world.store.read.$count(world.store.schema.posts)).toBe(0);
  });

  test('counts a family emoji as one character', async () => {
    await expect(publish(alice, '👩‍👩‍👧‍👦'.repeat(500))).resolves.toBeTypeOf('number');
  });

  test('a reply is never for more people than what it answers', async () => {
    const secret = await publish(alice, '@bob a word', { visibility: 'direct' });
    const reply = await publish(bob, '@alice indeed', { replyToId: secret, visibility: 'public' });
    expect((await findPost(world.store, bob, reply))?.visibility).toBe('direct');
  });

  test('private answers to a public post are counted for nobody', async () => {
    const open = await publish(alice, 'Who comes?');
    const repliesTo = async (id: number) => (await findPost(world.store, null, id))?.repliesCount;
    const replies = [];
    for (const visibility of ['public', 'unlisted', 'followers', 'direct'] as const) {
      replies.push(await publish(bob, '@alice I do', { replyToId: open, visibility }));
    }
    expect(await repliesTo(open)).toBe(2);
    expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
    for (const postId of replies.toReversed()) await world.commit(deletePost, { authorId: bob, postId });
    expect(await repliesTo(open)).toBe(0);
    expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
  });

  test('answers that arrive before what they answer are counted by the same rule', async () => {
    const remoteAt = async (handle: string) => ({
      id: await world.remote(handle),
      uri: `https://there.test/users/${handle}`,
    });
    const [rita, rolf] = [await remoteAt('rita'), await remoteAt('rolf')];
    const replyToUri = `${rita.uri}/posts/question`;
    for (const visibility of ['public', 'followers', 'direct'] as const) {
      await receive(world, rolf, visibility, { replyToUri, visibility });
    }
    const id = await receive(world, rita, 'question');
    expect((await findPost(world.store, null, id))?.repliesCount).toBe(1);
    expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
  });

  test('nobody answers what they may not see', async () => {
    const carol = await world.person('carol');
    const secret = await publish(alice, '@bob a word', { visibility: 'direct' });
    await expect(publish(carol, 'What?', { replyToId: secret })).rejects.toMatchObject({ code: 'not-found' });
    await world.commit(blockAccount, { blockerId: alice, blockedId: carol });
    const open = await publish(alice, 'Hello everyone');
    await expect(publish(carol, 'Hello', { replyToId: open })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('editing', () => {
  test('keeps what was said before', async () => {
    const id = await publish(alice, 'First');
    world.clock.advance(1000);
    await edit(alice, id, 'Second');
    const post = await findPost(world.store, null, id);
    expect(post).toMatchObject({ editedAt: world.clock.now() });
    expect(post?.contentHtml).toContain('Second');
    const edits = await world.store.read.hot<{ content_html: string }>('select content_html from post_edits');
    expect(edits).toEqual([{ content_html: '<p>First</p>' }]);
  });

  test('is for the author alone', async () => {
    const id = await publish(alice, 'Mine');
    await expect(edit(bob, id, 'Yours')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('takes a private word from nobody who had it', async () => {
    const id = await publish(alice, '@bob between us', { visibility: 'direct' });
    await edit(alice, id, 'between us');
    expect(await findPost(world.store, bob, id)).not.toBeNull();
  });
});

describe('deleting', () => {
  test('is for the author alone', async () => {
    const id = await publish(alice, 'Mine');
    await expect(world.commit(deletePost, { authorId: bob, postId: id })).rejects.toMatchObject({ code: 'not-found' });
    expect(await findPost(world.store, null, id)).not.toBeNull();
  });

  test('takes the counts back and leaves the answers', async () => {
    const id = await publish(alice, 'Question');
    const reply = await publish(bob, 'Answer', { replyToId: id });
    await world.commit(deletePost, { authorId: alice, postId: id });
    expect(await countsOf(alice)).toBe(0);
    const left = await findPost(world.store, null, reply);
    expect(left).toMatchObject({ replyToId: null, replyToAccount: { handle: 'alice' } });
  });

  test('leaves a grave for a public post and none for a private one', async () => {
    const open = await publish(alice, 'Open');
    const closed = await publish(alice, 'Closed', { visibility: 'followers' });
    for (const postId of [open, closed]) await world.commit(deletePost, { authorId: alice, postId });
    const graves = await world.store.read.hot<{ uri: string }>('select uri from tombstones');
    expect(graves).toEqual([{ uri: `https://here.test/users/alice/posts/${open}` }]);
  });
});
