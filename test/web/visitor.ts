import { expect } from 'vitest';
import { addMember, sessionOf, type MemberOptions } from '../members.ts';
import { elementsOf, find, parse, wordsOf, type Element } from './markup.ts';
import type { Site } from './site.ts';

/** A request without what the browser adds to it. */
type Sent = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

type Value = string | Blob | null;

/** `true` ticks a box, `false` leaves the field out. */
type Typed = Record<string, boolean | Value | Value[]>;

/**
 * Somebody in front of a browser without script. They look at pages, follow links and press buttons by their words,
 * fill in forms by their fields; and whatever page they see is checked for what no page may have.
 */
export class Visitor {
  readonly #site: Site;
  readonly #cookies = new Map<string, string>();
  readonly #language: string;
  path = '/';
  status = 0;
  html = '';
  document: Element = parse('');
  /** Whether forms with files announce how long they are, as all browsers do. */
  saysLength = true;
  /** Null for a visitor without an account. */
  readonly accountId: number | null;

  constructor(site: Site, accountId: number | null, session: string | null, language: string) {
    this.#site = site;
    this.accountId = accountId;
    this.#language = language;
    if (session !== null) this.#cookies.set('__Host-session', session);
  }

  /** Everything that can be read on the page. */
  get words(): string {
    return wordsOf(this.document);
  }

  /** What stands in the middle column. */
  get main(): string {
    return find(this.document, ({ name }) => name === 'main')
      .map(wordsOf)
      .join(' ');
  }

  async visit(path: string): Promise<this> {
    return this.#go(path, { method: 'GET' });
  }

  /** Follows the link with these words. */
  async follow(words: string): Promise<this> {
    const link = find(this.document, (one) => one.name === 'a' && isCalled(one, words))[0];
    const href = link?.attributes.get('href');
    if (href === undefined) throw new Error(`no link "${words}" on ${this.path}: ${this.main.slice(0, 600)}`);
    return this.visit(href);
  }

  /** Presses the button with these words; `near` narrows it down to the smallest part of the page with that text. */
  async press(words: string, near?: string): Promise<this> {
    const button = this.#buttons(near).find((one) => isCalled(one, words));
    const form = button ? ancestor(button, 'form') : null;
    if (!button || !form)
      throw new Error(
        `no button "${words}" ${near ? `near "${near}" ` : ''}on ${this.path}: ${this.main.slice(0, 600)}`,
      );
    return this.#send(form, {}, button);
  }

  hasButton(words: string, near?: string): boolean {
    return this.#buttons(near).some((one) => isCalled(one, words));
  }

  /** Fills in the form (by its address, its `data-part` or its id) and sends it by its first button. */
  async submit(form: string, typed: Typed = {}): Promise<this> {
    return this.#send(this.form(form), typed, null);
  }

  form(name: string): Element {
    const forms = find(this.document, (one) => one.name === 'form');
    const found = forms.find(({ attributes }) =>
      ['action', 'data-part', 'id'].some((key) => attributes.get(key) === name),
    );
    if (!found) throw new Error(`no form "${name}" on ${this.path}: ${this.main.slice(0, 600)}`);
    return found;
  }

  /** What stands in the fields of a form now. */
  fields(form: string): Record<string, string[]> {
    return Object.fromEntries(fieldsOf(this.form(form)));
  }

  /** What the forms of this page prove themselves with, for requests that no form sends. */
  get token(): string {
    const field = find(this.document, (one) => one.attributes.get('name') === '_csrf')[0];
    return field?.attributes.get('value') ?? '';
  }

