import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { Budget } from '#federation/resolve/budget.ts';
import { quietly } from '#federation/resolve/fetch-faults.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import { originOf } from '#federation/translate/read.ts';

/**
 * Whether an address leads to a post of somebody who is followed here, though we do not have it: what answers it may come
 * first. It is asked for at its server, where somebody there is followed at all.
 */
export async function isByFollowed(
  { reader, resolver, budget }: { reader: Reader; resolver: Resolver; budget: Budget },
  uri: string,
): Promise<boolean> {
  const origin = originOf(uri);
  if (origin === null || !(await isHostFollowed(reader, new URL(origin).host))) return false;
  const found = await quietly(() => resolver.fetchObject(uri, budget));
  const post = found ? await resolver.translatePost(found.json) : null;
  if (post === null || originOf(post.authorUri) !== origin) return false;
  return isFollowed(reader, 'a.uri = $1', post.authorUri);
}

/** Whether anybody of a host is followed here. */
export function isHostFollowed(reader: Reader, host: string): Promise<boolean> {
  return isFollowed(reader, 'a.host = $1', host);
}

async function isFollowed({ read }: Reader, whom: string, parameter: string): Promise<boolean> {
  const rows = await read.hot(
    `select 1 as followed from accounts a where ${whom} and exists (
       select 1 from follows f join accounts l on l.id = f.follower_id
       where f.followee_id = a.id and f.state = 'accepted' and l.domain = '') limit 1`,
    parameter,
  );
  return rows.length > 0;
}
