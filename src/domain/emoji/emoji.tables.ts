import type { Kit } from '#db/kit.ts';

export function emojiTables(k: Kit) {
  /** The instance's own pictures for texts; their media belong to the instance's account. */
  const customEmoji = k.table(
    'custom_emoji',
    {
      id: k.id('id').primaryKey(),
      shortcode: k.text('shortcode').notNull(),
      mediaId: k.id('media_id').notNull(),
      category: k.text('category').notNull().default(''),
      /** Set while it is not for new texts; where it stands already it stays. */
      disabledAt: k.time('disabled_at'),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [k.uniqueIndex('custom_emoji_shortcode').on(t.shortcode)],
  );

  return { customEmoji };
}
