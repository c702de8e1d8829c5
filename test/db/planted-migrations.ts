import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type PlantedMigration = [tag: string, sql: string];

/** Between the statements of a migration. */
export const BREAK = '\n--> statement-breakpoint\n';

/** Writes a folder of migrations as drizzle-kit does, and returns it. */
export function plantMigrations(at: string, migrations: readonly PlantedMigration[]): string {
  rmSync(at, { recursive: true, force: true });
  mkdirSync(join(at, 'meta'), { recursive: true });
  writeFileSync(join(at, 'meta/_journal.json'), JSON.stringify({ entries: migrations.map(([tag]) => ({ tag })) }));
  for (const [tag, sql] of migrations) writeFileSync(join(at, `${tag}.sql`), sql);
  return at;
}
