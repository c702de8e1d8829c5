import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#config/config.ts';
import { copiesIn } from '#jobs/scheduled-backup.ts';
import { HOUR_MS, systemClock } from '#kernel/clock.ts';
import { freeSpace, isStorageFull } from '#ports/disk-space.ts';
import { readSecretFile, SECRET_FILE, SecretUnusable } from '#ports/secret-file.ts';
import { duration, fault, megabytes, ok, warning, type Finding } from '#cli/doctor/finding.ts';

/** Bits that let everybody on the machine in. */
const OTHERS = 0o007;

/** `DATA_DIR`, the secret, free space and the server's own copies. */
export async function* checkDisk(config: Config): AsyncGenerator<Finding> {
  const { dataDir } = config;
  const folder = await stat(dataDir).catch(() => null);
  if (!folder?.isDirectory()) {
    yield fault(`DATA_DIR is no folder: ${dataDir}`);
    return;
  }
  const writable = await access(dataDir, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  yield writable
    ? ok(`DATA_DIR can be written: ${dataDir}`)
    : fault(`DATA_DIR cannot be written by this user: ${dataDir}`);
  if ((folder.mode & OTHERS) !== 0)
    yield warning(`everybody on this machine can look into DATA_DIR: chmod o= ${dataDir}`);
  yield checkSecret(config);
  const space = await freeSpace(dataDir);
  const free = `${megabytes(space.freeBytes)} of ${megabytes(space.totalBytes)} are free`;
  yield isStorageFull(space) ? fault(`the disk is almost full, uploads are refused: ${free}`) : ok(free);
  if (config.database.engine === 'sqlite') yield checkCopies(config, await copiesIn(join(dataDir, 'backups')));
}

function checkSecret({ secretKey, dataDir }: Config): Finding {
  if (secretKey !== null) return ok('SECRET_KEY is set');
  try {
    return readSecretFile(join(dataDir, SECRET_FILE)) === null
      ? fault(`${SECRET_FILE} is missing in DATA_DIR`)
      : ok(`${SECRET_FILE} is there, and nobody else can read it`);
  } catch (error) {
    if (error instanceof SecretUnusable) return fault(error.message);
    throw error;
  }
}

function checkCopies({ backup }: Config, copies: { madeAt: number }[]): Finding {
  if (backup.everyHours === null) return warning('the server makes no copies of its database (BACKUP_EVERY_HOURS=0)');
  const newest = copies.at(-1);
  if (!newest) return warning('there is no copy of the database yet');
  const ageMs = systemClock.now() - newest.madeAt;
  const text = `the newest of ${copies.length} copies of the database is ${duration(ageMs)} old`;
  return ageMs > 2 * backup.everyHours * HOUR_MS ? fault(text) : ok(text);
}
