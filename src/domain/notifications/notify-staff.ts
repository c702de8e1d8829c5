import type { Unit } from '#db/unit.ts';
import type { EventOf } from '#domain/events.ts';
import { staffWith } from '#domain/membership/membership.queries.ts';
import type { Permission } from '#domain/membership/permissions.ts';
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
  return (await staffWith(unit.tx, permission)).map((member) => member.accountId);
}
