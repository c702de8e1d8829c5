import { isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { invalid, tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface RuleWords {
  text: string;
  /** What it means in practice; may be empty. */
  hint: string;
}

/** Puts a rule behind the others and returns its id. @throws invalid, too-many. */
export async function addRule(unit: Unit, input: RuleWords & { actorId: number | null }): Promise<number> {
  const { rules } = unit.schema;
  const words = checkRule(input);
  const inForce = await unit.tx.select({ position: rules.position }).from(rules).where(isNull(rules.retiredAt));
  if (inForce.length >= limits.rules) throw tooMany('too-many-rules', { max: limits.rules });
  const position = Math.max(0, ...inForce.map((rule) => rule.position)) + 1;
  const id = unit.newId();
  await unit.tx.insert(rules).values({ id, position, ...words, createdAt: unit.now });
  await recordAudit(unit, { actorId: input.actorId, action: 'rule-added', target: `rule:${id}` });
  unit.emit({ type: 'instance-updated' });
  return id;
}

/** @throws invalid. */
export function checkRule(input: RuleWords): RuleWords {
  const text = input.text.trim();
  const hint = input.hint.trim();
  if (text === '') throw invalid('required', 'text');
  if (text.length > limits.ruleCharacters) throw invalid('too-long', 'text', { max: limits.ruleCharacters });
  if (hint.length > limits.ruleHintCharacters) throw invalid('too-long', 'hint', { max: limits.ruleHintCharacters });
  return { text, hint };
}
