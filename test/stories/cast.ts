import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { homeTimeline } from '#domain/timelines/timelines.queries.ts';
import { firstPage } from '#kernel/page.ts';
import type { Network, NetworkInstance } from '../network.ts';

/** A post as the composer sends it, with what the story needs changed. */
export function draft(authorId: number, text: string, more: Partial<NewPost> = {}): NewPost {
  return {
    authorId,
    text,
    warning: null,
    sensitive: false,
    language: 'en',
    visibility: 'public',
    replyToId: null,
    mediaIds: [],
    poll: null,
    ...more,
  };
}

export async function publish(instance: NetworkInstance, authorId: number, text: string, more: Partial<NewPost> = {}) {
  const id = await instance.commit(publishPost, draft(authorId, text, more));
  return { id, uri: await uriOf(instance, id) };
}

export async function uriOf(instance: NetworkInstance, postId: number): Promise<string> {
  const rows = await instance.store.read.hot<{ uri: string }>('select uri from posts where id = $1', postId);
  return rows[0]?.uri ?? '';
}

/** The id of a post at another instance; 0 where it is not known. */
export async function idAt(instance: NetworkInstance, uri: string): Promise<number> {
  return (await findPostIdByUri(instance.store, uri)) ?? 0;
}

/** Follows by handle and waits for the answer; returns the followed account's id at the follower's instance. */
export async function follow(net: Network, from: NetworkInstance, followerId: number, handle: string): Promise<number> {
  const followeeId = await from.find(handle);
  await from.commit(requestFollow, { followerId, followeeId });
  await net.settle();
  return followeeId;
}

/** The texts at somebody's home, newest first. */
export async function textsAtHome(instance: NetworkInstance, viewerId: number): Promise<string[]> {
  const { items } = await homeTimeline(instance.store, viewerId, firstPage(40));
  return items.map(({ post }) => post.contentHtml.replaceAll(/<[^>]*>/g, ''));
}
