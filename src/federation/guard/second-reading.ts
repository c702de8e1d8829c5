import { Activity } from '@fedify/vocab';
import type { Object as AsObject } from '@fedify/vocab';
import { contextLoader, findContext } from '../loaders/contexts.ts';
import { findRenaming } from './renaming.ts';
import { isObject } from './speaker.ts';
import { isActivityStreamsType } from './vocabulary.ts';

/** `document` is what Fedify could read: the given one, with the context it lacked or without its contents if need be. */
export type SecondReading = { ok: true; document: unknown } | { ok: false; reason: string };

const NESTING_COMPARED = 3;

/**
 * Reads the document a second time, as Fedify does, and compares who says what about what. When Fedify cannot read it
 * for a date or a key of odd shape, as real peers send them, it tries once more without contents; only when
 * nothing in the document could be renamed, or a name given to a content could be hidden that way.
 * Costs 1 ms and more, fetches nothing, never throws.
 */
export async function readTwice(json: unknown): Promise<SecondReading> {
  const document = withActivityStreams(json);
  const whole = await parse(document);
  if (whole instanceof Activity) return judge(json, document, whole);
  if (findRenaming(json) !== null) return { ok: false, reason: `not readable: ${whole.message}` };
  const reduced = withoutContents(document);
  const parsed = await parse(reduced);
  if (parsed instanceof Activity) return judge(json, reduced, parsed);
  return { ok: false, reason: `not readable: ${parsed.message}` };
}

const ACTIVITYSTREAMS = 'https://www.w3.org/ns/activitystreams';

/** A document that does not name the context of ActivityStreams means it all the same (AS2 Core §2.1). */
export function withActivityStreams(json: unknown): unknown {
  if (!isObject(json)) return json;
  const context = json['@context'];
  const entries: unknown[] = Array.isArray(context) ? context : context === undefined ? [] : [context];
  const isNamed = entries.some((name) => typeof name === 'string' && definesActivities(name));
  return isNamed ? json : { ...json, '@context': [ACTIVITYSTREAMS, ...entries] };
}

function definesActivities(name: string): boolean {
  const document = findContext(name) as { '@context': object } | null;
  return document !== null && 'actor' in document['@context'];
}

async function parse(json: unknown): Promise<Activity | Error> {
  try {
    return await Activity.fromJsonLd(json, { contextLoader, documentLoader: refuseToLoad });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function judge(json: unknown, document: unknown, activity: Activity): Promise<SecondReading> {
  const reason = await findDifference(json, activity);
  return reason === null ? { ok: true, document } : { ok: false, reason };
}

/**
 * What Fedify's reading of an activity says otherwise than its raw JSON, or null: id, type, actor and, of the objects,
 * id, type, author and, for activities within activities, all of it again. Fetches nothing and leaves `activity` as it
 * is, so a worker can ask it of the activity that it is about to handle. Never throws.
 */
export async function findDifference(json: unknown, activity: Activity): Promise<string | null> {
  if (!isObject(json)) return 'not one JSON object';
  try {
    return await activityDifference(json, activity, NESTING_COMPARED);
  } catch (error) {
    return `not comparable: ${error instanceof Error ? error.message : String(error)}`;
  }
}

type Json = Record<string, unknown>;

async function activityDifference(json: Json, activity: Activity, nesting: number): Promise<string | null> {
  if (!sameIds([json['actor']], activity.actorIds)) return 'the actor is read in two ways';
  const objects = listOf(json['object']);
  if (!sameIds(objects, activity.objectIds)) return 'the object is read in two ways';
  return nodeDifference(json, activity) ?? (await objectsDifference(objects, activity, nesting));
}

function nodeDifference(json: Json, node: AsObject): string | null {
  if (!sameIds([json['id']], node.id === null ? [] : [node.id])) return 'an id is read in two ways';
  if (!sameType(json['type'] ?? json['@type'], node)) return 'a type is read in two ways';
  return sameIds(listOf(json['attributedTo']), node.attributionIds) ? null : 'an author is read in two ways';
}

async function objectsDifference(objects: unknown[], activity: Activity, nesting: number): Promise<string | null> {
  const embedded = objects.filter(isObject).filter((object) => Object.keys(object).some((key) => key !== 'id'));
  if (embedded.length === 0) return null;
  // To step through a mixed list Fedify would fetch what is only named; no peer is known to send one.
  if (embedded.length !== objects.length) return 'objects both embedded and named';
  if (nesting === 0) return 'activities nested too deeply';
  const read: AsObject[] = [];
  for await (const object of activity.getObjects({
    contextLoader,
    documentLoader: refuseToLoad,
    crossOrigin: 'trust',
  })) {
    read.push(object);
  }
  if (read.length !== embedded.length) return 'the objects are read in two ways';
  for (const [index, object] of read.entries()) {
    const json = embedded[index] ?? {};
    const difference =
      object instanceof Activity ? await activityDifference(json, object, nesting - 1) : nodeDifference(json, object);
    if (difference !== null) return difference;
  }
  return null;
}

/** Values without an id name nobody; a value that is no absolute URL is never the same as what Fedify makes of it. */
function sameIds(values: unknown[], read: URL[]): boolean {
  const ids = values.map(idOf).filter((id) => id !== undefined && id !== null);
  return ids.length === read.length && ids.every((id, index) => hrefOf(id) === read[index]?.href);
}

function idOf(value: unknown): unknown {
  return isObject(value) ? value['id'] : value;
}

function hrefOf(id: unknown): string | null {
  return typeof id === 'string' ? (URL.parse(id)?.href ?? null) : null;
}

/** Types whose IRI ends in another name than their term. */
const OTHER_NAMES: Record<string, string> = { LikeApproval: 'LikeAuthorization' };

/**
 * Fedify gives a document of several types the class of one of them, and one of unknown type the class of all objects
 * or all activities. That must not happen to a type of ActivityStreams.
 */
function sameType(value: unknown, node: AsObject): boolean {
  const names = listOf(value).map((type) => (typeof type === 'string' ? lastName(type) : ''));
  const { typeId } = node.constructor as unknown as { typeId: URL };
  const read = lastName(typeId.href);
  if (names.includes(OTHER_NAMES[read] ?? read)) return true;
  const isGeneral = read === 'Object' || read === 'Activity';
  return isGeneral && !names.some(isActivityStreamsType);
}

function lastName(type: string): string {
  return type.slice(Math.max(type.lastIndexOf('#'), type.lastIndexOf('/'), type.lastIndexOf(':')) + 1);
}

function listOf(value: unknown): unknown[] {
  return [value].flat(Infinity).filter((one) => one !== undefined && one !== null);
}

/** Nothing by which anybody or anything is named. */
const CONTENTS: ReadonlySet<string> = new Set([
  'anyOf',
  'assertionMethod',
  'attachment',
  'closed',
  'content',
  'contentMap',
  'deleted',
  'duration',
  'endTime',
  'generator',
  'icon',
  'image',
  'interactionPolicy',
  'likes',
  'location',
  'mediaType',
  'name',
  'nameMap',
  'oneOf',
  'preview',
  'proof',
  'publicKey',
  'published',
  'replies',
  'shares',
  'signature',
  'source',
  'startTime',
  'summary',
  'summaryMap',
  'tag',
  'updated',
  'url',
  'votersCount',
]);

function withoutContents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutContents);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !CONTENTS.has(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, key === '@context' ? part : withoutContents(part)]));
}

async function refuseToLoad(url: string): Promise<never> {
  throw new Error(`${url} is not to be fetched here`);
}
