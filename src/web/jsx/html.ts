/** Markup that is kept (see `keep.ts`), as the bytes that are sent. */
export class Piece {
  readonly bytes: Buffer;

  constructor(text: string) {
    this.bytes = Buffer.from(text);
  }

  toString(): string {
    return this.bytes.toString();
  }
}

/**
 * HTML that is ready to be shown. Only `raw` and elements make it; everything else that is rendered is escaped.
 *
 * It grows at its end until it is part of something else. What is kept stays in pieces of its own and is copied once,
 * when the whole is sent: a page is mostly that, and putting it together as one text costs more than drawing the rest.
 */
export class Html {
  /** What comes before `#end`; most elements have nothing there. */
  #before: (string | Piece)[] | null = null;
  #end: string;

  constructor(text: string) {
    this.#end = text;
  }

  static of(piece: Piece): Html {
    const html = new Html('');
    html.#before = [piece];
    return html;
  }

  write(text: string): void {
    this.#end += text;
  }

  append(html: Html): void {
    if (html.#before === null) {
      this.#end += html.#end;
      return;
    }
    this.#before ??= [];
    if (this.#end !== '') this.#before.push(this.#end);
    for (const part of html.#before) this.#before.push(part);
    this.#end = html.#end;
  }

  toString(): string {
    if (this.#before === null) return this.#end;
    let text = '';
    for (const part of this.#before) text += part.toString();
    return text + this.#end;
  }

  /** As UTF-8. */
  toBytes(): Uint8Array {
    const parts = [...(this.#before ?? []), this.#end];
    // As large as it has to be: what stands outside the heap counts towards the next collection.
    const size = parts.reduce(
      (sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : part.bytes.length),
      0,
    );
    const bytes = Buffer.allocUnsafe(size);
    let length = 0;
    for (const part of parts) {
      if (typeof part === 'string') {
        length += bytes.write(part, length);
      } else {
        bytes.set(part.bytes, length);
        length += part.bytes.length;
      }
    }
    return bytes;
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
