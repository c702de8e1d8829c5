import { LRUCache } from 'lru-cache';
import { flat, raw, type Markup } from '#web/jsx/html.ts';

const KEPT_MAX = 5000;
const kept = new LRUCache<string, Markup>({ max: KEPT_MAX });

/**
 * What stands on every page word for word, drawn once: a page of posts has hundreds of the same dozen icons and labels.
 * The key names what it is and everything that it shows, so that whoever is shown it would be shown the same: no token of
 * a form, nothing that depends on who looks.
 */
export function keep(key: string, draw: () => Markup): Markup {
  let markup = kept.get(key);
  if (markup === undefined) {
    markup = raw(flat(draw().toString()));
    kept.set(key, markup);
  }
  return markup;
}
