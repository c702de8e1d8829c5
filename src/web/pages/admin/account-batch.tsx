import { Hono, type Context } from 'hono';
import { deleteAccounts } from '#domain/moderation/delete-accounts.ts';
import { limitAccounts } from '#domain/moderation/limit-account.ts';
import { findStaffAccount, type StaffAccount } from '#domain/moderation/staff-accounts.queries.ts';
import { suspendAccounts } from '#domain/moderation/suspend-account.ts';
import type { Permission } from '#domain/membership/permissions.ts';
import { DomainError, invalid, notAllowed, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import type { FormErrors } from '#web/components/form.tsx';
import { setFlash } from '#web/flash.ts';
import { errorsOf, formEntries, STATUS_OF } from '#web/forms.ts';
import type { MessageKey } from '#web/i18n.ts';
import { DELETE, LIMIT, SUSPEND, type StepWords } from '#web/pages/admin/account-steps.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { sessionOf } from '#web/session.ts';
import { mayHere, requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/accounts/batch';

type Batch = 'limit' | 'suspend' | 'delete';

interface BatchStep {
  permission: Permission;
  words: StepWords;
  title: MessageKey;
  done: MessageKey;
  danger: boolean;
  act(deps: WebDeps, input: { actorId: number; accountIds: readonly number[] }): Promise<void>;
}

const STEPS: Record<Batch, BatchStep> = {
  limit: {
    permission: 'accounts.moderate',
    words: LIMIT,
    title: 'admin-accounts.limit-many',
    done: 'admin-accounts.limited-many',
    danger: false,
    act: ({ commit }, input) => commit(limitAccounts, input),
  },
  suspend: {
    permission: 'accounts.moderate',
    words: SUSPEND,
    title: 'admin-accounts.suspend-many',
    done: 'admin-accounts.suspended-many',
    danger: true,
    act: ({ commit }, input) => commit(suspendAccounts, input),
  },
  delete: {
    permission: 'accounts.delete',
    words: DELETE,
    title: 'admin-accounts.delete-many',
    done: 'admin-accounts.deleted-many',
    danger: true,
    act: ({ commit }, input) => commit(deleteAccounts, input),
  },
};

/** Something done to several accounts at once: all of them or, if it may not be done to one, none. */
export function adminBatchRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('accounts.moderate');

  app.get(PAGE, guard, async (c) => {
    const step = stepOf(c, c.req.query('do'));
    const ids = idsOf(c.req.queries('ids') ?? []);
    if (ids.length === 0) {
      const message = c.get('ctx').t.error('batch-empty');
      setFlash(deps, c, { kind: 'error', message });
      return c.redirect('/admin/accounts', 303);
    }
    return c.html(await drawPage(deps, c, step, ids, {}));
  });

  app.post(PAGE, guard, async (c) => {
    const entries = await formEntries(c);
    const step = stepOf(c, entries['do']);
    const ids = idsOf((entries['ids'] ?? '').split(' '));
    try {
      await STEPS[step].act(deps, { actorId: sessionOf(c).accountId, accountIds: ids });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const refusal = new DomainError(error.code, error.reason, { values: error.values });
      return c.html(await drawPage(deps, c, step, ids, errorsOf(c, [refusal])), STATUS_OF[error.code]);
    }
    const message = c.get('ctx').t(STEPS[step].done, { count: ids.length });
    setFlash(deps, c, { kind: 'success', message });
    return c.redirect('/admin/accounts', 303);
  });

  return app;
}

function stepOf(c: Context<WebEnv>, typed: string | undefined): Batch {
  if (typed !== 'limit' && typed !== 'suspend' && typed !== 'delete') throw invalid('malformed');
  if (!mayHere(c, STEPS[typed].permission)) throw notAllowed();
  return typed;
}

function idsOf(typed: readonly string[]): number[] {
  return [...new Set(typed.flatMap((id) => parseId(id) ?? []))].slice(0, limits.accountsPerBatch + 1);
}

async function drawPage(deps: WebDeps, c: Context<WebEnv>, step: Batch, ids: readonly number[], errors: FormErrors) {
  const frame = await frameOf(deps, c);
  const found = await Promise.all(ids.map((id) => findStaffAccount(deps.store, id)));
  const accounts = found.filter((account) => account !== null);
  if (accounts.length === 0) throw notFound();
  return <BatchPage frame={frame} step={step} accounts={accounts} errors={errors} />;
}

interface BatchPageProps {
  frame: Frame;
  step: Batch;
  accounts: readonly StaffAccount[];
  errors: FormErrors;
}

function BatchPage({ frame: { ctx, groups }, step, accounts, errors }: BatchPageProps) {
  const { t } = ctx;
  const { words, title, danger } = STEPS[step];
  const counted = { count: accounts.length };
  const isLocal = ({ account }: StaffAccount) => account.domain === null;
  const effects = [...(accounts.some(isLocal) ? words.local : []), ...(accounts.every(isLocal) ? [] : words.remote)];
  return (
    <AdminConfirm
      ctx={ctx}
      groups={groups}
      title={t(title, counted)}
      effects={effects.map((effect) => t(effect))}
      undo={t(words.undo)}
      action={PAGE}
      label={t(title, counted)}
      danger={danger}
      fields={{ do: step, ids: accounts.map(({ id }) => id).join(' ') }}
      cancel="/admin/accounts"
      errors={errors}
    >
      <ul class="admin-people" role="list">
        {accounts.map(({ account }) => (
          <li class="admin-person">
            <AccountLine ctx={ctx} account={account} />
          </li>
        ))}
      </ul>
    </AdminConfirm>
  );
}
