import type { Context } from 'hono';
import { countPendingSignUps } from '#domain/membership/sign-ups.queries.ts';
import { may, type Permission, type Role } from '#domain/membership/permissions.ts';
import { countOpenReports } from '#domain/moderation/reports.queries.ts';
import { ADMIN_GROUPS, type AdminGroup } from '#web/components/admin-layout.tsx';
import { sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** What every page of the administration is drawn with. */
export interface Frame {
  ctx: ViewContext;
  /** The parts of the administration that this person may enter, with what waits there. */
  groups: AdminGroup[];
  actorId: number;
  role: Role;
  may(permission: Permission): boolean;
  waiting: { reports: number; signUps: number };
}

/** Behind `requirePermission` only. */
export async function frameOf(deps: WebDeps, c: Context<WebEnv>): Promise<Frame> {
  const { role, accountId } = sessionOf(c);
  const waiting = {
    reports: await countOpenReports(deps.store),
    signUps: Number(await countPendingSignUps(deps.store.read)),
  };
  const counts: Record<string, number> = { '/admin/reports': waiting.reports, '/admin/sign-ups': waiting.signUps };
  const groups = ADMIN_GROUPS.map(({ label, sections }) => ({
    label,
    sections: sections
      .filter(({ permission }) => may(role, permission))
      .map((section) => ({ ...section, count: counts[section.href] })),
  })).filter(({ sections }) => sections.length > 0);
  return {
    ctx: c.get('ctx'),
    groups,
    actorId: accountId,
    role,
    may: (permission) => may(role, permission),
    waiting,
  };
}
