import type { Browser } from '../web/browser.ts';
import { pause } from '../processes/server.ts';

/** Between two posts of one hand: some thirty a second and server. A server that is killed forgets how many it let through. */
const PAUSE_MS = 60;
const HANDS = 2;

/** Somebody who does not stop writing while servers come and go. */
export interface Writer {
  /** Words of posts whose writing the server has acknowledged. */
  readonly acknowledged: string[];
  /** Words of posts whose fate the writer does not know: the server was gone before it answered. */
  readonly unanswered: string[];
  /** Ids, on this server, of posts of others that it has acknowledged as favourites. */
  readonly favourites: number[];
  stop(): Promise<void>;
}

export interface WriterOptions {
  name: string;
  /** Whom every post names, so that each is a notification there. */
  to: string;
  /** Posts to be favourited meanwhile, by their ids on this server. */
  marks: readonly number[];
  pauseMs?: number;
}

/** Writes post after post, each but once. The visitor is at home. */
export function startWriter(visitor: Browser, { name, to, marks, pauseMs = PAUSE_MS }: WriterOptions): Writer {
  const acknowledged: string[] = [];
  const unanswered: string[] = [];
  const favourites: number[] = [];
  let running = true;
  let count = 0;

  const write = async () => {
    while (running) {
      count += 1;
      const words = `${name} writes number ${count}.`;
      const status = await publish(visitor, `${to} ${words}`).catch(() => null);
      if (status === null) unanswered.push(words);
      else if (status === 303) acknowledged.push(words);
      else throw new Error(`${words} was refused with ${status}`);
      await pause(pauseMs);
    }
  };
  const mark = async () => {
    for (const id of marks) {
      if (!running) return;
      const status = await favourite(visitor, id).catch(() => null);
      if (status === 303) favourites.push(id);
      else if (status !== null) throw new Error(`the favourite of ${id} was refused with ${status}`);
      await pause(pauseMs * 4);
    }
  };
  const hands = [...Array.from({ length: HANDS }, write), mark()];
  // A refusal is told by `stop`, not by the process that ends.
  for (const hand of hands) hand.catch(() => undefined);
  return {
    acknowledged,
    unanswered,
    favourites,
    async stop() {
      running = false;
      await Promise.all(hands);
    },
  };
}

/** @returns the status; throws when there was no answer. */
export async function publish(visitor: Browser, text: string): Promise<number> {
  const body = new FormData();
  const fields = { _csrf: tokenOf(visitor), text, visibility: 'public', language: 'en' };
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return answerTo(visitor, '/posts', body);
}

async function favourite(visitor: Browser, id: number): Promise<number> {
  const body = new URLSearchParams({ _csrf: tokenOf(visitor), return_to: '/home' });
  return answerTo(visitor, `/posts/${id}/favourite`, body);
}

const tokens = new WeakMap<Browser, string>();

/** Holds for as long as the session; taken from the composer at home. */
function tokenOf(visitor: Browser): string {
  const token = tokens.get(visitor) ?? visitor.form('/posts')['_csrf'] ?? '';
  tokens.set(visitor, token);
  return token;
}

async function answerTo(visitor: Browser, path: string, body: FormData | URLSearchParams): Promise<number> {
  return (await visitor.send(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin' } })).status;
}
