import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { moveLocalFollowers } from '#domain/departures/move-followers.ts';
import { DomainError, invalid, notAllowed, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

/**
 * Moves one's account to another one, here or elsewhere, that names this one among its aliases. Followers are told;
 * posts stay. The account keeps existing but no longer posts.
 * @throws invalid when the target does not name this account, or has itself moved.
 */
export async function moveAccount(unit: Unit, input: { accountId: number; targetId: number }): Promise<void> {
  const { accounts } = unit.schema;
  const [account] = await unit.tx.select().from(accounts).where(eq(accounts.id, input.accountId));
  const [target] = await unit.tx.select().from(accounts).where(eq(accounts.id, input.targetId));
  if (!account || account.domain !== '' || account.deletedAt !== null) throw notFound();
  if (!target || target.suspendedAt !== null || target.deletedAt !== null)
    throw invalid('move-target-missing', 'target');
  if (account.id === target.id || target.movedToId !== null) throw invalid('move-target-unfit', 'target');
  if (account.movedToId !== null) throw notAllowed('already-moved');
  if (!target.aliases.includes(account.uri)) throw invalid('move-target-alias', 'target');
  await unit.tx
    .update(accounts)
    .set({ movedToId: target.id, updatedAt: unit.now, version: account.version + 1 })
    .where(eq(accounts.id, account.id));
  await moveLocalFollowers(unit, { fromId: account.id, toId: target.id, after: 0 });
  unit.emit({ type: 'account-moved', accountId: account.id, targetId: target.id });
  unit.emit({ type: 'account-updated', accountId: account.id });
}

/** Takes the sign of the move off the account; followers that went do not come back. */
export async function undoMove(unit: Unit, input: { accountId: number }): Promise<void> {
  await unit.tx.hot(
    'update accounts set moved_to_id = null, version = version + 1 where id = $1 and moved_to_id is not null',
    input.accountId,
  );
  unit.emit({ type: 'account-updated', accountId: input.accountId });
}

/** Names another account as one's own, so that it can move here. @throws too-many past the limit. */
export async function addAlias(unit: Unit, input: { accountId: number; uri: string }): Promise<void> {
  const { accounts } = unit.schema;
  const [account] = await unit.tx.select().from(accounts).where(eq(accounts.id, input.accountId));
  if (!account) throw notFound();
  if (account.uri === input.uri) throw invalid('alias-self', 'alias');
  if (account.aliases.includes(input.uri)) return;
  if (account.aliases.length >= limits.aliasesPerAccount) {
    throw new DomainError('too-many', 'aliases-too-many', {
      field: 'alias',
      values: { max: limits.aliasesPerAccount },
    });
  }
  await setAliases(unit, account.id, account.version, [...account.aliases, input.uri]);
}

export async function removeAlias(unit: Unit, input: { accountId: number; uri: string }): Promise<void> {
  const { accounts } = unit.schema;
  const [account] = await unit.tx.select().from(accounts).where(eq(accounts.id, input.accountId));
  if (!account?.aliases.includes(input.uri)) return;
  await setAliases(
    unit,
    account.id,
    account.version,
    account.aliases.filter((uri) => uri !== input.uri),
  );
}

async function setAliases(unit: Unit, accountId: number, version: number, aliases: string[]): Promise<void> {
  const { accounts } = unit.schema;
  await unit.tx
    .update(accounts)
    .set({ aliases, version: version + 1, updatedAt: unit.now })
    .where(eq(accounts.id, accountId));
  unit.emit({ type: 'account-updated', accountId });
}
