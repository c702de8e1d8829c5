import { Hono, type Context } from 'hono';
import { changeRole } from '#domain/membership/change-role.ts';
import { ownMembership, type OwnMembership } from '#domain/membership/membership.queries.ts';
import { outranks, ROLES, type Role } from '#domain/membership/permissions.ts';
import { listAudit, type AuditLine } from '#domain/moderation/audit.queries.ts';
import { listReports, type ReportLine } from '#domain/moderation/reports.queries.ts';
import { findStaffAccount, type StaffAccount } from '#domain/moderation/staff-accounts.queries.ts';
import { invalid, notAllowed, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { firstPage } from '#kernel/page.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { Card, KeyValueList } from '#web/components/card.tsx';
import { Select } from '#web/components/form.tsx';
import { Time } from '#web/components/time.tsx';
import { formatNumber } from '#web/i18n.ts';
import { AccountButtons, mayActOn, ROLE_NAMES, StateBadges } from '#web/pages/admin/account-parts.tsx';
import { policyPath } from '#web/pages/admin/domain-pages.tsx';
import { AuditList } from '#web/pages/admin/audit-list.tsx';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { ReportEntry } from '#web/pages/admin/reports.tsx';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const LINES_SHOWN = 20;

/** What staff sees of one account, and what it may be made. */
export function adminAccountRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const { store } = deps;

  app.get('/admin/accounts/:id{[0-9]+}', requirePermission('accounts.view'), async (c) => {
    const account = await accountOf(deps, c);
    const frame = await frameOf(deps, c);
    const isSelf = account.id === frame.actorId;
    const reports = isSelf || !frame.may('reports.handle') ? [] : await reportsOn(deps, account.id);
    const log = await listAudit(store, { target: `account:${account.id}` }, firstPage(LINES_SHOWN));
    const membership = account.role === null ? null : await ownMembership(store.read, account.id);
    return c.html(
      <AccountPage frame={frame} account={account} membership={membership} reports={reports} log={log.items} />,
    );
  });

  app.get('/admin/accounts/:id{[0-9]+}/role', requirePermission('accounts.role'), async (c) => {
    const account = await accountOf(deps, c);
    const frame = await frameOf(deps, c);
    const role = roleOf(c.req.query('role'));
    if (!rolesFor(frame, account).includes(role)) throw notAllowed();
    return c.html(<RolePage frame={frame} account={account} role={role} />);
  });

  app.post(
    '/admin/accounts/:id{[0-9]+}/role',
    requirePermission('accounts.role'),
    staffAction(deps, '/admin/accounts', async ({ c, actorId, id, entries }) => {
      const role = roleOf(entries['role']);
      await deps.commit(changeRole, { actorId, accountId: id, role });
      const { t } = c.get('ctx');
      return { kind: 'success', message: t('admin-accounts.role-done', { role: t(ROLE_NAMES[role]) }) };
    }),
  );

  return app;
}

async function accountOf(deps: WebDeps, c: Context<WebEnv>): Promise<StaffAccount> {
  const account = await findStaffAccount(deps.store, parseId(c.req.param('id')) ?? 0);
  if (!account) throw notFound();
  return account;
}

async function reportsOn(deps: WebDeps, targetId: number): Promise<ReportLine[]> {
  return (await listReports(deps.store, { targetId }, firstPage(LINES_SHOWN))).items;
}

function roleOf(typed: string | undefined): Role {
  const role = ROLES.find((one) => one === typed);
  if (!role) throw invalid('malformed');
  return role;
}

/** The roles that this person may give the account, as `changeRole` has it. */
function rolesFor(frame: Frame, account: StaffAccount): Role[] {
  if (account.role === null || !mayActOn(frame, account, 'accounts.role')) return [];
  // The least first: that one is chosen until another is.
  return ROLES.filter((role) => frame.role === 'owner' || outranks(frame.role, role)).toReversed();
}

interface AccountPageProps {
  frame: Frame;
  account: StaffAccount;
  membership: OwnMembership | null;
  reports: ReportLine[];
  log: AuditLine[];
}

