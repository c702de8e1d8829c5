import { Hono, type Context } from 'hono';
import type { Child } from '#web/jsx/html.ts';
import { relationViews } from '#domain/relationships/relationships.queries.ts';
import { discoverablePeople } from '#domain/search/directory.queries.ts';
import { busyTags, type TagScope, type TagUse } from '#domain/search/tags.queries.ts';
import { federatedTimeline, localTimeline } from '#domain/timelines/timelines.queries.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/clock.ts';
import { firstIdAt } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { ProfileCard } from '#web/components/account-card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { TagList } from '#web/components/tag-list.tsx';
import { Timeline } from '#web/components/timeline.tsx';
import { viewerIdOf } from '#web/guests.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Since when hashtags are counted, and for how long a count is good enough. */
const TAGS_SINCE_MS = 7 * DAY_MS;
const TAGS_FRESH_MS = 5 * MINUTE_MS;

type ExploreTab = '' | '/federated' | '/tags' | '/people';

/** Where one looks around: posts, hashtags, people. */
export function exploreRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const countTags = createTagCounts(deps);

  app.get('/explore', async (c) => {
    const ctx = c.get('ctx');
    const page = await localTimeline(deps.store, viewerIdOf(c), pageRequestOf(c));
    return explore(
      c,
      '',
      <Timeline
        ctx={ctx}
        page={page}
        empty={<EmptyState title={ctx.t('local.empty')} text={ctx.t('local.empty-text')} />}
      />,
    );
  });

  app.get('/explore/federated', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const page = await federatedTimeline(deps.store, viewerIdOf(c), pageRequestOf(c));
    const empty = <EmptyState title={ctx.t('federated.empty')} text={ctx.t('federated.empty-text')} />;
    return explore(c, '/federated', <Timeline ctx={ctx} page={page} empty={empty} />);
  });

  app.get('/explore/tags', async (c) => {
    const ctx = c.get('ctx');
    const tags = await countTags(viewerIdOf(c) === null ? 'local' : 'everywhere');
    return explore(
      c,
      '/tags',
      <>
        <p class="page-intro">{ctx.t('explore.tags-intro')}</p>
        {tags.length === 0 ? (
          <EmptyState title={ctx.t('explore.tags-empty')} text={ctx.t('explore.tags-empty-text')} />
        ) : (
          <TagList ctx={ctx} tags={tags} />
        )}
      </>,
    );
  });

  app.get('/explore/people', async (c) => explore(c, '/people', await people(deps, c)));

  return app;
}

function explore(c: Context<WebEnv>, tab: ExploreTab, content: Child) {
  const ctx = c.get('ctx');
  return c.html(
    <Layout ctx={ctx} title={ctx.t('nav.explore')} tabs={<ExploreTabs ctx={ctx} tab={tab} />}>
      {content}
    </Layout>,
  );
}

function ExploreTabs({ ctx, tab }: { ctx: ViewContext; tab: ExploreTab }) {
  const { t } = ctx;
  const tabs = [
    { path: '', label: t('explore.local') },
    ...(ctx.viewer ? [{ path: '/federated', label: t('explore.federated') }] : []),
    { path: '/tags', label: t('explore.tags') },
    { path: '/people', label: t('explore.people') },
  ];
  return (
    <Tabs
      ctx={ctx}
      label={t('nav.explore')}
      tabs={tabs.map(({ path, label }) => ({ href: `/explore${path}`, label, current: path === tab }))}
    />
  );
}

async function people(deps: WebDeps, c: Context<WebEnv>) {
  const ctx = c.get('ctx');
  const viewerId = viewerIdOf(c);
  const profiles = await discoverablePeople(deps.store, viewerId, limits.peopleListed);
  const ids = profiles.map(({ id }) => id);
  const relations = viewerId === null ? null : await relationViews(deps.store, viewerId, ids, deps.clock.now());
  if (profiles.length === 0)
    return <EmptyState title={ctx.t('explore.people-empty')} text={ctx.t('explore.people-empty-text')} />;
  return (
    <>
      <p class="page-intro">{ctx.t('explore.people-intro')}</p>
      {profiles.map((profile) => (
        <ProfileCard ctx={ctx} profile={profile} relation={relations?.get(profile.id) ?? null} />
      ))}
    </>
  );
}

/** Counting a week's hashtags walks all of its posts: once for everybody, then again after a while. */
function createTagCounts({ store, clock }: WebDeps): (scope: TagScope) => Promise<TagUse[]> {
  const kept = new Map<TagScope, { at: number; tags: Promise<TagUse[]> }>();
  return (scope) => {
    const known = kept.get(scope);
    const now = clock.now();
    if (known && now - known.at < TAGS_FRESH_MS) return known.tags;
    const tags = busyTags(store, firstIdAt(now - TAGS_SINCE_MS), scope, limits.tagsListed);
    kept.set(scope, { at: now, tags });
    tags.catch(() => kept.delete(scope));
    return tags;
  };
}
