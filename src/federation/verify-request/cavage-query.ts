import { fetchKey } from '@fedify/fedify';
import type { FetchKeyOptions } from '@fedify/fedify';
import { CryptographicKey } from '@fedify/vocab';
import type { ReadSignature } from '../guard/signature-headers.ts';

/**
 * The key that made this draft-cavage signature over a GET with a query, or null. The draft signs path and query, and
 * so do GoToSocial and newer Mastodons; Fedify looks at the path alone, as older senders signed it.
 */
export async function verifyWithQuery(
  request: Request,
  signature: ReadSignature,
  options: FetchKeyOptions,
): Promise<CryptographicKey | null> {
  const { key } = await fetchKey(new URL(signature.keyId), CryptographicKey, options);
  if (key?.publicKey?.algorithm.name !== 'RSASSA-PKCS1-v1_5') return null;
  const { pathname, search } = new URL(request.url);
  const lines = signature.covered.map((name) => {
    if (name === '(request-target)') return `${name}: get ${pathname}${search}`;
    if (name === '(created)') return `${name}: ${signature.created}`;
    if (name === '(expires)') return `${name}: ${signature.expires}`;
    return `${name}: ${request.headers.get(name)}`;
  });
  const isRight = await crypto.subtle.verify(
    key.publicKey.algorithm.name,
    key.publicKey,
    Buffer.from(signature.value, 'base64'),
    new TextEncoder().encode(lines.join('\n')),
  );
  return isRight ? key : null;
}
