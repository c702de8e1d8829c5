import type { RemotePost } from '#domain/posts/remote-post.ts';
import { readAccount } from '#federation/translate/account.ts';
import type { Activity } from '#federation/translate/activity-types.ts';
import { visibilityOf } from '#federation/translate/audience.ts';
import type { Audience } from '#federation/translate/audience.ts';
import { readDocument } from '#federation/translate/document.ts';
import type { Document } from '#federation/translate/document.ts';
import { readPost } from '#federation/translate/post.ts';
import type { Json } from '#federation/translate/read.ts';
import { plainText } from '#federation/translate/sanitize.ts';

/** After every captured document. */
export const NOW = Date.UTC(2027, 0, 1);

/** What a document comes to, in the words of the expectations. */
export function outcomeOf(json: unknown): Record<string, unknown> {
  return documentOutcome(readDocument(json, { now: NOW, followersUri: null }));
}

function documentOutcome(document: Document): Record<string, unknown> {
  switch (document.kind) {
    case 'post':
      return { is: 'post', ...summaryOf(document.post) };
    case 'account': {
      const { handle, domain, kind, displayName: name } = document.account;
      return { is: 'account', handle, domain, kind, name };
    }
    case 'activity':
      return activityOutcome(document.activity);
    case 'collection': {
      const { items, total, nextUri: next } = document.collection;
      const posts = items.filter((item) => typeof item !== 'string').map((item) => outcomeOf(item));
      return { is: 'collection', total, items: items.length, next, posts };
    }
    case 'gone':
      return { is: 'gone', uri: document.uri };
    case 'refused':
      return { is: 'refused', why: document.why };
  }
}

function activityOutcome(activity: Activity): Record<string, unknown> {
  if (activity.kind === 'refused' || activity.kind === 'ignored') return { is: activity.kind, why: activity.why };
  const actor = activity.actorUri;
  switch (activity.kind) {
    case 'create':
    case 'update':
      return { ...brought(activity.object.json, activity.audience), by: activity.kind };
    case 'follow':
    case 'block':
      return { is: activity.kind, actor, object: activity.objectUri };
    case 'like':
      return { is: 'like', actor, object: activity.objectUri, reaction: activity.reaction };
    case 'accept':
    case 'reject':
      return { is: activity.kind, actor, follow: activity.followUri, follower: activity.followerUri };
    case 'undo':
      return { is: 'undo', actor, undone: activity.undone?.kind, object: activity.undone?.objectUri };
    case 'delete':
      return { is: 'delete', actor, object: activity.objectUri, ofActor: activity.ofActor };
    case 'announce': {
      const { object, wraps, audience } = activity;
      const visibility = visibilityOf(audience, { authorUri: actor, followersUri: null });
      const { is: _, ...brings } = object.json ? brought(object.json, audience) : {};
      return { is: 'announce', actor, object: object.uri, wraps, visibility, brings: object.json ? brings : null };
    }
    case 'move':
      return { is: 'move', actor, target: activity.targetUri };
    case 'add':
    case 'remove':
      return { is: activity.kind, actor, object: activity.objectUri, target: activity.targetUri };
    case 'flag':
      return { is: 'flag', actor, objects: activity.objectUris, comment: activity.comment };
    case 'quote-request':
      return { is: 'quote-request', actor, object: activity.objectUri, quoting: activity.quotingUri };
    case 'vote':
      return { is: 'vote', actor, poll: activity.pollUri, choice: activity.choice };
  }
}

function brought(json: Json | null, audience: Audience): Record<string, unknown> {
  const account = readAccount(json);
  if ('account' in account) return outcomeOf(json);
  const post = readPost(json, { now: NOW, followersUri: null, audience });
  return 'post' in post ? { is: 'post', ...summaryOf(post.post) } : { is: 'refused', why: post.refused };
}

function summaryOf(post: RemotePost): Record<string, unknown> {
  return {
    kind: post.kind,
    author: post.authorUri,
    visibility: post.visibility,
    text: plainText(post.contentHtml),
    media: post.media.length,
    replyTo: post.replyToUri,
    title: post.title,
    warning: post.warning,
    url: post.url,
    quote: post.quoteUri,
    options: post.poll?.options.map((option) => `${option.title} ${option.votesCount}`),
    language: post.language,
    hashtags: post.hashtags,
    emoji: post.emoji.map((one) => one.shortcode),
    mentions: post.mentions.map((one) => one.uri),
    edited: post.editedAt !== null,
  };
}
