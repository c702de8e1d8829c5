import type { Browser } from '../web/browser.ts';
import { pause } from '../processes/server.ts';

/** Between two posts of one hand: some thirty a second and server, well below what one person may write. */
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

/**
 * Writes post after post, each but once, and marks what comes in from the other side.
 * @param to whom every post names, so that each is a notification there.
 */
export function startWriter(visitor: Browser, name: string, to: string): Writer {
  const acknowledged: string[] = [];
  const unanswered: string[] = [];
  const favourites: number[] = [];
  const token = visitor.form('/posts')['_csrf'] ?? '';
  let running = true;
  let count = 0;

  const write = async () => {
    while (running) {
      count += 1;
      const words = `${name} writes number ${count}.`;
      const status = await publish(visitor, token, `${to} ${words}`).catch(() => null);
      if (status === null) unanswered.push(words);
      else if (status === 303) acknowledged.push(words);
      else throw new Error(`${words} was refused with ${status}`);
      await pause(PAUSE_MS);
    }
  };
  const mark = async () => {
    const tried = new Set<number>();
    while (running) {
      await markOne(visitor, token, tried).then(
        (id) => id !== null && favourites.push(id),
        // The server is away: what is unknown is not counted.
        () => undefined,
      );
      await pause(PAUSE_MS * 2);
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
export async function publish(visitor: Browser, token: string, text: string): Promise<number> {
  const body = new FormData();
  for (const [name, value] of Object.entries({ _csrf: token, text, visibility: 'public', language: 'en' }))
    body.append(name, value);
  return (await post(visitor, '/posts', body)).status;
}

/** Favourites the newest post at home that is somebody else's and untried; null when there is none. */
async function markOne(visitor: Browser, token: string, tried: Set<number>): Promise<number | null> {
  const { text } = await visitor.get('/home');
  const posts = text.split('<article ').filter((part) => part.includes('data-part="post-origin"'));
  const id = posts
    .map((part) => Number(/formaction="\/posts\/(\d+)\/favourite"/.exec(part)?.[1] ?? 0))
    .find((one) => one > 0 && !tried.has(one));
  if (id === undefined) return null;
  tried.add(id);
  const body = new URLSearchParams({ _csrf: token, return_to: '/home' });
  const { status } = await post(visitor, `/posts/${id}/favourite`, body);
  if (status !== 303) throw new Error(`the favourite was refused with ${status}`);
  return id;
}

function post(visitor: Browser, path: string, body: FormData | URLSearchParams) {
  return visitor.send(path, { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin' } });
}
