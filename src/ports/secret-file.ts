import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#config/config.ts';

const SECRET_BYTES = 32;
/** Bits that let others read it. */
const OTHERS = 0o077;

export const SECRET_FILE = 'secret.key';

/** The secret is not there, or cannot be used: a person has to do something. */
export class SecretUnusable extends Error {
  override name = 'SecretUnusable';
}

/**
 * The secret that seals signing keys and second factors: `SECRET_KEY`, or a file in `DATA_DIR` that is made at the
 * first start. Whoever loses it loses the keys: it belongs into every backup.
 * @throws SecretUnusable when others may read the file, or it is missing beside a database whose keys it has sealed.
 */
export function readSecret({
  secretKey,
  dataDir,
  database,
}: Pick<Config, 'secretKey' | 'dataDir'> & Partial<Pick<Config, 'database'>>): string {
  if (secretKey !== null) return secretKey;
  const file = join(dataDir, SECRET_FILE);
  const secret = readSecretFile(file);
  if (secret !== null) return secret;
  if (database?.engine === 'sqlite' && existsSync(database.file)) {
    throw new SecretUnusable(
      `${file} is missing, and without it the keys in the database cannot be opened: restore it from a backup`,
    );
  }
  return makeSecret(dataDir, file);
}

/** Null where there is no such file. @throws SecretUnusable. */
export function readSecretFile(file: string): string | null {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
  try {
    if ((fstatSync(handle).mode & OTHERS) !== 0) {
      throw new SecretUnusable(
        `${file} can be read by others, who could speak for everybody here: run chmod 600 ${file}`,
      );
    }
    const secret = readFileSync(handle, 'utf8').trim();
    if (secret.length < SECRET_BYTES) throw new SecretUnusable(`${file} holds no secret: restore it from a backup`);
    return secret;
  } finally {
    closeSync(handle);
  }
}

function makeSecret(dataDir: string, file: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const secret = randomBytes(SECRET_BYTES).toString('base64');
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  const handle = openSync(unfinished, 'wx', 0o600);
  writeSync(handle, `${secret}\n`);
  fsyncSync(handle);
  closeSync(handle);
  // Under its name it is always whole; whatever it seals is written after this.
  renameSync(unfinished, file);
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
  return secret;
}
