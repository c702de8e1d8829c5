import type { Query } from '#db/store.ts';
import { createSealer } from '#kernel/seal.ts';

/** How many of the newest signing keys the secret does not open. One is as good a sign as all: they share the secret. */
export async function keysThatDoNotOpen(read: Pick<Query, 'hot'>, secret: string): Promise<number> {
  const sealer = createSealer(secret);
  const rows = await read.hot<{ sealed: string }>(
    'select private_sealed as sealed from account_keys order by id desc limit 10',
  );
  return rows.filter(({ sealed }) => !opens(() => sealer.open(sealed))).length;
}

function opens(open: () => string): boolean {
  try {
    return open() !== '';
  } catch {
    return false;
  }
}
