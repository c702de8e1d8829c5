import { createPrivateKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Query } from '#db/store.ts';
import { need } from '#kernel/assert.ts';
import { atMost } from '#kernel/lru-bound.ts';
import type { Sealer } from '#kernel/seal.ts';

export interface AccountKeys {
  rsa: { keyUri: string; privateKey: KeyObject; cryptoKey: CryptoKey };
  ed25519: { keyUri: string; privateKey: KeyObject } | null;
}

export interface SigningKeys {
  /** @throws when the account has no key: only local accounts sign. */
  of(accountId: number): Promise<AccountKeys>;
}

const KEPT_MAX = 1000;

/** The private keys of local accounts, opened and imported once. They never leave this process. */
export function createSigningKeys(read: Query, sealer: Sealer): SigningKeys {
  const kept = new LRUCache<number, Promise<AccountKeys>>(atMost(KEPT_MAX));
  return {
    of(accountId) {
      let keys = kept.get(accountId);
      if (!keys) {
        keys = loadKeys(read, sealer, accountId);
        kept.set(accountId, keys);
        keys.catch(() => kept.delete(accountId));
      }
      return keys;
    },
  };
}

async function loadKeys(read: Query, sealer: Sealer, accountId: number): Promise<AccountKeys> {
  const rows = await read.hot<{ key_uri: string; algorithm: string; private_sealed: string }>(
    'select key_uri, algorithm, private_sealed from account_keys where account_id = $1 order by id',
    accountId,
  );
  const jwkOf = (row: { private_sealed: string }) => JSON.parse(sealer.open(row.private_sealed)) as JsonWebKey;
  const keyOf = (jwk: JsonWebKey) => createPrivateKey({ key: jwk as never, format: 'jwk' });
  const rsa = need(
    rows.find((row) => row.algorithm === 'rsa'),
    `account ${accountId} has a signing key`,
  );
  const ed25519 = rows.find((row) => row.algorithm === 'ed25519');
  const rsaJwk = jwkOf(rsa);
  return {
    rsa: {
      keyUri: rsa.key_uri,
      privateKey: keyOf(rsaJwk),
      cryptoKey: await crypto.subtle.importKey('jwk', rsaJwk, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
        'sign',
      ]),
    },
    ed25519: ed25519 ? { keyUri: ed25519.key_uri, privateKey: keyOf(jwkOf(ed25519)) } : null,
  };
}
