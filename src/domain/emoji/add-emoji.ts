import type { Unit } from '#db/unit.ts';
import { recordEmoji } from '#domain/emoji/change-emoji.ts';
import { refreshProfiles } from '#domain/emoji/refresh-profiles.ts';
import { freeShortcode } from '#domain/emoji/shortcode.ts';
import type { PreparedMedia } from '#domain/media/prepare-media.ts';
import { need } from '#kernel/assert.ts';
import { invalid, tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface NewEmoji {
  actorId: number | null;
  shortcode: string;
  category: string;
  media: PreparedMedia;
  /** The server that it was copied from; null for an upload. */
  from: string | null;
}

/**
 * Gives the instance an emoji and returns its id. The picture becomes the instance's own: it stays when the person who
 * brought it leaves.
 * @throws invalid, conflict with the field, too-many.
 */
export async function addEmoji(unit: Unit, input: NewEmoji): Promise<number> {
  const shortcode = await freeShortcode(unit, input.shortcode);
  const category = checkCategory(input.category);
  checkPicture(input.media);
  const [{ count } = { count: 0 }] = await unit.tx.hot<{ count: number }>('select count(*) as count from custom_emoji');
  if (Number(count) >= limits.customEmoji) throw tooMany('emoji-too-many', { max: limits.customEmoji });
  const [instance] = await unit.tx.hot<{ id: number }>(
    `select id from accounts where domain = '' and kind = 'application'`,
  );
  const { media, customEmoji } = unit.schema;
  const mediaId = unit.newId();
  await unit.tx.insert(media).values({
    id: mediaId,
    accountId: need(instance, 'an instance without an account of its own').id,
    ...input.media,
    createdAt: unit.now,
  });
  const id = unit.newId();
  await unit.tx.insert(customEmoji).values({ id, shortcode, mediaId, category, createdAt: unit.now });
  await refreshProfiles(unit, shortcode);
  await recordEmoji(unit, {
    actorId: input.actorId,
    action: input.from === null ? 'emoji-added' : 'emoji-copied',
    shortcode,
    domain: input.from,
  });
  return id;
}

/** @throws invalid. */
export function checkCategory(typed: string): string {
  const category = typed.trim();
  const max = limits.emojiCategoryCharacters;
  if (category.length > max) throw invalid('too-long', 'category', { max });
  return category;
}

/** What other servers would not show is not taken: Mastodon drops emoji above this size. */
function checkPicture({ purpose, kind, bytes }: PreparedMedia): void {
  if (purpose !== 'emoji' || kind !== 'image') throw invalid('media-type-refused', 'picture');
  if (bytes > limits.emojiBytes) {
    throw invalid('emoji-too-heavy', 'picture', { max: Math.floor(limits.emojiBytes / 1024) });
  }
}
