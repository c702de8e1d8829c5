import { Browser } from '../web/browser.ts';
import { until, type Server } from './server.ts';

const PASSWORD = 'a stage of one’s own';
const ACCEPTED_WITHIN_MS = 10_000;

/** A browser without JavaScript at a server that runs: for writing faster than Chromium does. */
export function visitorOf(server: Pick<Server, 'port' | 'origin'>): Browser {
  return new Browser(
    {
      request: (input, init) => {
        const { pathname, search } = new URL(input instanceof Request ? input.url : input);
        // The names below `localhost` are the browsers' own knowledge.
        return fetch(`http://127.0.0.1:${server.port}${pathname}${search}`, { ...init, redirect: 'manual' });
      },
    },
    server.origin,
  );
}

/** Sets an instance up through its printed link; the visitor is its owner then, and logged in. */
export async function setUp(server: Server, visitor: Browser, handle: string): Promise<void> {
  const link = new URL(await server.setUpLink());
  await visitor.get(link.pathname + link.search);
  const answers = { name: server.host, registrations: 'closed', handle, email: `${handle}@example.org` };
  const { location, words } = await visitor.submit('/set-up', { ...answers, password: PASSWORD });
  if (location !== '/home') throw new Error(`${server.host} is not set up: ${words}`);
}

export async function logIn(visitor: Browser, login: string, password = PASSWORD): Promise<void> {
  await visitor.get('/login');
  const { location, words } = await visitor.submit('/login', { login, password });
  if (location !== '/home') throw new Error(`${login} is not let in: ${words}`);
}

/** Follows somebody elsewhere by their whole address, and waits for the other server's word. */
export async function follow(visitor: Browser, address: string): Promise<void> {
  const { text, words } = await visitor.get(`/search?q=${encodeURIComponent(address)}`);
  const action = /action="(\/accounts\/\d+\/follow)"/.exec(text)?.[1];
  if (action === undefined) throw new Error(`${address} is not found: ${words}`);
  await visitor.submit(action);
  const isAccepted = async () => (await visitor.get(`/${address}`)).words.includes('Unfollow');
  if (!(await until(isAccepted, ACCEPTED_WITHIN_MS))) throw new Error(`${address} does not accept the follow`);
}

/** Writes a public post. @returns the status of the answer. */
export async function publish(visitor: Browser, text: string): Promise<number> {
  await visitor.get('/home');
  return (await visitor.upload('/posts', { text })).status;
}
