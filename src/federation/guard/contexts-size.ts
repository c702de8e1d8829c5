import { isObject } from '#federation/guard/speaker.ts';

const ENTRIES_MAX = 50;
const CHARACTERS_MAX = 30_000;

/**
 * Why the contexts of a document would cost too much to read, or null. JSON-LD reads each of them with all terms of
 * those before it, so thousands of small ones take minutes; no peer has more than a handful.
 */
export function contextsFault(json: unknown): string | null {
  let entries = 0;
  let characters = 0;
  const waiting: unknown[] = [json];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (!isObject(value)) {
      if (Array.isArray(value)) waiting.push(...(value as unknown[]).filter((one) => typeof one === 'object'));
      continue;
    }
    for (const [key, part] of Object.entries(value)) {
      if (key === '@context') {
        entries += [part].flat().length;
        characters += JSON.stringify(part)?.length ?? 0;
        if (entries > ENTRIES_MAX || characters > CHARACTERS_MAX) return 'too many contexts';
      } else if (typeof part === 'object' && part !== null) waiting.push(part);
    }
  }
  return null;
}
