import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlOf, plainText, sanitize } from '#federation/translate/sanitize.ts';
import { cpuMs } from '../cpu-time.ts';

const REL = 'rel="nofollow noopener noreferrer ugc"';

describe('what peers write is kept', () => {
  const kept: [string, string, string][] = [
    [
      "Mastodon's mention",
      '<p><span class="h-card" translate="no"><a href="https://a.example/@ann" class="u-url mention">@<span>ann</span></a></span> hi</p>',
      `<p><span class="h-card"><a href="https://a.example/@ann" ${REL} class="u-url mention">@<span>ann</span></a></span> hi</p>`,
    ],
    [
      "Mastodon's shortened link",
      '<a href="https://a.example/long/way" target="_blank" rel="me"><span class="invisible">https://</span><span class="ellipsis">a.example/long</span></a>',
      `<a href="https://a.example/long/way" ${REL}><span class="invisible">https://</span><span class="ellipsis">a.example/long</span></a>`,
    ],
    [
      'marks of text',
      '<b>a</b> <i>b</i> <strike>c</strike> <u>d</u>',
      '<strong>a</strong> <em>b</em> <s>c</s> <u>d</u>',
    ],
    [
      'lists and code',
      '<ul><li>a</li></ul><pre><code>b &lt; c</code></pre>',
      '<ul><li>a</li></ul><pre><code>b &lt; c</code></pre>',
    ],
    ['headings as bold paragraphs', '<h2>Minutes</h2>text', '<p><strong>Minutes</strong></p>text'],
    ['lines of containers', '<div>one</div><div>two</div><p>three</p>', 'one<br />two<p>three</p>'],
    ['a table as lines', '<table><tr><td>one</td></tr><tr><td>two</td></tr></table>', 'one<br />two'],
    ['words of unknown tags', '<bdi>@<marquee>ann</marquee></bdi>', '@ann'],
    ['right-to-left marks', '<p>\u202eabc\u202c \u200fd</p>', '<p>\u202eabc\u202c \u200fd</p>'],
    ['mail addresses', '<a href="mailto:a@b.example">mail</a>', `<a href="mailto:a@b.example" ${REL}>mail</a>`],
  ];
  test.each(kept)('%s', (_, html, expected) => {
    expect(sanitize(html)).toBe(expected);
  });
});

