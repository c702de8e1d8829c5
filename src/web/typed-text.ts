/** Spaces, marks that only join or turn what stands beside them, and letters that are drawn as nothing. */
const INVISIBLE = /^[\s\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

/**
 * A text as a form brings it. Nobody types a NUL, and PostgreSQL keeps no text with one. One in which nothing can be seen
 * counts as none: it would pass for a name or a post, with nothing to read or to press.
 */
export function typedText(sent: string): string {
  const text = sent.replaceAll('\0', '');
  return INVISIBLE.test(text) ? '' : text;
}
