import { eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { notFound } from '#kernel/errors.ts';

/** Moves a rule one place up or down; at the end of the list nothing happens. @throws not-found. */
export async function moveRule(unit: Unit, input: { id: number; direction: 'up' | 'down' }): Promise<void> {
  const { rules } = unit.schema;
  const inForce = await unit.tx
    .select({ id: rules.id })
    .from(rules)
    .where(isNull(rules.retiredAt))
    .orderBy(rules.position, rules.id);
  const order = inForce.map((rule) => rule.id);
  const from = order.indexOf(input.id);
  if (from === -1) throw notFound();
  const to = from + (input.direction === 'up' ? -1 : 1);
  if (to < 0 || to >= order.length) return;
  order.splice(from, 1);
  order.splice(to, 0, input.id);
  for (const [index, id] of order.entries()) {
    await unit.tx
      .update(rules)
      .set({ position: index + 1 })
      .where(eq(rules.id, id));
  }
  unit.emit({ type: 'instance-updated' });
}
