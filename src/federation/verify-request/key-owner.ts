import type { CryptographicKey } from '@fedify/vocab';
import type { RemoteDocument } from '@fedify/vocab-runtime';
import { isObject } from '../guard/speaker.ts';

/**
 * Why a key is not its owner's, or null. A key's own word counts for nothing, nor does that of a document which only
 * claims to be the owner: the owner is asked under its own id, has to be what it is called, and has to name the key
 * (CVE-2026-96625). GoToSocial and BookWyrm serve the key under another URL than the actor's.
 */
export async function ownerFault(
  keyId: URL,
  key: CryptographicKey,
  load: (url: string) => Promise<RemoteDocument>,
): Promise<string | null> {
  const owner = key.ownerId;
  if (!owner || owner.origin !== keyId.origin) return 'the key names no owner of its own origin';
  const { document } = await load(owner.href);
  if (!isObject(document) || hrefOf(document['id']) !== owner.href)
    return 'the owner of the key calls itself otherwise';
  const named = [document['publicKey'] ?? []].flat().map((one) => hrefOf(isObject(one) ? one['id'] : one));
  // PeerTube signs with the id of the actor for that of its only key.
  const isMeant = keyId.href === owner.href && named.length === 1;
  return named.includes(keyId.href) || isMeant ? null : 'the owner of the key does not name it';
}

function hrefOf(id: unknown): string | null {
  return typeof id === 'string' ? (URL.parse(id)?.href ?? null) : null;
}
