import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { HotValue } from '#db/store.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

export interface AuditLine {
  id: number;
  /** Null when the command line acted, or the actor's account is gone. */
  actor: AccountView | null;
  byCommandLine: boolean;
  /** Its words are at `audit.<action>` in the locales. */
  action: string;
  target: string;
  details: Record<string, string | number | boolean | null>;
  at: number;
}

interface Row {
  id: number;
  actor_id: number | null;
  action: string;
  target: string;
  details: string;
  created_at: number;
}

/** What staff did, the newest first. */
export async function listAudit(
  reader: Reader,
  filter: { actorId?: number; action?: string; target?: string },
  page: PageRequest,
): Promise<Page<AuditLine>> {
  const values: HotValue[] = [page.before ?? Number.MAX_SAFE_INTEGER, page.after ?? 0, page.limit + 1];
  const conditions = ['id < $1', 'id > $2'];
  if (filter.actorId !== undefined) conditions.push(`actor_id = $${values.push(filter.actorId)}`);
  if (filter.action !== undefined) conditions.push(`action = $${values.push(filter.action)}`);
  if (filter.target !== undefined) conditions.push(`target = $${values.push(filter.target)}`);
  const rows = await reader.read.hot<Row>(
    `select id, actor_id, action, target, details, created_at from audit_entries
     where ${conditions.join(' and ')} order by id desc limit $3`,
    ...values,
  );
  const { items, nextBefore } = pageOf(rows, page.limit);
  const actors = await accountViews(
    reader,
    items.flatMap((row) => row.actor_id ?? []),
  );
  return { items: items.map((row) => auditLine(row, actors)), nextBefore };
}

function auditLine(row: Row, actors: ReadonlyMap<number, AccountView>): AuditLine {
  return {
    id: row.id,
    actor: actors.get(row.actor_id ?? 0) ?? null,
    byCommandLine: row.actor_id === null,
    action: row.action,
    target: row.target,
    details: JSON.parse(row.details) as AuditLine['details'],
    at: row.created_at,
  };
}
