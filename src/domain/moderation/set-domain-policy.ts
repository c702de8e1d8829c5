import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { stampAccounts, readStamps } from '#domain/moderation/domain-stamps.ts';
import type { DomainSeverity } from '#domain/moderation/moderation.tables.ts';
import { requireActor, type StaffInput } from '#domain/moderation/staff-actor.ts';
import { isUnderDomain, readDomain } from '#domain/relationships/relationships.policy.ts';
import { restoreSeveredFollows } from '#domain/relationships/restore-severed-follows.ts';
import { severFollowsOfDomain } from '#domain/relationships/sever-follows.ts';
import { invalid, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface NewPolicy extends StaffInput {
  /** As people type it. */
  domain: string;
  severity: DomainSeverity;
  /** Kept copies go by `purgeRemoteMedia`. */
  rejectMedia: boolean;
  publicComment: string;
  privateComment: string;
}

export interface PolicyOutcome {
  domain: string;
  followsCut: number;
  /** Follows that come back are so many that `restoreSeveredFollows` is to be called until there are none. */
  moreFollows: boolean;
}

/**
 * What this instance holds of a domain and all below it that have no policy of their own. A suspension hides its
 * accounts and cuts their follows, which are kept; a milder policy afterwards gives them back.
 * @throws not-allowed; invalid for what is no domain, for our own, or too long a comment.
 */
export async function setDomainPolicy(unit: Unit, input: NewPolicy): Promise<PolicyOutcome> {
  await requireActor(unit, input, 'domains.edit');
  const domain = checkDomain(unit, input.domain);
  checkComments(input);
  const before = await readStamps(unit, domain);
  const { domainPolicies } = unit.schema;
  const [known] = await unit.tx.hot<{ severity: DomainSeverity; severity_since: number }>(
    'select severity, severity_since from domain_policies where domain = $1',
    domain,
  );
  const values = {
    severity: input.severity,
    severitySince: known?.severity === input.severity ? known.severity_since : unit.now,
    rejectMedia: input.rejectMedia,
    publicComment: input.publicComment.trim(),
    privateComment: input.privateComment.trim(),
    updatedAt: unit.now,
  };
  await unit.tx
    .insert(domainPolicies)
    .values({ domain, ...values, createdAt: unit.now })
    .onConflictDoUpdate({ target: domainPolicies.domain, set: values });
  await stampAccounts(unit, before);

  const suspends = input.severity === 'suspend';
  const followsCut = suspends ? await severFollowsOfDomain(unit, domain) : 0;
  const { more } = suspends ? { more: false } : await restoreSeveredFollows(unit, { cause: `domain:${domain}` });
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'domain-policy-set',
    target: `domain:${domain}`,
    details: { severity: input.severity, rejectMedia: input.rejectMedia, followsCut },
  });
  if (suspends && known?.severity !== 'suspend') unit.emit({ type: 'domain-suspended', domain });
  return { domain, followsCut, moreFollows: more };
}

/** Takes a policy away. @throws not-allowed, not-found. */
export async function removeDomainPolicy(
  unit: Unit,
  input: StaffInput & { domain: string },
): Promise<{ moreFollows: boolean }> {
  await requireActor(unit, input, 'domains.edit');
  const domain = readDomain(input.domain) ?? '';
  const before = await readStamps(unit, domain);
  const gone = await unit.tx.hot('delete from domain_policies where domain = $1 returning domain', domain);
  if (gone.length === 0) throw notFound();
  await stampAccounts(unit, before);
  // The name may now lie under a stricter policy above it, which then cuts; otherwise what was cut comes back.
  await severFollowsOfDomain(unit, domain);
  const { more } = await restoreSeveredFollows(unit, { cause: `domain:${domain}` });
  await recordAudit(unit, { actorId: input.actorId, action: 'domain-policy-removed', target: `domain:${domain}` });
  return { moreFollows: more };
}

function checkDomain(unit: Unit, typed: string): string {
  const domain = readDomain(typed);
  if (domain === null) throw invalid('domain-malformed', 'domain');
  if ([unit.site.host, unit.site.handleDomain].some((own) => isUnderDomain(own, domain))) {
    throw invalid('domain-own', 'domain');
  }
  return domain;
}

function checkComments(input: NewPolicy): void {
  const max = limits.reportCharacters;
  for (const field of ['publicComment', 'privateComment'] as const) {
    if ([...input[field]].length > max) throw invalid('comment-too-long', field, { max });
  }
}
