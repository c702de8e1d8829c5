import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dumpPostgresTables, dumpSqliteTables } from '#db/dump-tables.ts';
import { migratePostgres, migrateSqlite, readMigrations } from '#db/migrate.ts';
import { rowsOf } from '#db/postgres-client.ts';
import { openEmptyPostgres } from './empty-postgres.ts';
import { fillTables, ROWS_A_TABLE, type RawDatabase } from './filled-database.ts';

/*
 * What is in a database when its program is exchanged for a newer one. Everything here is plain SQL on the tables as
 * they were: the schema of today does not know them.
 */

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const FIRST = '0000_start';

interface Subject extends RawDatabase {
  /** Applies the migrations up to this one, or all. */
  migrate(upTo?: string): Promise<string[]>;
  /** Rows of each table. */
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

let folder: string;
let subject: Subject;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  subject = process.env['TEST_ENGINE'] === 'sqlite' ? onSqlite() : await onPostgres();
});

afterEach(async () => {
  await subject.close();
  rmSync(folder, { recursive: true, force: true });
});

let dumps = 0;
let clock = 0;
const nextFolder = () => join(folder, `dump-${(dumps += 1)}`);
const optionsFor = (upTo?: string) => (upTo === undefined ? {} : { upTo });

function onSqlite(): Subject {
  const file = join(folder, 'estrade.sqlite');
  return {
    engine: 'sqlite',
    async query<Row>(text: string) {
      const db = new Sqlite(file);
      try {
        db.pragma('foreign_keys = ON');
        const statement = db.prepare(text);
        if (statement.reader) return statement.all() as Row[];
        statement.run();
        return [];
      } finally {
        db.close();
      }
    },
    migrate: async (upTo) => migrateSqlite(file, join(MIGRATIONS, 'sqlite'), (clock += 1), optionsFor(upTo)),
    async counts() {
      const copy = join(folder, `copy-${(dumps += 1)}.sqlite`);
      cpSync(file, copy);
      return (await dumpSqliteTables(copy, nextFolder())).tables;
    },
    close: async () => undefined,
  };
}

async function onPostgres(): Promise<Subject> {
  const { database, client, close } = await openEmptyPostgres();
  return {
    engine: 'postgresql',
    query: (text) => rowsOf(client, text),
    migrate: (upTo) => migratePostgres(database, join(MIGRATIONS, 'postgres'), (clock += 1), optionsFor(upTo)),
    counts: async () => (await dumpPostgresTables(client, nextFolder())).tables,
    close,
  };
}

test('a database of the first schema with rows in every table comes up to date without losing one', async () => {
  await subject.migrate(FIRST);
  const tables = await fillTables(subject);
  const before = await subject.counts();
  expect(before).toEqual(Object.fromEntries(tables.map((table) => [table, ROWS_A_TABLE])));
  expect(tables.length).toBeGreaterThan(40);
  const known = readMigrations(join(MIGRATIONS, subject.engine === 'sqlite' ? 'sqlite' : 'postgres'));
  expect(await subject.migrate()).toEqual(known.slice(1).map(({ name }) => name));
  expect(await subject.counts()).toMatchObject(before);
});

test('counts of answers that told of private ones say nothing of them any more', async () => {
  await subject.migrate('0003_posts_by_mark');
  await subject.query(
    `insert into accounts (id, handle, handle_folded, uri, url, inbox, created_at, updated_at)
     values (1, 'ada', 'ada', 'u', 'u', 'i', 1, 1)`,
  );
  const post = (id: number, visibility: string, replyTo: number | null, count: number) =>
    subject.query(
      `insert into posts (id, uri, url, author_id, local, visibility, reply_to_id, thread_id, replies_count, created_at, received_at)
       values (${id}, 'p${id}', 'p${id}', 1, 1, '${visibility}', ${replyTo}, 2, ${count}, 1, 1)`,
    );
  await post(2, 'public', null, 4);
  await post(3, 'public', 2, 0);
  await post(4, 'unlisted', 2, 0);
  await post(5, 'followers', 2, 1);
  await post(6, 'direct', 5, 0);
  await subject.migrate();
  expect(await subject.query('select id, replies_count as n from posts order by id')).toEqual(
    [2, 0, 0, 0, 0].map((n, index) => ({ id: index + 2, n })),
  );
});

test('remote accounts are found by the host of their addresses, whatever the domain of their handles', async () => {
  await subject.migrate('0004_open-replies-counted');
  const account = (id: number, domain: string, uri: string) =>
    subject.query(
      `insert into accounts (id, handle, handle_folded, domain, uri, url, inbox, created_at, updated_at)
       values (${id}, 'a${id}', 'a${id}', '${domain}', '${uri}', 'u', 'i', 1, 1)`,
    );
  await account(1, '', 'https://here.test/users/ada');
  await account(2, 'example.test', 'https://social.example.test/users/rita');
  await account(3, 'a.localhost:3001', 'http://a.localhost:3001/users/ines');
  await account(4, 'blog.test', 'https://blog.test');
  await subject.migrate();
  expect(await subject.query('select host from accounts order by id')).toEqual([
    { host: '' },
    { host: 'social.example.test' },
    { host: 'a.localhost:3001' },
    { host: 'blog.test' },
  ]);
});

test('sign-ups that nobody has confirmed leave their address to whoever does', async () => {
  await subject.migrate('0011_hosts_that_asked_to_wait');
  for (const [id, confirmedAt] of [
    [1, 5],
    [2, null],
  ] as const) {
    await subject.query(
      `insert into accounts (id, handle, handle_folded, domain, uri, url, inbox, created_at, updated_at)
       values (${id}, 'a${id}', 'a${id}', '', 'u${id}', 'u', 'i', 1, 1)`,
    );
    await subject.query(
      `insert into members (account_id, email, email_folded, email_confirmed_at, password_hash, created_at)
       values (${id}, 'A${id}@m.test', 'a${id}@m.test', ${confirmedAt}, 'h', 1)`,
    );
  }
  await subject.migrate();
  expect(await subject.query('select email_folded as key from members order by account_id')).toEqual([
    { key: 'a1@m.test' },
    { key: 'a2@m.test 2' },
  ]);
});

test('links of profiles from before they said so claim to be of the same person', async () => {
  await subject.migrate('0012_unconfirmed_addresses');
  const field = (rel: string) =>
    JSON.stringify([
      { name: 'Site', valueHtml: `<a href="https://x.test" target="_blank" rel="${rel}">x.test</a>`, verifiedAt: 5 },
    ]);
  for (const [id, domain, rel] of [
    [1, '', 'nofollow noopener noreferrer'],
    [2, '', 'me nofollow noopener noreferrer'],
    [3, 'there.test', 'nofollow noopener noreferrer'],
  ] as const) {
    await subject.query(
      `insert into accounts (id, handle, handle_folded, domain, uri, url, inbox, fields, created_at, updated_at)
       values (${id}, 'a${id}', 'a${id}', '${domain}', 'u${id}', 'u', 'i', '${field(rel)}', 1, 1)`,
    );
  }
  await subject.migrate();
  const mended = field('me nofollow noopener noreferrer');
  expect(await subject.query('select fields, version from accounts order by id')).toEqual([
    { fields: mended, version: 2 },
    { fields: mended, version: 1 },
    { fields: field('nofollow noopener noreferrer'), version: 1 },
  ]);
});
