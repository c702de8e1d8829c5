import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { requireActor, type StaffInput } from '#domain/moderation/staff-actor.ts';
import { readDomain } from '#domain/relationships/relationships.policy.ts';
import { invalid, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

/**
 * Keeps mail addresses at a domain and below it from signing up, for ever or until a given time. A second block
 * replaces the terms of the first.
 * @throws not-allowed; invalid for what is no domain, or an end in the past.
 */
export async function blockEmailDomain(
  unit: Unit,
  input: StaffInput & { domain: string; comment: string; expiresAt: number | null },
): Promise<void> {
  await requireActor(unit, input, 'blocks.edit');
  const domain = readDomain(input.domain);
  if (domain === null) throw invalid('domain-malformed', 'domain');
  if (input.expiresAt !== null && input.expiresAt <= unit.now) throw invalid('block-end-past', 'expiresAt');
  const { emailDomainBlocks } = unit.schema;
  const values = { comment: input.comment.trim().slice(0, limits.reportCharacters), expiresAt: input.expiresAt };
  await unit.tx
    .insert(emailDomainBlocks)
    .values({ domain, ...values, createdAt: unit.now })
    .onConflictDoUpdate({ target: emailDomainBlocks.domain, set: values });
  await recordAudit(unit, { actorId: input.actorId, action: 'email-domain-blocked', target: `email-domain:${domain}` });
}

/** @throws not-allowed, not-found. */
export async function unblockEmailDomain(unit: Unit, input: StaffInput & { domain: string }): Promise<void> {
  await requireActor(unit, input, 'blocks.edit');
  const domain = readDomain(input.domain) ?? '';
  const gone = await unit.tx.hot('delete from email_domain_blocks where domain = $1 returning domain', domain);
  if (gone.length === 0) throw notFound();
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'email-domain-unblocked',
    target: `email-domain:${domain}`,
  });
}
