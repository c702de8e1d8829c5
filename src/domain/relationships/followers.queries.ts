import { createHash } from 'node:crypto';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

/** A line of the followers or following collection. */
export interface CollectionMember {
  /** Of the follow. */
  id: number;
  uri: string;
}

type Direction = 'followers' | 'following';

const TEXTS: Record<Direction, string> = {
  followers: memberText('r.followee_id', 'r.follower_id'),
  following: memberText('r.follower_id', 'r.followee_id'),
};

function memberText(own: string, other: string): string {
  return `select r.id, a.uri from follows r join accounts a on a.id = ${other}
    where ${own} = $1 and r.state = 'accepted' and a.suspended_at is null and a.deleted_at is null
      and r.id < $2 and r.id > $3 order by r.id desc limit $4`;
}

/** A page of the collection that the account's document names. */
export async function collectionMembers(
  { read }: Pick<Reader, 'read'>,
  accountId: number,
  direction: Direction,
  page: PageRequest,
): Promise<Page<CollectionMember>> {
  const rows = await read.hot<CollectionMember>(
    TEXTS[direction],
    accountId,
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.after ?? 0,
    page.limit + 1,
  );
  return pageOf(rows, page.limit);
}

/*
 * SQLite takes tables of a cross join in the order in which they stand, and knows nothing of how many there are. A
 * delivery to each of hundreds of hosts asks: of few followers all are looked at, of many those accounts on the host.
 */
const FOLLOWERS_FIRST = 'follows f cross join accounts a';
const HOST_FIRST = 'accounts a cross join follows f';
const FOLLOWERS_WALKED_MAX = 500;

/**
 * The URIs of an account's followers on one host, sorted: the partial collection of FEP-8fcf.
 * @param host with its port, if it has one: what stands between `https://` and the next slash of their ids.
 */
export async function followersOnHost(
  { read }: Pick<Reader, 'read'>,
  accountId: number,
  host: string,
): Promise<string[]> {
  const [account] = await read.hot<{ count: number }>(
    'select followers_count as count from accounts where id = $1',
    accountId,
  );
  const tables = (account?.count ?? 0) > FOLLOWERS_WALKED_MAX ? HOST_FIRST : FOLLOWERS_FIRST;
  const rows = await read.hot<{ uri: string }>(
    `select a.uri from ${tables} where f.follower_id = a.id and f.followee_id = $1 and f.state = 'accepted'
       and ((a.uri >= $2 and a.uri < $3) or (a.uri >= $4 and a.uri < $5)) order by a.uri`,
    accountId,
    // Ranges of the index on uri: '0' follows '/'.
    `https://${host}/`,
    `https://${host}0`,
    `http://${host}/`,
    `http://${host}0`,
  );
  return rows.map((row) => row.uri);
}

/** The digest of FEP-8fcf: the SHA-256 of each follower's URI on that host, XORed, in hexadecimal. */
export async function followersDigest(reader: Pick<Reader, 'read'>, accountId: number, host: string): Promise<string> {
  return followersDigestOf(await followersOnHost(reader, accountId, host));
}

/** The same of a list of URIs, in any order. */
export function followersDigestOf(uris: readonly string[]): string {
  const digest = Buffer.alloc(32);
  for (const uri of uris) {
    const hash = createHash('sha256').update(uri).digest();
    for (const [index, byte] of hash.entries()) digest[index] = (digest[index] ?? 0) ^ byte;
  }
  return digest.toString('hex');
}
