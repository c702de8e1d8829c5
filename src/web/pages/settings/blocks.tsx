import { Hono } from 'hono';
import type { Child } from '#web/jsx/html.ts';
import { z } from 'zod';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import {
  listBlocks,
  listDomainBlocks,
  listMutes,
  type BlockedDomain,
  type ListedAccount,
  type MutedAccount,
} from '#domain/relationships/listed-accounts.queries.ts';
import { readDomain } from '#domain/relationships/relationships.policy.ts';
import { unblockDomain } from '#domain/relationships/unblock-domain.ts';
import { invalid } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { ActionForm } from '#web/components/action-form.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Field, Form, SubmitRow } from '#web/components/form.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { formatDate } from '#web/i18n.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/settings/blocks';
const domainSchema = z.object({ domain: field.required(limits.domainCharacters) });

/** Whom and what a person does not want to read, and the way back. */
export function blockRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const windowOf = (before: string | undefined) => ({ before: parseId(before), after: null, limit: limits.listPage });

  app.get(PAGE, requireLogin, async (c) => {
    const people = await listBlocks(deps.store, sessionOf(c).accountId, windowOf(c.req.query('before')));
    return c.html(<PeoplePage ctx={c.get('ctx')} people={people} />);
  });

  app.get(`${PAGE}/mutes`, requireLogin, async (c) => {
    const window = windowOf(c.req.query('before'));
    const mutes = await listMutes(deps.store, sessionOf(c).accountId, window, deps.clock.now());
    return c.html(<MutesPage ctx={c.get('ctx')} mutes={mutes} />);
  });

  const domainsPage = async (ctx: ViewContext, accountId: number, before: string | undefined, form = UNTOUCHED) => (
    <DomainsPage ctx={ctx} domains={await listDomainBlocks(deps.store, accountId, windowOf(before))} form={form} />
  );
  app.get(`${PAGE}/domains`, requireLogin, async (c) =>
    c.html(await domainsPage(c.get('ctx'), sessionOf(c).accountId, c.req.query('before'))),
  );

  app.post(`${PAGE}/domains`, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    return submit(c, {
      schema: domainSchema,
      page: (form) => domainsPage(c.get('ctx'), accountId, undefined, form),
      async act(typed) {
        const domain = readDomain(typed.domain);
        if (domain === null) throw invalid('domain-malformed', 'domain');
        await deps.commit(blockDomain, { accountId, domain });
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('blocks.domain-added', { domain }) });
        return c.redirect(`${PAGE}/domains`, 303);
      },
    });
  });

  app.post(`${PAGE}/domains/remove`, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    return submit(c, {
      schema: domainSchema,
      page: (form) => domainsPage(c.get('ctx'), accountId, undefined, form),
      async act({ domain }) {
        await deps.commit(unblockDomain, { accountId, domain });
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('blocks.domain-removed', { domain }) });
        return c.redirect(`${PAGE}/domains`, 303);
      },
    });
  });

  return app;
}

function BlocksLayout({ ctx, path, children }: { ctx: ViewContext; path: string; children?: Child }) {
  const { t } = ctx;
  const tab = (href: string, label: string) => ({ href, label, current: href === path });
  return (
    <SettingsLayout ctx={ctx} title={t('settings.blocks')} section="blocks" intro={t('settings.blocks-intro')}>
      <Tabs
        ctx={ctx}
        label={t('settings.blocks')}
        tabs={[
          tab(PAGE, t('blocks.people')),
          tab(`${PAGE}/mutes`, t('blocks.mutes')),
          tab(`${PAGE}/domains`, t('blocks.domains')),
        ]}
      />
      {children}
    </SettingsLayout>
  );
}

function PeoplePage({ ctx, people }: { ctx: ViewContext; people: Page<ListedAccount> }) {
  const { t } = ctx;
  return (
    <BlocksLayout ctx={ctx} path={PAGE}>
      {people.items.length === 0 ? <EmptyState title={t('blocks.no-people')} text={t('blocks.empty-text')} /> : null}
      {people.items.map(({ account }) => (
        <AccountCard
          ctx={ctx}
          account={account}
          actions={<UndoButton ctx={ctx} action={`/accounts/${account.id}/unblock`} label={t('blocks.unblock')} />}
        />
      ))}
      <Pagination ctx={ctx} nextBefore={people.nextBefore} />
    </BlocksLayout>
  );
}

function MutesPage({ ctx, mutes }: { ctx: ViewContext; mutes: Page<MutedAccount> }) {
  const { t } = ctx;
  return (
    <BlocksLayout ctx={ctx} path={`${PAGE}/mutes`}>
      {mutes.items.length === 0 ? <EmptyState title={t('blocks.no-mutes')} text={t('blocks.empty-text')} /> : null}
      {mutes.items.map(({ account, until }) => (
        <AccountCard
          ctx={ctx}
          account={account}
          note={until === null ? t('blocks.for-good') : t('blocks.until', { date: formatDate(ctx.locale, until) })}
          actions={<UndoButton ctx={ctx} action={`/accounts/${account.id}/unmute`} label={t('blocks.unmute')} />}
        />
      ))}
      <Pagination ctx={ctx} nextBefore={mutes.nextBefore} />
    </BlocksLayout>
  );
}

function DomainsPage({ ctx, domains, form }: { ctx: ViewContext; domains: Page<BlockedDomain>; form: FormState }) {
  const { t } = ctx;
  return (
    <BlocksLayout ctx={ctx} path={`${PAGE}/domains`}>
      <Form ctx={ctx} action={`${PAGE}/domains`} errors={form.errors}>
        <Field
          ctx={ctx}
          name="domain"
          label={t('blocks.domain')}
          hint={t('blocks.domain-hint')}
          value={form.typed['domain'] ?? ''}
          error={form.errors['domain']}
          required
          spellcheck={false}
          maxlength={limits.domainCharacters}
        />
        <SubmitRow ctx={ctx} label={t('blocks.domain-add')} />
      </Form>
      {domains.items.length === 0 ? <EmptyState title={t('blocks.no-domains')} /> : null}
      <ul class="plain-list">
        {domains.items.map(({ domain }) => (
          <li class="plain-list-line">
            <span>{domain}</span>
            <ActionForm ctx={ctx} action={`${PAGE}/domains/remove`} fields={{ domain }}>
              <button class="button" type="submit">
                {t('blocks.unblock')}
              </button>
            </ActionForm>
          </li>
        ))}
      </ul>
      <Pagination ctx={ctx} nextBefore={domains.nextBefore} />
    </BlocksLayout>
  );
}

function UndoButton({ ctx, action, label }: { ctx: ViewContext; action: string; label: string }) {
  return (
    <ActionForm ctx={ctx} action={action}>
      <button class="button" type="submit">
        {label}
      </button>
    </ActionForm>
  );
}
