import { Tokenizer } from 'htmlparser2';

/**
 * Whether a page links to one of the addresses with `rel="me"`, by `<a>` or `<link>`. Only what a browser would take
 * for an element counts: not what stands in comments, scripts, text fields or the values of attributes, where a
 * visitor's words may have ended up. The tokenizer reads a page once, whatever is in it; nothing is nested here, so
 * nothing grows with the depth.
 */
export function linksBack(html: string, base: URL, addresses: ReadonlySet<string>): boolean {
  let found = false;
  eachElement(html, ['a', 'link'], (attributes) => {
    const isMe = attributes.get('rel')?.toLowerCase().split(/\s+/).includes('me') ?? false;
    const href = URL.parse(attributes.get('href')?.trim() ?? '', base)?.href;
    if (isMe && attributes.has('href') && href !== undefined && addresses.has(href)) found = true;
  });
  return found;
}

/** The elements of these names with their attributes; of two of one name the first counts, as in browsers. */
function eachElement(html: string, names: readonly string[], visit: (attributes: Map<string, string>) => void): void {
  let attributes: Map<string, string> | null = null;
  let name = '';
  let value = '';
  const close = () => {
    if (attributes) visit(attributes);
    attributes = null;
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        attributes = names.includes(html.slice(start, end).toLowerCase()) ? new Map() : null;
      },
      onattribname(start, end) {
        name = attributes ? html.slice(start, end).toLowerCase() : '';
        value = '';
      },
      onattribdata(start, end) {
        if (attributes) value += html.slice(start, end);
      },
      onattribentity(codepoint) {
        if (attributes) value += String.fromCodePoint(codepoint);
      },
      onattribend() {
        if (attributes && !attributes.has(name)) attributes.set(name, value);
      },
      onopentagend: close,
      onselfclosingtag: close,
      ...IGNORED,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}

const IGNORED = {
  oncdata: () => undefined,
  onclosetag: () => undefined,
  oncomment: () => undefined,
  ondeclaration: () => undefined,
  onend: () => undefined,
  onprocessinginstruction: () => undefined,
  ontext: () => undefined,
  ontextentity: () => undefined,
};
