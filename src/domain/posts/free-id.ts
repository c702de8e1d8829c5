import type { Unit } from '#db/unit.ts';
import { idAt } from '#kernel/ids.ts';

const ID_DRAWS_MAX = 20;

/**
 * An id of a publication time elsewhere. Most servers publish whole seconds, so the low bits are drawn until they are
 * free.
 */
export async function freeId(unit: Unit, publishedAt: number): Promise<number> {
  for (let draw = 0; draw < ID_DRAWS_MAX; draw += 1) {
    const id = idAt(publishedAt, unit.now);
    if (!(await isTaken(unit, id))) return id;
  }
  return nextFreeId(unit);
}

/** The next id of ours that nothing from elsewhere has drawn. */
export async function nextFreeId(unit: Unit): Promise<number> {
  for (;;) {
    const id = unit.newId();
    if (!(await isTaken(unit, id))) return id;
  }
}

async function isTaken(unit: Unit, id: number): Promise<boolean> {
  return (await unit.tx.hot('select 1 as taken from posts where id = $1', id)).length > 0;
}
