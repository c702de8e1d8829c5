/** A page's tags with their attributes, in order: what text from outside must not be able to change. */
export interface Tag {
  name: string;
  attributes: Map<string, string>;
}

/**
 * Reads HTML as our own rendering writes it (every attribute in double quotes or bare).
 * @throws on anything else, such as a stray `<` in text.
 */
export function tagsOf(html: string): Tag[] {
  const tags: Tag[] = [];
  const token = /<!doctype html>|<!--[\s\S]*?-->|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|[^<]+/gy;
  let at = 0;
  while (at < html.length) {
    token.lastIndex = at;
    const match = token.exec(html);
    if (!match) throw new Error(`not our HTML at ${at}: ${html.slice(at, at + 80)}`);
    at = token.lastIndex;
    const [, closing, name, attributes = ''] = match;
    if (name === undefined || closing === '/') continue;
    const pairs = [...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(
      ([, key = '', value = '']): [string, string] => [key, unescaped(value)],
    );
    tags.push({ name: name.toLowerCase(), attributes: new Map(pairs) });
  }
  return tags;
}

/** Names only: the same for two pages that differ in their words alone. */
export function structureOf(html: string): string {
  return tagsOf(html)
    .map(({ name, attributes }) => `${name}[${[...attributes.keys()].join(' ')}]`)
    .join('\n');
}

function unescaped(value: string): string {
  return value
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
