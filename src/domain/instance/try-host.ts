import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { notFound } from '#kernel/errors.ts';

/** Tries a server that does not answer at once instead of at its time. @throws not-found when it answers. */
export async function tryHost(unit: Unit, input: { actorId: number | null; host: string }): Promise<void> {
  const found = await unit.tx.hot(
    'update delivery_hosts set next_try_at = $1 where host = $2 and failures > 0 returning host',
    unit.now,
    input.host,
  );
  if (found.length === 0) throw notFound();
  await recordAudit(unit, { actorId: input.actorId, action: 'host-tried', target: `domain:${input.host}` });
}
