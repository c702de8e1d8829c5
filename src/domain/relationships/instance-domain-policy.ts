import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { domainAndParents, type Home } from '#domain/relationships/relationships.policy.ts';

export interface DomainPolicy {
  /** The domain that the policy names: this one or one above it; null where there is none. */
  domain: string | null;
  severity: 'none' | 'limit' | 'suspend';
  /** Since when, 0 without a policy. */
  since: number;
  rejectMedia: boolean;
}

const NO_POLICY: DomainPolicy = { domain: null, severity: 'none', since: 0, rejectMedia: false };

const RANK: Record<DomainPolicy['severity'], number> = { none: 0, limit: 1, suspend: 2 };

/**
 * What this instance holds of an account's home: the stricter of what it holds of the domain of its handle and of the
 * host of its addresses. An admin names whichever of the two people know.
 */
export async function policyOfHome(
  reader: Pick<Reader, 'read' | 'engine'>,
  { domain, host }: Home,
): Promise<DomainPolicy> {
  const ofDomain = await policyOf(reader, domain);
  if (host === '' || host === domain) return ofDomain;
  const ofHost = await policyOf(reader, host);
  return { ...stricterOf(ofDomain, ofHost), rejectMedia: ofDomain.rejectMedia || ofHost.rejectMedia };
}

/** By severity; the first of two that are alike. */
export function stricterOf(a: DomainPolicy, b: DomainPolicy): DomainPolicy {
  return RANK[b.severity] > RANK[a.severity] ? b : a;
}

interface Row {
  domain: string;
  severity: DomainPolicy['severity'];
  severity_since: number;
  reject_media: number;
}

/**
 * What this instance holds of a domain: the policy on the longest name that it lies under, so that
 * `evil.test` speaks for `www.evil.test`, and an exception for `good.evil.test` is possible.
 */
export async function policyOf({ read }: Pick<Reader, 'read' | 'engine'>, domain: string): Promise<DomainPolicy> {
  const names = domainAndParents(domain);
  if (names.length === 0) return NO_POLICY;
  const rows = await read.hot<Row>(
    `select domain, severity, severity_since, reject_media from domain_policies
     where domain in (${names.map((_, index) => `$${index + 1}`).join(', ')}) order by length(domain) desc limit 1`,
    ...names,
  );
  const [row] = rows;
  if (!row) return NO_POLICY;
  return {
    domain: row.domain,
    severity: row.severity,
    since: row.severity_since,
    rejectMedia: row.reject_media !== 0,
  };
}
