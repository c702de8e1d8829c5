import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { checkCategory } from '#domain/emoji/add-emoji.ts';
import { emojiToChange, recordEmoji, type EmojiStep } from '#domain/emoji/change-emoji.ts';

/** Puts an emoji under another heading. Its name stays: texts everywhere have it. @throws invalid, not-found. */
export async function editEmoji(unit: Unit, input: EmojiStep & { category: string }): Promise<void> {
  const category = checkCategory(input.category);
  const emoji = await emojiToChange(unit, input.id);
  if (emoji.category === category) return;
  const { customEmoji } = unit.schema;
  await unit.tx.update(customEmoji).set({ category }).where(eq(customEmoji.id, input.id));
  await recordEmoji(unit, { ...input, action: 'emoji-edited', shortcode: emoji.shortcode });
}
