import { createCommit, type CommitWith } from '#db/commit.ts';
import { indexText } from '#db/dialect.ts';
import { COMMAND_LINE_SLOT } from '#db/slots.ts';
import type { Store, Transaction } from '#db/store.ts';
import type { Site, Unit } from '#db/unit.ts';
import { createAccount } from '#domain/accounts/create-account.ts';
import { postUri } from '#domain/accounts/account-uris.ts';
import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { writeSettings } from '#domain/instance/edit-settings.ts';
import { openSession } from '#domain/membership/open-session.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { makeKeys } from '#federation/keys.ts';
import { DAY_MS, systemClock } from '#kernel/clock.ts';
import { createIdSource, firstIdAt, type IdSource } from '#kernel/ids.ts';
import type { Sealer } from '#kernel/seal.ts';

/*
 * A small town: some people here, two thousand elsewhere, and a month of what they wrote. Everything is written through
 * the store; drawn by a seed, so that every run has the same.
 */

export const HOSTS = 200;
export const AUTHORS = 2000;
export const FOLLOWERS = 1000;
/** How many authors each reader follows; the first ones of the list. */
export const READERS = [50, 500, 2000] as const;

export const hostOf = (author: number) => `h${author % HOSTS}.peer.test`;
export const authorUri = (author: number) => `https://${hostOf(author)}/users/a${author}`;

export interface Person {
  id: number;
  handle: string;
  /** Of a first post. */
  postUri: string;
  /** The session's cookie and what its forms carry. */
  token: string;
  csrf: string;
}

export interface Town {
  store: Store;
  site: Site;
  authorIds: number[];
  readers: Map<number, Person>;
  /** Followed by a thousand on two hundred hosts. */
  star: Person;
  /** Followed by nobody. */
  quiet: Person;
  posts: WrittenPost[];
}

interface WrittenPost {
  id: number;
  uri: string;
  author: number;
  threadId: number;
}

/** An instance that is set up, its people and their follows; no posts yet. */
export async function makeTown(store: Store, site: Site, sealer: Sealer): Promise<Town> {
  const ids = createIdSource(COMMAND_LINE_SLOT);
  const parts = { store, clock: systemClock, ids, site };
  const nothing = { react: async () => undefined, consumersOf: () => [], wake: () => undefined };
  const commit = createCommit({ ...parts, ...nothing });
  const keys = await makeKeys(sealer);
  await commit(async (unit) => {
    await writeSettings(unit, { setUpAt: unit.now, origin: site.origin, handleDomain: site.handleDomain });
    await ensureInstanceActor(unit, { keys });
  }, undefined);

  const person = (handle: string) => moveIn(commit, handle, keys);
  const star = await person('star');
  const quiet = await person('quiet');
  const readers = new Map<number, Person>();
  for (const follows of READERS) readers.set(follows, await person(`reader${follows}`));
  const authorIds: number[] = [];
  await store.write(async (tx) => {
    for (let author = 0; author < AUTHORS; author += 1) authorIds.push(await writeAuthor(tx, ids, author));
    for (const [follows, { id }] of readers) {
      for (const followee of authorIds.slice(0, follows)) await writeFollow(tx, ids, id, followee);
    }
    for (const follower of authorIds.slice(0, FOLLOWERS)) await writeFollow(tx, ids, follower, star.id);
  });
  return { store, site, authorIds, readers, star, quiet, posts: [] };
}

async function moveIn(commit: CommitWith, handle: string, keys: Parameters<typeof makePerson>[1]['keys']) {
  return commit(makePerson, { handle, keys });
}

async function makePerson(
  unit: Unit,
  { handle, keys }: { handle: string; keys: Awaited<ReturnType<typeof makeKeys>> },
): Promise<Person> {
  const id = await createAccount(unit, { handle, displayName: handle, keys });
  await unit.tx.insert(unit.schema.members).values({
    accountId: id,
    email: `${handle}@example.org`,
    emailFolded: `${handle}@example.org`,
    emailConfirmedAt: unit.now,
    passwordHash: '',
    role: handle === 'star' ? 'owner' : 'user',
    approvedAt: unit.now,
    locale: 'en',
    createdAt: unit.now,
  });
  const token = await openSession(unit, { accountId: id, visit: { address: '127.0.0.1', userAgent: 'bench' } });
  const rows = await unit.tx.hot<{ csrf_token: string }>('select csrf_token from sessions where account_id = $1', id);
  const postId = await publishPost(unit, { ...FIRST_POST, authorId: id });
  return { id, handle, postUri: postUri(unit.site, handle, postId), token, csrf: rows[0]?.csrf_token ?? '' };
}

const FIRST_POST = {
  text: 'A first post, as long as most of them: it says that somebody is here now, and why.',
  warning: null,
  sensitive: false,
  language: 'en',
  visibility: 'public',
  replyToId: null,
  mediaIds: [],
  poll: null,
} as const;

