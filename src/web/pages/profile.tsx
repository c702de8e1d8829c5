import { Hono, type Context } from 'hono';
import type { Child } from '#web/jsx/html.ts';
import type { Site } from '#db/unit.ts';
import type { ProfileView, RelationView } from '#domain/accounts/account-view.ts';
import type { TimelineItem } from '#domain/posts/post-view.ts';
import { textOfHtml } from '#domain/posts/render-text.ts';
import { findRelation } from '#domain/relationships/relationships.queries.ts';
import { findingConsent } from '#domain/search/directory.queries.ts';
import { accountTimeline, pinnedPosts, type AccountTab } from '#domain/timelines/timelines.queries.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { OpenGraph } from '#web/components/open-graph.tsx';
import { TimelinePost } from '#web/components/post.tsx';
import { ProfileHeader } from '#web/components/profile-header.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { Timeline } from '#web/components/timeline.tsx';
import { profileOfPath } from '#web/find-account.ts';
import { readForViewer, viewerIdOf } from '#web/guests.ts';
import { noteLook } from '#web/look-up.ts';
import { ElsewherePage } from '#web/pages/elsewhere.tsx';
import { pageRequestOf } from '#web/page-request.ts';
import { safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const TABS: readonly AccountTab[] = ['posts', 'replies', 'media'];

/** Somebody's page. */
export function profileRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/:at{@[^/]+}', (c) => profilePage(deps, c, 'posts'));
  app.get('/:at{@[^/]+}/:tab{replies|media}', (c) => profilePage(deps, c, c.req.param('tab') as AccountTab));
  return app;
}

async function profilePage(deps: WebDeps, c: Context<WebEnv>, tab: AccountTab) {
  const ctx = c.get('ctx');
  const viewerId = viewerIdOf(c);
  const profile = await profileOfPath(deps, c);
  if (`/${c.req.param('at')}` !== profile.path) {
    return c.redirect(encodeURI(tab === 'posts' ? profile.path : `${profile.path}/${tab}`), 302);
  }
  if (profile.domain !== null) {
    if (viewerId === null)
      return c.html(<ElsewherePage ctx={ctx} account={profile} url={profile.url} kind="account" />);
    noteLook(deps, c, { kind: 'account', id: profile.id });
  }
  const relation = viewerId === null ? null : await findRelation(deps.store, viewerId, profile.id, deps.clock.now());
  const { indexable } = await findingConsent(deps.store, profile.id);
  return c.html(
    <Layout
      ctx={ctx}
      title={`${profile.displayName} (${profile.acct})`}
      heading={null}
      bar={profile.displayName}
      head={
        profile.domain === null ? (
          <ProfileHead ctx={ctx} site={deps.site} profile={profile} noindex={!indexable} />
        ) : null
      }
    >
      <ProfileHeader ctx={ctx} profile={profile} relation={relation} />
      <ProfileTabs ctx={ctx} profile={profile} tab={tab} />
      {await posts(deps, c, profile, relation, tab)}
    </Layout>,
  );
}

async function posts(
  deps: WebDeps,
  c: Context<WebEnv>,
  profile: ProfileView,
  relation: RelationView | null,
  tab: AccountTab,
): Promise<Child> {
  const ctx = c.get('ctx');
  const viewerId = viewerIdOf(c);
  const closed = closedBecause(ctx, profile, relation);
  if (closed !== null) return closed;
  const request = pageRequestOf(c);
  const page = await readForViewer(viewerId, request, (window) =>
    accountTimeline(deps.store, viewerId, profile.id, tab, window),
  );
  const pinned = tab === 'posts' && request.before === null ? await pinnedPosts(deps.store, viewerId, profile.id) : [];
  // What is pinned stands on top, and not a second time below.
  const pinnedIds = new Set(pinned.map((item) => item.id));
  const items = page.items.filter((item) => !pinnedIds.has(item.id));
  return (
    <>
      <Pinned ctx={ctx} items={pinned} />
      <Timeline
        ctx={ctx}
        page={{ ...page, items }}
        empty={pinned.length > 0 ? null : <NoPosts ctx={ctx} profile={profile} relation={relation} tab={tab} />}
      />
    </>
  );
}

