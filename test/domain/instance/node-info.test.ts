import { afterEach, beforeEach, expect, test } from 'vitest';
import { instanceNumbers } from '#domain/instance/node-info.queries.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

test('the numbers of the front page are counted once a minute, however many ask', async () => {
  let counted = 0;
  const read = {
    hot: <T>(text: string, ...values: (string | number | null)[]) => {
      counted += 1;
      return world.store.read.hot<T>(text, ...values);
    },
  };
  await world.remote('eve');
  const ask = () => instanceNumbers(read, world.clock.now());
  expect(await Promise.all([ask(), ask(), ask()])).toMatchObject([{ peers: 1 }, { peers: 1 }, { peers: 1 }]);
  await world.remote('tom', 'elsewhere.test');
  world.clock.advance(MINUTE_MS - 1);
  expect(await ask()).toMatchObject({ peers: 1 });
  expect(counted).toBe(1);
  world.clock.advance(1);
  expect(await ask()).toMatchObject({ peers: 2 });
});
