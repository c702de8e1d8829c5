import type { Hono } from 'hono';
import type { WebEnv } from '#web/web.ts';

export interface Page {
  status: number;
  text: string;
  headers: Headers;
  /** Where it redirects to: path and query. */
  location: string | null;
  /** The words of the page, without its markup. */
  words: string;
}

/** A browser without JavaScript: keeps cookies, sends forms as they stand on the page, follows redirects when told. */
export class Browser {
  readonly jar = new Map<string, string>();
  page: Page | null = null;
  readonly #app: Pick<Hono<WebEnv>, 'request'>;
  readonly #origin: string;
  readonly #language: string;
  readonly #address: string;

  constructor(
    app: Pick<Hono<WebEnv>, 'request'>,
    origin: string,
    options: { language?: string; address?: string } = {},
  ) {
    this.#app = app;
    this.#origin = origin;
    this.#language = options.language ?? 'en';
    this.#address = options.address ?? '192.0.2.1';
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.send(path, { headers });
  }

  /** Sends the form with this action from the present page, with what is typed over what stands there. */
  async submit(
    action: string,
    typed: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Page> {
    const form = this.form(action);
    const body = new URLSearchParams({ ...form, ...typed });
    return this.send(action, {
      method: 'POST',
      body,
      headers: { origin: this.#origin, 'sec-fetch-site': 'same-origin', ...headers },
    });
  }

  /** The same for a form with files. */
  async upload(action: string, typed: Record<string, string | Blob>): Promise<Page> {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...this.form(action), ...typed })) body.append(name, value);
    return this.send(action, {
      method: 'POST',
      body,
      headers: { origin: this.#origin, 'sec-fetch-site': 'same-origin' },
    });
  }

  async follow(): Promise<Page> {
    const location = this.page?.location;
    if (!location) throw new Error(`no redirect, but ${this.page?.status}: ${this.page?.words.slice(0, 500)}`);
    return this.get(location);
  }

  /** The fields of a form as they stand on the page. */
  form(action: string): Record<string, string> {
    const text = this.page?.text ?? '';
    const forms = [...text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)];
    const found = forms.find(([, attributes = '']) => attributes.includes(`action="${action}"`));
    if (!found) throw new Error(`no form ${action} on the page: ${this.page?.words.slice(0, 500)}`);
    return fieldsOf(found[2] ?? '');
  }

  async send(path: string, init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }): Promise<Page> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'accept-language': this.#language, ...(cookie ? { cookie } : {}), ...init.headers };
    const env = { incoming: { socket: { remoteAddress: this.#address } } };
    const response = await this.#app.request(this.#origin + path, { ...init, headers }, env);
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const location = response.headers.get('location');
    this.page = { status: response.status, text, headers: response.headers, location, words: wordsOf(text) };
    return this.page;
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0/i.test(line)) this.jar.delete(name);
    else this.jar.set(name, value);
  }
}

function fieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, attributes = ''] of html.matchAll(/<input\b([^>]*)>/g)) {
    const attribute = (name: string) => unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    const isChoice = /type="(?:checkbox|radio)"/.test(attributes);
    if (isChoice && !/\schecked(?:=|\s|$|\/)/.test(attributes)) continue;
    if (/type="file"/.test(attributes)) continue;
    if (attribute('name')) fields[attribute('name')] = attribute('value') || (isChoice ? 'on' : '');
  }
  for (const [, name = '', text = ''] of html.matchAll(
    /<textarea\b[^>]*\sname="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g,
  )) {
    fields[name] = unescape(text);
  }
  for (const [, name = '', options = ''] of html.matchAll(
    /<select\b[^>]*\sname="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    const values = [...options.matchAll(/<option\b([^>]*)>/g)].map(([, attributes = '']) => attributes);
    const chosen = values.find((attributes) => /\sselected/.test(attributes)) ?? values[0] ?? '';
    fields[name] = unescape(/value="([^"]*)"/.exec(chosen)?.[1] ?? '');
  }
  return fields;
}

function wordsOf(html: string): string {
  return unescape(html.replaceAll(/<(?:style|script|svg)[\s\S]*?<\/(?:style|script|svg)>|<[^>]*>/g, ' ')).replaceAll(
    /\s+/g,
    ' ',
  );
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
