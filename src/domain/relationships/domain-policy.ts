import { textsIn } from '#db/dialect.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { domainAndParents } from '#domain/relationships/relationships.policy.ts';

export interface DomainPolicy {
  /** The domain that the policy names: this one or one above it; null where there is none. */
  domain: string | null;
  severity: 'none' | 'limit' | 'suspend';
  rejectMedia: boolean;
}

const NO_POLICY: DomainPolicy = { domain: null, severity: 'none', rejectMedia: false };

/**
 * What this instance holds of a domain: the policy on the longest name that it lies under, so that
 * `evil.test` speaks for `www.evil.test`, and an exception for `good.evil.test` is possible.
 */
export async function policyOf({ read, engine }: Pick<Reader, 'read' | 'engine'>, domain: string): Promise<DomainPolicy> {
  const names = domainAndParents(domain);
  if (names.length === 0) return NO_POLICY;
  const rows = await read.hot<{ domain: string; severity: DomainPolicy['severity']; reject_media: number }>(
    `select domain, severity, reject_media from domain_policies where domain in ${textsIn(engine, '$1')}
     order by length(domain) desc limit 1`,
    JSON.stringify(names),
  );
  const row = rows[0];
  return row ? { domain: row.domain, severity: row.severity, rejectMedia: row.reject_media !== 0 } : NO_POLICY;
}
