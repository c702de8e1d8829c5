import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupFolder, KeptBackup } from '#domain/instance/backup-folder.ts';

/** A folder that need not be there yet. What is still being written is not counted. */
export function openBackupFolder(folder: string, everyHours: number | null): BackupFolder {
  return {
    everyHours,
    async list() {
      const kept: KeptBackup[] = [];
      for (const name of await readdir(folder).catch(() => [])) {
        if (name.endsWith('.unfinished') || name.startsWith('.')) continue;
        const found = await stat(join(folder, name)).catch(() => null);
        if (found?.isFile()) kept.push({ name, bytes: found.size, at: Math.floor(found.mtimeMs) });
      }
      return kept.toSorted((a, b) => b.at - a.at);
    },
  };
}
