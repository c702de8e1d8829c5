import { eq } from 'drizzle-orm';
import { indexText } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { accountUris, graveOf, INSTANCE_HANDLE, RESERVED_HANDLES } from '#domain/accounts/account-uris.ts';
import type { AccountKind } from '#domain/accounts/accounts.tables.ts';
import { conflict, invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

/** A key pair as it is stored: the private half sealed with the instance's secret. */
export interface SealedKey {
  algorithm: 'rsa' | 'ed25519';
  privateSealed: string;
  publicJwk: JsonWebKey;
}

export interface NewAccount {
  handle: string;
  displayName?: string;
  kind?: AccountKind;
  /** Exists for nobody until `showAccount`. */
  pending?: boolean;
  keys: readonly SealedKey[];
}

const HANDLE = /^[a-zA-Z0-9](?:[a-zA-Z0-9_]*[a-zA-Z0-9])?$/;

/**
 * Creates a local account with its keys and returns its id.
 * @throws invalid for a handle that is malformed or reserved, conflict for one that is taken or was once.
 */
export async function createAccount(unit: Unit, input: NewAccount): Promise<number> {
  checkHandle(input.handle, input.kind ?? 'person');
  const { accounts, accountKeys, tombstones } = unit.schema;
  const uris = accountUris(unit.site, input.handle);
  const folded = input.handle.toLowerCase();
  const taken = await unit.tx.hot(`select 1 as taken from accounts where handle_folded = $1 and domain = ''`, folded);
  // A deleted account's address is a grave for ever: others still hold what it once said.
  const buried = await unit.tx.$count(tombstones, eq(tombstones.uri, graveOf(unit.site, folded)));
  if (taken.length > 0 || buried > 0) throw conflict('handle-taken', 'handle');

  const id = unit.newId();
  await unit.tx.insert(accounts).values({
    id,
    handle: input.handle,
    handleFolded: folded,
    kind: input.kind ?? 'person',
    displayName: input.displayName?.trim() ?? '',
    ...uris,
    createdAt: unit.now,
    updatedAt: unit.now,
    pendingAt: input.pending ? unit.now : null,
  });
  for (const [index, key] of input.keys.entries()) {
    await unit.tx.insert(accountKeys).values({
      id: unit.newId(),
      accountId: id,
      // The names that Fedify gives to a first and a second pair.
      keyUri: `${uris.uri}#${index === 0 ? 'main-key' : `key-${index + 1}`}`,
      ...key,
      createdAt: unit.now,
    });
  }
  if (!input.pending) await indexText(unit, 'account_search', id, `${input.handle} ${input.displayName ?? ''}`);
  unit.emit({ type: 'account-created', accountId: id });
  return id;
}

/** @throws invalid with the reason that the sign-up form shows. */
function checkHandle(handle: string, kind: AccountKind = 'person'): void {
  if (!HANDLE.test(handle)) throw invalid('handle-malformed', 'handle');
  if (handle.length > limits.handleCharacters)
    throw invalid('handle-too-long', 'handle', { max: limits.handleCharacters });
  const folded = handle.toLowerCase();
  if (folded === INSTANCE_HANDLE ? kind !== 'application' : RESERVED_HANDLES.has(folded)) {
    throw invalid('handle-reserved', 'handle');
  }
}

/** Ends the waiting of an account that was made `pending`. Once is enough. */
export async function showAccount(unit: Unit, accountId: number): Promise<void> {
  const rows = await unit.tx.hot<{ handle: string; display_name: string }>(
    'update accounts set pending_at = null where id = $1 and pending_at is not null returning handle, display_name',
    accountId,
  );
  if (rows[0]) await indexText(unit, 'account_search', accountId, `${rows[0].handle} ${rows[0].display_name}`);
}
