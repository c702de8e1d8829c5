const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * True when a text of JSON holds at most about `max` values. A megabyte has room for half a million, of which each
 * costs JSON-LD some twenty microseconds; no honest document has more than some thousand. Parses nothing.
 */
export function jsonValuesWithin(text: string, max: number): boolean {
  if (text.length <= max) return true;
  let commas = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) {
      quoted = true;
    } else if (code === COMMA) {
      commas += 1;
      if (commas >= max) return false;
    }
  }
  return true;
}
