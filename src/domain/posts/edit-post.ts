import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { usedEmoji } from '#domain/emoji/used-emoji.ts';
import { attachMedia } from '#domain/media/attach-media.ts';
import { describeMedia } from '#domain/media/describe-media.ts';
import { mentionedAccounts } from '#domain/posts/mentioned-accounts.ts';
import { keepEdit } from '#domain/posts/keep-edit.ts';
import { indexPost, setHashtags, setMentions } from '#domain/posts/post-parts.ts';
import { checkText, type NewPost } from '#domain/posts/publish-post.ts';
import { findHashtags, renderText } from '#domain/posts/render-text.ts';
import { invalid, notFound } from '#kernel/errors.ts';

export type PostEdit = Pick<NewPost, 'authorId' | 'text' | 'warning' | 'sensitive' | 'language' | 'charactersMax'> & {
  postId: number;
  /** The media that it has from now on; without them it keeps what it has. */
  mediaIds?: readonly number[];
  /** Descriptions of its media, by the media's id. */
  descriptions?: ReadonlyMap<number, string>;
};

/**
 * Changes the words of one's own post; the earlier ones stay in its history. Who may see it stays as it is.
 * @throws not-found for a post of somebody else; invalid for text, and for media that are not the author's own or
 * with a poll.
 */
export async function editPost(unit: Unit, input: PostEdit): Promise<void> {
  const { posts } = unit.schema;
  const [post] = await unit.tx.select().from(posts).where(eq(posts.id, input.postId));
  if (!post || post.authorId !== input.authorId || !post.local || post.boostOfId !== null) throw notFound();
  const kept = await unit.tx.hot<{ id: number }>('select id from media where post_id = $1', post.id);
  checkText({ ...input, mediaIds: input.mediaIds ?? kept.map((row) => row.id), poll: null });
  await keepEdit(unit, post);
  if (input.mediaIds?.length && post.kind === 'question') throw invalid('poll-with-media', 'media');
  if (input.mediaIds) await attachMedia(unit, { accountId: input.authorId, postId: post.id, mediaIds: input.mediaIds });
  for (const [mediaId, description] of input.descriptions ?? []) {
    await describeMedia(unit, { accountId: input.authorId, mediaId, description, postId: post.id });
  }

  const mentions = await mentionedAccounts(unit, input.text);
  const targets = new Map([...mentions].map(([key, { target }]) => [key, target]));
  const contentHtml = renderText(input.text, targets, unit.site.origin);
  const warning = input.warning?.trim() || null;
  const options = await unit.tx.hot<{ title: string }>('select title from poll_options where post_id = $1', post.id);
  await unit.tx
    .update(posts)
    .set({
      contentHtml,
      source: input.text,
      warning,
      sensitive: input.sensitive || warning !== null,
      language: input.language,
      emoji: await usedEmoji(unit, [input.text, warning ?? '', ...options.map(({ title }) => title)]),
      editedAt: unit.now,
      version: post.version + 1,
    })
    .where(eq(posts.id, post.id));
  // Whoever was named before keeps seeing it: an edit takes nobody's post away.
  const named = await unit.tx.hot<{ account_id: number }>(
    'select account_id from post_mentions where post_id = $1',
    post.id,
  );
  await setMentions(unit, post.id, [
    ...[...mentions.values()].map((mention) => mention.id),
    ...(post.visibility === 'direct' ? named.map((row) => row.account_id) : []),
  ]);
  await setHashtags(unit, post.id, findHashtags(input.text));
  if (post.visibility === 'public') await indexPost(unit, { id: post.id, title: null, contentHtml, warning });
  unit.emit({ type: 'post-edited', postId: post.id, authorId: post.authorId });
}
