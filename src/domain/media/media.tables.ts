import type { Kit } from '#db/kit.ts';
import type { accountTables } from '#domain/accounts/accounts.tables.ts';
import type { postTables } from '#domain/posts/posts.tables.ts';
import type { MediaKind } from '#domain/posts/post-view.ts';

export function mediaTables(
  k: Kit,
  { accounts }: ReturnType<typeof accountTables>,
  { posts }: ReturnType<typeof postTables>,
) {
  /** Uploads of local accounts and references to remote media. */
  const media = k.table(
    'media',
    {
      id: k.id('id').primaryKey(),
      accountId: k
        .id('account_id')
        .notNull()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      /** Null until the upload is used. */
      postId: k.id('post_id').references(() => posts.id, { onDelete: 'cascade' }),
      position: k.int('position').notNull().default(0),
      purpose: k.text('purpose').$type<'post' | 'avatar' | 'header' | 'emoji' | 'instance'>().notNull().default('post'),
      kind: k.text('kind').$type<MediaKind>().notNull(),
      mimeType: k.text('mime_type'),
      /** Random names in the media store; null for remote media. */
      file: k.text('file'),
      previewFile: k.text('preview_file'),
      bytes: k.int('bytes').notNull().default(0),
      remoteUrl: k.text('remote_url'),
      previewRemoteUrl: k.text('preview_remote_url'),
      description: k.text('description'),
      width: k.int('width'),
      height: k.int('height'),
      durationMs: k.int('duration_ms'),
      blurhash: k.text('blurhash'),
      focusX: k.real('focus_x').notNull().default(0),
      focusY: k.real('focus_y').notNull().default(0),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [
      k.index('media_post').on(t.postId, t.position),
      k.index('media_account').on(t.accountId, t.id),
      k.index('media_file').on(t.file),
    ],
  );

  /** Copies of remote media, by the SHA-256 of their address; the oldest used go first when the cap is reached. */
  const cachedMedia = k.table(
    'cached_media',
    {
      urlHash: k.text('url_hash').primaryKey(),
      url: k.text('url').notNull(),
      host: k.text('host').notNull(),
      file: k.text('file'),
      mimeType: k.text('mime_type'),
      bytes: k.int('bytes').notNull().default(0),
      fetchedAt: k.time('fetched_at').notNull(),
      usedAt: k.time('used_at').notNull(),
      failedAt: k.time('failed_at'),
    },
    (t) => [k.index('cached_media_used').on(t.usedAt), k.index('cached_media_host').on(t.host)],
  );

  return { media, cachedMedia };
}
