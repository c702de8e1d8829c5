import type { Kit } from '#db/kit.ts';
import type { EmojiView, ProfileField } from '#domain/accounts/account-view.ts';
import type { PublicKeyText } from '#domain/accounts/remote-account.ts';

export type AccountKind = 'person' | 'service' | 'group' | 'organization' | 'application';

export function accountTables(k: Kit) {
  /** Local and remote accounts in one table; `domain` is empty for local ones. */
  const accounts = k.table(
    'accounts',
    {
      id: k.id('id').primaryKey(),
      handle: k.text('handle').notNull(),
      /** Lower case, for uniqueness and look-up. */
      handleFolded: k.text('handle_folded').notNull(),
      domain: k.text('domain').notNull().default(''),
      /** Of the addresses of a remote account; handles may live on a domain of another name. Empty for local ones. */
      host: k.text('host').notNull().default(''),
      uri: k.text('uri').notNull(),
      url: k.text('url').notNull(),
      inbox: k.text('inbox').notNull(),
      sharedInbox: k.text('shared_inbox'),
      outbox: k.text('outbox'),
      followersUri: k.text('followers_uri'),
      followingUri: k.text('following_uri'),
      featuredUri: k.text('featured_uri'),
      kind: k.text('kind').$type<AccountKind>().notNull().default('person'),
      displayName: k.text('display_name').notNull().default(''),
      /** What a local person typed; empty for remote accounts. */
      bio: k.text('bio').notNull().default(''),
      bioHtml: k.text('bio_html').notNull().default(''),
      fields: k.json<ProfileField[]>('fields').notNull().default(k.emptyList),
      emoji: k.json<EmojiView[]>('emoji').notNull().default(k.emptyList),
      avatarMediaId: k.id('avatar_media_id'),
      headerMediaId: k.id('header_media_id'),
      /** Remote pictures; local ones are media. */
      avatarRemoteUrl: k.text('avatar_remote_url'),
      headerRemoteUrl: k.text('header_remote_url'),
      /** Follows wait for this person's consent. */
      locked: k.bool('locked').notNull().default(k.no),
      bot: k.bool('bot').notNull().default(k.no),
      discoverable: k.bool('discoverable').notNull().default(k.no),
      indexable: k.bool('indexable').notNull().default(k.no),
      memorial: k.bool('memorial').notNull().default(k.no),
      countsHidden: k.bool('counts_hidden').notNull().default(k.no),
      /** Of a remote account: what its document named last. A farewell comes when its document is gone. */
      publicKeys: k.json<PublicKeyText[]>('public_keys').notNull().default(k.emptyList),
      aliases: k.json<string[]>('aliases').notNull().default(k.emptyList),
      movedToId: k.id('moved_to_id'),
      followersCount: k.int('followers_count').notNull().default(0),
      followingCount: k.int('following_count').notNull().default(0),
      postsCount: k.int('posts_count').notNull().default(0),
      /** What a remote account's own server says that it has; the counters above are of what is known here. */
      followersTotal: k.int('followers_total'),
      followingTotal: k.int('following_total'),
      postsTotal: k.int('posts_total'),
      lastPostAt: k.time('last_post_at'),
      createdAt: k.time('created_at').notNull(),
      updatedAt: k.time('updated_at').notNull(),
      /** When a remote account's document was last read. */
      fetchedAt: k.time('fetched_at'),
      /** When its totals and pins were last asked for, because somebody here looked or follows. */
      profileFetchedAt: k.time('profile_fetched_at'),
      /** The same of its newest posts. */
      outboxFetchedAt: k.time('outbox_fetched_at'),
      /** When its actor answered 410 for the first time; a second time a day later prunes its follows. */
      goneAt: k.time('gone_at'),
      /** Set while a sign-up waits to be confirmed or approved: until then the account exists for nobody. */
      pendingAt: k.time('pending_at'),
      suspendedAt: k.time('suspended_at'),
      limitedAt: k.time('limited_at'),
      deletedAt: k.time('deleted_at'),
      /** Raised with every change that the account's public document shows. */
      version: k.int('version').notNull().default(1),
    },
    (t) => [
      k.uniqueIndex('accounts_uri').on(t.uri),
      k.uniqueIndex('accounts_handle_domain').on(t.handleFolded, t.domain),
      k.index('accounts_domain').on(t.domain, t.id),
      k.index('accounts_host').on(t.host, t.domain),
    ],
  );

  /** Signing keys of local accounts. The private half is sealed with the instance's secret. */
  const accountKeys = k.table(
    'account_keys',
    {
      id: k.id('id').primaryKey(),
      accountId: k
        .id('account_id')
        .notNull()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      keyUri: k.text('key_uri').notNull(),
      algorithm: k.text('algorithm').$type<'rsa' | 'ed25519'>().notNull(),
      privateSealed: k.text('private_sealed').notNull(),
      publicJwk: k.json<JsonWebKey>('public_jwk').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [k.uniqueIndex('account_keys_uri').on(t.keyUri), k.index('account_keys_account').on(t.accountId, t.id)],
  );

  return { accounts, accountKeys };
}
