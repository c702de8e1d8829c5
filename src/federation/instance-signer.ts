import { INSTANCE_HANDLE } from '#domain/accounts/account-uris.ts';
import { findAccount, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { Loaders, Signer } from '#federation/loaders.ts';
import type { SigningKeys } from '#federation/signing-keys.ts';
import type { DocumentLoader } from '@fedify/vocab-runtime';

/**
 * The instance's own actor, who asks for documents: servers in secure mode answer nobody without a name.
 * Before set-up there is none, and documents are asked for without a signature.
 */
export function createInstanceSigner(reader: Reader, keys: SigningKeys, loaders: Loaders) {
  let known: Promise<Signer | null> | undefined;

  const signer = (): Promise<Signer | null> => {
    known ??= load().then((found) => {
      if (!found) known = undefined;
      return found;
    });
    return known;
  };
  const load = async (): Promise<Signer | null> => {
    const account = await findAccount(reader, INSTANCE_HANDLE, '');
    if (!account) return null;
    const { rsa } = await keys.of(account.id);
    return { keyId: new URL(rsa.keyUri), privateKey: rsa.cryptoKey };
  };
  return {
    signer,
    async loader(): Promise<DocumentLoader> {
      const found = await signer();
      return found ? loaders.authenticatedLoader(found) : loaders.documentLoader;
    },
  };
}

export type InstanceSigner = ReturnType<typeof createInstanceSigner>;
