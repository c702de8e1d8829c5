import { afterEach, beforeEach, expect, test } from 'vitest';
import { withSpareRoom } from '#db/spare-room.ts';
import type { Store } from '#db/store.ts';
import { openTestStore } from '../engine.ts';

/*
 * A disk that is full, as SQLite tells it: the database may not grow by a page. PostgreSQL keeps its own house.
 */
const onSqlite = process.env['TEST_ENGINE'] === 'sqlite';

let store: Store;

beforeEach(async () => {
  store = await openTestStore();
});

afterEach(() => store.close());

const setPagesMax = (pages: number) => store.write((tx) => tx.hot(`pragma max_page_count = ${pages}`));
const fill = async () => {
  const [row] = await store.read.hot<{ page_count: number }>('pragma page_count');
  await setPagesMax(row?.page_count ?? 0);
};
const grave = (to: Store, uri: string) =>
  to.write((tx) => tx.hot('insert into tombstones (uri, deleted_at) values ($1, 1)', uri));
const LARGE = `https://a.test/${'x'.repeat(100_000)}`;

test.runIf(onSqlite)('a write for which there is no room is tried again when room was made', async () => {
  await fill();
  let released = 0;
  const spared = withSpareRoom(store, async () => {
    released += 1;
    await setPagesMax(1_000_000);
    return true;
  });
  await grave(spared, LARGE);
  expect(released).toBe(1);
  expect(await store.read.hot('select uri from tombstones')).toEqual([{ uri: LARGE }]);
});

test.runIf(onSqlite)(
  'without any room left the write fails, all of it, and what follows works when there is room',
  async () => {
    await fill();
    const spared = withSpareRoom(store, async () => false);
    await expect(
      spared.write(async (tx) => {
        await tx.hot(`insert into tombstones (uri, deleted_at) values ('https://a.test/small', 1)`);
        await tx.hot('insert into tombstones (uri, deleted_at) values ($1, 1)', LARGE);
      }),
    ).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(await store.read.hot('select uri from tombstones')).toEqual([]);
    await setPagesMax(1_000_000);
    await grave(spared, LARGE);
    expect(await store.read.hot('select uri from tombstones')).toHaveLength(1);
  },
);

test('what fails for another reason is not tried again', async () => {
  let tries = 0;
  const spared = withSpareRoom(store, async () => true);
  const failing = spared.write(async () => {
    tries += 1;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(tries).toBe(1);
});
