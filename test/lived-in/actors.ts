import { takeUpload } from '#domain/media/add-media.ts';
import { boostPost, receiveBoost } from '#domain/posts/boost-post.ts';
import { favouritePost, receiveFavourite } from '#domain/posts/favourite-post.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import { receiveVote } from '#domain/posts/receive-vote.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { vote } from '#domain/posts/vote.ts';
import { acceptFollow } from '#domain/relationships/accept-follow.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { need } from '#kernel/assert.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import type { Scene } from '#demo/drawings.ts';
import { idOf, type Stage } from './stage.ts';

type Local = Partial<NewPost> & { pictures?: [scene: Scene, description: string | null][] };

/** What people do, said in their words; those elsewhere, `name@host`, do it by what their servers send. */
export interface Actors {
  later(ms: number): void;
  follows(who: string, whom: string): Promise<void>;
  /** Leaves the request of somebody unanswered. */
  asksToFollow(who: string, whom: string): Promise<void>;
  says(who: string, text: string, more?: Local): Promise<number>;
  tells(who: string, html: string, more?: Partial<RemotePost> & { replyTo?: number }): Promise<number>;
  favours(who: string, postId: number): Promise<void>;
  boosts(who: string, postId: number): Promise<void>;
  votes(who: string, postId: number, position: number): Promise<void>;
}

export function createActors(stage: Stage): Actors {
  const { store, commit, clock } = stage;
  let count = 0;
  const isRemote = (who: string) => who.includes('@');
  const uriOf = async (table: 'accounts' | 'posts', id: number) => {
    const rows = await store.read.hot<{ uri: string }>(`select uri from ${table} where id = $1`, id);
    return need(rows[0], `${table} has ${id}`).uri;
  };
  const activity = (who: string) => {
    count += 1;
    return `https://${who.split('@')[1]}/activities/${count}`;
  };
  const asks = async (who: string, whom: string) => {
    const [followerId, followeeId] = [idOf(stage, who), idOf(stage, whom)];
    if (isRemote(who)) return commit(receiveFollow, { uri: activity(who), followerId, followeeId });
    return commit(requestFollow, { followerId, followeeId });
  };

  return {
    later: (ms) => clock.advance(ms),
    async asksToFollow(who, whom) {
      await asks(who, whom);
      clock.advance(MINUTE_MS);
    },
    async follows(who, whom) {
      const state = await asks(who, whom);
      const [followerId, followeeId] = [idOf(stage, who), idOf(stage, whom)];
      clock.advance(MINUTE_MS);
      if (isRemote(whom)) await commit(receiveAccept, { uri: null, followerId, followeeId });
      else if (state === 'pending') await commit(acceptFollow, { followeeId, followerId });
    },
    async says(who, text, { pictures = [], ...more } = {}) {
      const authorId = idOf(stage, who);
      const mediaIds: number[] = [];
      for (const [scene, description] of pictures) {
        const upload = {
          accountId: authorId,
          bytes: stage.drawings.scene(scene),
          purpose: 'post',
          description,
        } as const;
        mediaIds.push(await takeUpload({ ...stage.media, commit }, upload));
      }
      const post = {
        warning: null,
        sensitive: false,
        language: 'en',
        visibility: 'public',
        replyToId: null,
        poll: null,
        mediaIds,
      } as const;
      const id = await commit(publishPost, { authorId, text, ...post, ...more });
      clock.advance(3 * MINUTE_MS);
      return id;
    },
    async tells(who, html, { replyTo, ...more } = {}) {
      count += 1;
      const authorId = idOf(stage, who);
      const authorUri = await uriOf('accounts', authorId);
      const uri = `${authorUri}/posts/${count}`;
      const post: RemotePost = {
        uri,
        url: uri,
        kind: 'note',
        authorUri,
        title: null,
        contentHtml: html,
        warning: null,
        sensitive: false,
        language: 'fr',
        visibility: 'public',
        replyToUri: replyTo === undefined ? null : await uriOf('posts', replyTo),
        quoteUri: null,
        mentions: [],
        hashtags: [],
        emoji: [],
        media: [],
        poll: null,
        publishedAt: clock.now(),
        editedAt: null,
        recipientUris: [],
        ...more,
      };
      const id = need(await commit(receivePost, { post, authorId }), 'the post was written down');
      clock.advance(2 * MINUTE_MS);
      return id;
    },
    async favours(who, postId) {
      const id = idOf(stage, who);
      if (isRemote(who))
        await commit(receiveFavourite, { actorId: id, postUri: await uriOf('posts', postId), uri: activity(who) });
      else await commit(favouritePost, { accountId: id, postId });
      clock.advance(MINUTE_MS);
    },
    async boosts(who, postId) {
      const id = idOf(stage, who);
      const boost = {
        actorId: id,
        postId,
        uri: activity(who),
        visibility: 'public',
        publishedAt: clock.now(),
      } as const;
      if (isRemote(who)) await commit(receiveBoost, boost);
      else await commit(boostPost, { accountId: id, postId });
      clock.advance(MINUTE_MS);
    },
    async votes(who, postId, position) {
      const voterId = idOf(stage, who);
      if (!isRemote(who)) {
        await commit(vote, { accountId: voterId, postId, positions: [position] });
        return;
      }
      const rows = await store.read.hot<{ title: string }>(
        'select title from poll_options where post_id = $1 and position = $2',
        postId,
        position,
      );
      const { title } = need(rows[0], 'the poll has that answer');
      await commit(receiveVote, { voterId, postUri: await uriOf('posts', postId), title, uri: activity(who) });
    },
  };
}
