import { textsIn } from '#db/dialect.ts';
import type { Store } from '#db/store.ts';
import type { EmojiView } from '#domain/media/media-view.ts';

type Reader = Pick<Store, 'read' | 'engine'>;

/** An emoji of this instance. */
export interface OwnEmoji extends EmojiView {
  id: number;
  category: string;
  disabledAt: number | null;
  createdAt: number;
}

interface Row {
  id: number;
  shortcode: string;
  file: string;
  category: string;
  disabledAt: number | null;
  createdAt: number;
}

const FOUND = `select e.id, e.shortcode, e.category, e.disabled_at as "disabledAt", e.created_at as "createdAt", m.file
  from custom_emoji e join media m on m.id = e.media_id`;

/** Every emoji of the instance in the order in which they are offered, those switched off among them. */
export async function ownEmoji({ read }: Pick<Reader, 'read'>): Promise<OwnEmoji[]> {
  return (await read.hot<Row>(`${FOUND} order by e.category, e.shortcode`)).map(viewOf);
}

export async function emojiById({ read }: Pick<Reader, 'read'>, id: number): Promise<OwnEmoji | null> {
  const [row] = await read.hot<Row>(`${FOUND} where e.id = $1`, id);
  return row ? viewOf(row) : null;
}

export async function hasEmoji({ read }: Pick<Reader, 'read'>): Promise<boolean> {
  return (await read.hot('select 1 as one from custom_emoji where disabled_at is null limit 1')).length > 0;
}

/**
 * Those that still are among the emoji that local texts were written with, by shortcode. One that was switched off
 * stays where it stands.
 */
export async function standingEmoji(
  { read, engine }: Reader,
  written: Iterable<EmojiView>,
): Promise<Map<string, OwnEmoji>> {
  const shortcodes = [...new Set([...written].map(({ shortcode }) => shortcode))];
  if (shortcodes.length === 0) return new Map();
  const rows = await read.hot<Row>(
    `${FOUND} where e.shortcode in ${textsIn(engine, '$1')}`,
    JSON.stringify(shortcodes),
  );
  return new Map(rows.map((row) => [row.shortcode, viewOf(row)]));
}

function viewOf({ file, ...row }: Row): OwnEmoji {
  return { ...row, url: `/media/${file}` };
}
