import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#config/config.ts';

const SECRET_BYTES = 32;
/** Bits that let others read it. */
const OTHERS = 0o077;

/**
 * The secret that seals signing keys and second factors: `SECRET_KEY`, or on SQLite a file that is made at the first
 * start. Whoever loses it loses the keys: it belongs into every backup.
 * @throws when others may read the file.
 */
export function readSecret({ secretKey, dataDir }: Pick<Config, 'secretKey' | 'dataDir'>): string {
  if (secretKey !== null) return secretKey;
  const file = join(dataDir, 'secret.key');
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if ((statSync(file).mode & OTHERS) !== 0) throw new Error(`${file} can be read by others: run chmod 600 ${file}`);
    if (secret.length < SECRET_BYTES) throw new Error(`${file} holds no secret; restore it from a backup`);
    return secret;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    return makeSecret(dataDir, file);
  }
}

function makeSecret(dataDir: string, file: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const secret = randomBytes(SECRET_BYTES).toString('base64');
  // `wx`: of two that start at once, one makes it and the other one reads it at its next start.
  const handle = openSync(file, 'wx', 0o600);
  writeSync(handle, `${secret}\n`);
  fsyncSync(handle);
  closeSync(handle);
  return secret;
}
