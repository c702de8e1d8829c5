/** For programmer errors only: what a person or a peer can cause is a `DomainError`. */
export function assert(condition: unknown, why: string): asserts condition {
  if (!condition) throw new AssertionError(why);
}

/** The value, or an assertion error that says what was missing. */
export function need<T>(value: T | null | undefined, why: string): T {
  assert(value !== null && value !== undefined, why);
  return value;
}

class AssertionError extends Error {
  override name = 'AssertionError';
}
