import { eq } from 'drizzle-orm';
import { insertRow } from '#db/insert-row.ts';
import type { Unit } from '#db/unit.ts';
import { keepEdit } from '#domain/posts/keep-edit.ts';
import { countPost, countReply, indexPost, replyTarget, setHashtags, setMentions } from '#domain/posts/post-parts.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { freeId } from '#domain/posts/free-id.ts';
import type { RemoteMedia, RemotePoll, RemotePost } from '#domain/posts/remote-post.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { assert } from '#kernel/assert.ts';

export interface ReceivedPost {
  post: RemotePost;
  /** The author's row; the door has made sure that it is the one that the post names. */
  authorId: number;
}

/** The options of a poll may each claim as many as there are people; their sum has to fit its column all the same. */
const VOTERS_MAX = 1_000_000_000;

/**
 * Writes down a remote post and returns its id; one that is known already stays as it is. Null for one that was deleted
 * before it arrived.
 */
export async function receivePost(unit: Unit, { post, authorId }: ReceivedPost): Promise<number | null> {
  assert(!post.uri.startsWith(`${unit.site.origin}/`), 'a received post is not at an address of ours');
  const known = await unit.tx.hot<{ id: number }>('select id from posts where uri = $1', post.uri);
  if (known[0]) return known[0].id;
  const buried = await unit.tx.hot('select 1 as buried from tombstones where uri = $1', post.uri);
  if (buried.length > 0) return null;

  const answered = await findAnswered(unit, post.replyToUri, authorId);
  const { posts } = unit.schema;
  const id = await freeId(unit, post.publishedAt);
  await insertRow(unit.tx, posts, {
    id,
    uri: post.uri,
    authorId,
    local: false,
    ...bodyOf(post),
    replyToId: answered?.id ?? null,
    replyToUri: post.replyToUri,
    replyToAccountId: answered?.authorId ?? null,
    threadId: answered?.threadId ?? id,
    visibility: post.visibility,
    createdAt: post.publishedAt,
    editedAt: post.editedAt,
    receivedAt: unit.now,
  });
  await writeParts(unit, id, post, authorId);
  await adoptReplies(unit, id, post.uri, answered?.threadId ?? id);
  if (answered) await countReply(unit, answered.id, post.visibility, 1);
  if (post.visibility !== 'direct') await countPost(unit, authorId, 1, post.publishedAt);
  unit.emit({ type: 'post-received', postId: id, authorId });
  return id;
}

/** Brings a known remote post to what its author says now; a change of words goes into its history. */
export async function refreshPost(unit: Unit, { post, authorId }: ReceivedPost): Promise<void> {
  const { posts } = unit.schema;
  const [row] = await unit.tx.select().from(posts).where(eq(posts.uri, post.uri));
  if (!row || row.authorId !== authorId || row.local || row.boostOfId !== null) return;
  const edited = post.editedAt !== null && post.editedAt > (row.editedAt ?? row.createdAt);
  if (post.editedAt !== null && row.editedAt !== null && post.editedAt < row.editedAt) return;
  const changed = row.contentHtml !== post.contentHtml || row.warning !== post.warning;
  if (edited && changed) await keepEdit(unit, row);
  await unit.tx
    .update(posts)
    // Who may see it stays: an edit does not widen an audience.
    .set({ ...bodyOf(post), editedAt: edited ? post.editedAt : row.editedAt, version: row.version + 1 })
    .where(eq(posts.id, row.id));
  await unit.tx.hot('delete from media where post_id = $1', row.id);
  await writeParts(unit, row.id, post, authorId, row.visibility);
  unit.emit({ type: 'post-refreshed', postId: row.id, authorId });
}

function bodyOf(post: RemotePost) {
  return {
    url: post.url ?? post.uri,
    kind: post.kind,
    title: post.title,
    contentHtml: post.contentHtml,
    warning: post.warning,
    sensitive: post.sensitive,
    language: post.language,
    quoteUri: post.quoteUri,
    emoji: post.emoji,
  };
}

