import { createHash, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const signAsync = promisify(sign);

export interface SigningKey {
  keyUri: string;
  privateKey: KeyObject;
}

export type SignatureScheme = 'cavage' | 'rfc9421';

/**
 * The headers of a signed POST: draft-cavage-12 as every server of the fediverse takes it, or RFC 9421 for
 * those that take nothing else. Covers method, target, host, date and digest.
 */
export async function signedHeaders(
  url: URL,
  body: string,
  key: SigningKey,
  nowMs: number,
  scheme: SignatureScheme,
): Promise<Record<string, string>> {
  const digest = createHash('sha256').update(body).digest('base64');
  return scheme === 'cavage' ? cavage(url, digest, key, nowMs) : rfc9421(url, digest, key, nowMs);
}

async function cavage(url: URL, digest: string, key: SigningKey, nowMs: number): Promise<Record<string, string>> {
  const date = new Date(nowMs).toUTCString();
  const text = [
    `(request-target): post ${url.pathname}${url.search}`,
    `host: ${url.host}`,
    `date: ${date}`,
    `digest: SHA-256=${digest}`,
  ].join('\n');
  const signature = await signAsync('sha256', Buffer.from(text), key.privateKey);
  return {
    host: url.host,
    date,
    digest: `SHA-256=${digest}`,
    signature:
      `keyId="${key.keyUri}",algorithm="rsa-sha256",headers="(request-target) host date digest",` +
      `signature="${signature.toString('base64')}"`,
  };
}

async function rfc9421(url: URL, digest: string, key: SigningKey, nowMs: number): Promise<Record<string, string>> {
  const contentDigest = `sha-256=:${digest}:`;
  const parameters =
    `("@method" "@target-uri" "content-digest");created=${Math.floor(nowMs / 1000)};` +
    `keyid="${key.keyUri}";alg="rsa-v1_5-sha256"`;
  const text = [
    '"@method": POST',
    `"@target-uri": ${url.href}`,
    `"content-digest": ${contentDigest}`,
    `"@signature-params": ${parameters}`,
  ].join('\n');
  const signature = await signAsync('sha256', Buffer.from(text), key.privateKey);
  return {
    host: url.host,
    date: new Date(nowMs).toUTCString(),
    'content-digest': contentDigest,
    'signature-input': `sig1=${parameters}`,
    signature: `sig1=:${signature.toString('base64')}:`,
  };
}
