import type { Unit } from '#db/unit.ts';
import { readDomain } from '#domain/relationships/relationships.policy.ts';

/** A person lets a domain in again; followers do not come back by themselves. */
export async function unblockDomain(unit: Unit, input: { accountId: number; domain: string }): Promise<void> {
  await unit.tx.hot(
    'delete from domain_blocks where account_id = $1 and domain = $2',
    input.accountId,
    readDomain(input.domain) ?? '',
  );
}
