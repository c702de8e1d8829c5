import { LRUCache } from 'lru-cache';
import { request, type Dispatcher } from 'undici';
import { signedHeaders, type SignatureScheme, type SigningKey } from '#federation/delivery/sign-request.ts';
import { ACTIVITY_JSON } from '#federation/vocabulary.ts';
import type { Clock } from '#kernel/clock.ts';
import { atMost } from '#kernel/lru-bound.ts';

/** How a delivery went, and what follows from it. */
export type SendOutcome =
  | { kind: 'delivered' }
  /** The inbox will never take this: not tried again. */
  | { kind: 'refused'; status: number }
  /** The inbox, or the account behind it, is gone. */
  | { kind: 'gone'; status: number }
  /** This inbox does not take it now; others of the host may. */
  | { kind: 'later'; status: number }
  /** The host is away or overwhelmed. */
  | { kind: 'host-failed'; why: string; retryAfterMs: number | null };

export interface Sender {
  send(url: string, body: string, key: SigningKey, extra: Record<string, string>): Promise<SendOutcome>;
}

/** For the whole of an answer: a peer that drips would hold its place for ever. */
const TIMEOUT_MS = 15_000;
const RETRY_AFTER_MAX_MS = 24 * 3600_000;
/** Which signature they take; who is forgotten is asked again with both. */
const HOSTS_REMEMBERED = 20_000;
/** Answers that a newer or older signature may turn into a yes. */
const SIGNATURE_STATUSES = new Set([400, 401, 403]);

export interface SenderParts {
  dispatcher: Dispatcher;
  clock: Clock;
  userAgent: string;
  /** Names that are spoken to by plain http, in tests and demos. */
  plainHttp(host: string): boolean;
  timeoutMs?: number;
}

/**
 * Sends one signed activity to one inbox. Never follows a redirect: the signed body would go elsewhere.
 * Which signature a host took is remembered; a host that refuses the first is asked once with the second.
 */
export function createSender(parts: SenderParts): Sender {
  const schemes = new LRUCache<string, SignatureScheme>(atMost(HOSTS_REMEMBERED));

  const post = async (
    target: URL,
    body: string,
    key: SigningKey,
    extra: Record<string, string>,
    scheme: SignatureScheme,
  ) => {
    const headers = await signedHeaders(target, body, key, parts.clock.now(), scheme);
    // The signature speaks of the public address; the map of a test or demo may lead elsewhere.
    const url = new URL(target);
    if (parts.plainHttp(url.hostname)) url.protocol = 'http:';
    const answer = await request(url, {
      method: 'POST',
      dispatcher: parts.dispatcher,
      signal: AbortSignal.timeout(parts.timeoutMs ?? TIMEOUT_MS),
      headers: { ...headers, ...extra, 'content-type': ACTIVITY_JSON, 'user-agent': parts.userAgent },
      body,
    });
    await answer.body.dump({ limit: 64 * 1024 }).catch(() => undefined);
    return answer;
  };

  return {
    async send(inbox, body, key, extra) {
      const target = new URL(inbox);
      const first = schemes.get(target.host) ?? 'cavage';
      try {
        let answer = await post(target, body, key, extra, first);
        const isRefused = SIGNATURE_STATUSES.has(answer.statusCode);
        if (isRefused && schemes.has(target.host)) {
          // A host may have learnt another one, and forgotten the first: the next try asks for both.
          schemes.delete(target.host);
        } else if (isRefused) {
          const second: SignatureScheme = first === 'cavage' ? 'rfc9421' : 'cavage';
          const again = await post(target, body, key, extra, second);
          if (isSuccess(again.statusCode)) {
            schemes.set(target.host, second);
            answer = again;
          }
        }
        if (isSuccess(answer.statusCode) && !schemes.has(target.host)) schemes.set(target.host, first);
        return outcomeOf(answer.statusCode, answer.headers['retry-after'], parts.clock.now());
      } catch (error) {
        return { kind: 'host-failed', why: reasonOf(error), retryAfterMs: null };
      }
    },
  };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function outcomeOf(status: number, retryAfter: string | string[] | undefined, nowMs: number): SendOutcome {
  if (isSuccess(status)) return { kind: 'delivered' };
  if (status === 410 || status === 404) return { kind: 'gone', status };
  if (status === 401 || status === 403 || status === 408 || status === 421 || status === 425 || status < 400) {
    return { kind: 'later', status };
  }
  if (status === 429 || status >= 500) {
    return { kind: 'host-failed', why: `HTTP ${status}`, retryAfterMs: readRetryAfter([retryAfter].flat()[0], nowMs) };
  }
  return { kind: 'refused', status };
}

function readRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (!value) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, RETRY_AFTER_MAX_MS) : null;
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause ?? error;
  return cause instanceof Error
    ? `${(cause as { code?: string }).code ?? cause.name}: ${cause.message}`.slice(0, 300)
    : String(cause);
}
