import type { Unit } from '#db/unit.ts';
import { policyTextVersions, type PolicyKind } from '#domain/instance/instance.queries.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface NewPolicyText {
  actorId: number | null;
  kind: PolicyKind;
  locale: 'en' | 'fr';
  /** Empty withdraws the text; its versions are kept. */
  markdown: string;
}

/** Adds a version and returns its id, or that of the version in force when nothing has changed. @throws invalid. */
export async function publishPolicyText(unit: Unit, input: NewPolicyText): Promise<number | null> {
  const markdown = input.markdown.replaceAll('\r\n', '\n').trim();
  if (markdown.length > limits.policyTextCharacters) {
    throw invalid('too-long', 'markdown', { max: limits.policyTextCharacters });
  }
  const [newest] = await policyTextVersions(unit.tx, input.kind, input.locale);
  if (markdown === (newest?.markdown ?? '')) return newest?.id ?? null;
  const id = unit.newId();
  await unit.tx
    .insert(unit.schema.policyTexts)
    .values({ id, kind: input.kind, locale: input.locale, markdown, createdAt: unit.now });
  const target = `policy:${input.kind}:${input.locale}`;
  await recordAudit(unit, { actorId: input.actorId, action: 'policy-published', target });
  unit.emit({ type: 'instance-updated' });
  return id;
}
