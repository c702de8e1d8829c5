import type { Activity, ObjectReference, Undone } from '#federation/translate/activity-types.ts';
import { audienceOf } from '#federation/translate/audience.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { authorOf, postKindOf } from '#federation/translate/post.ts';
import { readVote } from '#federation/translate/poll.ts';
import { asArray, asObject, idOf, instantOf, originOf, textOf, typeOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { hasMarkup, plainText } from '#federation/translate/sanitize.ts';
import { NAMELESS_TYPES } from '#federation/vocabulary.ts';

/**
 * Any activity as a plain value. `ignored` is what we know to do nothing with, and every type we do not know;
 * `refused` is what says nothing that can be made out. Who may do what to whom is for the commands to judge; refused
 * here is only what contradicts itself.
 */
export function readActivity(json: unknown): Activity {
  const activity = asObject(json);
  if (!activity) return refused('not an object');
  const type = typeOf(activity, Object.keys(READERS));
  if (type === null) return refused('no type');
  const isNameless = (activity['id'] ?? null) === null && NAMELESS_TYPES.includes(type);
  const uri = isNameless ? '' : idOf(activity['id']);
  if (uri === null) return refused('no id');
  const actorUri = authorOf(activity['actor']);
  if (actorUri === null) return refused('no actor');
  const head = { uri, actorUri };
  return Object.hasOwn(READERS, type) ? (READERS[type]?.(activity, head) ?? NOTHING) : ignored(head, type);
}

/**
 * Whether an embedded copy may be taken for what its author said (FEP-fe34): it and its author live where the sender
 * lives. Every other is only a hint to fetch the object from its own server.
 */
export function mayBring(actorUri: string, object: ObjectReference): boolean {
  const origin = originOf(actorUri);
  return originOf(object.uri) === origin && (object.attributedTo === null || originOf(object.attributedTo) === origin);
}

interface Head {
  uri: string;
  actorUri: string;
}

const READERS: Record<string, (json: Json, head: Head) => Activity> = {
  Follow: (json, head) => about(json, head, (objectUri) => ({ kind: 'follow', ...head, objectUri })),
  Accept: (json, head) => readAnswer(json, head, 'accept'),
  Reject: (json, head) => readAnswer(json, head, 'reject'),
  Undo: readUndo,
  Create: readCreate,
  Update: (json, head) => {
    const object = referenceOf(json['object']);
    return object ? { kind: 'update', ...head, object, audience: audienceOf(json) } : NOTHING;
  },
  Delete: (json, head) =>
    about(json, head, (objectUri) => ({ kind: 'delete', ...head, objectUri, ofActor: objectUri === head.actorUri })),
  Announce: readAnnounce,
  Like: readLike,
  EmojiReact: readLike,
  Block: readBlock,
  Move: readMove,
  Add: (json, head) => readMembership(json, head, 'add'),
  Remove: (json, head) => readMembership(json, head, 'remove'),
  Flag: readFlag,
  QuoteRequest: (json, head) =>
    about(json, head, (objectUri) => ({
      kind: 'quote-request',
      ...head,
      objectUri,
      quotingUri: idOf(json['instrument']),
    })),
};

function about(json: Json, head: Head, make: (objectUri: string) => Activity): Activity {
  const objectUri = idOf(json['object']);
  return objectUri === null ? NOTHING : make(objectUri);
}

/** Mitra answers with the follow's id alone, others with the follow. */
function readAnswer(json: Json, head: Head, kind: 'accept' | 'reject'): Activity {
  const follow = asObject(json['object']);
  const type = typeOf(follow, ['Follow']);
  if (type !== null && type !== 'Follow') return ignored(head, `${typeOf(json)} of ${type}`);
  const followedUri = idOf(follow?.['object']);
  if (followedUri !== null && followedUri !== head.actorUri) return refused('answers a follow of somebody else');
  const followUri = idOf(json['object']);
  const followerUri = authorOf(follow?.['actor']);
  return followUri === null && followerUri === null ? NOTHING : { kind, ...head, followUri, followerUri };
}

function readUndo(json: Json, head: Head): Activity {
  const objectUri = idOf(json['object']);
  const inner = asObject(json['object']);
  const type = typeOf(inner, Object.keys(UNDOABLE));
  if (!inner || type === null) return objectUri === null ? NOTHING : { kind: 'undo', ...head, objectUri, undone: null };
  if ((authorOf(inner['actor']) ?? head.actorUri) !== head.actorUri) return refused('undoes what somebody else did');
  const kind = UNDOABLE[type];
  if (kind === undefined) return ignored(head, `Undo of ${type}`);
  if (kind === 'block' && inner['target'] != null) return ignored(head, 'Undo of a ban from a community');
  const undone: Undone = { kind, uri: objectUri, objectUri: idOf(inner['object']) };
  if (undone.uri === null && undone.objectUri === null) return NOTHING;
  return { kind: 'undo', ...head, objectUri, undone };
}

const UNDOABLE: Record<string, Undone['kind']> = {
  Follow: 'follow',
  Like: 'like',
  EmojiReact: 'like',
  Announce: 'announce',
  Block: 'block',
};

function readCreate(json: Json, head: Head): Activity {
  const inner = asObject(json['object']);
  const vote = inner ? readVote(inner) : null;
  if (inner && vote) {
    const voter = authorOf(inner['attributedTo']) ?? head.actorUri;
    if (voter !== head.actorUri) return refused('votes for somebody else');
    return { kind: 'vote', ...head, uri: idOf(inner) ?? head.uri, ...vote };
  }
  const object = referenceOf(json['object']);
  return object ? { kind: 'create', ...head, object, audience: audienceOf(json) } : NOTHING;
}

/** Groups announce what happens in them, not only what was posted (FEP-1b12). */
function readAnnounce(json: Json, head: Head): Activity {
  const inner = asObject(firstOf(json['object']));
  const type = typeOf(inner, ['Create', 'Update', 'Delete']);
  const isActivity = inner?.['object'] != null && postKindOf(inner) === null;
  const wraps = isActivity && (type === 'Create' || type === 'Update' || type === 'Delete') ? type : null;
  if (isActivity && wraps === null) return ignored(head, `Announce of ${type ?? 'no type'}`);
  const object = referenceOf(wraps ? inner?.['object'] : json['object']);
  if (!object) return NOTHING;
  const publishedAt = instantOf(json['published']);
  return { kind: 'announce', ...head, object, wraps, audience: audienceOf(json), publishedAt };
}

function readLike(json: Json, head: Head): Activity {
  const reaction = textOf(json['content'] ?? json['_misskey_reaction'], translateLimits.reactionCharacters);
  return about(json, head, (objectUri) => ({ kind: 'like', ...head, objectUri, reaction }));
}

/** With a target it bans somebody from a community or a server (Lemmy), which is no person's block. */
function readBlock(json: Json, head: Head): Activity {
  if (json['target'] != null) return ignored(head, 'a ban from a community');
  return about(json, head, (objectUri) => ({ kind: 'block', ...head, objectUri }));
}

function readMove(json: Json, head: Head): Activity {
  const targetUri = idOf(json['target']);
  if (targetUri === null) return NOTHING;
  if ((idOf(json['object']) ?? head.actorUri) !== head.actorUri) return refused('moves somebody else');
  return { kind: 'move', ...head, targetUri };
}

function readMembership(json: Json, head: Head, kind: 'add' | 'remove'): Activity {
  const objectUri = idOf(json['object']);
  const targetUri = idOf(json['target']);
  // Featured hashtags have no id.
  if (objectUri === null && asObject(json['object']))
    return ignored(head, `${typeOf(json)} of ${typeOf(json['object'])}`);
  return objectUri === null || targetUri === null ? NOTHING : { kind, ...head, objectUri, targetUri };
}

function readFlag(json: Json, head: Head): Activity {
  const objects = asArray(json['object'], translateLimits.reportedObjects).flatMap((one) => idOf(one) ?? []);
  const objectUris = [...new Set(objects)];
  const comment = textOf(json['content'] ?? json['summary'], translateLimits.reportCharacters);
  const text = comment !== null && hasMarkup(comment) ? plainText(comment) || null : comment;
  return objectUris.length === 0 ? NOTHING : { kind: 'flag', ...head, objectUris, comment: text };
}

function referenceOf(value: unknown): ObjectReference | null {
  const uri = idOf(value);
  const json = asObject(firstOf(value));
  if (uri === null) return null;
  // A bare `{ id }` brings nothing.
  const brings = json !== null && typeOf(json) !== null;
  const attributedTo = brings ? (authorOf(json['attributedTo']) ?? authorOf(json['actor'])) : null;
  return { uri, type: typeOf(json), attributedTo, json: brings ? json : null };
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] as unknown) : value;
}

function ignored(head: Head, what: string): Activity {
  return { kind: 'ignored', ...head, why: what.slice(0, translateLimits.reasonCharacters) };
}

function refused(why: string): Activity {
  return { kind: 'refused', why };
}

const NOTHING: Activity = { kind: 'refused', why: 'its object has no id' };