  /** A request as it leaves the browser, without looking at what comes back. */
  async send(path: string, init: Sent): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'accept-language': this.#language, ...(cookie ? { cookie } : {}), ...init.headers };
    const response = await this.#site.app.request(this.#site.deps.site.origin + path, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #buttons(near: string | undefined): Element[] {
    const buttons = find(this.document, (one) => one.name === 'button');
    if (near === undefined) return buttons;
    const part = find(
      this.document,
      (one) => wordsOf(one).includes(near) && find(one, (inner) => inner.name === 'button').length > 0,
    );
    const smallest = part.at(-1);
    return smallest ? find(smallest, (one) => one.name === 'button') : [];
  }

  async #send(form: Element, typed: Typed, button: Element | null): Promise<this> {
    const fields: Map<string, Value[]> = fieldsOf(form);
    for (const [name, value] of Object.entries(typed)) {
      if (!find(form, (one) => one.attributes.get('name') === name).length)
        throw new Error(`the form has no field ${name}`);
      if (value === false) fields.delete(name);
      else fields.set(name, value === true ? ['on'] : Array.isArray(value) ? value : [value]);
    }
    const name = button?.attributes.get('name');
    if (name) fields.set(name, [button?.attributes.get('value') ?? '']);
    const action = button?.attributes.get('formaction') ?? form.attributes.get('action') ?? this.path;
    if (form.attributes.get('method') !== 'post') {
      return this.visit(`${action}?${urlencoded(fields).toString()}`);
    }
    const { origin } = this.#site.deps.site;
    const headers = { origin, 'sec-fetch-site': 'same-origin', referer: origin + this.path };
    if (form.attributes.get('enctype') !== 'multipart/form-data') {
      return this.#go(action, { method: 'POST', body: urlencoded(fields), headers });
    }
    const whole = new Response(multipart(form, fields));
    const body = await whole.arrayBuffer();
    const type = whole.headers.get('content-type') ?? '';
    const length = this.saysLength ? { 'content-length': String(body.byteLength) } : undefined;
    return this.#go(action, { method: 'POST', body, headers: { ...headers, 'content-type': type, ...length } });
  }

  async #go(path: string, init: Sent): Promise<this> {
    let response = await this.send(path, init);
    let at = path;
    for (let hop = 0; response.headers.has('location') && hop < 5; hop += 1) {
      at = response.headers.get('location') as string;
      if (!/^\/(?![/\\])/.test(at)) throw new Error(`${path} leads away to ${at}`);
      response = await this.send(at.replace(/#.*$/, ''), { method: 'GET' });
    }
    this.path = at;
    this.status = response.status;
    this.html = await response.text();
    this.document = parse(this.html);
    expectCleanPage(this);
    return this;
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** A local person in front of a browser in which they are logged in. */
export async function enter(site: Site, handle: string, options: MemberOptions = {}): Promise<Visitor> {
  const accountId = await addMember(site.world, handle, options);
  return new Visitor(site, accountId, await sessionOf(site.world, accountId), options.locale ?? 'en');
}

export function stranger(site: Site, language = 'en'): Visitor {
  return new Visitor(site, null, null, language);
}

/** No page has script or style of its own, a word that is not one, or an id twice. */
function expectCleanPage({ document, path, status }: Visitor): void {
  const elements = [...elementsOf(document)];
  const active = elements.filter(
    ({ name, attributes, children }) =>
      name === 'style' ||
      (name === 'script' && (!attributes.get('src')?.startsWith('/assets/') || children.length > 0)) ||
      attributes.has('style') ||
      [...attributes.keys()].some((key) => key.startsWith('on')) ||
      ['href', 'src', 'action', 'formaction'].some((key) =>
        /^\s*(?:javascript|data|vbscript):/i.test(attributes.get(key) ?? ''),
      ),
  );
  expect(
    active.map(({ name }) => name),
    `${path} has active content`,
  ).toEqual([]);
  const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
  expect(
    ids.filter((id, at) => ids.indexOf(id) !== at),
    `${path} has an id twice`,
  ).toEqual([]);
  const untranslated = wordsOf(document).match(
    /\{[a-z]\w*\}|\b(?:error|nav|post|composer|profile|relation|search|messages)\.[a-z-]+\b|\[object \w+\]|\bundefined\b/,
  );
  expect(untranslated, `${path} says what is no word`).toBeNull();
  expect(status, `${path} failed`).toBeLessThan(500);
}

/** A button may have a count behind its words. */
function isCalled(element: Element, words: string): boolean {
  const name = wordsOf(element) || (element.attributes.get('aria-label') ?? '');
  return name === words || name.replace(/ [\d,.]+$/, '') === words;
}

function ancestor(element: Element, name: string): Element | null {
  for (let one = element.parent; one; one = one.parent) if (one.name === name) return one;
  return null;
}

function fieldsOf(form: Element): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  const add = (name: string, value: string) => fields.set(name, [...(fields.get(name) ?? []), value]);
  for (const field of elementsOf(form)) {
    const { attributes } = field;
    const name = attributes.get('name');
    if (!name || attributes.has('disabled')) continue;
    const type = attributes.get('type');
    if (field.name === 'textarea')
      add(
        name,
        field.children
          .filter((child) => typeof child === 'string')
          .join('')
          .replace(/^\n/, ''),
      );
    if (field.name === 'select') add(name, chosenOf(field));
    if (field.name !== 'input' || type === 'file') continue;
    if (type === 'checkbox' || type === 'radio') {
      if (attributes.has('checked')) add(name, attributes.get('value') ?? 'on');
    } else add(name, attributes.get('value') ?? '');
  }
  return fields;
}

function chosenOf(select: Element): string {
  const options = find(select, (one) => one.name === 'option');
  const chosen = options.find(({ attributes }) => attributes.has('selected')) ?? options[0];
  return chosen?.attributes.get('value') ?? '';
}

function urlencoded(fields: ReadonlyMap<string, readonly Value[]>): URLSearchParams {
  const texts = [...fields].flatMap(([name, values]) => values.map((value) => [name, textOf(value)]));
  return new URLSearchParams(texts);
}

/** In the order of the form, as browsers send it: files among the texts, fields without a file as empty ones. */
function multipart(form: Element, fields: ReadonlyMap<string, readonly Value[]>): FormData {
  const body = new FormData();
  const sent = new Map<string, number>();
  for (const { name: tag, attributes } of elementsOf(form)) {
    const name = attributes.get('name');
    if (!name || !['input', 'textarea', 'select'].includes(tag)) continue;
    const values = fields.get(name) ?? [];
    const isChoice = ['checkbox', 'radio'].includes(attributes.get('type') ?? '');
    const at = sent.get(name) ?? 0;
    if (attributes.get('type') === 'file') {
      const file = values[at] ?? null;
      body.append(name, file instanceof Blob ? file : new Blob([]), file instanceof Blob ? 'picture.png' : '');
    } else if (isChoice) {
      if (values.includes(attributes.get('value') ?? 'on')) body.append(name, attributes.get('value') ?? 'on');
    } else body.append(name, textOf(values[at]));
    sent.set(name, at + 1);
  }
  return body;
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
