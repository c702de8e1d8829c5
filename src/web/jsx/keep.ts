import { LRUCache } from 'lru-cache';
import { atMost } from '#kernel/lru-bound.ts';
import { flat, Html, Piece, raw, type Markup } from '#web/jsx/html.ts';
import type { LocaleContext } from '#web/view-context.ts';

const KEPT_MAX = 5000;
const kept = new LRUCache<string, Markup>(atMost(KEPT_MAX));

/**
 * What stands on every page word for word, drawn once: a page of posts has hundreds of the same dozen icons and labels.
 * The key names what it is and everything that it shows, so that whoever is shown it would be shown the same: no token of
 * a form, nothing that depends on who looks.
 */
export function keep(key: string, draw: () => Markup): Markup {
  let markup = kept.get(key);
  if (markup === undefined) {
    markup = pieceOf(draw());
    kept.set(key, markup);
  }
  return markup;
}

/** Shorter ones are copied with the text around them: each piece costs a call. */
const PIECE_LEAST = 256;

function pieceOf(markup: Markup): Markup {
  const text = markup.toString();
  return text.length < PIECE_LEAST ? raw(flat(text)) : (Html.of(new Piece(text)) as unknown as Markup);
}

/** What markup that is kept may be drawn from: plain values, which name it as well. */
type Plain<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends (...parameters: never[]) => unknown
    ? never
    : { readonly [Key in keyof Value]: Plain<Value[Key]> };

/** Of each component: the rows of actions of about five hundred posts. */
const DRAWN_BYTES_MAX = 2_000_000;
/** One that is longer is drawn each time. */
const ONE_DRAWN_BYTES_MAX = 20_000;

/**
 * A component that is drawn once for the same props and then shown again: a post that many people read, or one person
 * again and again. It is given its props and what is the same for all who read in a language, and nothing else, so that
 * there is nothing that it could show of another reader: pass on what it needs of the viewer, never `ctx` or a token.
 */
export function keepDrawn<Facts extends object>(
  draw: Facts extends Plain<Facts> ? (props: Facts & { ctx: LocaleContext }) => Markup : never,
): (props: Facts & { ctx: LocaleContext }) => Markup {
  const drawn = new LRUCache<string, Markup>({
    maxSize: DRAWN_BYTES_MAX,
    maxEntrySize: ONE_DRAWN_BYTES_MAX,
    sizeCalculation: (markup, key) => markup.toString().length + key.length,
  });
  return ({ ctx, ...facts }) => {
    const key = ctx.locale + JSON.stringify(facts);
    let markup = drawn.get(key);
    if (markup === undefined) {
      const { t, locale, assets } = ctx;
      markup = pieceOf(draw({ ...(facts as unknown as Facts), ctx: { t, locale, assets } }));
      drawn.set(key, markup);
    }
    return markup;
  };
}
