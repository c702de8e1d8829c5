import { NAMELESS_TYPES } from '../vocabulary.ts';
import { checkCoverage } from './coverage.ts';
import { readSignature } from './signature-headers.ts';
import type { Refused } from './signature-headers.ts';

/** Who says what, by the raw JSON; URIs as `URL` writes them, as Fedify gives them, too. */
export interface Speaker {
  actorUri: string;
  /** Null for one without an id, which only some types may be. */
  activityUri: string | null;
  type: string;
}

export interface SpeakerOptions {
  /** Hosts whose ids may begin with `http:`: those that `HOST_MAP` gives with `http`. None by default. */
  plainHttpHosts?: (hostname: string) => boolean;
}

const URI_CHARACTERS_MAX = 2048;

/**
 * Says who speaks in an inbox POST, or why nobody is believed. Everything that names an identity has to live on one
 * origin (FEP-fe34): the actor, the activity, each key of the HTTP signatures and the maker of each proof or LD
 * signature inside. Those inside prove nothing here, so a wrong one on the right origin is no matter.
 * Nothing is proven by this: the signature is still to be verified, and `findRenaming` to be asked.
 */
export function checkSpeaker(headers: Headers, json: unknown, options: SpeakerOptions = {}): Speaker | Refused {
  if (!isObject(json)) return { refused: 'not one JSON object' };
  const read = readSignature(headers);
  if ('refused' in read) return read;
  const uncovered = checkCoverage(headers, read, 'POST');
  if (uncovered) return { refused: uncovered };

  const type = onlyType(json['type']);
  const actor = readUri(idOf(json['actor']), options);
  const isNameless = (json['id'] ?? null) === null && type !== null && NAMELESS_TYPES.includes(type);
  const activity = readUri(json['id'], options);
  if (type === null) return { refused: 'not one type' };
  if (!actor) return { refused: 'no actor that could speak' };
  if (!activity && !isNameless) return { refused: 'no id of the activity' };
  if (activity && activity.origin !== actor.origin) return { refused: 'activity and actor differ in origin' };

  const signers = [...read.all.map(({ keyId }) => keyId), ...makersOf(json['proof']), ...makersOf(json['signature'])];
  if (signers.some((signer) => readUri(signer, options)?.origin !== actor.origin)) {
    return { refused: 'signer and actor differ in origin' };
  }
  return { actorUri: actor.href, activityUri: activity?.href ?? null, type };
}

/** A URI that can be dereferenced and has one spelling only, or null. */
export function readUri(value: unknown, { plainHttpHosts }: SpeakerOptions = {}): URL | null {
  if (typeof value !== 'string' || value.length > URI_CHARACTERS_MAX) return null;
  // `URL` drops line breaks and spaces, and turns a backslash.
  if (/[\s\\\p{Cc}]/u.test(value)) return null;
  const url = URL.parse(value);
  if (!url || url.username !== '' || url.password !== '') return null;
  const isFit = url.protocol === 'https:' || (url.protocol === 'http:' && plainHttpHosts?.(url.hostname) === true);
  return isFit ? url : null;
}

/** Who made the proofs (FEP-8b32) or LD signatures; null for one that does not say. */
export function makersOf(value: unknown): unknown[] {
  return [value ?? []]
    .flat()
    .map((proof) => (isObject(proof) ? idOf(proof['verificationMethod'] ?? proof['creator']) : null));
}

export function idOf(value: unknown): unknown {
  return isObject(value) ? value['id'] : value;
}

export function onlyType(value: unknown): string | null {
  const [type, ...more] = [value].flat();
  return typeof type === 'string' && type !== '' && more.length === 0 ? type : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
