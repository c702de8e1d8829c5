import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { newBudget, quietly, type Budget, type Resolver } from '#federation/resolve/resolve.ts';
import { readCollection, type RemoteCollection } from '#federation/translate/document.ts';
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

/** The first page of a collection that is given by its address or as it is. */
async function openCollection(
  resolver: Resolver,
  given: unknown,
  origin: string,
  budget: Budget,
): Promise<RemoteCollection | null> {
  const collection =
    typeof given === 'string' ? await fetchPage(resolver, given, origin, budget) : readCollection(given);
  if (!collection || collection.items.length > 0 || collection.first === null) return collection;
  return typeof collection.first === 'string'
    ? fetchPage(resolver, collection.first, origin, budget)
    : readCollection(collection.first);
}

/** Only from the post's own origin: a list of a stranger's says nothing. */
async function fetchPage(
  resolver: Resolver,
  uri: string,
  origin: string,
  budget: Budget,
): Promise<RemoteCollection | null> {
  if (URL.parse(uri)?.origin !== origin) return null;
  const found = await resolver.fetchObject(uri, budget);
  return found ? readCollection(found.json) : null;
}
