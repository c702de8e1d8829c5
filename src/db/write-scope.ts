import { AsyncLocalStorage } from 'node:async_hooks';

interface Scope {
  open: boolean;
}

const scope = new AsyncLocalStorage<Scope>();

/**
 * True while the caller runs inside an open write transaction. A timer or promise started in a
 * command inherits the scope for ever, so the scope's own `open` decides, not its existence.
 */
export function insideWrite(): boolean {
  return scope.getStore()?.open === true;
}

/** Runs `work` as the inside of a write transaction; the scope closes when `work` settles. */
export async function runInsideWrite<T>(work: () => Promise<T>): Promise<T> {
  const current: Scope = { open: true };
  try {
    return await scope.run(current, work);
  } finally {
    current.open = false;
  }
}
