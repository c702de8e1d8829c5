import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { checkRule, type RuleWords } from '#domain/instance/add-rule.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { notFound } from '#kernel/errors.ts';

/**
 * Gives a rule new words and returns the id of the rule in force. A changed text is a new rule in the old one's place:
 * whoever agreed to the old one, or was judged by it, can still be shown what it said. A changed hint is not.
 * @throws not-found, invalid.
 */
export async function editRule(unit: Unit, input: RuleWords & { id: number; actorId: number | null }): Promise<number> {
  const { rules } = unit.schema;
  const words = checkRule(input);
  const [rule] = await unit.tx
    .select()
    .from(rules)
    .where(and(eq(rules.id, input.id), isNull(rules.retiredAt)));
  if (!rule) throw notFound();
  await recordAudit(unit, { actorId: input.actorId, action: 'rule-edited', target: `rule:${rule.id}` });
  unit.emit({ type: 'instance-updated' });
  if (words.text === rule.text) {
    await unit.tx.update(rules).set({ hint: words.hint }).where(eq(rules.id, rule.id));
    return rule.id;
  }
  const id = unit.newId();
  await unit.tx.update(rules).set({ retiredAt: unit.now }).where(eq(rules.id, rule.id));
  await unit.tx.insert(rules).values({ id, position: rule.position, ...words, createdAt: unit.now });
  return id;
}
