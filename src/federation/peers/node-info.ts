import { z } from 'zod';
import type { PeerSoftware } from '#domain/instance/note-software.ts';
import { fetchJson, urlOfHost, type JsonOptions } from '#federation/resolve/fetch-json.ts';

const SCHEMA = 'http://nodeinfo.diaspora.software/ns/schema/';
/** Those that name the software, the newest first. */
const VERSIONS = ['2.2', '2.1', '2.0', '1.1', '1.0'];
const NAME_CHARACTERS_MAX = 60;
const VERSION_CHARACTERS_MAX = 100;

const directory = z.object({
  links: z.array(z.object({ rel: z.string().catch(''), href: z.string().catch('') }).loose()).max(50),
});

const document = z.object({
  software: z.object({ name: z.string(), version: z.string().nullable().catch(null) }),
});

/**
 * Asks a server what it runs (NodeInfo); null where it does not say. Only the host itself is asked, wherever it points:
 * what another one runs is for that one to say.
 */
export async function askForSoftware(host: string, options: JsonOptions): Promise<PeerSoftware | null> {
  const start = urlOfHost(host, options);
  if (!start) return null;
  const stayHere = {
    ...options,
    beforeRequest(at: URL) {
      if (at.host !== start.host) throw new Error(`NodeInfo of ${start.host} lies at ${at.host}`);
      options.beforeRequest?.(at);
    },
  };
  const ask = (path: string) => fetchJson(new URL(path, start), 'application/json', stayHere).catch(() => null);
  const links = directory.safeParse(await ask('/.well-known/nodeinfo')).data?.links ?? [];
  const at = VERSIONS.map((version) => links.find(({ rel }) => rel === SCHEMA + version)).find(Boolean);
  const url = at ? URL.parse(at.href, start) : null;
  if (!url || url.host !== start.host) return null;
  const read = document.safeParse(await ask(url.pathname + url.search));
  const name = read.data ? plainWord(read.data.software.name, NAME_CHARACTERS_MAX) : '';
  if (!read.data || name === '') return null;
  return { name, version: plainWord(read.data.software.version ?? '', VERSION_CHARACTERS_MAX) || null };
}

/** A stranger's text for a table: on one line, short, and without marks that turn or hide what stands beside it. */
function plainWord(text: string, charactersMax: number): string {
  return text
    .slice(0, 4 * charactersMax)
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, charactersMax);
}
