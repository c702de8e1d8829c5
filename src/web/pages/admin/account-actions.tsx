import { Hono, type Context } from 'hono';
import { deleteAccounts } from '#domain/moderation/delete-accounts.ts';
import { limitAccount, unlimitAccount } from '#domain/moderation/limit-account.ts';
import { forcePasswordReset, removeSecondFactor } from '#domain/moderation/reset-access.ts';
import { findStaffAccount, type StaffAccount } from '#domain/moderation/staff-accounts.queries.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { unsuspendAccount } from '#domain/moderation/unsuspend-account.ts';
import { restoreSeveredFollows } from '#domain/relationships/restore-severed-follows.ts';
import type { Permission } from '#domain/membership/permissions.ts';
import { conflict, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { localPath } from '#web/forms.ts';
import type { MessageKey } from '#web/i18n.ts';
import { StateBadges } from '#web/pages/admin/account-parts.tsx';
import {
  DELETE,
  LIMIT,
  RESET_PASSWORD,
  RESET_TOTP,
  SUSPEND,
  UNSUSPEND,
  type StepWords,
} from '#web/pages/admin/account-steps.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

interface Step {
  /** The last part of its path. */
  path: string;
  permission: Permission;
  words: StepWords;
  /** The question, the button, and what is said afterwards. */
  title: MessageKey;
  label: MessageKey;
  done: MessageKey;
  danger?: boolean;
  act(deps: WebDeps, input: { actorId: number; accountId: number }): Promise<unknown>;
}

const STEPS: readonly Step[] = [
  {
    path: 'limit',
    permission: 'accounts.moderate',
    words: LIMIT,
    title: 'admin-accounts.limit-title',
    label: 'admin-accounts.limit',
    done: 'admin-accounts.limit-done',
    act: ({ commit }, input) => commit(limitAccount, input),
  },
  {
    path: 'suspend',
    permission: 'accounts.moderate',
    words: SUSPEND,
    title: 'admin-accounts.suspend-title',
    label: 'admin-accounts.suspend',
    done: 'admin-accounts.suspend-done',
    danger: true,
    act: ({ commit }, input) => commit(suspendAccount, input),
  },
  {
    path: 'unsuspend',
    permission: 'accounts.moderate',
    words: UNSUSPEND,
    title: 'admin-accounts.unsuspend-title',
    label: 'admin-accounts.unsuspend',
    done: 'admin-accounts.unsuspend-done',
    act: letInAgain,
  },
  {
    path: 'delete',
    permission: 'accounts.delete',
    words: DELETE,
    title: 'admin-accounts.delete-title',
    label: 'admin-accounts.delete',
    done: 'admin-accounts.delete-done',
    danger: true,
    act: ({ commit }, { actorId, accountId }) => commit(deleteAccounts, { actorId, accountIds: [accountId] }),
  },
  {
    path: 'reset-totp',
    permission: 'accounts.access',
    words: RESET_TOTP,
    title: 'admin-accounts.reset-totp-title',
    label: 'admin-accounts.reset-totp',
    done: 'admin-accounts.reset-totp-done',
    danger: true,
    act: ({ commit }, input) => commit(removeSecondFactor, input),
  },
  {
    path: 'reset-password',
    permission: 'accounts.access',
    words: RESET_PASSWORD,
    title: 'admin-accounts.reset-password-title',
    label: 'admin-accounts.reset-password',
    done: 'admin-accounts.reset-password-done',
    danger: true,
    async act({ commit, mail }, input) {
      // Without mail nobody could choose a new password.
      if (!mail.available) throw conflict('mail-needed');
      await commit(forcePasswordReset, input);
    },
  },
];

/** What staff does to one account. Each step is asked once more on a page of its own. */
export function adminAccountActionRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  for (const step of STEPS) {
    const path = `/admin/accounts/:id{[0-9]+}/${step.path}` as const;
    const guard = requirePermission(step.permission);
    app.get(path, guard, async (c) => c.html(await drawStep(deps, c, step)));
    app.post(
      path,
      guard,
      staffAction(deps, '/admin/accounts', async ({ c, actorId, id }) => {
        const account = await findStaffAccount(deps.store, id);
        await step.act(deps, { actorId, accountId: id });
        const message = c.get('ctx').t(step.done, { name: account?.account.acct ?? '' });
        return { kind: 'success', message };
      }),
    );
  }

  app.post(
    '/admin/accounts/:id{[0-9]+}/unlimit',
    requirePermission('accounts.moderate'),
    staffAction(deps, '/admin/accounts', async ({ c, actorId, id }) => {
      await deps.commit(unlimitAccount, { actorId, accountId: id });
      return { kind: 'success', message: c.get('ctx').t('admin-accounts.unlimit-done') };
    }),
  );

  return app;
}

/** The follows of somebody who was known well come back in several steps. */
async function letInAgain({ commit }: WebDeps, input: { actorId: number; accountId: number }): Promise<void> {
  let { moreFollows: more } = await commit(unsuspendAccount, input);
  while (more) ({ more } = await commit(restoreSeveredFollows, { cause: `account:${input.accountId}` as const }));
}

async function drawStep(deps: WebDeps, c: Context<WebEnv>, step: Step) {
  const account = await findStaffAccount(deps.store, parseId(c.req.param('id')) ?? 0);
  if (!account || account.deletedAt !== null) throw notFound();
  const frame = await frameOf(deps, c);
  const cancel = localPath(c.req.query('return_to'), `/admin/accounts/${account.id}`);
  return <StepPage frame={frame} step={step} account={account} cancel={cancel} />;
}

interface StepPageProps {
  frame: Frame;
  step: Step;
  account: StaffAccount;
  cancel: string;
}

function StepPage({ frame: { ctx, groups }, step, account, cancel }: StepPageProps) {
  const { t } = ctx;
  const { words } = step;
  const effects = account.account.domain === null ? words.local : words.remote;
  // Of what is deleted there may be no page to come back to.
  const isFromReport = cancel.startsWith('/admin/reports/');
  const afterwards = isFromReport ? '/admin/reports' : '/admin/accounts';
  return (
    <AdminConfirm
      ctx={ctx}
      groups={groups}
      title={t(step.title, { name: account.account.acct })}
      effects={effects.map((effect) => t(effect))}
      undo={t(words.undo)}
      action={`/admin/accounts/${account.id}/${step.path}`}
      label={t(step.label)}
      danger={step.danger}
      cancel={cancel}
      returnTo={step.path === 'delete' ? afterwards : cancel}
    >
      <AccountLine ctx={ctx} account={account.account} />
      <StateBadges ctx={ctx} account={account} />
    </AdminConfirm>
  );
}
