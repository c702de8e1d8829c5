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
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = closingQuote(text, index);
    } else if (code === LIST_OPENS || code === OBJECT_OPENS) {
      depth += 1;
      if (depth > max) return false;
    } else if (code === LIST_CLOSES || code === OBJECT_CLOSES) {
      depth -= 1;
    }
  }
  return true;
}

/** Where the string ends that begins at `opening`; the end of the text, where it does not. */
function closingQuote(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}
