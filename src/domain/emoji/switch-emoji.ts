import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { emojiToChange, recordEmoji, type EmojiStep } from '#domain/emoji/change-emoji.ts';
import { refreshProfiles } from '#domain/emoji/refresh-profiles.ts';

/** Takes an emoji out of new texts, or lets it into them again; where it stands it stays. @throws not-found. */
export async function switchEmoji(unit: Unit, input: EmojiStep & { on: boolean }): Promise<void> {
  const { shortcode, disabledAt } = await emojiToChange(unit, input.id);
  if (input.on === (disabledAt === null)) return;
  const { customEmoji } = unit.schema;
  await unit.tx
    .update(customEmoji)
    .set({ disabledAt: input.on ? null : unit.now })
    .where(eq(customEmoji.id, input.id));
  if (input.on) await refreshProfiles(unit, shortcode);
  await recordEmoji(unit, { ...input, action: input.on ? 'emoji-enabled' : 'emoji-disabled', shortcode });
}
