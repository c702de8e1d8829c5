import { checkCoverage } from './coverage.ts';
import { readSignature } from './signature-headers.ts';
import { idOf, isObject, makersOf, onlyType, readUri } from './speaker.ts';
import type { SpeakerOptions } from './speaker.ts';

/** What a server says that another one's actor did. Nothing of it is believed; all ids are as they were written. */
export interface PassedOn {
  kind: 'create' | 'update' | 'delete';
  /** Of the server that brings it; its signature is still to be verified. */
  carrierOrigin: string;
  activityUri: string;
  actorUri: string;
  objectUri: string;
  /** What the object says that it answers, on the carrier's origin; null for a Delete. */
  answeredUri: string | null;
}

const KINDS: Record<string, PassedOn['kind']> = { Create: 'create', Update: 'update', Delete: 'delete' };

/**
 * Whether this is what Mastodon and others send on to the followers of an answered post (ActivityPub §7.1.2): a post's
 * Create or Update that answers something of the server that brings it, or a Delete, and inside a signature by its
 * actor's server. Without one it could be nobody's but a forgery, and is none of this. Null for everything else.
 */
export function readPassedOn(headers: Headers, json: unknown, options: SpeakerOptions = {}): PassedOn | null {
  const signatures = readSignature(headers);
  if (!isObject(json) || 'refused' in signatures || checkCoverage(headers, signatures, 'POST') !== null) return null;
  const originOf = (value: unknown) => readUri(value, options)?.origin ?? null;

  const kind = KINDS[onlyType(json['type']) ?? ''];
  const [actorUri, activityUri, objectUri] = [idOf(json['actor']), json['id'], idOf(json['object'])];
  const origin = originOf(actorUri);
  if (!kind || origin === null || originOf(activityUri) !== origin || originOf(objectUri) !== origin) return null;
  // The end of an account is told by its own server alone, to everyone.
  if (objectUri === actorUri) return null;

  const makers = [...makersOf(json['proof']), ...makersOf(json['signature'])];
  if (makers.length === 0 || makers.some((maker) => originOf(maker) !== origin)) return null;
  const [carrierOrigin, ...others] = [...new Set(signatures.all.map(({ keyId }) => originOf(keyId)))];
  if (!carrierOrigin || others.length > 0 || carrierOrigin === origin) return null;
  const answered = kind === 'delete' ? null : answeredBy(json['object']);
  if (kind !== 'delete' && originOf(answered) !== carrierOrigin) return null;

  const ids = { actorUri, activityUri, objectUri, answeredUri: answered };
  return { kind, carrierOrigin, ...(ids as Pick<PassedOn, keyof typeof ids>) };
}

function answeredBy(object: unknown): unknown {
  return isObject(object) ? idOf([object['inReplyTo']].flat()[0]) : null;
}
