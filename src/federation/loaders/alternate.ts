import { isActivityType } from './content-type.ts';

const LINK_TAGS_READ = 100;
const LINK_TAG_CHARACTERS = 2048;

/**
 * The activity document that a web page names as its alternate, in its `Link` header or in its `<link>` elements.
 * Both are read in one pass over the text, whatever is in it: the page is a stranger's.
 */
export function findAlternate(linkHeader: string | null, html: string, base: URL): URL | null {
  for (const attributes of [...linksOfHeader(linkHeader ?? ''), ...linksOfHtml(html)]) {
    const isAlternate = attributes.get('rel')?.toLowerCase().split(/\s+/).includes('alternate') ?? false;
    const href = attributes.get('href');
    if (isAlternate && href !== undefined && isActivityType(attributes.get('type') ?? '')) return URL.parse(href, base);
  }
  return null;
}

/** RFC 8288: `<target>; rel="alternate"; type="…", <target>; …`. */
function* linksOfHeader(header: string): Generator<Map<string, string>> {
  for (let start = header.indexOf('<'); start !== -1;) {
    const end = header.indexOf('>', start);
    if (end === -1) return;
    const next = header.indexOf('<', end);
    const attributes = attributesOf(header.slice(end + 1, next === -1 ? undefined : next), ';,');
    yield attributes.set('href', header.slice(start + 1, end));
    start = next;
  }
}

function* linksOfHtml(html: string): Generator<Map<string, string>> {
  const lower = html.toLowerCase();
  let start = lower.indexOf('<link');
  for (let read = 0; read < LINK_TAGS_READ && start !== -1; read += 1) {
    const end = lower.indexOf('>', start);
    if (end === -1) return;
    if (end - start <= LINK_TAG_CHARACTERS) {
      const attributes = attributesOf(html.slice(start + '<link'.length, end), '/');
      const href = attributes.get('href');
      yield href === undefined ? attributes : attributes.set('href', href.replaceAll('&amp;', '&'));
    }
    start = lower.indexOf('<link', end);
  }
}

/**
 * `name="value"` in any of its spellings; the first of a name counts. What can begin no name is skipped in one go: step
 * by step, a run of it would be read anew from each of its places.
 */
function attributesOf(text: string, separators: string): Map<string, string> {
  const attribute = new RegExp(
    `[\\s="'${separators}]*([^\\s="'${separators}]+)(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'${separators}]+)))?`,
    'y',
  );
  const found = new Map<string, string>();
  for (let match = attribute.exec(text); match; match = attribute.exec(text)) {
    const name = (match[1] ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, match[2] ?? match[3] ?? match[4] ?? '');
  }
  return found;
}
