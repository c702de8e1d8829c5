import type { Dispatcher } from 'undici';

/** `fetch` through the dispatcher for media: the same walls as for everything else, with a larger cap. */
export function createMediaFetch(dispatcher: Dispatcher): (url: string, init: RequestInit) => Promise<Response> {
  return (url, init) => fetch(url, { ...init, dispatcher } as RequestInit);
}
