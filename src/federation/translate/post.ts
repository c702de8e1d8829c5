import type { PostKind } from '#domain/posts/post-view.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { addressesNobody, audienceOf, recipientsOf, visibilityOf } from '#federation/translate/audience.ts';
import type { Audience } from '#federation/translate/audience.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { isPageLink, readMedia } from '#federation/translate/media.ts';
import { readPoll, readVote } from '#federation/translate/poll.ts';
import { asArray, asObject, flagOf, idOf, instantOf, originOf, typeOf, urlOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { emojiOf, hashtagsOf, mentionsOf, quoteOf } from '#federation/translate/tags.ts';
import { readWords, withLinks } from '#federation/translate/words.ts';

export interface PostContext {
  now: number;
  /** The author's, as our row knows it; null while the author is unknown. */
  followersUri: string | null;
  /** Of the activity that brings it: counts only where the post itself addresses nobody (Discourse). */
  audience?: Audience;
}

/**
 * A post of any server. Refused are only documents that are no post at all or belong to nobody; everything else that is
 * odd about one is left out.
 */
export function readPost(json: unknown, context: PostContext): { post: RemotePost } | { refused: string } {
  const object = asObject(json);
  if (!object) return { refused: 'not an object' };
  const kind = postKindOf(object);
  if (kind === null) return { refused: `not a post: ${typeOf(object) ?? 'no type'}` };
  const uri = idOf(object['id']);
  if (uri === null) return { refused: 'no id' };
  const authorUri = authorOf(object['attributedTo']) ?? authorOf(object['actor']);
  if (authorUri === null) return { refused: 'no author' };
  if (originOf(uri) !== originOf(authorUri)) return { refused: 'its author is of another origin' };
  if (readVote(object)) return { refused: 'a vote, not a post' };
  return { post: makePost(object, { uri, authorUri, kind }, context) };
}

/** What the types of ActivityStreams are here; null for those that are no posts. */
export function postKindOf(json: unknown): PostKind | null {
  return KINDS[typeOf(json, Object.keys(KINDS)) ?? ''] ?? null;
}

/** The person among those a document is attributed to: PeerTube names the channel's Group as well. */
export function authorOf(value: unknown): string | null {
  const named = asArray(value, translateLimits.authors);
  const person = named.find((one) => typeOf(one, ['Person']) === 'Person' && idOf(one) !== null);
  return idOf(person ?? named.find((one) => idOf(one) !== null));
}

const KINDS: Record<string, PostKind> = {
  Note: 'note',
  Question: 'question',
  Article: 'article',
  Page: 'page',
  Video: 'video',
  Audio: 'audio',
  Image: 'image',
  Event: 'event',
};

function makePost(
  json: Json,
  { uri, authorUri, kind }: Pick<RemotePost, 'uri' | 'authorUri' | 'kind'>,
  { now, followersUri, audience: envelope }: PostContext,
): RemotePost {
  const own = audienceOf(json);
  const audience = envelope && addressesNobody(own) ? envelope : own;
  const addresser = { authorUri, followersUri };
  const poll = kind === 'question' ? readPoll(json, now) : null;
  const { media, links } = readMedia(json, kind);
  const { contentHtml, ...words } = readWords(json, kind);
  return {
    uri,
    url: urlOf(htmlFirst(asArray(json['url'], translateLimits.links).filter((link) => isPageLink(link, kind)))),
    kind: kind === 'question' && poll === null ? 'note' : kind,
    authorUri,
    ...words,
    contentHtml: withLinks(contentHtml, links),
    sensitive: flagOf(json['sensitive']),
    visibility: visibilityOf(audience, addresser),
    replyToUri: otherThan(uri, idOf(json['inReplyTo'])),
    quoteUri: otherThan(uri, quoteOf(json)),
    mentions: mentionsOf(json),
    hashtags: hashtagsOf(json),
    emoji: emojiOf(json),
    media,
    poll,
    ...momentsOf(json, now),
    recipientUris: recipientsOf(audience, addresser),
  };
}

/** Links that say that they are pages stand before those that say nothing. */
function htmlFirst(links: unknown[]): unknown[] {
  const typed = links.filter((link) => asObject(link)?.['mediaType'] ?? asObject(link)?.['mimeType']);
  return [...typed, ...links];
}

/** PeerTube's `updated` is some milliseconds after `published` from the first, which is no edit. */
function momentsOf(json: Json, now: number): { publishedAt: number; editedAt: number | null } {
  const updated = instantOf(json['updated']);
  const publishedAt = Math.min(instantOf(json['published']) ?? updated ?? now, now);
  const edited = updated !== null && updated - publishedAt >= 1000;
  return { publishedAt, editedAt: edited ? Math.min(updated, now) : null };
}

function otherThan(uri: string, other: string | null): string | null {
  return other === uri ? null : other;
}
