import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { notFound } from '#kernel/errors.ts';

/** What staff does with an emoji that is there. */
export interface EmojiStep {
  actorId: number | null;
  id: number;
}

/** @throws not-found. */
export async function emojiToChange(unit: Unit, id: number) {
  const { customEmoji } = unit.schema;
  const [emoji] = await unit.tx.select().from(customEmoji).where(eq(customEmoji.id, id));
  if (!emoji) throw notFound();
  return emoji;
}

/** An emoji is named in the log by its shortcode, which says what it was when it is gone. */
export function recordEmoji(
  unit: Unit,
  entry: { actorId: number | null; action: string; shortcode: string; domain?: string | null },
): Promise<void> {
  const { actorId, action, shortcode, domain = null } = entry;
  const details = domain === null ? {} : { domain };
  return recordAudit(unit, { actorId, action, target: `emoji:${shortcode}`, details });
}