describe('what attacks is gone', () => {
  const attacks: [string, string][] = [
    ['<script>alert(1)</script>a', 'a'],
    ['<SCRIPT SRC=//evil.example/x.js></SCRIPT>a', 'a'],
    ['<img src=x onerror=alert(1)>a', 'a'],
    ['<a href="javascript:alert(1)">a</a>', '<span>a</span>'],
    ['<a href=" java\tscript:alert(1)">a</a>', '<span>a</span>'],
    ['<a href="&#106;avascript:alert(1)">a</a>', '<span>a</span>'],
    ['<a href="data:text/html,<script>alert(1)</script>">a</a>', '<span>a</span>'],
    ['<a href="vbscript:x">a</a>', '<span>a</span>'],
    ['<a href="/settings/delete">a</a>', '<span>a</span>'],
    ['<a href="//evil.example">a</a>', '<span>a</span>'],
    ['<a href="https://bank.example@evil.example/">a</a>', `<a href="https://evil.example/" ${REL}>a</a>`],
    [
      '<a href="https://a.example" onclick="alert(1)" style="color:red" id="x">a</a>',
      `<a href="https://a.example/" ${REL}>a</a>`,
    ],
    ['<svg onload=alert(1)>b</svg>a', 'a'],
    ['<svg><a xlink:href="javascript:alert(1)">b</a></svg>a', 'a'],
    ['<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>a', 'a'],
    ['<style>*{display:none}</style>a', 'a'],
    ['<p style="position:fixed;inset:0">a</p>', '<p>a</p>'],
    ['<p class="composer button" id="main">a</p>', '<p>a</p>'],
    ['<span class="post-menu mention">a</span>', '<span class="mention">a</span>'],
    ['<span class="invisible">hidden</span>', '<span>hidden</span>'],
    ['<iframe src="https://evil.example">b</iframe>a', 'a'],
    ['<iframe srcdoc="<script>alert(1)</script>"></iframe>a', 'a'],
    ['<form action="https://evil.example"><input name=p><button>go</button></form>a', 'a'],
    ['<base href="https://evil.example/">a', 'a'],
    ['<meta http-equiv="refresh" content="0;url=https://evil.example">a', 'a'],
    ['<link rel=stylesheet href=//evil.example>a', 'a'],
    ['<object data="x.swf">b</object><embed src=x>a', 'a'],
    ['<video src=x onerror=alert(1)>b</video>a', 'a'],
    ['<template><script>alert(1)</script></template>a', 'a'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>', ''],
    ['<textarea><img src=x onerror=alert(1)></textarea>a', 'a'],
    ['<xmp><script>alert(1)</script></xmp>a', 'a'],
    ['<!-- <script>alert(1)</script> -->a', 'a'],
    ['<!--><script>alert(1)</script>-->a', '--&gt;a'],
    ['<p data-part="post" aria-hidden="true" hidden>a</p>', '<p>a</p>'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['<p>a</p\u0000><scr\u0000ipt>alert(1)</script>', '<p>a</p>'],
  ];
  test.each(attacks)('%s', (html, expected) => {
    expect(sanitize(html)).toBe(expected);
  });
});

describe('whatever comes', () => {
  const allowed =
    /^<(?:\/(?:p|a|span|em|strong|del|s|u|blockquote|ul|ol|li|pre|code)|br \/|(?:p|em|strong|del|s|u|blockquote|ul|ol|li|pre|code)|span(?: class="[a-z -]+")?|a href="(?:https?|mailto|xmpp|matrix|gemini):[^"<>]*" rel="nofollow noopener noreferrer ugc"(?: class="[a-z -]+")?)>$/;
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '</',
    '<p',
    '<p>',
    '</p>',
    '<a href="',
    '<a href=https://a.example>',
    '</a>',
    '<svg>',
    '</svg>',
    '<math>',
    '<style>',
    '</style>',
    '<script>',
    '</script>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<div>',
    '</div>',
    '<h1>',
    '</h1>',
    ' onerror=x',
    'javascript:',
    ' class="invisible"',
    '&lt;',
    '&#x3c;',
    '&amp;',
    '\u0000',
    '\ud800',
    'é',
    'text',
    ' ',
    '<span class="',
    'mention',
    '<noscript>',
    '</noscript>',
    '<textarea>',
    '<br>',
    '<img alt="',
    '<table>',
    '<td>',
    '<li>',
  );

  test('only the tags and attributes of the list are left, and they are well-formed', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const clean = sanitize(parts.join(''));
        const tags = clean.match(/<[^>]*>/g) ?? [];
        expect(tags.filter((tag) => !allowed.test(tag))).toEqual([]);
        expect(clean.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
        expect(unbalanced(tags)).toEqual([]);
      }),
      { seed: 62, numRuns: 3000 },
    );
  });

  test('cleaning twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const clean = sanitize(parts.join(''));
        expect(sanitize(clean)).toBe(clean);
      }),
      { seed: 63, numRuns: 1000 },
    );
  });

  test.each([
    ['deep nesting', '<b>'.repeat(30_000)],
    ['deep quotations', '<blockquote>'.repeat(8000) + 'a'],
    ['closing tags that close nothing', `${'<b>'.repeat(16_000)}${'</i>'.repeat(12_000)}`],
    ['one endless tag', `<p ${'a=b '.repeat(25_000)}>`],
    ['open angles', '<'.repeat(100_000)],
    ['open comments', '<!--'.repeat(25_000)],
    ['ampersands', '&'.repeat(100_000)],
    ['half links', '<a href="http://'.repeat(6000)],
    ['addresses without end', `http://a.example/${'.'.repeat(90_000)}`],
    ['a megabyte', '<p>text</p>'.repeat(100_000)],
  ])('%s are bounded in time and size', (_, html) => {
    const start = cpuMs();
    const clean = htmlOf(html);
    expect(cpuMs() - start).toBeLessThan(3000);
    expect(clean.length).toBeLessThanOrEqual(800_000);
    expect(deepest(clean)).toBeLessThanOrEqual(45);
  });
});

describe('plain text', () => {
  test.each([
    ['<p>one</p><p>two<br>three</p>', 'one\n\ntwo\nthree'],
    ['<ul><li>a</li><li>b</li></ul>', 'a\nb'],
    ['Tom &amp; Jerry &lt;3 &quot;x&quot; &hearts;', 'Tom & Jerry <3 "x" ♥'],
    ['<script>x</script>', ''],
  ])('%s', (html, expected) => {
    expect(plainText(html)).toBe(expected);
  });
});

describe('text without markup', () => {
  test('keeps its lines and gets its links', () => {
    expect(htmlOf('one\r\ntwo\n\nsee https://a.example/x, please')).toBe(
      `<p>one<br />two</p><p>see <a href="https://a.example/x" ${REL}>https://a.example/x</a>, please</p>`,
    );
  });

  test('is escaped', () => {
    expect(htmlOf('I <3 you & 1 < 2 "')).toBe('<p>I &lt;3 you &amp; 1 &lt; 2 "</p>');
  });
});

/** Names of tags that do not close in the order they open. */
function unbalanced(tags: string[]): string[] {
  const open: string[] = [];
  for (const tag of tags) {
    const name = /^<\/?([a-z]+)/.exec(tag)?.[1] ?? '';
    if (name === 'br') continue;
    if (!tag.startsWith('</')) open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return open;
}

function deepest(html: string): number {
  let depth = 0;
  let max = 0;
  for (const tag of html.match(/<\/?[a-z]+/g) ?? []) {
    if (tag === '<br') continue;
    depth += tag.startsWith('</') ? -1 : 1;
    max = Math.max(max, depth);
  }
  return max;
}
