const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LIST_OPENS = 0x5b;
const LIST_CLOSES = 0x5d;
const OBJECT_OPENS = 0x7b;
const OBJECT_CLOSES = 0x7d;

/**
 * True when no value lies deeper than `max` objects and arrays. Reads the text and parses nothing, since both
 * `JSON.parse` of a hostile text and the recursion of JSON-LD behind it end in an overflowing stack.
 */
export function jsonDepthWithin(text: string, max: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) {
      quoted = true;
    } else if (code === LIST_OPENS || code === OBJECT_OPENS) {
      depth += 1;
      if (depth > max) return false;
    } else if (code === LIST_CLOSES || code === OBJECT_CLOSES) {
      depth -= 1;
    }
  }
  return true;
}
