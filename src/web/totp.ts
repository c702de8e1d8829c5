import { Secret, TOTP } from 'otpauth';

/* RFC 6238 with what every app takes: SHA-1, six digits, thirty seconds. */
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** 160 bits (RFC 4226 §4), in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an app reads from a link or a QR code. */
export function totpUri(secret: string, account: string, issuer: string): string {
  // A colon would end the issuer's name in the label.
  return new TOTP({ ...SETTINGS, secret, label: account, issuer: issuer.replaceAll(':', ' ') }).toString();
}

/** The time step of a code that is right now or was a moment ago or will be; null for any other. */
export function totpStep(secret: string, typed: string, nowMs: number): number | null {
  const token = typed.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const totp = new TOTP({ ...SETTINGS, secret });
  const delta = totp.validate({ token, timestamp: nowMs, window: 1 });
  return delta === null ? null : Math.floor(nowMs / 1000 / SETTINGS.period) + delta;
}
