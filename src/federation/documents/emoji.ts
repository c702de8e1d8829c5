import type { Site } from '#db/unit.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { standingEmoji, type OwnEmoji } from '#domain/emoji/emoji.queries.ts';
import type { EmojiView } from '#domain/media/media-view.ts';
import type { JsonLd } from '#federation/vocabulary.ts';

/** An emoji of this instance as a document of its own; `updated` tells other servers whether they have its picture. */
export function emojiDocument({ id, shortcode, url, createdAt }: OwnEmoji, site: Site): JsonLd {
  return {
    id: `${site.origin}/emoji/${id}`,
    type: 'Emoji',
    name: `:${shortcode}:`,
    updated: new Date(createdAt).toISOString(),
    icon: { type: 'Image', mediaType: 'image/webp', url: site.origin + url },
  };
}

/** The tags for the emoji that a local text was written with, as far as they are still there. */
export async function emojiTags(
  reader: Pick<Reader, 'read' | 'engine'>,
  written: string,
  site: Site,
): Promise<JsonLd[]> {
  const emoji = await standingEmoji(reader, JSON.parse(written) as EmojiView[]);
  return [...emoji.values()].map((one) => emojiDocument(one, site));
}
