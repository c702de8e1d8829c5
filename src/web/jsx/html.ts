/** HTML that is ready to be shown. Only `raw` and elements make it; everything else that is rendered is escaped. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** For the type checker and Hono's `c.html` an element is a string; to the renderer it is an `Html`. */
export type Markup = string & { readonly isEscaped: true };

/** What stands between tags. Lists are flattened, booleans and null are nothing. */
export type Child = string | number | boolean | null | undefined | readonly Child[];

/** Marks HTML as ready to be shown: it must have been sanitised, or be ours. */
export function raw(html: string): Markup {
  return new Html(html) as unknown as Markup;
}

const SPECIAL = /[&<>"']/g;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text in HTML and for attribute values in double or single quotes. */
export function escapeHtml(text: string): string {
  // Most of what is escaped has nothing to escape.
  return text.search(SPECIAL) === -1 ? text : text.replace(SPECIAL, (character) => ENTITIES[character] ?? '');
}

/**
 * The same text in one piece. The engine keeps what was put together as a tree of its parts, and walks it each time it
 * is written; for what is kept and written often that is done once.
 */
export function flat(text: string): string {
  void Number(text);
  return text;
}
