import type { CommitWith } from '#db/commit.ts';
import { receiveTotals } from '#domain/accounts/receive-totals.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { receivePins } from '#domain/posts/pin-post.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import { fetchPage, openCollection } from '#federation/resolve/fetch-collection.ts';
import { newBudget, type Budget } from '#federation/resolve/budget.ts';
import { quietly } from '#federation/resolve/fetch-faults.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import type { RemoteCollection } from '#federation/translate/document.ts';
import { asObject, idOf, originOf, typeOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { DAY_MS, HOUR_MS, type Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/** How old what is known of a profile may be when somebody looks at it. */
export const PROFILE_FRESH_MS = HOUR_MS;
const OUTBOX_FRESH_MS = DAY_MS;

export interface ProfileParts {
  reader: Reader;
  resolver: Resolver;
  commit: CommitWith;
  clock: Clock;
}

interface Owner {
  id: number;
  uri: string;
  followers_uri: string | null;
  following_uri: string | null;
  featured_uri: string | null;
  outbox: string | null;
  profile_fetched_at: number | null;
  outbox_fetched_at: number | null;
  followed: number;
}

/**
 * What somebody expects to see on a profile that is new here: how much there is, what is pinned, and the newest posts.
 * Each collection is asked for at the account's own origin. One that is missing or closed leaves the others alone.
 */
export async function fetchProfile(parts: ProfileParts, uri: string): Promise<void> {
  const now = parts.clock.now();
  const owner = await findOwner(parts.reader, uri);
  if (!owner || !isOlder(owner.profile_fetched_at, now - PROFILE_FRESH_MS)) return;
  const source: Source = { ...parts, owner, budget: newBudget(limits.profileFetches) };
  const [followers, following] = [
    await totalOf(source, owner.followers_uri),
    await totalOf(source, owner.following_uri),
  ];
  const outbox = await open(source, owner.outbox);
  // Of those who are followed here everything new comes by itself.
  const isBehind =
    owner.outbox_fetched_at === null ||
    (owner.followed === 0 && isOlder(owner.outbox_fetched_at, now - OUTBOX_FRESH_MS));
  if (isBehind && outbox) await fetchNewest(source, outbox);
  await fetchPins(source);
  await parts.commit(receiveTotals, {
    accountId: owner.id,
    followers,
    following,
    posts: outbox?.total ?? null,
    withPosts: isBehind && (outbox !== null || owner.outbox === null),
  });
}

interface Source extends ProfileParts {
  owner: Owner;
  budget: Budget;
}

async function findOwner({ read }: Reader, uri: string): Promise<Owner | null> {
  const rows = await read.hot<Owner>(
    `select a.id, a.uri, a.followers_uri, a.following_uri, a.featured_uri, a.outbox, a.profile_fetched_at,
       a.outbox_fetched_at,
       (select count(*) from follows f where f.followee_id = a.id and f.state = 'accepted') as followed
     from accounts a where a.uri = $1 and a.domain <> '' and a.suspended_at is null and a.deleted_at is null`,
    uri,
  );
  return rows[0] ?? null;
}

function isOlder(at: number | null, than: number): boolean {
  return at === null || at <= than;
}

async function open({ resolver, owner, budget }: Source, uri: string | null): Promise<RemoteCollection | null> {
  return uri === null ? null : quietly(() => fetchPage(resolver, uri, new URL(owner.uri).origin, budget));
}

async function totalOf(source: Source, uri: string | null): Promise<number | null> {
  return (await open(source, uri))?.total ?? null;
}

/** The first page of the outbox: what was written, and no boosts, each of which would cost another server's answer. */
async function fetchNewest(source: Source, outbox: RemoteCollection): Promise<void> {
  const { resolver, owner, budget } = source;
  const { first, items } = outbox;
  const { origin } = new URL(owner.uri);
  const page = items.length > 0 ? outbox : await quietly(() => openCollection(resolver, first, origin, budget));
  for (const item of (page?.items ?? []).slice(0, limits.profilePosts)) {
    const created = createdBy(item);
    if (created !== null) await bringPost(source, created);
  }
}

function createdBy(item: string | Json): unknown {
  return typeof item !== 'string' && typeOf(item, ['Create']) === 'Create' ? item['object'] : null;
}

async function fetchPins(source: Source): Promise<void> {
  const { resolver, owner, budget } = source;
  const uri = owner.featured_uri;
  const featured =
    uri === null ? null : await quietly(() => openCollection(resolver, uri, new URL(owner.uri).origin, budget));
  if (!featured) return;
  const postUris: string[] = [];
  for (const item of featured.items.slice(0, limits.profilePins)) {
    // snac 2.94 lists the activities that brought the posts.
    const postUri = await bringPost(source, createdBy(item) ?? item);
    if (postUri !== null) postUris.push(postUri);
  }
  await source.commit(receivePins, { actorId: owner.id, postUris });
}

/**
 * A post of a collection, by its id or as it stands there: the collection came from the account's own origin, which may
 * bring what lives there (FEP-fe34). The address of the post when it is here by now.
 */
async function bringPost(source: Source, item: unknown): Promise<string | null> {
  const { reader, resolver, owner, budget } = source;
  const uri = idOf(item);
  if (uri === null || originOf(uri) !== originOf(owner.uri)) return null;
  if ((await findPostIdByUri(reader, uri)) !== null) return uri;
  const isWhole = asObject(item) !== null && typeOf(item) !== null && asObject(item)?.['attributedTo'] != null;
  const json = isWhole ? item : (await quietly(() => resolver.fetchObject(uri, budget)))?.json;
  const post = json ? await resolver.translatePost(json) : null;
  const isOpen = post?.visibility === 'public' || post?.visibility === 'unlisted';
  if (!post || !isOpen || post.uri !== uri || post.authorUri !== owner.uri) return null;
  return (await source.commit(receivePost, { post, authorId: owner.id })) === null ? null : uri;
}
