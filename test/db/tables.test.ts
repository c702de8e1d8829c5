import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dumpPostgresTables, dumpSqliteTables, tablesIn } from '#db/dump-tables.ts';
import { dropPostgresTables, loadPostgresTables, loadSqliteTables } from '#db/load-tables.ts';
import { migratePostgres } from '#db/migrate.ts';
import { migrate, openStore } from '#db/open.ts';
import type { PostgresClient } from '#db/postgres-client.ts';

/** It brings its databases itself, so once is enough. */
const ONCE = process.env['TEST_ENGINE'] === 'sqlite';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
/** What ends a line for some, and a number that a double can just hold. */
const ODD_TEXT = 'first\u2028second\nthird "quoted" \\ 🎭';
const LARGE = 9_007_199_254_740_991;

let folder: string;
let pglite: PGlite;
let client: PostgresClient;

beforeAll(async () => {
  pglite = await PGlite.create();
  client = { query: (text, values) => pglite.query(text, values) };
});

afterAll(() => pglite.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
  await dropPostgresTables(client);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...names: string[]) => join(folder, ...names);
const migratePglite = () => migratePostgres(drizzle(pglite) as never, join(MIGRATIONS, 'postgres'), 1);

/** A SQLite database with rows that refer to each other, whose parents come after them by the names of the tables. */
async function filledSqlite(): Promise<string> {
  const file = at('filled.sqlite');
  const store = await openStore({ engine: 'sqlite', file }, MIGRATIONS, 1);
  const { accounts, posts, favourites, polls, media, settings } = store.schema;
  const account = { handle: 'Ada', handleFolded: 'ada', url: 'u', inbox: 'i', createdAt: 1, updatedAt: 1 };
  const post = { url: 'p', authorId: LARGE, visibility: 'public' as const, createdAt: 1, receivedAt: 1 };
  await store.write(async (tx) => {
    await tx.insert(settings).values({ key: 'name', value: ODD_TEXT });
    await tx
      .insert(accounts)
      .values({ ...account, id: LARGE, uri: 'a', locked: true, aliases: ['https://b.test/ada'] });
    await tx.insert(posts).values({ ...post, id: 7, uri: 'p', local: true, threadId: 7, contentHtml: ODD_TEXT });
    await tx.insert(favourites).values({ id: 8, accountId: LARGE, postId: 7, uri: 'f', createdAt: 1 });
    await tx.insert(polls).values({ postId: 7, multiple: false });
    await tx.insert(media).values({ id: 9, accountId: LARGE, kind: 'image', focusX: -0.125, createdAt: 1 });
  });
  await store.close();
  return file;
}

function linesIn(dump: string): Record<string, unknown[]> {
  const files = readdirSync(dump).toSorted();
  return Object.fromEntries(
    files.map((name) => {
      const lines = readFileSync(join(dump, name), 'utf8').split('\n').filter(Boolean);
      return [name, lines.map((line) => JSON.parse(line) as unknown)];
    }),
  );
}

describe.runIf(ONCE)('tables as files', () => {
  test('go from SQLite to PostgreSQL and back without a change', async () => {
    const first = await dumpSqliteTables(await filledSqlite(), at('first'));
    expect(first.tables).toMatchObject({ accounts: 1, posts: 1, favourites: 1, settings: 1, follows: 0 });

    await migratePglite();
    await loadPostgresTables(client, at('first'), first.tables);
    const second = await dumpPostgresTables(client, at('second'));
    expect(second).toEqual(first);
    expect(linesIn(at('second'))).toEqual(linesIn(at('first')));

    await migrate({ engine: 'sqlite', file: at('new.sqlite') }, MIGRATIONS, 1);
    await loadSqliteTables(at('new.sqlite'), at('second'), second.tables);
    const third = await dumpSqliteTables(at('new.sqlite'), at('third'));
    expect(third).toEqual(first);
    expect(linesIn(at('third'))).toEqual(linesIn(at('first')));
    expect(linesIn(at('third'))['settings.ndjson']).toEqual([{ key: 'name', value: JSON.stringify(ODD_TEXT) }]);
  });

  test('leave the foreign keys of PostgreSQL as they were', async () => {
    await migratePglite();
    const keys = async () =>
      (
        await client.query(
          `select conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'f' order by 1`,
        )
      ).rows;
    const before = await keys();
    expect(before.length).toBeGreaterThan(20);
    const { tables } = await dumpSqliteTables(await filledSqlite(), at('dump'));
    await loadPostgresTables(client, at('dump'), tables);
    expect(await keys()).toEqual(before);
    await expect(client.query(`insert into polls (post_id, multiple) values (12345, 0)`)).rejects.toThrow(
      'foreign key',
    );
  });

  test('are loaded whole or not at all: a row too few, a row without its parent, a table that is not empty', async () => {
    const { tables } = await dumpSqliteTables(await filledSqlite(), at('dump'));
    const sqlite = at('new.sqlite');
    await migrate({ engine: 'sqlite', file: sqlite }, MIGRATIONS, 1);
    await migratePglite();
    const load = [
      (counts: Record<string, number>) => loadSqliteTables(sqlite, at('dump'), counts),
      (counts: Record<string, number>) => loadPostgresTables(client, at('dump'), counts),
    ];
    for (const into of load) {
      await expect(into({ ...tables, settings: 2 })).rejects.toThrow('settings has 1 rows instead of 2');
    }
    writeFileSync(at('dump', 'posts.ndjson'), '');
    for (const into of load) await expect(into({ ...tables, posts: 0 })).rejects.toThrow(/parents|foreign key/);
    const { tables: untouched } = await dumpSqliteTables(sqlite, at('untouched'));
    expect(Object.values(untouched).every((count) => count === 0)).toBe(true);
    expect((await dumpPostgresTables(client, at('untouched-too'))).tables).toEqual(untouched);

    await client.query(`insert into tags (id, name, display_name, last_used_at) values (1, 'a', 'a', 1)`);
    await expect(loadPostgresTables(client, at('dump'), { tags: 0 })).rejects.toThrow('tags is not empty');
  });

  test('that were cut off are refused', async () => {
    const { tables } = await dumpSqliteTables(await filledSqlite(), at('dump'));
    const file = at('dump', 'accounts.ndjson');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
    await migrate({ engine: 'sqlite', file: at('new.sqlite') }, MIGRATIONS, 1);
    await expect(loadSqliteTables(at('new.sqlite'), at('dump'), tables)).rejects.toThrow(
      'ends in the middle of a line',
    );
  });

  test('can be dropped, so that a database is as empty as before', async () => {
    await migratePglite();
    await dropPostgresTables(client);
    expect(await tablesIn(client)).toEqual([]);
  });
});
