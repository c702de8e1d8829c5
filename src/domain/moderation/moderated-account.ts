import type { Unit } from '#db/unit.ts';
import { requireActor, requireRank, type StaffInput } from '#domain/moderation/staff-actor.ts';
import { policyOfHome, type DomainPolicy } from '#domain/relationships/instance-domain-policy.ts';
import type { Home } from '#domain/relationships/relationships.policy.ts';
import { notFound } from '#kernel/errors.ts';

export type AccountInput = StaffInput & { accountId: number };

export interface ModeratedAccount {
  id: number;
  local: boolean;
  domain: string;
  limitedAt: number | null;
  suspendedAt: number | null;
  /** Its domain's policy, and whether its own state is nothing but that. */
  policy: DomainPolicy;
  limitedByDomain: boolean;
  suspendedByDomain: boolean;
}

/** The account that staff is about to act on. @throws not-allowed, not-found. */
export async function moderatedAccount(unit: Unit, input: AccountInput): Promise<ModeratedAccount> {
  const actor = await requireActor(unit, input, 'accounts.moderate');
  const [row] = await unit.tx.hot<Home & { limited_at: number | null; suspended_at: number | null }>(
    'select domain, host, limited_at, suspended_at from accounts where id = $1 and deleted_at is null',
    input.accountId,
  );
  if (!row) throw notFound('account-gone');
  await requireRank(unit, actor, input.accountId);
  const policy = await policyOfHome({ read: unit.tx, engine: unit.engine }, row);
  return {
    id: input.accountId,
    local: row.domain === '',
    domain: row.domain,
    limitedAt: row.limited_at,
    suspendedAt: row.suspended_at,
    policy,
    limitedByDomain: policy.severity === 'limit' && row.limited_at === policy.since,
    suspendedByDomain: policy.severity === 'suspend' && row.suspended_at === policy.since,
  };
}
