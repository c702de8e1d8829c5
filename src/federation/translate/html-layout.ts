/** Blocks that we keep: a line never needs breaking next to them. */
const BLOCKS = new Set(['p', 'blockquote', 'ul', 'ol', 'li', 'pre']);

/** Kept within a line. */
const INLINE = new Set(['a', 'span', 'em', 'strong', 'del', 's', 'u', 'code', 'br']);

/**
 * Second step of the sanitiser, over its well-formed output: headings become bold paragraphs, other containers break
 * the line where words would run together, empty paragraphs go, and what hides words (`invisible`, `ellipsis`) is honoured only inside
 * links, where Mastodon shortens addresses with it.
 */
export function layOut(html: string): string {
  let out = '';
  let linkDepth = 0;
  // A line has begun; a container's edge came after it.
  let inLine = false;
  let breakDue = false;
  for (const [token, name] of tokensOf(html)) {
    const closing = token.startsWith('</');
    if (name === null || INLINE.has(name)) {
      const shows = name === null ? token.trim() !== '' : !closing;
      if (shows && breakDue) out += '<br />';
      if (shows) [inLine, breakDue] = [name !== 'br', false];
      if (name === 'a') linkDepth += closing ? -1 : 1;
      out += name === 'span' && linkDepth === 0 ? withoutHiding(token) : token;
    } else if (BLOCKS.has(name)) {
      [inLine, breakDue] = [false, false];
      out += token;
    } else if (/^h[1-6]$/.test(name)) {
      [inLine, breakDue] = [false, false];
      out += closing ? '</strong></p>' : '<p><strong>';
    } else {
      breakDue = inLine;
    }
  }
  return out.replace(/<p>\s*<\/p>/g, '');
}

/** Tags with their names, and the text between them with null. */
function* tokensOf(html: string): Generator<[string, string | null]> {
  for (const match of html.matchAll(/<\/?([a-z][a-z0-9]*)(?:"[^"]*"|[^">])*>|[^<]+/g)) {
    yield [match[0], match[1] ?? null];
  }
}

function withoutHiding(tag: string): string {
  return tag.replace(/ class="([^"]*)"/, (_, classes: string) => {
    const kept = classes.split(' ').filter((one) => one !== 'invisible' && one !== 'ellipsis');
    return kept.length > 0 ? ` class="${kept.join(' ')}"` : '';
  });
}
