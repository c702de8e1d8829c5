import type { Unit } from '#db/unit.ts';
import { INSTANCE_HANDLE } from '#domain/accounts/account-uris.ts';
import { createAccount, type SealedKey } from '#domain/accounts/create-account.ts';

/**
 * The id of the account that speaks for the instance itself; made with `keys` where it is missing. It must be there
 * before the first signed request: servers in secure mode give documents only to a known actor.
 */
export async function ensureInstanceActor(unit: Unit, input: { keys: readonly SealedKey[] }): Promise<number> {
  const rows = await unit.tx.hot<{ id: number }>(
    `select id from accounts where handle_folded = $1 and domain = ''`,
    INSTANCE_HANDLE,
  );
  if (rows[0]) return rows[0].id;
  return createAccount(unit, { handle: INSTANCE_HANDLE, kind: 'application', keys: input.keys });
}
