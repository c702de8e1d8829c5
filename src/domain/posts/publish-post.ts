import { insertRow } from '#db/insert-row.ts';
import type { Unit } from '#db/unit.ts';
import { postUri, postUrl } from '#domain/accounts/account-uris.ts';
import { usedEmoji } from '#domain/emoji/used-emoji.ts';
import { attachMedia } from '#domain/media/attach-media.ts';
import { mentionedAccounts } from '#domain/posts/mentioned-accounts.ts';
import { countPost, countReply, indexPost, replyTarget, setHashtags, setMentions } from '#domain/posts/post-parts.ts';
import { narrower, visibleTo } from '#domain/posts/posts.policy.ts';
import { findHashtags, renderText } from '#domain/posts/render-text.ts';
import { nextFreeId } from '#domain/posts/free-id.ts';
import { openPoll, type NewPoll } from '#domain/posts/open-poll.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { invalid, notAllowed, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface NewPost {
  authorId: number;
  text: string;
  warning: string | null;
  sensitive: boolean;
  language: string | null;
  visibility: Visibility;
  replyToId: number | null;
  mediaIds: readonly number[];
  poll: NewPoll | null;
  /** The instance's limit. */
  charactersMax?: number;
}

/**
 * Publishes a post of a local account and returns its id. A reply is never for more people than the post
 * it answers.
 * @throws invalid for text that is empty or too long, a poll with media; not-found for an answered post that
 * the author may not see; not-allowed for a suspended or moved author.
 */
export async function publishPost(unit: Unit, input: NewPost): Promise<number> {
  const author = await activeAuthor(unit, input.authorId);
  checkText(input);
  const answered = input.replyToId === null ? null : await answerable(unit, input.authorId, input.replyToId);
  const mentions = await mentionedAccounts(unit, input.text);
  const targets = new Map([...mentions].map(([key, { target }]) => [key, target]));
  const contentHtml = renderText(input.text, targets, unit.site.origin);
  const visibility = answered ? narrower(input.visibility, answered.visibility) : input.visibility;
  const { posts } = unit.schema;
  const id = await nextFreeId(unit);
  const uri = postUri(unit.site, author.handle, id);

  await insertRow(unit.tx, posts, {
    id,
    uri,
    url: postUrl(unit.site, author.handle, id),
    authorId: input.authorId,
    local: true,
    kind: input.poll ? 'question' : 'note',
    contentHtml,
    source: input.text,
    warning: input.warning?.trim() || null,
    sensitive: input.sensitive || Boolean(input.warning?.trim()),
    language: input.language,
    emoji: await usedEmoji(unit, [input.text, input.warning ?? '', ...(input.poll?.options ?? [])]),
    visibility,
    replyToId: answered?.id ?? null,
    replyToUri: answered?.uri ?? null,
    replyToAccountId: answered?.authorId ?? null,
    threadId: answered?.threadId ?? id,
    createdAt: unit.now,
    receivedAt: unit.now,
  });
  await setMentions(
    unit,
    id,
    [...mentions.values()].map((mention) => mention.id),
  );
  await setHashtags(unit, id, findHashtags(input.text));
  if (input.mediaIds.length > 0) {
    await attachMedia(unit, { accountId: input.authorId, postId: id, mediaIds: input.mediaIds });
  }
  if (input.poll) await openPoll(unit, id, input.poll);
  if (answered) await countReply(unit, answered.id, visibility, 1);
  if (visibility !== 'direct') await countPost(unit, input.authorId, 1, unit.now);
  if (visibility === 'public') await indexPost(unit, { id, title: null, contentHtml, warning: input.warning });
  unit.emit({ type: 'post-published', postId: id, authorId: input.authorId });
  return id;
}

async function activeAuthor(unit: Unit, authorId: number): Promise<{ handle: string }> {
  const rows = await unit.tx.hot<{ handle: string }>(
    `select handle from accounts where id = $1 and domain = '' and suspended_at is null and deleted_at is null
     and moved_to_id is null`,
    authorId,
  );
  if (!rows[0]) throw notAllowed('account-inactive');
  return rows[0];
}

export function checkText(input: Pick<NewPost, 'text' | 'warning' | 'mediaIds' | 'poll' | 'charactersMax'>): void {
  const max = input.charactersMax ?? limits.postCharacters;
  const length = charactersOf(input.text.trim()) + charactersOf(input.warning?.trim() ?? '');
  if (length > max) throw invalid('post-too-long', 'text', { max, over: length - max });
  if (input.text.trim() === '' && input.mediaIds.length === 0) throw invalid('post-empty', 'text');
  if (input.poll && input.mediaIds.length > 0) throw invalid('poll-with-media', 'poll');
  if (input.mediaIds.length > limits.mediaPerPost)
    throw invalid('media-too-many', 'media', { max: limits.mediaPerPost });
}

/** What people count: a family emoji is one. */
function charactersOf(text: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) count += 1;
  return count;
}

async function answerable(unit: Unit, authorId: number, postId: number) {
  const seen = await unit.tx.hot(
    `select 1 as seen from posts p join accounts a on a.id = p.author_id
     where p.id = $1 and p.boost_of_id is null and ${visibleTo(2)}`,
    postId,
    authorId,
  );
  const target = seen.length > 0 ? await replyTarget(unit, postId) : null;
  if (!target) throw notFound('answered-post-gone');
  return target;
}
