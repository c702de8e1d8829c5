import type { CommitWith } from '#db/commit.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { receivePost, refreshPost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { newBudget, type Budget } from '#federation/resolve/budget.ts';
import type { ObjectFetch } from '#federation/resolve/fetch-object.ts';
import type { AccountFinder } from '#federation/resolve/find-remote-account.ts';
import { storePostWithThread } from '#federation/resolve/plan-ancestors.ts';
import type { Audience } from '#federation/translate/audience.ts';
import { authorOf as authorUriOf, readPost } from '#federation/translate/post.ts';
import type { Clock } from '#kernel/clock.ts';

export interface PostFinderParts {
  reader: Reader;
  commit: CommitWith;
  clock: Clock;
  objects: ObjectFetch;
  accounts: AccountFinder;
}

/** Finds posts by address, here first and then where they live. */
export function createPostFinder({ objects, accounts, ...parts }: PostFinderParts) {
  /** @param wholeThread whether what the post answers is looked for, too, in the background. */
  async function postByUri(uri: string, budget = newBudget(), wholeThread = false): Promise<number | null> {
    const known = await findPostIdByUri(parts.reader, uri);
    if (known !== null || objects.isOurs(uri)) return known;
    const found = await objects.fetchObject(uri, budget);
    const post = found ? await translatePost(found.json) : null;
    const authorId = post ? await authorOf(post, budget) : null;
    if (!post || authorId === null) return null;
    return parts.commit(wholeThread ? storePostWithThread : receivePost, { post, authorId });
  }

  /** @param audience of the activity that brought it: Discourse addresses that alone. */
  async function translatePost(json: unknown, audience?: Audience): Promise<RemotePost | null> {
    const author = authorUriOf((json as { attributedTo?: unknown }).attributedTo);
    const followersUri = author === null ? null : await followersUriOf(author);
    const read = readPost(json, { now: parts.clock.now(), followersUri, ...(audience ? { audience } : {}) });
    return 'post' in read ? read.post : null;
  }

  async function followersUriOf(authorUri: string): Promise<string | null> {
    const rows = await parts.reader.read.hot<{ followers_uri: string | null }>(
      'select followers_uri from accounts where uri = $1',
      authorUri,
    );
    return rows[0]?.followers_uri ?? null;
  }

  async function authorOf(post: RemotePost, budget: Budget): Promise<number | null> {
    if (new URL(post.authorUri).origin !== new URL(post.uri).origin) return null;
    return accounts.accountByUri(post.authorUri, budget);
  }

  /** Reads a known remote post again: its words and its poll's counts. */
  async function refreshPostByUri(uri: string, budget = newBudget()): Promise<void> {
    const found = await objects.fetchObject(uri, budget);
    const post = found ? await translatePost(found.json) : null;
    const authorId = post ? await authorOf(post, budget) : null;
    if (post && authorId !== null) await parts.commit(refreshPost, { post, authorId });
  }

  return { postByUri, translatePost, authorOf, refreshPostByUri, followersUriOf };
}
