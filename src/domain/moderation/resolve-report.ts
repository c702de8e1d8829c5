import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { requireActor, type StaffInput } from '#domain/moderation/staff-actor.ts';
import { notAllowed, notFound } from '#kernel/errors.ts';

type ReportInput = StaffInput & { reportId: number };

/**
 * Closes a report; one that is closed stays as it is.
 * @throws not-allowed, also for a report on oneself; not-found.
 */
export async function resolveReport(unit: Unit, input: ReportInput): Promise<void> {
  const report = await reportOf(unit, input);
  if (report.resolved_at !== null) return;
  await unit.tx.hot(
    'update reports set resolved_at = $1, resolved_by_id = $2 where id = $3',
    unit.now,
    input.actorId,
    input.reportId,
  );
  await record(unit, input, 'report-resolved');
}

/** Opens a closed report again. @throws as `resolveReport`. */
export async function reopenReport(unit: Unit, input: ReportInput): Promise<void> {
  const report = await reportOf(unit, input);
  if (report.resolved_at === null) return;
  await unit.tx.hot('update reports set resolved_at = null, resolved_by_id = null where id = $1', input.reportId);
  await record(unit, input, 'report-reopened');
}

async function reportOf(unit: Unit, input: ReportInput): Promise<{ resolved_at: number | null }> {
  await requireActor(unit, input, 'reports.handle');
  const [report] = await unit.tx.hot<{ resolved_at: number | null; target_id: number }>(
    'select resolved_at, target_id from reports where id = $1',
    input.reportId,
  );
  if (!report) throw notFound();
  if (report.target_id === input.actorId) throw notAllowed('report-on-oneself');
  return report;
}

async function record(unit: Unit, input: ReportInput, action: string): Promise<void> {
  await recordAudit(unit, { actorId: input.actorId, action, target: `report:${input.reportId}` });
}
