import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { fetchPage, openCollection } from '#federation/resolve/fetch-collection.ts';
import { newBudget } from '#federation/resolve/budget.ts';
import { quietly } from '#federation/resolve/fetch-faults.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import { limits } from '#kernel/limits.ts';

const PAGES_MAX = 3;

/**
 * The answers that a remote post's own server lists, those of them that are unknown here. Each is asked for at its own
 * origin: the list is only a hint.
 */
export async function fetchReplies(reader: Reader, resolver: Resolver, uri: string): Promise<void> {
  const budget = newBudget(limits.threadFetchesPerTrigger);
  const found = await resolver.fetchObject(uri, budget);
  const replies = (found?.json as { replies?: unknown } | undefined)?.replies;
  const origin = new URL(uri).origin;
  let page = await openCollection(resolver, replies, origin, budget);
  for (let n = 0; page && n < PAGES_MAX; n += 1) {
    for (const item of page.items) {
      const itemUri = typeof item === 'string' ? item : item['id'];
      if (typeof itemUri !== 'string' || resolver.isOurs(itemUri)) continue;
      if ((await findPostIdByUri(reader, itemUri)) !== null) continue;
      if (budget.fetches <= 0) return;
      await quietly(() => resolver.postByUri(itemUri, budget));
    }
    page = page.nextUri ? await fetchPage(resolver, page.nextUri, origin, budget) : null;
  }
}
