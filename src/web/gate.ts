import { tooMany } from '#kernel/errors.ts';

export interface Gate {
  /** Runs `work` when there is room for it. @throws too-many `media-busy` when too many wait already. */
  pass<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Lets in a few at a time, and fewer with the same key: one slow host must not take every place. */
export function createGate(limits: { places: number; placesPerKey: number; waitingMax: number }): Gate {
  const inside = new Map<string, number>();
  const waiting: { key: string; enter(): void }[] = [];
  let taken = 0;

  const isOpenTo = (key: string) => taken < limits.places && (inside.get(key) ?? 0) < limits.placesPerKey;

  function move(key: string, by: 1 | -1): void {
    const now = (inside.get(key) ?? 0) + by;
    taken += by;
    if (now === 0) inside.delete(key);
    else inside.set(key, now);
  }

  function enter(key: string): Promise<void> | void {
    if (isOpenTo(key)) return move(key, 1);
    if (waiting.length >= limits.waitingMax) throw tooMany('media-busy');
    return new Promise((resolve) => waiting.push({ key, enter: resolve }));
  }

  function leave(key: string): void {
    move(key, -1);
    const next = waiting.findIndex((one) => isOpenTo(one.key));
    if (next === -1) return;
    const [one] = waiting.splice(next, 1);
    if (!one) return;
    // The place is taken before anyone else can ask for it.
    move(one.key, 1);
    one.enter();
  }

  return {
    async pass(key, work) {
      await enter(key);
      try {
        return await work();
      } finally {
        leave(key);
      }
    },
  };
}
