import type { Budget } from '#federation/resolve/budget.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import { readCollection, type RemoteCollection } from '#federation/translate/document.ts';

/** The first page of a collection that is given by its address or as it is. */
export async function openCollection(
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

/** Only from its owner's own origin: a list of a stranger's says nothing. */
export async function fetchPage(
  resolver: Resolver,
  uri: string,
  origin: string,
  budget: Budget,
): Promise<RemoteCollection | null> {
  if (URL.parse(uri)?.origin !== origin) return null;
  const found = await resolver.fetchObject(uri, budget);
  return found ? readCollection(found.json) : null;
}
