import type { Unit } from '#db/unit.ts';
import type { EventOf } from '#domain/events.ts';
import { policyOfHome, type DomainPolicy } from '#domain/relationships/instance-domain-policy.ts';
import type { Home } from '#domain/relationships/relationships.policy.ts';
import { homesUnder } from '#domain/relationships/sever-follows.ts';

/*
 * A policy on a domain shows in the rows of its accounts, so that every query hides them as it hides a single
 * account. They bear the policy's time; an account that was limited or suspended by itself bears another.
 */

/** The policies in force where accounts live on a domain or below it, to be read before a change. */
export type Stamps = readonly { home: Home; policy: DomainPolicy }[];

export async function readStamps(unit: Unit, domain: string): Promise<Stamps> {
  const stamps: { home: Home; policy: DomainPolicy }[] = [];
  for (const home of domain === '' ? [] : await homesUnder(unit, domain)) {
    stamps.push({ home, policy: await policyOfHome({ read: unit.tx, engine: unit.engine }, home) });
  }
  return stamps;
}

/** Brings the accounts from the policies that were to those that are. */
export async function stampAccounts(unit: Unit, before: Stamps): Promise<void> {
  for (const { home, policy: was } of before) {
    const is = await policyOfHome({ read: unit.tx, engine: unit.engine }, home);
    await stamp(unit, home, 'suspended_at', sinceFor(was, 'suspend'), sinceFor(is, 'suspend'));
    await stamp(unit, home, 'limited_at', sinceFor(was, 'limit'), sinceFor(is, 'limit'));
  }
}

function sinceFor(policy: DomainPolicy, severity: DomainPolicy['severity']): number | null {
  return policy.severity === severity ? policy.since : null;
}

async function stamp(
  unit: Unit,
  { domain, host }: Home,
  column: 'suspended_at' | 'limited_at',
  was: number | null,
  is: number | null,
): Promise<void> {
  if (was === is) return;
  const unstamped = is === null ? '' : `${column} is null or `;
  await unit.tx.hot(
    `update accounts set ${column} = $1 where domain = $2 and host = $3 and (${unstamped}${column} = $4)`,
    is,
    domain,
    host,
    was ?? 0,
  );
}

/** An account that became known after its domain was limited is limited when it first says something. */
export async function limitWithDomain(unit: Unit, { authorId }: EventOf<'post-received'>): Promise<void> {
  const [author] = await unit.tx.hot<Home>(
    'select domain, host from accounts where id = $1 and limited_at is null',
    authorId,
  );
  if (!author) return;
  const policy = await policyOfHome({ read: unit.tx, engine: unit.engine }, author);
  if (policy.severity !== 'limit') return;
  await unit.tx.hot('update accounts set limited_at = $1 where id = $2', policy.since, authorId);
}