function AccountPage({ frame, account, membership, reports, log }: AccountPageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={account.account.acct}
      back={{ href: '/admin/accounts', label: t('admin.accounts') }}
    >
      <AccountLine ctx={ctx} account={account.account} />
      <StateBadges ctx={ctx} account={account} />
      <Facts frame={frame} account={account} membership={membership} />
      <Card title={t('admin-accounts.actions')}>
        {account.deletedAt === null ? (
          <AccountButtons frame={frame} account={account} />
        ) : (
          <p class="hint">{t('admin-accounts.is-deleted')}</p>
        )}
        <RoleForm frame={frame} account={account} />
        <AccessButtons frame={frame} account={account} membership={membership} />
        {mayActOn(frame, account, 'accounts.moderate') ? null : (
          <p class="hint">
            {t(account.id === frame.actorId ? 'admin-accounts.is-self' : 'admin-accounts.out-of-reach')}
          </p>
        )}
      </Card>
      {reports.length > 0 ? (
        <Card title={t('admin-accounts.reports-on')}>
          {reports.map((report) => (
            <ReportEntry ctx={ctx} report={report} />
          ))}
        </Card>
      ) : null}
      <Card title={t('admin-accounts.history')}>
        <AuditList
          ctx={ctx}
          lines={log}
          names={{ accounts: new Map([[account.id, account.account]]), rules: new Map() }}
        />
      </Card>
    </AdminLayout>
  );
}

interface FactsProps {
  frame: Frame;
  account: StaffAccount;
  membership: OwnMembership | null;
}

function Facts({ frame: { ctx, may }, account, membership }: FactsProps) {
  const { t, locale } = ctx;
  const { domain } = account.account;
  const rows = [
    { key: t('admin-accounts.role'), value: account.role && t(ROLE_NAMES[account.role]) },
    { key: t('admin-accounts.email'), value: account.email },
    {
      key: t('admin-accounts.second-factor'),
      value: membership && t(membership.totpEnabledAt === null ? 'admin.off' : 'admin.on'),
    },
    { key: t('admin-accounts.sign-up-reason'), value: account.signUpReason || null },
    { key: t('admin-accounts.sign-up-address'), value: account.signUpAddress },
    {
      key: t('admin-accounts.last-seen'),
      value: account.lastSeenAt === null ? null : <Time ctx={ctx} at={account.lastSeenAt} />,
    },
    {
      key: t('admin-accounts.server'),
      value: domain && may('domains.edit') ? <a href={policyPath(domain)}>{domain}</a> : domain,
    },
    { key: t('admin-accounts.since'), value: <Time ctx={ctx} at={account.createdAt} show="day" /> },
    { key: t('admin.posts'), value: formatNumber(locale, account.postsCount) },
    { key: t('admin-accounts.followers'), value: formatNumber(locale, account.followersCount) },
  ];
  const items = rows.flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
  return <KeyValueList items={items} />;
}

function RoleForm({ frame, account }: { frame: Frame; account: StaffAccount }) {
  const { ctx } = frame;
  const roles = rolesFor(frame, account).filter((role) => role !== account.role);
  if (roles.length === 0) return null;
  return (
    <form method="get" action={`/admin/accounts/${account.id}/role`} class="filter-form">
      <Select
        ctx={ctx}
        name="role"
        label={ctx.t('admin-accounts.new-role')}
        options={roles.map((value) => ({ value, label: ctx.t(ROLE_NAMES[value]) }))}
        short
      />
      <button class="button" type="submit">
        {ctx.t('admin-accounts.change-role')}
      </button>
    </form>
  );
}

/** For somebody who cannot get in, or whose account somebody else has got into. */
function AccessButtons({ frame, account, membership }: FactsProps) {
  const { t } = frame.ctx;
  if (membership === null || !mayActOn(frame, account, 'accounts.access')) return null;
  return (
    <div class="admin-buttons">
      {membership.totpEnabledAt === null ? null : (
        <a class="button" href={`/admin/accounts/${account.id}/reset-totp`}>
          {t('admin-accounts.reset-totp')}
        </a>
      )}
      <a class="button" href={`/admin/accounts/${account.id}/reset-password`}>
        {t('admin-accounts.reset-password')}
      </a>
    </div>
  );
}

function RolePage({ frame: { ctx, groups }, account, role }: { frame: Frame; account: StaffAccount; role: Role }) {
  const { t } = ctx;
  const cancel = `/admin/accounts/${account.id}`;
  return (
    <AdminConfirm
      ctx={ctx}
      groups={groups}
      title={t('admin-accounts.role-title', { name: account.account.acct, role: t(ROLE_NAMES[role]) })}
      effects={[t(`role.${role}-may`)]}
      undo={t(role === 'owner' ? 'admin-effect.owner-undo' : 'admin-effect.role-undo')}
      action={`${cancel}/role`}
      label={t('admin-accounts.change-role')}
      danger={role === 'owner'}
      fields={{ role }}
      cancel={cancel}
    >
      <AccountLine ctx={ctx} account={account.account} />
      <StateBadges ctx={ctx} account={account} />
    </AdminConfirm>
  );
}