async function writeAuthor(tx: Transaction, ids: IdSource, author: number): Promise<number> {
  const now = systemClock.now();
  const id = ids.next(now);
  const uri = authorUri(author);
  await tx.hot(
    `insert into accounts (id, handle, handle_folded, domain, uri, url, inbox, shared_inbox, outbox, followers_uri,
       display_name, avatar_remote_url, created_at, updated_at, fetched_at)
     values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12)`,
    id,
    `a${author}`,
    hostOf(author),
    uri,
    `https://${hostOf(author)}/@a${author}`,
    `${uri}/inbox`,
    `https://${hostOf(author)}/inbox`,
    `${uri}/outbox`,
    `${uri}/followers`,
    `Author ${author}`,
    `https://${hostOf(author)}/avatars/${author}.png`,
    now,
  );
  return id;
}

async function writeFollow(tx: Transaction, ids: IdSource, follower: number, followee: number): Promise<void> {
  const now = systemClock.now();
  await tx.hot(
    `insert into follows (id, follower_id, followee_id, uri, state, created_at, accepted_at)
     values ($1, $2, $3, $4, 'accepted', $5, $5)`,
    ids.next(now),
    follower,
    followee,
    `https://follows.test/${follower}/${followee}`,
    now,
  );
  await tx.hot('update accounts set following_count = following_count + 1 where id = $1', follower);
  await tx.hot('update accounts set followers_count = followers_count + 1 where id = $1', followee);
}

/** The month ends a day before the run, so that what arrives in it is the newest. */
const MONTH_MS = 30 * DAY_MS;

/**
 * Lets the town have `total` posts: those that are missing are written older than those that are there, at the same
 * pace, so that the first page of a reader is the same in a small town and a large one.
 */
export async function writePosts(town: Town, total: number, monthly: number, now: number): Promise<void> {
  const draw = seededDraw(total);
  const pace = MONTH_MS / monthly;
  const first = town.posts.length;
  const written: WrittenPost[] = [];
  await town.store.write(async (tx) => {
    for (let index = total - 1; index >= first; index -= 1) {
      const at = Math.floor(now - DAY_MS - index * pace);
      written.push(await writePost(town, tx, at, written, draw));
    }
  });
  town.posts.push(...written);
}

async function writePost(
  town: Town,
  tx: Transaction,
  at: number,
  before: readonly WrittenPost[],
  draw: () => number,
): Promise<WrittenPost> {
  // Some write much more than others; who they are has nothing to do with who is followed.
  const author = (Math.floor(AUTHORS * draw() ** 2) * 1009) % AUTHORS;
  const authorId = town.authorIds[author] ?? 0;
  const id = firstIdAt(at) + author;
  const uri = `${authorUri(author)}/statuses/${id}`;
  const chance = draw();
  const earlier = before.at(-1 - Math.floor(draw() * 100));
  const answered = chance < 0.2 ? earlier : undefined;
  const boosted = chance > 0.9 ? earlier : undefined;
  const threadId = answered?.threadId ?? id;
  await tx.hot(
    `insert into posts (id, uri, url, author_id, local, content_html, language, visibility, reply_to_id, reply_to_uri,
       reply_to_account_id, thread_id, boost_of_id, created_at, received_at)
     values ($1, $2, $2, $3, 0, $4, 'en', $5, $6, $7, $8, $9, $10, $11, $11) on conflict do nothing`,
    id,
    uri,
    authorId,
    boosted ? '' : TEXT,
    chance < 0.8 || boosted ? 'public' : 'unlisted',
    answered?.id ?? null,
    answered?.uri ?? null,
    answered ? (town.authorIds[answered.author] ?? null) : null,
    threadId,
    boosted?.id ?? null,
    at,
  );
  if (boosted) return { ...boosted, author };
  if (answered) {
    await tx.hot(
      'insert into post_mentions (post_id, account_id) values ($1, $2)',
      id,
      town.authorIds[answered.author] ?? 0,
    );
  }
  if (draw() < 0.2) await writePicture(tx, id, authorId, at);
  await indexText({ engine: town.store.engine, tx }, 'post_search', id, `${TEXT} ${chance.toString(36)}`);
  return { id, uri, author, threadId };
}

const TEXT = `<p>${'What people write is about as long as this sentence and says about as much. '.repeat(3)}</p>`;

async function writePicture(tx: Transaction, postId: number, accountId: number, at: number): Promise<void> {
  await tx.hot(
    `insert into media (id, account_id, post_id, position, kind, mime_type, remote_url, description, width, height,
       blurhash, created_at)
     values ($1, $2, $1, 0, 'image', 'image/jpeg', $3, 'A street in the rain', 1600, 900, $4, $5)`,
    postId,
    accountId,
    `https://files.peer.test/${postId}.jpeg`,
    'UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH',
    at,
  );
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function seededDraw(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
