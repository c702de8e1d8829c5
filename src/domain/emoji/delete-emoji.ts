import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { emojiToChange, recordEmoji, type EmojiStep } from '#domain/emoji/change-emoji.ts';
import { refreshProfiles } from '#domain/emoji/refresh-profiles.ts';

/**
 * Takes an emoji away, out of everything that was written with it: there its name stands again. Its files are the
 * caller's to remove.
 * @throws not-found.
 */
export async function deleteEmoji(unit: Unit, input: EmojiStep): Promise<{ files: string[] }> {
  const { mediaId, shortcode } = await emojiToChange(unit, input.id);
  const { customEmoji } = unit.schema;
  await unit.tx.delete(customEmoji).where(eq(customEmoji.id, input.id));
  const gone = await unit.tx.hot<{ file: string }>('delete from media where id = $1 returning file', mediaId);
  await refreshProfiles(unit, shortcode);
  await recordEmoji(unit, { ...input, action: 'emoji-deleted', shortcode });
  return { files: gone.map(({ file }) => file) };
}
