import type { Unit } from '#db/unit.ts';
import { usedEmoji } from '#domain/emoji/used-emoji.ts';

/**
 * Looks again which emoji the profiles here show that name this one: a profile is written once and read for years, so
 * it gets what was added since and loses what is gone. Other servers learn of it when they next read the profile.
 */
export async function refreshProfiles(unit: Unit, shortcode: string): Promise<void> {
  const rows = await unit.tx.hot<{ id: number; display_name: string; bio_html: string; fields: string }>(
    `select id, display_name, bio_html, fields from accounts
     where domain = '' and deleted_at is null
       and (display_name like $1 or bio_html like $1 or cast(fields as text) like $1)`,
    `%:${shortcode}:%`,
  );
  for (const row of rows) {
    const emoji = await usedEmoji(unit, [row.display_name, row.bio_html, row.fields]);
    await unit.tx.hot(
      'update accounts set emoji = $1, version = version + 1 where id = $2',
      JSON.stringify(emoji),
      row.id,
    );
  }
}
