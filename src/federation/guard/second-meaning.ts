import jsonld from '@fedify/vocab-runtime/jsonld';
import { contextLoader } from '../loaders/contexts.ts';
import { withActivityStreams } from './second-reading.ts';
import { isObject } from './speaker.ts';
import { ACTIVITYSTREAMS, isActivityStreamsType, isReadByParser } from './vocabulary.ts';

/** Fedify's own copy of jsonld.js comes without types. */
const { expand } = jsonld as { expand(document: unknown, options: object): Promise<unknown[]> };

const NESTING_COMPARED = 3;

const ACTOR = `${ACTIVITYSTREAMS}actor`;
const OBJECT = `${ACTIVITYSTREAMS}object`;
const AUTHOR = `${ACTIVITYSTREAMS}attributedTo`;

type Json = Record<string, unknown>;

/**
 * Why a document means something else by JSON-LD than by its raw JSON, or null: id, type, actor, objects and authors, of
 * the activity and of what is embedded in it. Asked of every activity before it is handled, whatever the static check
 * has found, so it expands the document once, where `readTwice` has Fedify build all its objects. That one is for
 * documents that could be renamed; a test holds the two against each other.
 * Costs 0.2 ms, fetches nothing, never throws.
 */
export async function findSecondMeaning(json: unknown): Promise<string | null> {
  if (!isObject(json)) return 'not one JSON object';
  try {
    const [node, ...more] = await expand(withActivityStreams(json), {
      documentLoader: contextLoader,
      keepFreeFloatingNodes: true,
    });
    if (!isObject(node) || more.length > 0) return 'an id is read in two ways';
    return activityDifference(json, node, NESTING_COMPARED);
  } catch (error) {
    return `not readable: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function activityDifference(json: Json, node: Json, nesting: number): string | null {
  if (!sameIds([json['actor']], node[ACTOR])) return 'the actor is read in two ways';
  if (!sameIds(listOf(json['object']), node[OBJECT])) return 'the object is read in two ways';
  return nodeDifference(json, node) ?? objectsDifference(listOf(json['object']), listOf(node[OBJECT]), nesting);
}

function nodeDifference(json: Json, node: Json): string | null {
  if (!sameId(json['id'], node['@id'])) return 'an id is read in two ways';
  if (!sameTypes(listOf(json['type'] ?? json['@type']), listOf(node['@type']))) return 'a type is read in two ways';
  return sameIds(listOf(json['attributedTo']), node[AUTHOR]) ? null : 'an author is read in two ways';
}

function objectsDifference(objects: unknown[], nodes: unknown[], nesting: number): string | null {
  for (const [index, object] of objects.entries()) {
    const node = nodes[index];
    if (!isObject(object)) continue;
    if (!isObject(node)) return 'the objects are read in two ways';
    const isActivity = 'actor' in object || ACTOR in node;
    if (isActivity && nesting === 0) return 'activities nested too deeply';
    const difference = isActivity ? activityDifference(object, node, nesting - 1) : nodeDifference(object, node);
    if (difference !== null) return difference;
  }
  return objects.length === nodes.length ? null : 'the objects are read in two ways';
}

/** Values without an id name nobody. */
function sameIds(values: unknown[], read: unknown): boolean {
  const nodes = listOf(read);
  // Literals and lists stand where only nodes should.
  if (!nodes.every((node) => isObject(node) && !('@value' in node) && !('@list' in node))) return false;
  const ids = values.map(idOf).filter((id) => id !== undefined && id !== null);
  const readIds = nodes.map((node) => (node as Json)['@id']).filter((id) => id !== undefined && !isBlank(id));
  return ids.length === readIds.length && ids.every((id, index) => sameId(id, readIds[index]));
}

/** An id that is no absolute URL is never the same: what it is depends on where one stands. */
function sameId(id: unknown, read: unknown): boolean {
  const isNone = (id === undefined || id === null) && (read === undefined || isBlank(read));
  return isNone || (hrefOf(id) !== null && hrefOf(id) === hrefOf(read));
}

/**
 * A type of ActivityStreams has to be that very one, and a word that is none may mean nothing that the protocol knows
 * by another name.
 */
function sameTypes(types: unknown[], read: unknown[]): boolean {
  return (
    types.length === read.length &&
    types.every((type, index) => {
      const iri = read[index];
      if (typeof type !== 'string' || typeof iri !== 'string') return false;
      const name = lastName(type);
      if (isActivityStreamsType(name)) return iri === ACTIVITYSTREAMS + name;
      return !isReadByParser(iri) || lastName(iri) === name;
    })
  );
}

function lastName(type: string): string {
  return type.slice(Math.max(type.lastIndexOf('#'), type.lastIndexOf('/'), type.lastIndexOf(':')) + 1);
}

function listOf(value: unknown): unknown[] {
  return [value].flat(Infinity).filter((one) => one !== undefined && one !== null);
}

function idOf(value: unknown): unknown {
  return isObject(value) ? value['id'] : value;
}

function hrefOf(id: unknown): string | null {
  return typeof id === 'string' ? (URL.parse(id)?.href ?? null) : null;
}

function isBlank(id: unknown): boolean {
  return typeof id === 'string' && id.startsWith('_:');
}
