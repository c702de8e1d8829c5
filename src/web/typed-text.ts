/** A text as a form brings it. Nobody types a NUL, and PostgreSQL keeps no text with one. */
export function typedText(sent: string): string {
  return sent.replaceAll('\0', '');
}
