import { indexText } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { indexPost } from '#domain/posts/post-parts.ts';
import type { RebuildInput } from '#domain/upkeep/rebuild-counters.ts';

/** Makes the next public posts findable by their words; returns the id to go on from, null at the end. */
export async function rebuildPostSearch(unit: Unit, { after, most }: RebuildInput): Promise<number | null> {
  const rows = await unit.tx.hot<{ id: number; title: string | null; contentHtml: string; warning: string | null }>(
    `select id, title, content_html as "contentHtml", warning from posts
     where id > $1 and visibility = 'public' and boost_of_id is null order by id limit $2`,
    after,
    most,
  );
  for (const post of rows) await indexPost(unit, post);
  return rows.length === most ? (rows.at(-1)?.id ?? null) : null;
}

/** Makes the next accounts findable by their names; returns the id to go on from, null at the end. */
export async function rebuildAccountSearch(unit: Unit, { after, most }: RebuildInput): Promise<number | null> {
  const rows = await unit.tx.hot<{ id: number; handle: string; display_name: string; domain: string }>(
    `select id, handle, display_name, domain from accounts where id > $1 and deleted_at is null order by id limit $2`,
    after,
    most,
  );
  for (const { id, handle, display_name: displayName, domain } of rows) {
    await indexText(unit, 'account_search', id, `${handle} ${displayName} ${domain}`);
  }
  return rows.length === most ? (rows.at(-1)?.id ?? null) : null;
}
