import { textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { shortcodesIn } from '#domain/emoji/shortcode.ts';
import type { EmojiView } from '#domain/media/media-view.ts';

/** The instance's emoji that a new text uses, to be kept with it: those that are switched on now. */
export async function usedEmoji(unit: Unit, texts: readonly string[]): Promise<EmojiView[]> {
  const shortcodes = shortcodesIn(texts);
  if (shortcodes.length === 0) return [];
  const rows = await unit.tx.hot<{ shortcode: string; file: string }>(
    `select e.shortcode, m.file from custom_emoji e join media m on m.id = e.media_id
     where e.disabled_at is null and e.shortcode in ${textsIn(unit.engine, '$1')} order by e.shortcode`,
    JSON.stringify(shortcodes),
  );
  return rows.map(({ shortcode, file }) => ({ shortcode, url: `/media/${file}` }));
}