/** Why nothing of what an account posted is shown; null where it is. */
function closedBecause(ctx: ViewContext, profile: ProfileView, relation: RelationView | null): Child {
  const { t } = ctx;
  if (profile.suspended) return <EmptyState title={t('profile-posts.suspended')} />;
  if (relation?.blockedBy) return <EmptyState title={t('profile-posts.blocked-by')} />;
  if (profile.limited && relation === null) {
    return <EmptyState title={t('profile-posts.limited')} text={t('profile-posts.limited-text')} />;
  }
  return null;
}

function Pinned({ ctx, items }: { ctx: ViewContext; items: TimelineItem[] }) {
  return (
    <>
      {items.map((item) => (
        <TimelinePost ctx={ctx} item={item} />
      ))}
    </>
  );
}

function NoPosts({
  ctx,
  profile,
  relation,
  tab,
}: {
  ctx: ViewContext;
  profile: ProfileView;
  relation: RelationView | null;
  tab: AccountTab;
}) {
  const { t } = ctx;
  if (relation?.self) {
    return (
      <EmptyState title={t('profile-posts.own-empty')} text={t('profile-posts.own-empty-text')}>
        <a class="button" href="/compose">
          {t('nav.compose')}
        </a>
      </EmptyState>
    );
  }
  if (!profile.asked) {
    return (
      <EmptyState
        title={t('profile-posts.asking', { host: profile.domain ?? '' })}
        text={t('profile-posts.asking-text')}
      >
        <a class="button" href={tab === 'posts' ? profile.path : `${profile.path}/${tab}`}>
          {t('profile-posts.look-again')}
        </a>
      </EmptyState>
    );
  }
  const text =
    profile.domain === null
      ? t('profile-posts.empty-text')
      : t('profile-posts.remote-empty-text', { host: profile.domain });
  return <EmptyState title={t(`profile-posts.empty-${tab}`)} text={text} />;
}

function ProfileTabs({ ctx, profile, tab }: { ctx: ViewContext; profile: ProfileView; tab: AccountTab }) {
  return (
    <Tabs
      ctx={ctx}
      label={ctx.t('profile-tabs.label')}
      tabs={TABS.map((one) => ({
        href: one === 'posts' ? profile.path : `${profile.path}/${one}`,
        label: ctx.t(`profile-tabs.${one}`),
        current: one === tab,
      }))}
    />
  );
}

/** What other servers and search engines take from the page, and the links by which other pages know their owner. */
function ProfileHead({
  ctx,
  site,
  profile,
  noindex,
}: {
  ctx: ViewContext;
  site: Site;
  profile: ProfileView;
  noindex: boolean;
}) {
  const avatar = safeUrl(profile.avatarUrl);
  return (
    <>
      <OpenGraph
        ctx={ctx}
        title={`${profile.displayName} (${profile.acct}@${site.handleDomain})`}
        description={
          textOfHtml(profile.bioHtml) ||
          ctx.t('profile.on-instance', { name: profile.displayName, instance: ctx.instance.name })
        }
        type="profile"
        url={profile.url}
        image={avatar?.startsWith('/') ? { url: site.origin + avatar, description: null } : undefined}
        activity={profile.uri}
        noindex={noindex}
      />
      {linksOf(profile).map((href) => (
        <link rel="me" href={href} />
      ))}
    </>
  );
}

/** The addresses in a profile's fields: pages that link back show that they are by the same person (rel=me). */
function linksOf(profile: ProfileView): string[] {
  const links = profile.fields.flatMap(
    ({ valueHtml }) => /<a href="(https?:[^"]+)" target="_blank"/.exec(valueHtml)?.[1] ?? [],
  );
  return links.flatMap((link) => safeUrl(link.replaceAll('&amp;', '&')) ?? []);
}
