import type { Store } from '#db/store.ts';
import { emojiPaths } from '#domain/media/media-paths.ts';
import type { EmojiView } from '#domain/media/media-view.ts';
import { limits } from '#kernel/limits.ts';

/** Where an emoji of another server stands: it has no row of its own. */
export type EmojiOwner = { accountId: number } | { postId: number };

/** An emoji of another server, as it was seen here. */
export interface SeenEmoji extends EmojiView {
  domain: string;
  owner: EmojiOwner;
}

interface Row {
  id: number;
  uri: string;
  emoji: string;
  domain: string;
}

/**
 * Emoji of other servers in the newest public posts and profiles known here, each once, the newest first.
 * @param text part of a shortcode or of a server's name; all where it is empty.
 */
export async function seenEmoji({ read }: Pick<Store, 'read'>, text: string): Promise<SeenEmoji[]> {
  const posts = await read.hot<Row>(
    `select p.id, p.uri, p.emoji, a.domain
     from (select id, uri, emoji, author_id, visibility from posts order by id desc limit $1) p
     join accounts a on a.id = p.author_id
     where p.emoji <> '[]' and a.domain <> '' and p.visibility in ('public', 'unlisted')
       and a.suspended_at is null and a.deleted_at is null order by p.id desc`,
    limits.emojiLookedThrough,
  );
  const accounts = await read.hot<Row>(
    `select a.id, a.uri, a.emoji, a.domain from (select * from accounts order by id desc limit $1) a
     where a.emoji <> '[]' and a.domain <> '' and a.suspended_at is null and a.deleted_at is null order by a.id desc`,
    limits.emojiLookedThrough,
  );
  const seen = [
    ...posts.flatMap((row) => seenIn(row, { postId: row.id })),
    ...accounts.flatMap((row) => seenIn(row, { accountId: row.id })),
  ];
  const wanted = text.toLowerCase();
  const each = new Map<string, SeenEmoji>();
  for (const one of seen) {
    const name = `${one.shortcode}@${one.domain}`;
    if (name.toLowerCase().includes(wanted) && !each.has(name)) each.set(name, one);
    if (each.size >= limits.emojiListed) break;
  }
  return [...each.values()];
}

function seenIn({ uri, emoji, domain }: Row, owner: EmojiOwner): SeenEmoji[] {
  const place = 'postId' in owner ? { ...owner, uri } : owner;
  return emojiPaths(place, JSON.parse(emoji) as EmojiView[]).map((one) => ({ ...one, domain, owner }));
}
