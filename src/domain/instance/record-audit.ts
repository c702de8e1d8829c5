import type { Unit } from '#db/unit.ts';

export interface AuditEntry {
  /** Null when the server's command line acted. */
  actorId: number | null;
  /** A key of the locales: `audit.<action>`. */
  action: string;
  /** What it was done to: `account:123`, `invite:5`. */
  target?: string;
  details?: Record<string, string | number | boolean | null>;
}

/** Writes into the log of what staff did, in the transaction in which it is done. */
export async function recordAudit(unit: Unit, entry: AuditEntry): Promise<void> {
  await unit.tx.insert(unit.schema.auditEntries).values({
    id: unit.newId(),
    actorId: entry.actorId,
    action: entry.action,
    target: entry.target ?? '',
    details: entry.details ?? {},
    createdAt: unit.now,
  });
}
