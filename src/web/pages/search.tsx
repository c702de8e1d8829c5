import { Hono, type Context } from 'hono';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { findPost, findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { relationViews } from '#domain/relationships/relationships.queries.ts';
import { searchAccounts, searchPosts } from '#domain/search/search.queries.ts';
import { searchTags, type TagView } from '#domain/search/tags.queries.ts';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { visitorOf } from '#kernel/networks.ts';
import type { Page } from '#kernel/page.ts';
import { viewerIdOf } from '#web/guests.ts';
import { lookUpAccount, lookUpUrl, readHandle } from '#web/look-up.ts';
import { SearchPage, type SearchResults } from '#web/pages/search-page.tsx';
import { pageRequestOf } from '#web/page-request.ts';
import { STATUS_OF } from '#web/forms.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const NOTHING: SearchResults = { accounts: [], relations: new Map(), tags: [], posts: { items: [], nextBefore: null } };

/** One field for all: addresses of people, pages and posts, hashtags, words. */
export function searchRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/search', async (c) => {
    const ctx = c.get('ctx');
    const query = (c.req.query('q') ?? '').trim().slice(0, limits.searchCharacters);
    if (query === '') return c.html(<SearchPage ctx={ctx} query="" results={NOTHING} error={null} />);
    try {
      await takeTry(deps, c);
      const path = await pathOfUrl(deps, c, query);
      if (path !== null) return c.redirect(path, 303);
      return c.html(<SearchPage ctx={ctx} query={query} results={await search(deps, c, query)} error={null} />);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const words = ctx.t.error(error.reason, error.values);
      return c.html(<SearchPage ctx={ctx} query={query} results={NOTHING} error={words} />, STATUS_OF[error.code]);
    }
  });

  return app;
}

/** Words are looked for in everything that is kept here: not as often as a machine would. */
async function takeTry({ rateLimits }: WebDeps, c: Context<WebEnv>): Promise<void> {
  const viewerId = viewerIdOf(c);
  if (viewerId === null) await rateLimits.take('searchPerVisitor', visitorOf(c.get('address')));
  else await rateLimits.take('searchPerAccount', viewerId);
}

/** Where the page of a pasted address is here, as a link; null for what is no address, or leads to nothing that is to be seen. */
async function pathOfUrl(deps: WebDeps, c: Context<WebEnv>, query: string): Promise<string | null> {
  if (!/^https?:\/\/\S+$/i.test(query) || !URL.canParse(query)) return null;
  const url = new URL(query);
  const viewerId = viewerIdOf(c);
  if (url.origin === deps.site.origin) {
    const postId = await findPostIdByUri(deps.store, url.origin + url.pathname);
    const post = postId === null ? null : await findPost(deps.store, viewerId, postId);
    if (post) return encodeURI(post.path);
    return /^\/@[^/]+(?:\/[0-9]+)?$/.test(url.pathname) ? url.pathname : null;
  }
  if (viewerId === null) return null;
  const found = await lookUpUrl(deps, viewerId, url.href);
  if (found === null) return null;
  const one =
    found.kind === 'post'
      ? await findPost(deps.store, viewerId, found.id)
      : (await accountViews(deps.store, [found.id])).get(found.id);
  return one ? encodeURI(one.path) : null;
}

async function search(deps: WebDeps, c: Context<WebEnv>, query: string): Promise<SearchResults> {
  const { store } = deps;
  const viewerId = viewerIdOf(c);
  const request = pageRequestOf(c, limits.searchResults);
  const posts: Page<PostView> = query.startsWith('@')
    ? NOTHING.posts
    : await searchPosts(store, viewerId, query, request);
  // Further pages are further posts.
  if (request.before !== null) return { ...NOTHING, posts };
  const scope = viewerId === null ? 'local' : 'everywhere';
  const tags: TagView[] = /[\s@]/.test(query) ? [] : await searchTags(store, query, scope, limits.tagsListed / 3);
  const accounts = query.startsWith('#') ? [] : await people(deps, viewerId, query);
  const ids = accounts.map(({ id }) => id);
  const relations = viewerId === null ? NOTHING.relations : await relationViews(store, viewerId, ids, deps.clock.now());
  return { accounts, relations, tags, posts };
}

/** Whoever answers to exactly this name first, then those whose names have its words. */
async function people(deps: WebDeps, viewerId: number | null, query: string): Promise<AccountView[]> {
  const { store } = deps;
  const typed = readHandle(query, deps.site.handleDomain);
  const exactId = typed && viewerId !== null ? await lookUpAccount(deps, viewerId, typed) : null;
  const exact = exactId === null ? undefined : (await accountViews(store, [exactId])).get(exactId);
  const words = typed ? `${typed.handle} ${typed.domain}` : query;
  const found = await searchAccounts(store, viewerId, words, limits.searchResults / 2);
  if (!exact || exact.suspended) return found;
  return [exact, ...found.filter(({ id }) => id !== exact.id)];
}
