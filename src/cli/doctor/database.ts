import type { Config } from '#config/config.ts';
import { checkSqlite } from '#db/check-sqlite.ts';
import { rowsOf, withPostgres } from '#db/postgres-client.ts';
import { fault, ok, type Finding } from '#cli/doctor/finding.ts';

const POSTGRES_LEAST = 15;

/** Whether the database itself is whole. */
export async function* checkDatabase({ database }: Config): AsyncGenerator<Finding> {
  if (database.engine === 'sqlite') {
    const { integrity, dangling } = checkSqlite(database.file);
    yield integrity === 'ok' ? ok('the database file is whole') : fault(`the database file is damaged: ${integrity}`);
    if (integrity !== 'ok') return;
    yield dangling.length === 0
      ? ok('no row lacks what it refers to')
      : fault(`rows without what they refer to in ${dangling.join(', ')}`);
    return;
  }
  const version = await withPostgres(database.url, async (client) => {
    const [row] = await rowsOf<{ version: string }>(client, `select current_setting('server_version') as version`);
    return row?.version ?? '';
  });
  yield Number.parseInt(version, 10) >= POSTGRES_LEAST
    ? ok(`PostgreSQL ${version}`)
    : fault(`PostgreSQL ${version} is older than ${POSTGRES_LEAST}`);
}
