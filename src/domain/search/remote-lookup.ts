export interface LookedUp {
  kind: 'account' | 'post';
  id: number;
}

/**
 * What the doors ask of other servers. A server that is away, refuses, or is suspended here answers as if it knew
 * nobody: nothing throws for that.
 */
export interface RemoteLookup {
  /** Who answers to `@handle@domain`: known here, or fetched now. */
  account(handle: string, domain: string): Promise<number | null>;
  /** Reads what is said there of a known account anew, for what has to be true now. */
  readAgain(accountId: number): Promise<void>;
  /** What stands at an address that somebody pasted, whether it is that of a page or of a document. */
  byUrl(url: string): Promise<LookedUp | null>;
  /** Somebody looks at it: what is old is read again behind the page's back. Returns at once and never throws. */
  refresh(target: LookedUp): void;
}
