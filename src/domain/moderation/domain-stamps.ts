import type { Unit } from '#db/unit.ts';
import type { EventOf } from '#domain/events.ts';
import { policyOf, type DomainPolicy } from '#domain/relationships/domain-policy.ts';
import { domainsUnder } from '#domain/relationships/sever-follows.ts';

/*
 * A policy on a domain shows in the rows of its accounts, so that every query hides them as it hides a single
 * account. They bear the policy's time; an account that was limited or suspended by itself bears another.
 */

/** The policies in force on a domain and the known ones below it, to be read before a change. */
export type Stamps = ReadonlyMap<string, DomainPolicy>;

export async function readStamps(unit: Unit, domain: string): Promise<Stamps> {
  const stamps = new Map<string, DomainPolicy>();
  for (const under of domain === '' ? [] : await domainsUnder(unit, domain)) {
    stamps.set(under, await policyOf({ read: unit.tx, engine: unit.engine }, under));
  }
  return stamps;
}

/** Brings the accounts from the policies that were to those that are. */
export async function stampAccounts(unit: Unit, before: Stamps): Promise<void> {
  for (const [domain, was] of before) {
    const is = await policyOf({ read: unit.tx, engine: unit.engine }, domain);
    await stamp(unit, domain, 'suspended_at', sinceFor(was, 'suspend'), sinceFor(is, 'suspend'));
    await stamp(unit, domain, 'limited_at', sinceFor(was, 'limit'), sinceFor(is, 'limit'));
  }
}

function sinceFor(policy: DomainPolicy, severity: DomainPolicy['severity']): number | null {
  return policy.severity === severity ? policy.since : null;
}

async function stamp(
  unit: Unit,
  domain: string,
  column: 'suspended_at' | 'limited_at',
  was: number | null,
  is: number | null,
): Promise<void> {
  if (was === is) return;
  const unstamped = is === null ? '' : `${column} is null or `;
  await unit.tx.hot(
    `update accounts set ${column} = $1 where domain = $2 and (${unstamped}${column} = $3)`,
    is,
    domain,
    was ?? 0,
  );
}

/** An account that became known after its domain was limited is limited when it first says something. */
export async function limitWithDomain(unit: Unit, { authorId }: EventOf<'post-received'>): Promise<void> {
  const [author] = await unit.tx.hot<{ domain: string }>(
    'select domain from accounts where id = $1 and limited_at is null',
    authorId,
  );
  if (!author) return;
  const policy = await policyOf({ read: unit.tx, engine: unit.engine }, author.domain);
  if (policy.severity !== 'limit') return;
  await unit.tx.hot('update accounts set limited_at = $1 where id = $2', policy.since, authorId);
}
