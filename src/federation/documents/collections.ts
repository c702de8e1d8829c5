import { accountUris } from '#domain/accounts/account-uris.ts';
import { findAccount, type Reader } from '#domain/accounts/accounts.queries.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { collectionMembers, followersOnHost } from '#domain/relationships/followers.queries.ts';
import type { Site } from '#db/unit.ts';
import * as activities from '#federation/documents/activities.ts';
import { localPost } from '#federation/documents/note.ts';
import { OBJECT_CONTEXT, type JsonLd } from '#federation/vocabulary.ts';
import { limits } from '#kernel/limits.ts';
import type { Visibility } from '#domain/posts/visibility.ts';

/** What is asked for: a collection as a whole, or the page of what is older than an id. */
export interface CollectionQuery {
  /** Null: the collection itself; 0: its first page. */
  before: number | null;
  /** Who asks; 0 for anyone. */
  viewerId: number;
}

export interface CollectionContext {
  reader: Reader;
  site: Site;
}

interface Owner {
  id: number;
  handle: string;
}

async function ownerOf({ reader }: CollectionContext, handle: string): Promise<Owner | null> {
  const account = await findAccount(reader, handle, '');
  return account && account.deletedAt === null && account.suspendedAt === null ? account : null;
}

const NEVER = Number.MAX_SAFE_INTEGER;

interface Slice {
  items: unknown[];
  /** Of the next page, or null. */
  nextBefore: number | null;
}

/** A collection with its pages; the members are read only for a page. */
async function paged(
  uri: string,
  total: number,
  query: CollectionQuery,
  slice: (before: number) => Promise<Slice>,
): Promise<JsonLd> {
  if (query.before === null) {
    return {
      '@context': OBJECT_CONTEXT,
      id: uri,
      type: 'OrderedCollection',
      totalItems: total,
      ...(total > 0 ? { first: `${uri}?before=0` } : { orderedItems: [] }),
    };
  }
  const { items, nextBefore } = await slice(query.before === 0 ? NEVER : query.before);
  return {
    '@context': OBJECT_CONTEXT,
    id: `${uri}?before=${query.before}`,
    type: 'OrderedCollectionPage',
    partOf: uri,
    totalItems: total,
    orderedItems: items,
    ...(nextBefore === null ? {} : { next: `${uri}?before=${nextBefore}` }),
  };
}

export async function outbox(
  context: CollectionContext,
  handle: string,
  query: CollectionQuery,
): Promise<JsonLd | null> {
  const owner = await ownerOf(context, handle);
  if (!owner) return null;
  const { read } = context.reader;
  const total = await read.hot<{ n: number }>(`select posts_count as n from accounts where id = $1`, owner.id);
  return paged(accountUris(context.site, owner.handle).outbox, Number(total[0]?.n ?? 0), query, async (before) => {
    const rows = await read.hot<OutboxRow>(
      `select p.id, p.uri, p.boost_of_id, p.visibility, p.created_at, b.uri as boosted_uri, c.uri as boosted_author
       from posts p join accounts a on a.id = p.author_id
         left join posts b on b.id = p.boost_of_id left join accounts c on c.id = b.author_id
       where p.author_id = $1 and p.id < $2 and p.visibility <> 'direct' and ${visibleTo(3)}
       order by p.id desc limit $4`,
      owner.id,
      before,
      query.viewerId,
      limits.timelinePage + 1,
    );
    const items: JsonLd[] = [];
    for (const row of rows.slice(0, limits.timelinePage)) {
      const activity = await outboxItem(context, owner, row);
      if (activity) items.push(activity);
    }
    return { items, nextBefore: nextOf(rows, limits.timelinePage) };
  });
}

interface OutboxRow {
  id: number;
  uri: string;
  boost_of_id: number | null;
  visibility: Visibility;
  created_at: number;
  boosted_uri: string | null;
  boosted_author: string | null;
}

async function outboxItem(context: CollectionContext, owner: Owner, row: OutboxRow): Promise<JsonLd | null> {
  if (row.boosted_uri && row.boosted_author) {
    const { uri, visibility, created_at: createdAt, boosted_uri: postUri, boosted_author: authorUri } = row;
    return activities.announce(
      { uri, boosterHandle: owner.handle, visibility, createdAt, postUri, authorUri },
      context.site,
    );
  }
  const post = await localPost(context.reader, context.site, row.id);
  return post ? activities.create(post) : null;
}

