import { Hono, type Context } from 'hono';
import { ROLES } from '#domain/membership/permissions.ts';
import {
  ACCOUNT_STATES,
  listStaffAccounts,
  type AccountFilter,
  type StaffAccount,
} from '#domain/moderation/staff-accounts.queries.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { FilterForm } from '#web/components/admin-parts.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Field, Select } from '#web/components/form.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Time } from '#web/components/time.tsx';
import type { MessageKey } from '#web/i18n.ts';
import { mayActOn, ROLE_NAMES, StateBadges } from '#web/pages/admin/account-parts.tsx';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requirePermission } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/accounts';

/** Everybody who is known here. What is ticked goes to the page of `account-batch.tsx`. */
export function adminAccountsRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get(PAGE, requirePermission('accounts.view'), async (c) => {
    const frame = await frameOf(deps, c);
    const filter = filterOf(c);
    const page = await listStaffAccounts(deps.store, filter, pageRequestOf(c, limits.listPage));
    return c.html(<AccountsPage frame={frame} filter={filter} page={page} />);
  });

  return app;
}

/** What the address asks for; what it does not know is left out. Without anything: the people here. */
function filterOf(c: Context<WebEnv>): AccountFilter {
  const asked = (name: string) => c.req.query(name)?.trim() ?? '';
  const origin = asked('origin') || 'local';
  const [state, role] = [
    ACCOUNT_STATES.find((one) => one === asked('state')),
    ROLES.find((one) => one === asked('role')),
  ];
  const [domain, text] = [asked('domain'), asked('text').slice(0, limits.emailCharacters)];
  return {
    ...(origin === 'local' || origin === 'remote' ? { origin } : {}),
    ...(state ? { state } : {}),
    ...(role ? { role } : {}),
    ...(domain ? { domain } : {}),
    ...(text ? { text } : {}),
  };
}

interface AccountsPageProps {
  frame: Frame;
  filter: AccountFilter;
  page: Page<StaffAccount>;
}

function AccountsPage({ frame, filter, page }: AccountsPageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.accounts')}>
      <Filters ctx={ctx} filter={filter} />
      {page.items.length === 0 ? (
        <EmptyState title={t('admin-accounts.none')} text={t('admin-accounts.none-text')} />
      ) : (
        <AccountForm frame={frame} accounts={page.items} />
      )}
      <Pagination ctx={ctx} nextBefore={page.nextBefore} />
    </AdminLayout>
  );
}

const STATE_NAMES: Record<(typeof ACCOUNT_STATES)[number], MessageKey> = {
  active: 'admin-accounts.state-active',
  pending: 'admin-accounts.pending',
  limited: 'admin-accounts.limited',
  suspended: 'admin-accounts.suspended',
  deleted: 'admin-accounts.deleted',
};

function Filters({ ctx, filter }: { ctx: ViewContext; filter: AccountFilter }) {
  const { t } = ctx;
  const any = { value: '', label: t('admin-accounts.any') };
  const origins = [
    { value: 'local', label: t('admin-accounts.here') },
    { value: 'remote', label: t('admin-accounts.elsewhere') },
    { value: 'all', label: t('admin-accounts.everywhere') },
  ];
  const states = [any, ...ACCOUNT_STATES.map((value) => ({ value, label: t(STATE_NAMES[value]) }))];
  const roles = [any, ...ROLES.map((value) => ({ value, label: t(ROLE_NAMES[value]) }))];
  const domain = filter.domain ?? '';
  return (
    <FilterForm ctx={ctx} action={PAGE}>
      <Field
        ctx={ctx}
        name="text"
        type="search"
        label={t('admin-accounts.text')}
        value={filter.text}
        optional={false}
        spellcheck={false}
      />
      <Select
        ctx={ctx}
        name="origin"
        label={t('admin-accounts.origin')}
        options={origins}
        value={filter.origin ?? 'all'}
      />
      <Select ctx={ctx} name="state" label={t('admin-accounts.state')} options={states} value={filter.state ?? ''} />
      <Select ctx={ctx} name="role" label={t('admin-accounts.role')} options={roles} value={filter.role ?? ''} />
      <Field
        ctx={ctx}
        name="domain"
        label={t('admin-accounts.domain')}
        value={domain}
        optional={false}
        placeholder="example.org"
        spellcheck={false}
        maxlength={limits.domainCharacters}
      />
    </FilterForm>
  );
}

/** Only asks: it leads to a page that says what will happen to those who are ticked. */
function AccountForm({ frame, accounts }: { frame: Frame; accounts: readonly StaffAccount[] }) {
  const { ctx } = frame;
  const { t } = ctx;
  return (
    <form method="get" action={`${PAGE}/batch`} class="admin-batch">
      <ul class="admin-people" role="list">
        {accounts.map((account) => (
          <AccountRow frame={frame} account={account} />
        ))}
      </ul>
      {frame.may('accounts.moderate') ? (
        <div class="batch-bar">
          <p class="batch-words">{t('admin-accounts.ticked')}</p>
          <button class="button" type="submit" name="do" value="limit">
            <Icon ctx={ctx} name="eye-off" />
            {t('admin-accounts.limit')}
          </button>
          <button class="button" type="submit" name="do" value="suspend">
            <Icon ctx={ctx} name="ban" />
            {t('admin-accounts.suspend')}
          </button>
          {frame.may('accounts.delete') ? (
            <button class="button" type="submit" name="do" value="delete">
              <Icon ctx={ctx} name="trash-2" />
              {t('admin-accounts.delete')}
            </button>
          ) : null}
        </div>
      ) : null}
    </form>
  );
}

function AccountRow({ frame, account }: { frame: Frame; account: StaffAccount }) {
  const { ctx } = frame;
  const { t } = ctx;
  const id = `pick-${account.id}`;
  return (
    <li class="admin-person" data-pick={frame.may('accounts.moderate') ? '' : undefined}>
      {mayActOn(frame, account, 'accounts.moderate') ? (
        <label class="choice" for={id}>
          <input type="checkbox" name="ids" value={account.id} id={id} />
          <span class="visually-hidden">{t('admin-accounts.tick', { name: account.account.acct })}</span>
        </label>
      ) : null}
      <a class="admin-person-link" href={`${PAGE}/${account.id}`}>
        <AccountLine ctx={ctx} account={account.account} link={false} />
      </a>
      <div class="admin-person-facts">
        <StateBadges ctx={ctx} account={account} />
        {account.email ? <p class="admin-person-mail">{account.email}</p> : null}
        <p class="hint">
          {account.lastSeenAt === null
            ? t('admin-accounts.never-seen')
            : t.rich('admin-accounts.seen', { time: <Time ctx={ctx} at={account.lastSeenAt} /> })}
        </p>
      </div>
    </li>
  );
}
