import { rowsOf, withPostgres } from '#db/postgres-client.ts';

/** A database of its own on the PostgreSQL that `scripts/with-postgres.sh` runs. */
export interface TestDatabase {
  /** What a server on it is started with. */
  env: { DATABASE_URL: string; SECRET_KEY: string };
  /** Empties it, as a disk that is lost. */
  lose(): Promise<void>;
  close(): Promise<void>;
}

let made = 0;

/** @throws when no PostgreSQL runs. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const url = serverUrl();
  const name = `processes_${process.pid}_${(made += 1)}`;
  const onServer = (query: string) => withPostgres(url, (client) => rowsOf(client, query));
  const drop = () => onServer(`drop database if exists ${name} with (force)`);
  await onServer(`create database ${name}`);
  return {
    env: {
      DATABASE_URL: Object.assign(new URL(url), { pathname: name }).href,
      SECRET_KEY: 'a secret of tests alone, '.repeat(2),
    },
    async lose() {
      await drop();
      await onServer(`create database ${name}`);
    },
    async close() {
      await drop();
    },
  };
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('No PostgreSQL runs: call this suite with npm run, or by scripts/with-postgres.sh.');
  return url;
}
