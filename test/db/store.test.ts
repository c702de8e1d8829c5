import { setTimeout } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSqliteStore } from '#db/sqlite-store.ts';
import type { Store } from '#db/store.ts';
import { openTestStore } from '../engine.ts';

/** Twice as long as another process's commits may stay unnoticed. */
const LOOKED_WITHIN_MS = 500;

let store: Store;

beforeEach(async () => {
  store = await openTestStore();
});

afterEach(() => store.close());

describe('the store', () => {
  test('keeps what a transaction wrote', async () => {
    const { settings } = store.schema;
    await store.write((tx) => tx.insert(settings).values({ key: 'name', value: { text: 'Estrade' } }));
    const rows = await store.read.select().from(settings).where(eq(settings.key, 'name'));
    expect(rows).toEqual([{ key: 'name', value: { text: 'Estrade' } }]);
  });

  test('forgets everything of a transaction that throws', async () => {
    const { settings } = store.schema;
    await expect(
      store.write(async (tx) => {
        await tx.insert(settings).values({ key: 'name', value: 'half' });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await store.read.select().from(settings)).toEqual([]);
  });

  test('says which query failed and why, and not with which values', async () => {
    const { tombstones } = store.schema;
    const secret = 'what ana wrote to bob alone';
    const insert = 'insert into tombstones (uri, deleted_at) values ($1, null)';
    for (const fail of [
      () => store.write((tx) => tx.insert(tombstones).values({ uri: secret, deletedAt: null as never })),
      () => store.write((tx) => tx.hot(insert, secret)),
      () => store.read.hot('select no_such_column from tombstones where uri = $1', secret),
      () => store.read.rows(sql`select no_such_column from tombstones where uri = ${secret}`),
    ]) {
      const error = await fail().then(
        () => null,
        (thrown: unknown) => thrown as Error,
      );
      expect(error).toBeInstanceOf(Error);
      expect(error?.message).toMatch(/tombstones|no_such_column/);
      expect(`${error?.stack} ${JSON.stringify(error)}`).not.toContain(secret);
    }
  });

  test('runs concurrent transactions without losing one, where every third fails', async () => {
    const { tombstones } = store.schema;
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        store.write(async (tx) => {
          await tx.insert(tombstones).values({ uri: `https://a.test/${index}`, deletedAt: index });
          if (index % 3 === 0) throw new Error('every third');
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect(await store.read.$count(tombstones)).toBe(20);
  });

  test('refuses a transaction inside a transaction', async () => {
    await expect(store.write(() => store.write(async () => 1))).rejects.toThrow('write inside write');
  });

  test('has another mark after each commit: its own at once, those from elsewhere soon', async () => {
    if (store.engine === 'postgresql') return expect(store.commitMark()).toBe(null);
    const bury = (by: Store, uri: string) =>
      by.write((tx) => tx.insert(store.schema.tombstones).values({ uri, deletedAt: 1 }));
    const atFirst = store.commitMark();
    expect(store.commitMark()).toBe(atFirst);
    await bury(store, 'https://a.test/1');
    expect(store.commitMark()).not.toBe(atFirst);
    // Its own are noticed a second time, when it looks for others.
    await setTimeout(LOOKED_WITHIN_MS);
    const atRest = store.commitMark();
    await setTimeout(LOOKED_WITHIN_MS);
    expect(store.commitMark()).toBe(atRest);
    const [main] = await store.read.hot<{ file: string }>('pragma database_list');
    const elsewhere = openSqliteStore(main?.file ?? '');
    await bury(elsewhere, 'https://a.test/2');
    await elsewhere.close();
    await vi.waitFor(() => expect(store.commitMark()).not.toBe(atRest), { timeout: 5000 });
    return undefined;
  });

  test('answers a hot query with numbers, also for large ids and counts', async () => {
    const id = 9_000_000_000_000_000 - 1;
    const { outbox } = store.schema;
    await store.write((tx) => tx.insert(outbox).values({ id, type: 'x', event: {}, createdAt: 5 }));
    const [row] = await store.read.hot<{ id: number; n: number }>(
      'select id, (select count(*) from outbox where created_at = $1) as n from outbox where created_at = $1',
      5,
    );
    expect(row).toEqual({ id, n: 1 });
  });

  test('stores booleans and JSON alike on both engines', async () => {
    const { polls, posts, accounts } = store.schema;
    const account = {
      id: 1,
      handle: 'Ada',
      handleFolded: 'ada',
      uri: 'u',
      url: 'u',
      inbox: 'i',
      createdAt: 1,
      updatedAt: 1,
    };
    await store.write(async (tx) => {
      await tx.insert(accounts).values({ ...account, aliases: ['https://b.test/ada'], locked: true });
      await tx.insert(posts).values({
        id: 2,
        uri: 'p',
        url: 'p',
        authorId: 1,
        local: true,
        visibility: 'public',
        threadId: 2,
        createdAt: 1,
        receivedAt: 1,
      });
      await tx.insert(polls).values({ postId: 2, multiple: false });
    });
    const [row] = await store.read.hot('select locked, aliases, fields from accounts where id = $1', 1);
    expect(row).toEqual({ locked: 1, aliases: '["https://b.test/ada"]', fields: '[]' });
    const [typed] = await store.read.select().from(accounts);
    expect(typed).toMatchObject({ locked: true, bot: false, aliases: ['https://b.test/ada'], fields: [] });
  });
});