/** Counts for everyone, members too unless the person hides them. */
export async function relations(
  context: CollectionContext,
  handle: string,
  direction: 'followers' | 'following',
  query: CollectionQuery,
): Promise<JsonLd | null> {
  const owner = await ownerOf(context, handle);
  if (!owner) return null;
  const rows = await context.reader.read.hot<{ n: number; counts_hidden: number }>(
    `select ${direction}_count as n, counts_hidden from accounts where id = $1`,
    owner.id,
  );
  const hidden = rows[0]?.counts_hidden !== 0;
  const uris = accountUris(context.site, owner.handle);
  const uri = direction === 'followers' ? uris.followersUri : uris.followingUri;
  return paged(uri, hidden ? 0 : Number(rows[0]?.n ?? 0), query, async (before) => {
    if (hidden) return { items: [], nextBefore: null };
    const page = await collectionMembers(context.reader, owner.id, direction, {
      before,
      after: null,
      limit: limits.collectionPage,
    });
    return { items: page.items.map((item) => item.uri), nextBefore: page.nextBefore };
  });
}

/** The part of the followers that lives on the asking host (FEP-8fcf). */
export async function followersSynchronization(
  context: CollectionContext,
  handle: string,
  host: string,
): Promise<JsonLd | null> {
  const owner = await ownerOf(context, handle);
  if (!owner) return null;
  const { followersUri } = accountUris(context.site, owner.handle);
  return {
    '@context': OBJECT_CONTEXT,
    id: `${followersUri}_synchronization`,
    type: 'OrderedCollection',
    orderedItems: await followersOnHost(context.reader, owner.id, host),
  };
}

/** The pinned posts, whole: there are few. */
export async function featured(
  context: CollectionContext,
  handle: string,
  query: CollectionQuery,
): Promise<JsonLd | null> {
  const owner = await ownerOf(context, handle);
  if (!owner) return null;
  const rows = await context.reader.read.hot<{ id: number }>(
    `select p.id from pins x join posts p on p.id = x.post_id join accounts a on a.id = p.author_id
     where x.account_id = $1 and ${visibleTo(2)} order by x.created_at desc`,
    owner.id,
    query.viewerId,
  );
  const items: JsonLd[] = [];
  for (const row of rows) {
    const post = await localPost(context.reader, context.site, row.id);
    if (post) items.push(post.note);
  }
  return {
    '@context': OBJECT_CONTEXT,
    id: accountUris(context.site, owner.handle).featuredUri,
    type: 'OrderedCollection',
    totalItems: items.length,
    orderedItems: items,
  };
}

/** The answers to a post that the asker may see, by their addresses. */
export async function replies(
  context: CollectionContext,
  postId: number,
  postUri: string,
  query: CollectionQuery,
): Promise<JsonLd> {
  const { read } = context.reader;
  const total = await read.hot<{ n: number }>('select replies_count as n from posts where id = $1', postId);
  return paged(`${postUri}/replies`, Number(total[0]?.n ?? 0), query, async (before) => {
    const rows = await read.hot<{ id: number; uri: string }>(
      `select p.id, p.uri from posts p join accounts a on a.id = p.author_id
       where p.reply_to_id = $1 and p.id < $2 and p.visibility in ('public', 'unlisted') and ${visibleTo(3)}
       order by p.id desc limit $4`,
      postId,
      before,
      query.viewerId,
      limits.collectionPage + 1,
    );
    return {
      items: rows.slice(0, limits.collectionPage).map(({ uri }) => uri),
      nextBefore: nextOf(rows, limits.collectionPage),
    };
  });
}

/** How many like or boosted it; not who. */
export async function marks(
  context: CollectionContext,
  postId: number,
  postUri: string,
  mark: 'likes' | 'shares',
): Promise<JsonLd> {
  const column = mark === 'likes' ? 'favourites_count' : 'boosts_count';
  const rows = await context.reader.read.hot<{ n: number }>(`select ${column} as n from posts where id = $1`, postId);
  return {
    '@context': OBJECT_CONTEXT,
    id: `${postUri}/${mark}`,
    type: 'Collection',
    totalItems: Number(rows[0]?.n ?? 0),
  };
}

function nextOf(rows: readonly { id: number }[], limit: number): number | null {
  return rows.length > limit ? (rows[limit - 1]?.id ?? null) : null;
}
