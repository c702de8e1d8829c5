import { Hono } from 'hono';
import type { Child } from '#web/jsx/html.ts';
import { raw } from '#web/jsx/html.ts';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { rulesInForce, type Rule } from '#domain/instance/instance.queries.ts';
import { instanceNumbers, type InstanceNumbers } from '#domain/instance/node-info.queries.ts';
import type { Settings } from '#domain/instance/settings.ts';
import { staffWith } from '#domain/membership/membership.queries.ts';
import { listDomainPolicies, type NamePage, type PolicyLine } from '#domain/moderation/domains.queries.ts';
import { notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { VERSION } from '#kernel/version.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { NamePagination } from '#web/components/admin-parts.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Card, KeyValueList, Stat, StatRow } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { RuleList } from '#web/components/rule-list.tsx';
import { Table } from '#web/components/table.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { formatNumber } from '#web/i18n.ts';
import { renderMarkdown } from '#web/markdown.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

interface About {
  settings: Settings;
  numbers: InstanceNumbers;
  staff: AccountView[];
  rules: Rule[];
}

/** What this server is, who runs it, and what holds here. */
export function aboutRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const { store, settings } = deps;

  app.get('/about', async (c) => c.html(<AboutPage ctx={c.get('ctx')} about={await readAbout(deps)} />));

  app.get('/rules', async (c) => {
    const ctx = c.get('ctx');
    const present = await settings.read();
    const rules = await rulesInForce(store.read);
    return c.html(
      <AboutLayout ctx={ctx} title={ctx.t('about.rules')} path="/rules" settings={present}>
        {rules.length === 0 ? (
          <EmptyState title={ctx.t('about.no-rules')} text={ctx.t('about.no-rules-text')} />
        ) : (
          <RuleList rules={rules} />
        )}
      </AboutLayout>,
    );
  });

  app.get('/about/servers', async (c) => {
    const present = await settings.read();
    if (!present.showDomainPolicies) throw notFound();
    const after = c.req.query('after') ?? null;
    const page = await listDomainPolicies(store, { after, limit: limits.listPage }, ['limit', 'suspend']);
    return c.html(<ServersPage ctx={c.get('ctx')} settings={present} page={page} />);
  });

  app.get('/source', async (c) => {
    const present = await settings.read();
    if (present.sourceUrl !== '') return c.redirect(present.sourceUrl, 302);
    const ctx = c.get('ctx');
    return c.html(
      <AboutLayout ctx={ctx} title={ctx.t('footer.source')} path="/source" settings={present}>
        <div class="prose policy">
          <p>{ctx.t('about.source', { version: VERSION })}</p>
          <p>{ctx.t('about.source-ask')}</p>
          {present.contactEmail ? <MailLink email={present.contactEmail} /> : null}
        </div>
      </AboutLayout>,
    );
  });

  return app;
}

async function readAbout({ store, settings, clock }: WebDeps): Promise<About> {
  // Those who can change the instance; moderators are not put on show.
  const admins = await staffWith(store.read, 'instance.edit');
  const ids = admins.map(({ accountId }) => accountId);
  const views = await accountViews(store, ids);
  return {
    settings: await settings.read(),
    numbers: await instanceNumbers(store.read, clock.now()),
    staff: ids.flatMap((id) => views.get(id) ?? []),
    rules: await rulesInForce(store.read),
  };
}

interface AboutLayoutProps {
  ctx: ViewContext;
  title: string;
  path: string;
  settings: Settings;
  intro?: Child;
  children?: Child;
}

