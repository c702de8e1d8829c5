import { expect } from 'vitest';
import type { DomainEvent, EventType } from '#domain/events.ts';
import type { Role } from '#domain/membership/permissions.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { DomainError } from '#kernel/errors.ts';
import type { World } from '../world.ts';

/** The events of one kind that consumers are told of, in their order. */
export async function emitted<T extends EventType>(
  world: World,
  type: T,
): Promise<Extract<DomainEvent, { type: T }>[]> {
  const rows = await world.store.read.hot<{ event: string }>(
    'select event from outbox where type = $1 order by id',
    type,
  );
  return rows.map((row) => JSON.parse(row.event) as Extract<DomainEvent, { type: T }>);
}

export async function forgetEvents(world: World): Promise<void> {
  await world.store.write((tx) => tx.hot('delete from outbox'));
}

/** Where a follow stands: null when there is none. */
export async function followState(world: World, followerId: number, followeeId: number): Promise<string | null> {
  const rows = await world.store.read.hot<{ state: string }>(
    'select state from follows where follower_id = $1 and followee_id = $2',
    followerId,
    followeeId,
  );
  return rows[0]?.state ?? null;
}

export async function followUriOf(world: World, followerId: number, followeeId: number): Promise<string> {
  const rows = await world.store.read.hot<{ uri: string }>(
    'select uri from follows where follower_id = $1 and followee_id = $2',
    followerId,
    followeeId,
  );
  return rows[0]?.uri ?? '';
}

/** The counters of an account. */
export async function counters(world: World, accountId: number): Promise<{ followers: number; following: number }> {
  const rows = await world.store.read.hot<{ followers: number; following: number }>(
    'select followers_count as followers, following_count as following from accounts where id = $1',
    accountId,
  );
  return rows[0] ?? { followers: -1, following: -1 };
}

/** Every account's counters say what the rows say. */
export async function expectExactCounters(world: World): Promise<void> {
  const wrong = await world.store.read.hot(
    `select id, followers_count, following_count from accounts a where
       followers_count <> (select count(*) from follows f where f.followee_id = a.id and f.state = 'accepted')
       or following_count <> (select count(*) from follows f where f.follower_id = a.id and f.state = 'accepted')`,
  );
  expect(wrong).toEqual([]);
}

export async function update(world: World, accountId: number, set: string): Promise<void> {
  await world.store.write((tx) => tx.hot(`update accounts set ${set} where id = $1`, accountId));
}

/** Makes a local account a member, who is told things and may have a role. */
export async function enrol(world: World, accountId: number, role: Role = 'user'): Promise<void> {
  await world.store.write((tx) =>
    tx.insert(world.store.schema.members).values({
      accountId,
      email: `${accountId}@here.test`,
      emailFolded: `${accountId}@here.test`,
      emailConfirmedAt: 1,
      passwordHash: 'none',
      role,
      approvedAt: 1,
      createdAt: 1,
    }),
  );
}

export function publish(world: World, authorId: number, text: string, over: Partial<NewPost> = {}): Promise<number> {
  return world.commit(publishPost, {
    authorId,
    text,
    warning: null,
    sensitive: false,
    language: null,
    visibility: 'public',
    replyToId: null,
    mediaIds: [],
    poll: null,
    ...over,
  });
}

/** A post as a remote account's server tells it; `name` is the end of its address. */
export function remotePost(world: World, authorUri: string, name: string, over: Partial<RemotePost> = {}): RemotePost {
  return {
    uri: `${authorUri}/posts/${name}`,
    url: null,
    kind: 'note',
    authorUri,
    title: null,
    contentHtml: `<p>${name}</p>`,
    warning: null,
    sensitive: false,
    language: null,
    visibility: 'public',
    replyToUri: null,
    quoteUri: null,
    mentions: [],
    hashtags: [],
    emoji: [],
    media: [],
    poll: null,
    publishedAt: world.clock.now(),
    editedAt: null,
    recipientUris: [],
    ...over,
  };
}

/** A post of a remote account reaches us. */
export async function receive(
  world: World,
  author: { id: number; uri: string },
  name: string,
  over: Partial<RemotePost> = {},
): Promise<number> {
  const post = remotePost(world, author.uri, name, over);
  return (await world.commit(receivePost, { post, authorId: author.id })) ?? 0;
}

/** Why a command refused; `no refusal` when it did not. */
export function reasonOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    () => 'no refusal',
    (error: unknown) => {
      if (error instanceof DomainError) return error.reason;
      throw error;
    },
  );
}
