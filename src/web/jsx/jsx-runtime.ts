import type { JSX as HonoJsx } from 'hono/jsx';
import { escapeHtml, flat, Html, type Child, type Markup } from '#web/jsx/html.ts';

/*
 * What the compiler turns the pages' elements into. Each becomes a string at once, inside out: a page of twenty posts
 * has thousands of elements, and to keep them as objects until the end costs several times as much. So components are
 * plain functions of their props, without context, hooks or promises; what they show is read before.
 */

type Props = Record<string, unknown>;
type Component = (props: Props) => Child;

export function jsx(tag: string | Component, props: Props): Markup {
  if (typeof tag === 'function') {
    const shown = tag(props);
    return shown instanceof Html ? (shown as unknown as Markup) : fragmentOf(shown);
  }
  let opening = openingOf(tag);
  for (const name in props) {
    if (name !== 'children') opening += attributeOf(name, props[name]);
  }
  const { children } = props;
  if (children === undefined && EMPTY.has(tag)) return new Html(`${opening}/>`) as unknown as Markup;
  const html = new Html(`${opening}>`);
  write(html, children);
  html.write(`</${tag}>`);
  return html as unknown as Markup;
}

export { jsx as jsxs, jsx as jsxDEV };

export function Fragment({ children }: { children?: Child }): Child {
  return children;
}

function fragmentOf(children: unknown): Markup {
  const html = new Html('');
  write(html, children);
  return html as unknown as Markup;
}

/** @throws TypeError for what cannot be shown; a promise is one that somebody forgot to await. */
function write(html: Html, child: unknown): void {
  if (typeof child === 'string') html.write(escapeHtml(child));
  else if (child === null || child === undefined || typeof child === 'boolean') return;
  else if (child instanceof Html) html.append(child);
  else if (typeof child === 'number') html.write(String(child));
  else if (Array.isArray(child)) for (const one of child) write(html, one);
  else throw new TypeError('something is shown that is neither an element nor text');
}

/** @throws TypeError for what no attribute can say. */
function attributeOf(name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string')
    return REPEATED.has(name) ? repeatedAttribute(name, value) : `${beforeValue(name)}${escapeHtml(value)}"`;
  if (typeof value === 'number') return `${beforeValue(name)}${value}"`;
  if (typeof value !== 'boolean') throw new TypeError(`the attribute ${name} is neither text nor a number`);
  if (SWITCHES.has(name)) return value ? `${beforeValue(name)}"` : '';
  return `${beforeValue(name)}${value}"`;
}

/** Attributes whose values are words of the sources: what people wrote would fill the place of what is repeated. */
const REPEATED: ReadonlySet<string> = new Set(
  'aria-hidden class data-action data-part dir method role tabindex type viewBox'.split(' '),
);
const REPEATED_MAX = 2000;
const repeated = new Map<string, Map<string, string>>();
let repeatedCount = 0;

function repeatedAttribute(name: string, value: string): string {
  const known = repeated.get(name)?.get(value);
  if (known !== undefined) return known;
  const attribute = flat(`${beforeValue(name)}${escapeHtml(value)}"`);
  if (repeatedCount < REPEATED_MAX) {
    const values = repeated.get(name) ?? new Map<string, string>();
    repeated.set(name, values.set(value, attribute));
    repeatedCount += 1;
  }
  return attribute;
}

/** Names that were looked at; those of the sources, so they stay few. */
const openings = new Map<string, string>();
const beginnings = new Map<string, string>();

function openingOf(tag: string): string {
  const known = openings.get(tag);
  if (known !== undefined) return known;
  const opening = `<${checkedName(tag)}`;
  openings.set(tag, opening);
  return opening;
}

function beforeValue(name: string): string {
  const known = beginnings.get(name);
  if (known !== undefined) return known;
  const beginning = ` ${checkedName(name)}="`;
  beginnings.set(name, beginning);
  return beginning;
}

/** A name is never what somebody wrote; should it be, nothing may come of it. */
function checkedName(name: string): string {
  if (!/^[a-zA-Z][a-zA-Z0-9:-]{0,60}$/.test(name)) throw new TypeError('no name of an element or attribute');
  return name;
}

/** Elements that have no content and no end. */
const EMPTY: ReadonlySet<string> = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/** Attributes that are either there or not; `false` of any other is the word "false". */
const SWITCHES: ReadonlySet<string> = new Set(
  (
    'allowfullscreen async autofocus autoplay checked controls default defer disabled download formnovalidate hidden ' +
    'inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected'
  ).split(' '),
);

/** What the type checker knows of elements: Hono's list of them, with ours for what they become. */
export declare namespace JSX {
  type Element = Markup;
  type ElementType = string | ((props: never) => Child);
  interface ElementChildrenAttribute {
    children: Child;
  }
  interface IntrinsicElements extends HonoJsx.IntrinsicElements {
    /** SVG, which Hono's list does not have. */
    // oxlint-disable-next-line typescript/no-explicit-any -- attributes of every kind
    [tag: string]: Record<string, any>;
  }
}
