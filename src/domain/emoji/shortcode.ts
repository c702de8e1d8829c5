import { conflict, invalid } from '#kernel/errors.ts';
import type { Unit } from '#db/unit.ts';
import { limits } from '#kernel/limits.ts';

/** The shortcodes that stand in the texts, without their colons, each once; whether there is such an emoji or not. */
export function shortcodesIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/:(\w{1,100}):/g)].map(([, name = '']) => name)))];
}

/**
 * A shortcode as everyone can type it. It needs a letter, for `12:30:45` is a time.
 * @throws invalid, and conflict for one that another emoji has, in whatever case.
 */
export async function freeShortcode(unit: Unit, typed: string): Promise<string> {
  const shortcode = typed.trim().replaceAll(/^:|:$/g, '');
  const isShortcode = /^\w{2,}$/.test(shortcode) && /[a-z]/i.test(shortcode);
  if (!isShortcode || shortcode.length > limits.shortcodeCharacters) {
    throw invalid('shortcode-odd', 'shortcode', { max: limits.shortcodeCharacters });
  }
  const taken = await unit.tx.hot(
    'select 1 as taken from custom_emoji where lower(shortcode) = $1',
    shortcode.toLowerCase(),
  );
  if (taken.length > 0) throw conflict('shortcode-taken', 'shortcode');
  return shortcode;
}
