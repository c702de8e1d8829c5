import { CryptographicKey } from '@fedify/vocab';
import { importPem } from '@fedify/vocab-runtime';
import type { PublicKeyText } from '#domain/accounts/remote-account.ts';
import { keyFault } from './key-faults.ts';
import type { KeySource } from './key-source.ts';

export type KnownKeys = Pick<KeySource, 'cache' | 'held' | 'loaderFor'>;

/** Keys of somebody whose document is gone, as it named them while it was there. Nothing is asked for. */
export function createLastKeys(keys: readonly PublicKeyText[], ownerUri: string): KnownKeys {
  return {
    held: () => null,
    cache: {
      async get(keyId) {
        const found = keys.find(({ id }) => URL.parse(id)?.href === keyId.href);
        if (!found) return undefined;
        const publicKey = await importPem(found.pem);
        const key = new CryptographicKey({ id: keyId, owner: new URL(ownerUri), publicKey });
        return keyFault(key) === null ? key : undefined;
      },
      set: async () => undefined,
    },
    loaderFor: () => async (url) => {
      throw new Error(`${url} is gone`);
    },
  };
}
