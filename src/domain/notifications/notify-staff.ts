import type { Unit } from '#db/unit.ts';
import type { EventOf } from '#domain/events.ts';
import { may, ROLES, type Permission } from '#domain/membership/permissions.ts';
import { notifyInAnyCase } from '#domain/notifications/notify.ts';

/** Tells those who handle reports, but for whoever is reported or made the report. */
export async function notifyOfReport(unit: Unit, { reportId }: EventOf<'report-made'>): Promise<void> {
  const rows = await unit.tx.hot<{ reporter_id: number; target_id: number }>(
    'select reporter_id, target_id from reports where id = $1',
    reportId,
  );
  const [report] = rows;
  if (!report) return;
  const staff = await staffWho(unit, 'reports.handle');
  await notifyInAnyCase(
    unit,
    { kind: 'report', fromId: report.reporter_id, postId: null, onceKey: `report:${reportId}` },
    staff.filter((id) => id !== report.reporter_id && id !== report.target_id),
  );
}

/** Tells those who decide on sign-ups. */
export async function notifyOfSignUp(unit: Unit, { accountId }: EventOf<'sign-up-requested'>): Promise<void> {
  const news = { kind: 'sign-up', fromId: accountId, postId: null, onceKey: `sign-up:${accountId}` } as const;
  await notifyInAnyCase(unit, news, await staffWho(unit, 'registrations.decide'));
}

async function staffWho(unit: Unit, permission: Permission): Promise<number[]> {
  const roles = ROLES.filter((role) => may(role, permission));
  const names = roles.map((role) => `'${role}'`).join(', ');
  const rows = await unit.tx.hot<{ id: number }>(
    `select m.account_id as id from members m join accounts a on a.id = m.account_id
     where m.role in (${names}) and m.approved_at is not null and a.suspended_at is null and a.deleted_at is null
     order by m.account_id`,
  );
  return rows.map((row) => row.id);
}
