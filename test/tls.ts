import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/*
 * A certificate authority and its certificates, made when a test asks for them: no key lies in the repository and no
 * tool has to be installed. Just enough X.509 (RFC 5280) in DER for a TLS client to be content.
 */

export interface TlsIdentity {
  /** PEM, for a server. */
  key: string;
  cert: string;
}

export interface TestAuthority {
  /** PEM, for a client. */
  ca: string;
  /** A certificate for these names, `*.` included. */
  issue(names: string[]): TlsIdentity;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const SUBJECT_ALT_NAME = '2.5.29.17';

export function makeAuthority(name = 'Test authority'): TestAuthority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ca = certificate({
    subject: name,
    issuer: name,
    publicKey: pair.publicKey,
    signer: pair.privateKey,
    names: null,
  });
  return {
    ca,
    issue(names) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const subject = names[0] ?? 'nobody';
      return {
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: certificate({ subject, issuer: name, publicKey: own.publicKey, signer: pair.privateKey, names }),
      };
    },
  };
}

interface CertificateParts {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signer: KeyObject;
  /** null makes an authority. */
  names: string[] | null;
}

function certificate(parts: CertificateParts): string {
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const extension = parts.names
    ? sequence(objectId(SUBJECT_ALT_NAME), octets(sequence(...parts.names.map((name) => tlv(0x82, Buffer.from(name))))))
    : sequence(
        objectId(BASIC_CONSTRAINTS),
        tlv(0x01, Buffer.from([0xff])),
        octets(sequence(tlv(0x01, Buffer.from([0xff])))),
      );
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(parts.issuer),
    sequence(time('20200101000000Z'), time('20991231235959Z')),
    distinguishedName(parts.subject),
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(extension)),
  );
  const signature = sign('sha256', body, parts.signer);
  const der = sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(objectId(COMMON_NAME), tlv(0x0c, Buffer.from(commonName)))));
}

function time(generalized: string): Buffer {
  return tlv(0x18, Buffer.from(generalized));
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function integer(value: Buffer): Buffer {
  return tlv(0x02, value);
}

function octets(value: Buffer): Buffer {
  return tlv(0x04, value);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), value]);
}
