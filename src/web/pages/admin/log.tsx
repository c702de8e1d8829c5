import { Hono } from 'hono';
import { staffWith, type MailRecipient } from '#domain/membership/membership.queries.ts';
import { listAudit, type AuditLine } from '#domain/moderation/audit.queries.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { FilterForm } from '#web/components/admin-parts.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Select } from '#web/components/form.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { AuditList, auditNames, type AuditNames } from '#web/pages/admin/audit-list.tsx';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/log';

/** Everything that staff did. Nothing takes a line out of it. */
export function adminLogRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get(PAGE, requirePermission('audit.view'), async (c) => {
    const frame = await frameOf(deps, c);
    const actorId = parseId(c.req.query('actor'));
    const filter = actorId === null ? {} : { actorId };
    const page = await listAudit(deps.store, filter, pageRequestOf(c, limits.listPage));
    const names = await auditNames(deps, page.items);
    const staff = await staffWith(deps.store.read, 'admin.view');
    return c.html(<LogPage frame={frame} page={page} names={names} staff={staff} actorId={actorId} />);
  });

  return app;
}

interface LogPageProps {
  frame: Frame;
  page: Page<AuditLine>;
  names: AuditNames;
  staff: readonly MailRecipient[];
  actorId: number | null;
}

function LogPage({ frame: { ctx, groups }, page, names, staff, actorId }: LogPageProps) {
  const { t } = ctx;
  const actors = [
    { value: '', label: t('audit.everybody') },
    ...staff.map(({ accountId, handle }) => ({ value: String(accountId), label: `@${handle}` })),
  ];
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.log')} intro={t('audit.intro')}>
      <FilterForm ctx={ctx} action={PAGE}>
        <Select
          ctx={ctx}
          name="actor"
          label={t('audit.actor')}
          options={actors}
          value={actorId === null ? '' : String(actorId)}
          short
        />
      </FilterForm>
      {page.items.length === 0 ? (
        <EmptyState title={t('audit.empty')} text={t('audit.empty-text')} />
      ) : (
        <AuditList ctx={ctx} lines={page.items} names={names} />
      )}
      <Pagination ctx={ctx} nextBefore={page.nextBefore} />
    </AdminLayout>
  );
}
