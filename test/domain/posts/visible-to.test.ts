import { eq } from 'drizzle-orm';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postViews } from '#domain/posts/posts.queries.ts';
import { canSee, visibleTo } from '#domain/posts/posts.policy.ts';
import { VISIBILITIES, type Visibility } from '#domain/posts/visibility.ts';
import { openWorld, type World } from '../../world.ts';

/* The policy says once in TypeScript and once in SQL who sees a post. This holds the two against each other. */

const PEOPLE = 5;
const LOCAL = 3;

interface WorldOfPosts {
  /** Pairs of people, by their places. */
  follows: { from: number; to: number; accepted: boolean }[];
  blocks: [number, number][];
  mutes: [number, number][];
  gone: ('suspended' | 'deleted' | 'limited' | 'no')[];
  posts: { author: number; visibility: Visibility; mentioned: number[]; replyTo: number | null }[];
}

const someone = fc.nat(PEOPLE - 1);
const pair = fc.tuple(someone, someone).filter(([one, other]) => one !== other);

const worlds: fc.Arbitrary<WorldOfPosts> = fc.record({
  follows: fc.uniqueArray(
    fc.record({ from: someone, to: someone, accepted: fc.boolean() }).filter(({ from, to }) => from !== to),
    { maxLength: 10, selector: ({ from, to }) => from * PEOPLE + to },
  ),
  blocks: fc.uniqueArray(pair, { maxLength: 4, selector: String }),
  mutes: fc.uniqueArray(pair, { maxLength: 4, selector: String }),
  gone: fc.array(fc.constantFrom('no', 'no', 'no', 'suspended', 'deleted', 'limited'), {
    minLength: PEOPLE,
    maxLength: PEOPLE,
  }),
  posts: fc.array(
    fc.record({
      author: someone,
      visibility: fc.constantFrom(...VISIBILITIES),
      mentioned: fc.uniqueArray(someone, { maxLength: 3 }),
      replyTo: fc.option(fc.nat(5)),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

let world: World;
const people: number[] = [];

beforeAll(async () => {
  world = await openWorld();
  for (let n = 0; n < PEOPLE; n += 1)
    people.push(n < LOCAL ? await world.person(`p${n}`) : await world.remote(`p${n}`));
});

afterAll(() => world.close());

const personAt = (place: number) => people[place] as number;

/** Writes such a world and returns the ids of its posts. */
async function build(made: WorldOfPosts): Promise<number[]> {
  const { accounts, follows, blocks, mutes, posts, postMentions } = world.store.schema;
  const now = world.clock.now();
  const pairs = (all: readonly [number, number][]) =>
    all.map(([from, to]) => ({ id: world.ids.next(now), from: personAt(from), to: personAt(to) }));
  const ids = made.posts.map(() => world.ids.next(now));
  const rows = {
    follows: pairs(made.follows.map(({ from, to }) => [from, to])).map(({ id, from, to }, place) => ({
      ...{ id, followerId: from, followeeId: to, uri: `https://there.test/follows/${id}`, createdAt: now },
      state: made.follows[place]?.accepted ? ('accepted' as const) : ('pending' as const),
    })),
    blocks: pairs(made.blocks).map(({ id, from, to }) => ({
      ...{ id, blockerId: from, blockedId: to, uri: `https://there.test/blocks/${id}`, createdAt: now },
    })),
    mutes: pairs(made.mutes).map(({ id, from, to }) => ({ id, muterId: from, mutedId: to, createdAt: now })),
    posts: made.posts.map((post, place) => ({
      ...{ id: ids[place] as number, threadId: ids[place] as number, authorId: personAt(post.author) },
      ...{ uri: `https://there.test/posts/${ids[place]}`, url: `https://there.test/posts/${ids[place]}` },
      ...{ local: post.author < LOCAL, visibility: post.visibility, createdAt: now, receivedAt: now },
      replyToId: post.replyTo === null ? null : (ids[post.replyTo] ?? null),
    })),
    mentions: made.posts.flatMap((post, place) =>
      post.mentioned.map((mentioned) => ({ postId: ids[place] as number, accountId: personAt(mentioned) })),
    ),
  };
  await world.store.write(async (tx) => {
    for (const table of ['post_mentions', 'posts', 'follows', 'blocks', 'mutes']) await tx.hot(`delete from ${table}`);
    for (const [place, state] of made.gone.entries()) {
      const values = {
        suspendedAt: state === 'suspended' ? now : null,
        deletedAt: state === 'deleted' ? now : null,
        limitedAt: state === 'limited' ? now : null,
      };
      await tx
        .update(accounts)
        .set(values)
        .where(eq(accounts.id, personAt(place)));
    }
    if (rows.follows.length > 0) await tx.insert(follows).values(rows.follows);
    if (rows.blocks.length > 0) await tx.insert(blocks).values(rows.blocks);
    if (rows.mutes.length > 0) await tx.insert(mutes).values(rows.mutes);
    await tx.insert(posts).values(rows.posts);
    if (rows.mentions.length > 0) await tx.insert(postMentions).values(rows.mentions);
  });
  return ids;
}

/** What the pure policy says of each post, for one viewer. */
function seenBy(made: WorldOfPosts, ids: readonly number[], place: number | null): number[] {
  return ids.filter((_, index) => {
    const post = made.posts[index] as WorldOfPosts['posts'][number];
    const seen = {
      authorId: personAt(post.author),
      visibility: post.visibility,
      authorGone: ['suspended', 'deleted'].includes(made.gone[post.author] ?? 'no'),
      mentionedIds: post.mentioned.map(personAt),
    };
    if (place === null) return canSee(seen, null);
    return canSee(seen, {
      accountId: personAt(place),
      follows: made.follows.some(({ from, to, accepted }) => from === place && to === post.author && accepted),
      blockedByAuthor: made.blocks.some(([from, to]) => from === post.author && to === place),
    });
  });
}

const VIEWERS = [null, ...Array.from({ length: PEOPLE }, (_, place) => place)];

test(
  'who sees a post is the same in SQL, in the policy and on the one way onto a page',
  { timeout: 60_000 },
  async () => {
    const said = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(worlds, async (made) => {
        const ids = await build(made);
        for (const place of VIEWERS) {
          const viewerId = place === null ? null : personAt(place);
          const rows = await world.store.read.hot<{ id: number }>(
            `select p.id from posts p join accounts a on a.id = p.author_id where ${visibleTo(1)} order by p.id`,
            viewerId ?? 0,
          );
          const expected = seenBy(made, ids, place);
          expect(rows.map(({ id }) => id)).toEqual(expected);
          const views = await postViews(world.store, viewerId, ids);
          expect([...views.keys()].toSorted((a, b) => a - b)).toEqual(expected);
          said.yes += expected.length;
          said.no += ids.length - expected.length;
        }
      }),
      // PGlite writes such a world ten times slower.
      { numRuns: world.store.engine === 'sqlite' ? 150 : 30 },
    );
    // A world in which everything or nothing is seen would prove nothing.
    expect(Math.min(said.yes, said.no)).toBeGreaterThan(80);
  },
);
