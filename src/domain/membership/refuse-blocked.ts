import { textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { domainAndParents } from '#domain/relationships/relationships.policy.ts';
import { DomainError, notAllowed } from '#kernel/errors.ts';
import { isInNetwork, parseAddress } from '#kernel/networks.ts';

/** @throws not-allowed for an address in a network that staff has blocked. */
export async function refuseBlockedAddress(unit: Unit, address: string | null): Promise<void> {
  const parsed = address === null ? null : parseAddress(address);
  if (parsed === null) return;
  const blocked = await unit.tx.hot<{ cidr: string }>(
    'select cidr from address_blocks where expires_at > $1',
    unit.now,
  );
  if (blocked.some(({ cidr }) => isInNetwork(parsed, cidr))) throw notAllowed('address-blocked');
}

/** @throws not-allowed for mail addresses at a domain that staff has blocked, or below one. */
export async function refuseBlockedEmailDomain(unit: Unit, domain: string): Promise<void> {
  const blocked = await unit.tx.hot(
    `select 1 as blocked from email_domain_blocks
     where domain in ${textsIn(unit.engine, '$1')} and (expires_at is null or expires_at > $2)`,
    JSON.stringify(domainAndParents(domain)),
    unit.now,
  );
  if (blocked.length > 0) throw new DomainError('not-allowed', 'email-domain-blocked', { field: 'email' });
}
