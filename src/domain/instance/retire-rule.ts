import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { notFound } from '#kernel/errors.ts';

/** Takes a rule out of force; it is kept, see `ruleById`. @throws not-found. */
export async function retireRule(unit: Unit, input: { id: number; actorId: number | null }): Promise<void> {
  const { rules } = unit.schema;
  const gone = await unit.tx
    .update(rules)
    .set({ retiredAt: unit.now })
    .where(and(eq(rules.id, input.id), isNull(rules.retiredAt)))
    .returning({ id: rules.id });
  if (gone.length === 0) throw notFound();
  await recordAudit(unit, { actorId: input.actorId, action: 'rule-retired', target: `rule:${input.id}` });
  unit.emit({ type: 'instance-updated' });
}
