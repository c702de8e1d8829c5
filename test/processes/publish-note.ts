import type { Unit } from '#db/unit.ts';
import { publishPost } from '#domain/posts/publish-post.ts';

/** A public post by somebody here, whose name is known and not the id. */
export async function publishNote(unit: Unit, input: { handle: string; text: string }): Promise<number> {
  const rows = await unit.tx.hot<{ id: number }>(
    `select id from accounts where handle = $1 and domain = ''`,
    input.handle,
  );
  return publishPost(unit, {
    ...{ authorId: rows[0]?.id ?? 0, text: input.text, visibility: 'public' },
    ...{ warning: null, sensitive: false, language: null, replyToId: null, mediaIds: [], poll: null },
  });
}
