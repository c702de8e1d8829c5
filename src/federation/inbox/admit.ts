import { createHash } from 'node:crypto';
import { contextsFault } from '#federation/guard/contexts-size.ts';
import { registrableDomainOf } from '#federation/domain-shares.ts';
import { checkSpeaker, type Speaker, type SpeakerOptions } from '#federation/guard/speaker.ts';
import { jsonDepthWithin } from '#federation/guard/json-depth.ts';
import { jsonValuesWithin } from '#federation/guard/json-size.ts';
import { readPassedOn } from '#federation/guard/passed-on.ts';
import { findRenaming } from '#federation/guard/renaming.ts';
import { signedAt } from '#federation/guard/signature-headers.ts';
import { readTwice } from '#federation/guard/second-reading.ts';
import { createHintAdmission, type HintParts } from '#federation/inbox/admit-hint.ts';
import { readSyncHeader, type SyncHint } from '#federation/inbox/followers-sync.ts';
import { createWaitingRoom } from '#federation/inbox/waiting-room.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { limits } from '#kernel/limits.ts';

/** Lane of admitted activities. */
export const INBOX_LANE = 'inbox';

export interface InboxRequest {
  method: string;
  /** Path and query as they were asked for. */
  path: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

export interface AdmissionParts extends HintParts {
  /** The host that a signer must have meant. */
  host: string;
  speaker: SpeakerOptions;
  /** Whether this actor signed it. */
  verify(request: InboxRequest, actorUri: string): Promise<Verified>;
  /** The same by the key that its document named last. */
  verifyFarewell(request: InboxRequest, actorUri: string): Promise<Verified>;
  /** Told of the host of each signer whose signature held. */
  heard(host: string): void;
}

type Verified = { verified: true } | { verified: false; reason: string; keyGone?: true };

/** 202 for what is acknowledged or of no interest, 429 for what is to come again later; anything else with the reason. */
export interface Admission {
  status: 202 | 400 | 401 | 413 | 421 | 429;
  reason: string;
}

const KNOWN_TYPES = new Set(
  'Follow Accept Reject Undo Create Update Delete Announce Like EmojiReact Block Move Add Remove Flag QuoteRequest'.split(
    ' ',
  ),
);

/** With the name that it is remembered by. */
type Named = Speaker & { activityUri: string };

interface Waiting {
  speaker: Named;
  raw: string;
  sync: SyncHint | null;
  done(): void;
  failed(error: unknown): void;
}

/**
 * The front of the inbox: cheap refusals first, then the signature, then the activity is written as it was signed,
 * and only then acknowledged. What arrives together is written together. Nothing in the body is believed here but
 * who speaks, and that only as far as the HTTP signature proves it.
 */
export function createAdmission(parts: AdmissionParts) {
  let waiting: Waiting[] = [];
  const admitHint = createHintAdmission(parts);
  const waitingRoom = createWaitingRoom(parts.store.read, parts.clock);

  const flush = async () => {
    const batch = waiting;
    waiting = [];
    try {
      await writeBatch(parts, batch);
      for (const one of batch) one.done();
      parts.wake();
    } catch (error) {
      for (const one of batch) one.failed(error);
    }
  };
  const write = (speaker: Named, raw: string, sync: SyncHint | null) =>
    new Promise<void>((done, failed) => {
      waiting.push({ speaker, raw, sync, done, failed });
      if (waiting.length === 1) setImmediate(() => void flush());
    });

  return async (request: InboxRequest): Promise<Admission> => {
    const read = readBody(parts, request);
    if ('status' in read) return read;
    const { json, text } = read;
    if (isInOurName(json, parts.host)) return { status: 202, reason: 'in our own name' };
    const spoken = checkSpeaker(request.headers, json, parts.speaker);
    if ('refused' in spoken) {
      const hint = readPassedOn(request.headers, json, parts.speaker);
      return hint ? admitHint(request, hint) : { status: 401, reason: spoken.refused };
    }
    const speaker = { ...spoken, activityUri: rememberedAs(spoken, json, request) };
    const drop = await cheapDrop(parts, speaker, json);
    if (drop) return { status: 202, reason: drop };
    const { host, hostname } = new URL(speaker.actorUri);
    if (!(await waitingRoom.hasRoom(hostname))) return { status: 429, reason: 'too much of its domain waits' };
    const verified = await isProven(parts, request, { speaker, json });
    if (!verified.verified) return { status: 401, reason: verified.reason };
    parts.heard(host);
    const renamed = await renaming(json, text);
    if (renamed) return { status: 401, reason: renamed };
    waitingRoom.entered(hostname, request.body.byteLength);
    await write(speaker, text, readSyncHeader(request.headers.get('collection-synchronization')));
    return { status: 202, reason: 'admitted' };
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function readBody(parts: AdmissionParts, request: InboxRequest): { json: unknown; text: string } | Admission {
  if (request.body.byteLength > limits.inboxBodyBytes) return { status: 413, reason: 'too large' };
  if (request.headers.get('host') !== parts.host) return { status: 421, reason: 'not the host that is served here' };
  let text: string;
  try {
    text = decoder.decode(request.body);
  } catch {
    return { status: 400, reason: 'not UTF-8' };
  }
  if (!jsonDepthWithin(text, limits.jsonDepth)) return { status: 400, reason: 'nested too deep' };
  if (!jsonValuesWithin(text, limits.jsonValues)) return { status: 400, reason: 'too many values' };
  try {
    const json = JSON.parse(text) as unknown;
    const fault = contextsFault(json);
    return fault === null ? { json, text } : { status: 401, reason: fault };
  } catch {
    return { status: 400, reason: 'not JSON' };
  }
}

/**
 * What our people do is in our store; here it could only be brought round by somebody else. Hollo sends answers on to
 * the followers of the answered post, their author among them, and would take a refusal for a fault of this server.
 */
function isInOurName(json: unknown, host: string): boolean {
  const actor = (json as { actor?: unknown } | null)?.actor;
  const uri = typeof actor === 'string' ? actor : (actor as { id?: unknown } | null)?.id;
  return typeof uri === 'string' && URL.parse(uri)?.host === host;
}

/** What says something about what it brings, so that the same id may come with something new. */
const TOLD_BY_OBJECT = ['Update', 'Accept', 'Reject'];
/** What may be done and undone again and again. */
const TOLD_BY_TIME = ['Follow', 'Undo'];

/**
 * By which name a repetition is known. Hollo 0.10 sends all new counts of a poll under one id (`#update-undefined`),
 * and all its answers to one follower, so of these kinds what they bring belongs to their name. Misskey makes the id of
 * a Follow of the pair, and that of its Undo of the Follow's, and Mastodon gives an Add no id at all: of these it is the
 * time that they were signed at, which a replay cannot change.
 */
function rememberedAs({ activityUri, actorUri, type }: Speaker, json: unknown, request: InboxRequest): string {
  const { object } = json as { object?: unknown };
  if (activityUri === null) return `${actorUri} ${type} ${signedAt(request.headers)} ${digestOf(request.body)}`;
  if (TOLD_BY_TIME.includes(type)) return `${activityUri} ${signedAt(request.headers)}`;
  if (!TOLD_BY_OBJECT.includes(type) || typeof object !== 'object') return activityUri;
  return `${activityUri} ${digestOf(JSON.stringify(object))}`;
}

function digestOf(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url');
}

/** What needs no verification, since nothing comes of it: replays, suspended domains, goodbyes of strangers. */
async function cheapDrop(parts: AdmissionParts, speaker: Named, json: unknown): Promise<string | null> {
  if (!KNOWN_TYPES.has(speaker.type)) return 'not a type that is handled here';
  const { read } = parts.store;
  const seen = await read.hot('select 1 as seen from activities where uri = $1', speaker.activityUri);
  if (seen.length > 0) return 'known already';
  if ((await policyOf(parts.store, new URL(speaker.actorUri).host)).severity === 'suspend')
    return 'from a suspended domain';
  if (isFarewell(speaker, json)) {
    const known = await read.hot(
      'select 1 as known from accounts where uri = $1 and deleted_at is null',
      speaker.actorUri,
    );
    if (known.length === 0) return 'the end of somebody unknown, or gone already';
  }
  return null;
}

function isFarewell(speaker: Speaker, json: unknown): boolean {
  const { object } = json as { object?: unknown };
  const objectUri = typeof object === 'string' ? object : (object as { id?: unknown } | null)?.id;
  return speaker.type === 'Delete' && objectUri === speaker.actorUri;
}

/** Who says farewell may have taken the key away already (Hollo 0.10, Mastodon), and it may not be in memory here. */
async function isProven(
  parts: AdmissionParts,
  request: InboxRequest,
  { speaker, json }: { speaker: Speaker; json: unknown },
): Promise<Verified> {
  const verified = await parts.verify(request, speaker.actorUri);
  if (verified.verified || !verified.keyGone || !isFarewell(speaker, json)) return verified;
  return parts.verifyFarewell(request, speaker.actorUri);
}

/**
 * What the static check cannot clear is read twice before it is admitted. That takes a second for a document of the
 * greatest size, so it is for small ones; no peer is known to send any.
 */
async function renaming(json: unknown, text: string): Promise<string | null> {
  const suspicion = findRenaming(json);
  if (suspicion === null) return null;
  if (!jsonValuesWithin(text, limits.jsonValuesReadTwice)) return `${suspicion}: too much to be read twice`;
  const reading = await readTwice(json);
  return reading.ok ? null : `${suspicion}: ${reading.reason}`;
}

async function writeBatch({ store, clock, ids }: AdmissionParts, batch: readonly Waiting[]): Promise<void> {
  const now = clock.now();
  await store.write(async (tx) => {
    for (const { speaker, raw, sync } of batch) {
      const id = ids.next(now);
      const fresh = await tx.hot(
        `insert into activities (id, uri, actor_uri, raw, received_at) values ($1, $2, $3, $4, $5)
         on conflict (uri) do nothing returning id`,
        id,
        speaker.activityUri,
        speaker.actorUri,
        raw,
        now,
      );
      if (fresh.length === 0) continue;
      await tx.hot(
        `insert into jobs (id, lane, order_key, due_at, lease, tries, ref_id, data, sender_domain, bytes)
         values ($1, $2, $3, $4, 0, 0, $5, $6, $7, $8)`,
        ids.next(now),
        INBOX_LANE,
        speaker.actorUri,
        now,
        id,
        JSON.stringify(sync ? { sync } : {}),
        registrableDomainOf(new URL(speaker.actorUri).hostname),
        Buffer.byteLength(raw),
      );
    }
  });
}