/** The pages about the server itself, side by side. */
export function AboutLayout({ ctx, title, path, settings, intro, children }: AboutLayoutProps) {
  const { t } = ctx;
  const tabs = [
    { href: '/about', label: t('about.title') },
    { href: '/rules', label: t('about.rules') },
    { href: '/terms', label: t('texts.terms') },
    { href: '/privacy', label: t('texts.privacy') },
    { href: '/imprint', label: t('texts.imprint') },
    ...(settings.showDomainPolicies ? [{ href: '/about/servers', label: t('about.servers') }] : []),
  ].map((tab) => ({ ...tab, current: tab.href === path }));
  return (
    <Layout
      ctx={ctx}
      title={title}
      intro={intro}
      tabs={<Tabs ctx={ctx} label={t('rail.about')} tabs={tabs} />}
      rail={path === '/about' ? null : undefined}
    >
      <div class="about">{children}</div>
    </Layout>
  );
}

function AboutPage({ ctx, about }: { ctx: ViewContext; about: About }) {
  const { t, instance } = ctx;
  const { settings, numbers, staff, rules } = about;
  return (
    <AboutLayout ctx={ctx} title={instance.name} path="/about" settings={settings} intro={instance.description}>
      {settings.longDescription ? (
        <div class="prose policy">{raw(renderMarkdown(settings.longDescription))}</div>
      ) : null}
      <AboutNumbers ctx={ctx} numbers={numbers} />
      <Card title={t('about.staff')}>
        {settings.contactEmail ? <MailLink email={settings.contactEmail} /> : null}
        {staff.map((account) => (
          <AccountCard ctx={ctx} account={account} />
        ))}
      </Card>
      {rules.length > 0 ? (
        <Card title={t('about.rules')}>
          <RuleList rules={rules} />
        </Card>
      ) : null}
      <Card title={t('about.facts')}>
        <KeyValueList
          items={[
            { key: t('about.address'), value: instance.host },
            { key: t('about.joining'), value: t(`registrations.${settings.registrations}`) },
            { key: t('set-up.minimum-age'), value: String(settings.minimumAge) },
            { key: t('about.post-length'), value: t('about.characters', { count: settings.postCharacters }) },
            {
              key: t('about.software'),
              value: (
                <>
                  Estrade {VERSION}, <a href="/source">{t('footer.source')}</a>
                </>
              ),
            },
          ]}
        />
      </Card>
    </AboutLayout>
  );
}

function AboutNumbers({ ctx: { t, locale }, numbers }: { ctx: ViewContext; numbers: InstanceNumbers }) {
  return (
    <StatRow>
      <Stat label={t('admin.members')} value={formatNumber(locale, numbers.users)} />
      <Stat label={t('admin.active-month')} value={formatNumber(locale, numbers.activeMonth)} />
      <Stat label={t('admin.posts')} value={formatNumber(locale, numbers.posts)} />
      <Stat label={t('admin.known-servers')} value={formatNumber(locale, numbers.peers)} />
    </StatRow>
  );
}

function MailLink({ email }: { email: string }) {
  return (
    <p>
      <a href={`mailto:${email}`}>{email}</a>
    </p>
  );
}

interface ServersPageProps {
  ctx: ViewContext;
  settings: Settings;
  page: NamePage<PolicyLine>;
}

function ServersPage({ ctx, settings, page }: ServersPageProps) {
  const { t } = ctx;
  return (
    <AboutLayout
      ctx={ctx}
      title={t('about.servers')}
      path="/about/servers"
      settings={settings}
      intro={t('about.servers-intro')}
    >
      <Table
        caption={t('about.servers')}
        columns={[
          { label: t('domains.server'), head: true, cell: ({ domain }: PolicyLine) => <bdi>{domain}</bdi> },
          {
            label: t('domains.policy'),
            cell: ({ severity }) => (
              <Badge
                ctx={ctx}
                kind={severity === 'suspend' ? 'danger' : 'warning'}
                label={t(severity === 'suspend' ? 'domains.severity-suspend' : 'domains.severity-limit')}
              />
            ),
          },
          { label: t('about.reason'), cell: ({ publicComment }) => publicComment || '–' },
        ]}
        rows={page.items}
        empty={<EmptyState title={t('about.no-servers')} text={t('about.no-servers-text')} />}
      />
      <NamePagination ctx={ctx} nextAfter={page.nextAfter} />
    </AboutLayout>
  );
}
