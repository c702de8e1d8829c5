import type { StaffAccount } from '#domain/moderation/staff-accounts.queries.ts';
import { outranks, type Permission, type Role } from '#domain/membership/permissions.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Icon } from '#web/components/icon.tsx';
import type { MessageKey } from '#web/i18n.ts';
import type { IconName } from '#web/icon-names.ts';
import type { Frame } from '#web/pages/admin/frame.ts';
import type { ViewContext } from '#web/view-context.ts';

export const ROLE_NAMES: Record<Role, MessageKey> = {
  owner: 'role.owner',
  admin: 'role.admin',
  moderator: 'role.moderator',
  user: 'role.user',
};

/** In what state an account is: role, waiting, limited, suspended. Nothing for an ordinary one. */
export function StateBadges({ ctx, account }: { ctx: ViewContext; account: StaffAccount }) {
  const { t } = ctx;
  const { role, pending, limitedAt, suspendedAt, deletedAt, emailConfirmed, openReports } = account;
  return (
    <p class="badges">
      {role && role !== 'user' ? <Badge ctx={ctx} kind="accent" icon="shield" label={t(ROLE_NAMES[role])} /> : null}
      {pending ? <Badge ctx={ctx} kind="warning" label={t('admin-accounts.pending')} /> : null}
      {role && !emailConfirmed ? <Badge ctx={ctx} icon="mail" label={t('admin-accounts.unconfirmed')} /> : null}
      {limitedAt !== null ? <Badge ctx={ctx} kind="warning" label={t('admin-accounts.limited')} /> : null}
      {suspendedAt !== null ? <Badge ctx={ctx} kind="danger" label={t('admin-accounts.suspended')} /> : null}
      {deletedAt !== null ? <Badge ctx={ctx} icon="trash-2" label={t('admin-accounts.deleted')} /> : null}
      {openReports > 0 ? (
        <Badge ctx={ctx} icon="flag" label={t('admin-accounts.open-reports', { count: openReports })} />
      ) : null}
    </p>
  );
}

interface Step {
  path: string;
  label: MessageKey;
  icon: IconName;
}

/** What this person may do to the account: each leads to a page that says what will happen. */
export function AccountButtons({
  frame,
  account,
  returnTo,
}: {
  frame: Frame;
  account: StaffAccount;
  returnTo?: string | undefined;
}) {
  const { ctx } = frame;
  const steps = stepsFor(frame, account);
  if (steps.length === 0) return null;
  const query = returnTo ? `?return_to=${encodeURIComponent(returnTo)}` : '';
  return (
    <div class="admin-buttons">
      {account.limitedAt !== null && mayActOn(frame, account, 'accounts.moderate') ? (
        <ActionForm ctx={ctx} action={`/admin/accounts/${account.id}/unlimit`}>
          <button class="button" type="submit">
            <Icon ctx={ctx} name="eye" />
            {ctx.t('admin-accounts.unlimit')}
          </button>
        </ActionForm>
      ) : null}
      {steps.map(({ path, label, icon }) => (
        <a class="button" href={`/admin/accounts/${account.id}/${path}${query}`}>
          <Icon ctx={ctx} name={icon} />
          {ctx.t(label)}
        </a>
      ))}
    </div>
  );
}

function stepsFor(frame: Frame, account: StaffAccount): Step[] {
  const steps: Step[] = [];
  if (mayActOn(frame, account, 'accounts.moderate')) {
    if (account.limitedAt === null) steps.push({ path: 'limit', label: 'admin-accounts.limit', icon: 'eye-off' });
    if (account.suspendedAt === null) steps.push({ path: 'suspend', label: 'admin-accounts.suspend', icon: 'ban' });
    else steps.push({ path: 'unsuspend', label: 'admin-accounts.unsuspend', icon: 'check' });
  }
  if (mayActOn(frame, account, 'accounts.delete')) {
    steps.push({ path: 'delete', label: 'admin-accounts.delete', icon: 'trash-2' });
  }
  return steps;
}

/** As the commands ask it, so that no button stands there in vain. */
export function mayActOn(frame: Frame, account: StaffAccount, permission: Permission): boolean {
  if (!frame.may(permission) || account.deletedAt !== null) return false;
  // A local account without a role is the instance's own.
  return account.role === null ? account.account.domain !== null : outranks(frame.role, account.role);
}
