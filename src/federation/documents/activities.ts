import { accountUris } from '#domain/accounts/account-uris.ts';
import type { Site } from '#db/unit.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { audienceOf } from '#federation/documents/audience.ts';
import type { LocalPost } from '#federation/documents/note.ts';
import { PUBLIC, type JsonLd } from '#federation/vocabulary.ts';

/*
 * Every activity that we send, without its context unless it needs one of its own. An activity's id is derived from
 * the event that caused it, so that sending again after a crash is sending the same.
 */

export function create(post: LocalPost): JsonLd {
  return {
    id: `${post.note.id}/activity`,
    type: 'Create',
    actor: post.authorUri,
    published: post.note['published'],
    to: post.to,
    cc: post.cc,
    object: post.note,
  };
}

/** @param version what tells this update from the one before. */
export function update(post: LocalPost, version: number | string): JsonLd {
  return {
    id: `${post.note.id}#updates/${version}`,
    type: 'Update',
    actor: post.authorUri,
    published: post.note['updated'] ?? post.note['published'],
    to: post.to,
    cc: post.cc,
    object: post.note,
  };
}

export function updateActor(actor: JsonLd, followersUri: string, eventId: number): JsonLd {
  const { '@context': context, ...object } = actor;
  return {
    // A profile has words that no post has, its keys among them.
    '@context': context,
    id: `${actor.id}#updates/${eventId}`,
    type: 'Update',
    actor: actor.id,
    to: [PUBLIC],
    cc: [followersUri],
    object,
  };
}

export function deletePost(uri: string, actor: string, to: readonly string[]): JsonLd {
  return { id: `${uri}#delete`, type: 'Delete', actor, to, object: { id: uri, type: 'Tombstone' } };
}

export function deleteActor(uri: string): JsonLd {
  return { id: `${uri}#delete`, type: 'Delete', actor: uri, to: [PUBLIC], object: uri };
}

export interface Boost {
  uri: string;
  boosterHandle: string;
  visibility: Visibility;
  createdAt: number;
  postUri: string;
  /** Null for an author of this instance. */
  authorUri: string;
}

export function announce(boost: Boost, site: Site): JsonLd {
  const booster = accountUris(site, boost.boosterHandle);
  return {
    id: boost.uri,
    type: 'Announce',
    actor: booster.uri,
    published: new Date(boost.createdAt).toISOString(),
    ...audienceOf(boost.visibility, booster.followersUri, [boost.authorUri]),
    object: boost.postUri,
  };
}

export function like(uri: string, actor: string, postUri: string, authorUri: string): JsonLd {
  return { id: uri, type: 'Like', actor, to: [authorUri], object: postUri };
}

export function follow(uri: string, follower: string, followee: string): JsonLd {
  return { id: uri, type: 'Follow', actor: follower, to: [followee], object: followee };
}

export function answerFollow(
  type: 'Accept' | 'Reject',
  eventId: number,
  followUri: string,
  follower: string,
  followee: string,
): JsonLd {
  return {
    id: `${followee}#${type.toLowerCase()}s/${eventId}`,
    type,
    actor: followee,
    to: [follower],
    object: follow(followUri, follower, followee),
  };
}

/** Says no to a QuoteRequest (FEP-044f) for a post of `author`, of which the answer repeats what it is about. */
export function rejectQuote(
  answerId: number,
  author: string,
  request: { uri: string; actorUri: string; objectUri: string; quotingUri: string | null },
): JsonLd {
  const { uri, actorUri, objectUri, quotingUri } = request;
  const quoting = quotingUri === null ? {} : { instrument: quotingUri };
  return {
    id: `${author}#rejects/${answerId}`,
    type: 'Reject',
    actor: author,
    to: [actorUri],
    object: { id: uri, type: 'QuoteRequest', actor: actorUri, object: objectUri, ...quoting },
  };
}

export function block(uri: string, blocker: string, blocked: string): JsonLd {
  return { id: uri, type: 'Block', actor: blocker, to: [blocked], object: blocked };
}

/** Takes `activity` back, for those who got it. */
export function undo(activity: JsonLd): JsonLd {
  return {
    id: `${activity.id}#undo`,
    type: 'Undo',
    actor: activity['actor'],
    to: activity['to'],
    ...(activity['cc'] ? { cc: activity['cc'] } : {}),
    object: activity,
  };
}

/** One chosen option of a remote poll. */
export function vote(uri: string, voter: string, author: string, pollUri: string, title: string): JsonLd {
  return {
    id: `${uri}/activity`,
    type: 'Create',
    actor: voter,
    to: [author],
    object: { id: uri, type: 'Note', name: title, attributedTo: voter, inReplyTo: pollUri, to: [author] },
  };
}

export function changePin(
  type: 'Add' | 'Remove',
  eventId: number,
  actor: string,
  featuredUri: string,
  followersUri: string,
  postUri: string,
): JsonLd {
  return {
    id: `${featuredUri}#${type.toLowerCase()}/${eventId}`,
    type,
    actor,
    to: [PUBLIC],
    cc: [followersUri],
    object: postUri,
    target: featuredUri,
  };
}

export function move(eventId: number, account: string, target: string, followersUri: string): JsonLd {
  return {
    id: `${account}#moves/${eventId}`,
    type: 'Move',
    actor: account,
    to: [followersUri],
    object: account,
    target,
  };
}

/** A report, in the instance's own name, so that the reporter stays unknown to the reported. */
export function flag(uri: string, instanceActor: string, objects: readonly string[], comment: string): JsonLd {
  return { id: uri, type: 'Flag', actor: instanceActor, content: comment, object: objects };
}
