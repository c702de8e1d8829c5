import type { CommitWith } from '#db/commit.ts';
import { createObjectFetch, type ObjectFetchParts } from '#federation/resolve/fetch-object.ts';
import { createAccountFinder } from '#federation/resolve/find-remote-account.ts';
import { createPostFinder } from '#federation/resolve/find-remote-post.ts';

export interface ResolverParts extends ObjectFetchParts {
  commit: CommitWith;
}

export type Resolver = ReturnType<typeof createResolver>;

/** Finds accounts and posts of other servers, and whatever else is to be fetched from them. */
export function createResolver(parts: ResolverParts) {
  const objects = createObjectFetch(parts);
  const accounts = createAccountFinder({ ...parts, objects });
  const posts = createPostFinder({ ...parts, objects, accounts });
  const { isOurs, isSuspended, fetchObject } = objects;
  return { isOurs, isSuspended, fetchObject, ...accounts, ...posts };
}
