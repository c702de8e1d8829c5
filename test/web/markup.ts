/** An element of a page, as a test reads it. */
export interface Element {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: (Element | string)[];
  parent: Element | null;
}

const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);
/** SVG as we write it closes its shapes by `/>`. */
const TOKEN =
  /<!doctype html>|<!--[\s\S]*?-->|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|<script([^>]*)>|[^<]+/gy;

/** @throws where tags do not match or markup is not ours, such as a stray `<` in text. */
export function parse(html: string): Element {
  const root: Element = { name: '#document', attributes: new Map(), children: [], parent: null };
  let open = root;
  let at = 0;
  while (at < html.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(html);
    if (!match) throw new Error(`not our HTML at ${at}: ${html.slice(at, at + 120)}`);
    at = TOKEN.lastIndex;
    const [text, closing, tag, attributes = '', closed] = match;
    if (tag === undefined) {
      if (!text.startsWith('<')) open.children.push(unescaped(text));
      continue;
    }
    const name = tag.toLowerCase();
    if (closing) {
      if (open.name !== name || !open.parent)
        throw new Error(`</${name}> closes <${open.name}>: ${html.slice(at - 120, at)}`);
      open = open.parent;
      continue;
    }
    const element: Element = { name, attributes: attributesOf(attributes), children: [], parent: open };
    open.children.push(element);
    if (!VOID.has(name) && !closed) open = element;
  }
  if (open !== root) throw new Error(`<${open.name}> is not closed`);
  return root;
}

/** Every element below, in the order of the page. */
export function* elementsOf(element: Element): Generator<Element> {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    yield child;
    yield* elementsOf(child);
  }
}

export function find(element: Element, fits: (one: Element) => boolean): Element[] {
  return [...elementsOf(element)].filter(fits);
}

/** The words of an element as they are read out, without those of icons' titles. */
export function wordsOf(element: Element): string {
  return rawWords(element).replaceAll(/\s+/g, ' ').trim();
}

function rawWords(element: Element): string {
  if (element.name === 'svg') return ` ${element.attributes.get('aria-label') ?? ''} `;
  if (element.name === 'script' || element.name === 'style') return '';
  // Read out in other words beside it.
  if (element.name === 'span' && element.attributes.get('aria-hidden') === 'true') return '';
  const inside = element.children.map((child) => (typeof child === 'string' ? child : rawWords(child))).join('');
  return /^(?:p|div|li|h\d|article|section|option|button|a|dt|dd|label|td|th|summary|textarea|legend)$/.test(
    element.name,
  )
    ? ` ${inside} `
    : inside;
}

function attributesOf(source: string): Map<string, string> {
  const pairs = source.matchAll(/([\w:-]+)(?:="([^"]*)")?/g);
  return new Map([...pairs].map(([, name = '', value = '']) => [name.toLowerCase(), unescaped(value)]));
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