async function writeParts(
  unit: Unit,
  id: number,
  post: RemotePost,
  authorId: number,
  visibility = post.visibility,
): Promise<void> {
  await setMentions(unit, id, await knownAccounts(unit, post));
  await setHashtags(unit, id, post.hashtags);
  await addRemoteMedia(unit, id, authorId, post.media);
  if (post.poll) await writePoll(unit, id, post.poll);
  if (visibility === 'public') await indexPost(unit, { id, ...post });
}

/** Everyone it is addressed to or names, as far as they are known here. */
async function knownAccounts(unit: Unit, post: RemotePost): Promise<number[]> {
  const ids = new Set<number>();
  for (const uri of new Set([...post.mentions.map((mention) => mention.uri), ...post.recipientUris])) {
    const rows = await unit.tx.hot<{ id: number }>('select id from accounts where uri = $1', uri);
    if (rows[0]) ids.add(rows[0].id);
  }
  return [...ids];
}

async function addRemoteMedia(
  unit: Unit,
  postId: number,
  accountId: number,
  media: readonly RemoteMedia[],
): Promise<void> {
  const { media: table } = unit.schema;
  for (const [position, one] of media.entries()) {
    await insertRow(unit.tx, table, {
      id: unit.newId(),
      accountId,
      postId,
      position,
      kind: one.kind,
      mimeType: one.mimeType,
      remoteUrl: one.url,
      previewRemoteUrl: one.previewUrl,
      description: one.description,
      width: one.width,
      height: one.height,
      blurhash: one.blurhash,
      focusX: one.focusX ?? 0,
      focusY: one.focusY ?? 0,
      createdAt: unit.now,
    });
  }
}

/** A remote poll's counts come from its author's server only; ballots of people here keep their place. */
async function writePoll(unit: Unit, postId: number, poll: RemotePoll): Promise<void> {
  const { polls, pollOptions } = unit.schema;
  const closedAt = poll.closedAt ?? (poll.expiresAt !== null && poll.expiresAt <= unit.now ? poll.expiresAt : null);
  const votesCount = poll.options.reduce((sum, option) => sum + option.votesCount, 0);
  const values = {
    multiple: poll.multiple,
    expiresAt: poll.expiresAt,
    closedAt,
    votersCount: Math.min(poll.votersCount ?? votesCount, VOTERS_MAX),
    fetchedAt: unit.now,
  };
  await unit.tx
    .insert(polls)
    .values({ postId, ...values })
    .onConflictDoUpdate({ target: polls.postId, set: values });
  for (const [position, { title, votesCount: count }] of poll.options.entries()) {
    await unit.tx
      .insert(pollOptions)
      .values({ postId, position, title, votesCount: count })
      .onConflictDoUpdate({ target: [pollOptions.postId, pollOptions.position], set: { title, votesCount: count } });
  }
  await unit.tx.hot('delete from poll_options where post_id = $1 and position >= $2', postId, poll.options.length);
}

/** A post of ours is answered by those who may see it: whoever guesses its address learns nothing and joins nothing. */
async function findAnswered(unit: Unit, uri: string | null, authorId: number) {
  if (uri === null) return null;
  const rows = await unit.tx.hot<{ id: number }>(
    `select p.id from posts p join accounts a on a.id = p.author_id where p.uri = $1 and (p.local = 0 or ${visibleTo(2)})`,
    uri,
    authorId,
  );
  return rows[0] ? replyTarget(unit, rows[0].id) : null;
}

/** Replies that came before what they answer find their place. */
async function adoptReplies(unit: Unit, id: number, uri: string, threadId: number): Promise<void> {
  const orphans = await unit.tx.hot<{ thread_id: number; visibility: Visibility }>(
    `update posts set reply_to_id = $1, reply_to_account_id = (select author_id from posts where id = $1)
     where reply_to_uri = $2 and reply_to_id is null and id <> $1 returning thread_id, visibility`,
    id,
    uri,
  );
  for (const orphan of orphans) {
    await countReply(unit, id, orphan.visibility, 1);
    await unit.tx.hot('update posts set thread_id = $1 where thread_id = $2', threadId, orphan.thread_id);
  }
}
