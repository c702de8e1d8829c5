import type { EmojiView } from '#domain/accounts/account-view.ts';
import type { AccountKind } from '#domain/accounts/accounts.tables.ts';

export interface PublicKeyText {
  /** The key's own address, by which signatures name it. */
  id: string;
  pem: string;
}

/** An account as its own server tells it, in the product's words: capped, sanitised, plain values. */
export interface RemoteAccount {
  uri: string;
  url: string | null;
  /** The name before the @, as the actor's document says it; WebFinger must agree. */
  handle: string;
  /** What stands behind the @: the actor's host, or the domain that WebFinger confirmed. */
  domain: string;
  kind: AccountKind;
  displayName: string;
  /** Sanitised. */
  bioHtml: string;
  fields: { name: string; valueHtml: string }[];
  avatarUrl: string | null;
  headerUrl: string | null;
  inbox: string;
  sharedInbox: string | null;
  outbox: string | null;
  followersUri: string | null;
  followingUri: string | null;
  featuredUri: string | null;
  locked: boolean;
  discoverable: boolean;
  indexable: boolean;
  memorial: boolean;
  publicKeys: PublicKeyText[];
  aliases: string[];
  movedToUri: string | null;
  emoji: EmojiView[];
  createdAt: number | null;
}
