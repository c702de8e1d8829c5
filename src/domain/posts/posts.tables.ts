import { sql } from 'drizzle-orm';
import type { Kit } from '#db/kit.ts';
import type { EmojiView } from '#domain/accounts/account-view.ts';
import type { accountTables } from '#domain/accounts/accounts.tables.ts';
import type { PostKind } from '#domain/posts/post-view.ts';
import type { Visibility } from '#domain/posts/visibility.ts';

/** What a post said before an edit. */
export interface EditedMedia {
  url: string | null;
  description: string | null;
}

export function postTables(k: Kit, { accounts }: ReturnType<typeof accountTables>) {
  const accountId = (name = 'account_id') =>
    k
      .id(name)
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' });

  /** Posts and boosts, local and remote: a boost is a row with `boostOfId`. */
  const posts = k.table(
    'posts',
    {
      id: k.id('id').primaryKey(),
      uri: k.text('uri').notNull(),
      url: k.text('url').notNull(),
      authorId: accountId('author_id'),
      /** Whether its author is of this instance. */
      local: k.bool('local').notNull(),
      kind: k.text('kind').$type<PostKind>().notNull().default('note'),
      title: k.text('title'),
      /** Sanitised, for showing. */
      contentHtml: k.text('content_html').notNull().default(''),
      /** What a local author typed, for editing; null for remote posts. */
      source: k.text('source'),
      warning: k.text('warning'),
      sensitive: k.bool('sensitive').notNull().default(k.no),
      language: k.text('language'),
      visibility: k.text('visibility').$type<Visibility>().notNull(),
      replyToId: k.id('reply_to_id'),
      /** Kept also where the answered post is unknown or gone. */
      replyToUri: k.text('reply_to_uri'),
      replyToAccountId: k.id('reply_to_account_id'),
      /** The id of the thread's first known post: its own id for one that starts a thread. */
      threadId: k.id('thread_id').notNull(),
      boostOfId: k.id('boost_of_id'),
      quoteUri: k.text('quote_uri'),
      emoji: k.json<EmojiView[]>('emoji').notNull().default(k.emptyList),
      repliesCount: k.int('replies_count').notNull().default(0),
      boostsCount: k.int('boosts_count').notNull().default(0),
      favouritesCount: k.int('favourites_count').notNull().default(0),
      /** When it was published, at its origin's word but never in the future. */
      createdAt: k.time('created_at').notNull(),
      receivedAt: k.time('received_at').notNull(),
      editedAt: k.time('edited_at'),
      /** Raised with every change that the post's document shows. */
      version: k.int('version').notNull().default(1),
    },
    (t) => [
      k.uniqueIndex('posts_uri').on(t.uri),
      k.index('posts_author').on(t.authorId, t.id),
      k.index('posts_reply').on(t.replyToId, t.id),
      k.index('posts_reply_uri').on(t.replyToUri),
      k.index('posts_thread').on(t.threadId, t.id),
      // Of boosts alone: with everything else in it, SQLite would walk it whenever a query asks for posts that are none.
      k
        .uniqueIndex('posts_boost')
        .on(t.boostOfId, t.authorId)
        .where(sql`${t.boostOfId} is not null`),
      k.index('posts_public').on(t.visibility, t.id),
      k.index('posts_local').on(t.local, t.visibility, t.id),
      k.index('posts_received').on(t.receivedAt),
    ],
  );

  const postId = (name = 'post_id') =>
    k
      .id(name)
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' });

  const postMentions = k.table(
    'post_mentions',
    {
      postId: postId(),
      accountId: accountId(),
      /** The newest of the post's edits when they were named, 0 for none: versions up to it were not for them. */
      afterEditId: k.id('after_edit_id').notNull().default(k.no),
    },
    (t) => [
      k.primaryKey({ columns: [t.postId, t.accountId] }),
      k.index('post_mentions_account').on(t.accountId, t.postId),
    ],
  );

  const tags = k.table(
    'tags',
    {
      id: k.id('id').primaryKey(),
      /** Folded by case and accents, for look-up. */
      name: k.text('name').notNull(),
      displayName: k.text('display_name').notNull(),
      lastUsedAt: k.time('last_used_at').notNull(),
    },
    (t) => [k.uniqueIndex('tags_name').on(t.name)],
  );

  const postTags = k.table(
    'post_tags',
    {
      postId: postId(),
      tagId: k
        .id('tag_id')
        .notNull()
        .references(() => tags.id, { onDelete: 'cascade' }),
    },
    (t) => [k.primaryKey({ columns: [t.postId, t.tagId] }), k.index('post_tags_tag').on(t.tagId, t.postId)],
  );

  const postEdits = k.table(
    'post_edits',
    {
      id: k.id('id').primaryKey(),
      postId: postId(),
      contentHtml: k.text('content_html').notNull(),
      warning: k.text('warning'),
      sensitive: k.bool('sensitive').notNull(),
      media: k.json<EditedMedia[]>('media').notNull(),
      pollOptions: k.json<string[]>('poll_options').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [k.index('post_edits_post').on(t.postId, t.id)],
  );

  const pins = k.table(
    'pins',
    { accountId: accountId(), postId: postId(), createdAt: k.time('created_at').notNull() },
    (t) => [k.primaryKey({ columns: [t.accountId, t.postId] }), k.index('pins_post').on(t.postId)],
  );

  const favourites = k.table(
    'favourites',
    {
      id: k.id('id').primaryKey(),
      accountId: accountId(),
      postId: postId(),
      /** The Like activity's id. */
      uri: k.text('uri').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('favourites_pair').on(t.accountId, t.postId),
      k.index('favourites_account').on(t.accountId, t.id),
      k.index('favourites_post').on(t.postId, t.id),
      k.uniqueIndex('favourites_uri').on(t.uri),
    ],
  );

  const bookmarks = k.table(
    'bookmarks',
    {
      id: k.id('id').primaryKey(),
      accountId: accountId(),
      postId: postId(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('bookmarks_pair').on(t.accountId, t.postId),
      k.index('bookmarks_account').on(t.accountId, t.id),
      k.index('bookmarks_post').on(t.postId),
    ],
  );

  const polls = k.table(
    'polls',
    {
      postId: k
        .id('post_id')
        .primaryKey()
        .references(() => posts.id, { onDelete: 'cascade' }),
      multiple: k.bool('multiple').notNull(),
      expiresAt: k.time('expires_at'),
      closedAt: k.time('closed_at'),
      votersCount: k.int('voters_count').notNull().default(0),
      /** When a remote poll's counts were last read. */
      fetchedAt: k.time('fetched_at'),
      /** When the counts were last sent to those who have the post. */
      announcedAt: k.time('announced_at'),
    },
    (t) => [k.index('polls_open').on(t.closedAt, t.expiresAt)],
  );

  const pollOptions = k.table(
    'poll_options',
    {
      postId: postId(),
      position: k.int('position').notNull(),
      title: k.text('title').notNull(),
      votesCount: k.int('votes_count').notNull().default(0),
    },
    (t) => [k.primaryKey({ columns: [t.postId, t.position] })],
  );

  /** One row a voter: what makes a second ballot impossible, however many arrive at once. */
  const pollBallots = k.table(
    'poll_ballots',
    { postId: postId(), accountId: accountId(), createdAt: k.time('created_at').notNull() },
    (t) => [k.primaryKey({ columns: [t.postId, t.accountId] }), k.index('poll_ballots_account').on(t.accountId)],
  );

  const pollVotes = k.table(
    'poll_votes',
    { postId: postId(), accountId: accountId(), position: k.int('position').notNull(), uri: k.text('uri').notNull() },
    (t) => [
      k.primaryKey({ columns: [t.postId, t.accountId, t.position] }),
      k.index('poll_votes_account').on(t.accountId),
    ],
  );

  /** What was deleted, or undone before it came: a late Create does not bring it back, and its address answers 410. */
  const tombstones = k.table('tombstones', {
    uri: k.text('uri').primaryKey(),
    deletedAt: k.time('deleted_at').notNull(),
  });

  /** What was published already: the same form or request again becomes no second post. */
  const publishKeys = k.table(
    'publish_keys',
    {
      authorId: accountId('author_id'),
      key: k.text('key').notNull(),
      /** Null only while it is being published; may be gone. */
      postId: k.id('post_id'),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.authorId, t.key] }), k.index('publish_keys_created').on(t.createdAt)],
  );

  return {
    posts,
    postMentions,
    tags,
    postTags,
    postEdits,
    pins,
    favourites,
    bookmarks,
    polls,
    pollOptions,
    pollBallots,
    pollVotes,
    tombstones,
    publishKeys,
  };
}
