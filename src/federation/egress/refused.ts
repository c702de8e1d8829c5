/** Why a connection or an answer was refused; `inside-write` is a programmer's error, the others are a peer's. */
export type EgressRefusal = 'address' | 'name' | 'port' | 'scheme' | 'encoding' | 'inside-write';

/** What `fetch` carries as the `cause` of its `fetch failed` when the egress check said no. */
export class EgressRefused extends Error {
  override name = 'EgressRefused';
  readonly code: EgressRefusal;

  constructor(code: EgressRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

/** The refusal behind an error of `fetch`, or null when the network itself failed. */
export function egressRefusalOf(error: unknown): EgressRefused | null {
  if (error instanceof EgressRefused) return error;
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof EgressRefused ? cause : null;
}
