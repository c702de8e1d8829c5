import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '#web/markdown.ts';
import { cpuMs } from '../cpu-time.ts';
import { tagsOf } from './html-structure.ts';

const ALLOWED = new Set('h2 h3 h4 h5 h6 p ul ol li a em strong code pre blockquote hr br'.split(' '));

describe('Markdown', () => {
  test.each([
    ['# Terms\n\n## Who', '<h2>Terms</h2><h3>Who</h3>'],
    ['# A # b ##\n# #\n# C#', '<h2>A # b</h2><h2></h2><h2>C#</h2>'],
    ['#none', '<p>#none</p>'],
    ['### Only\n##### Two', '<h2>Only</h2><h3>Two</h3>'],
    ['one\ntwo  \nthree\\\nfour', '<p>one\ntwo<br>three<br>four</p>'],
    ['a\n\nb', '<p>a</p><p>b</p>'],
    ['- a\n- b\n  c\n\nd', '<ul><li>a</li><li>b\nc</li></ul><p>d</p>'],
    ['- a\n\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
    ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
    ['3) a', '<ol start="3"><li>a</li></ol>'],
    ['- a\n  - b\n  - c\n- d', '<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>'],
    ['text\n- a', '<p>text</p><ul><li>a</li></ul>'],
    ['It was in\n1986. A year.', '<p>It was in\n1986. A year.</p>'],
    ['> a\n> b\n\nc', '<blockquote><p>a\nb</p></blockquote><p>c</p>'],
    ['```\n<b>\n```\n\nx', '<pre><code>&lt;b&gt;</code></pre><p>x</p>'],
    ['```\nnever closed', '<pre><code>never closed</code></pre>'],
    ['---', '<hr>'],
    ['**a *b* c**', '<p><strong>a <em>b</em> c</strong></p>'],
    ['__a__ and _b_, not snake_case_name', '<p><strong>a</strong> and <em>b</em>, not snake_case_name</p>'],
    ['2 * 3 * 4 and 5*', '<p>2 * 3 * 4 and 5*</p>'],
    ['`a **b** <c>`', '<p><code>a **b** &lt;c&gt;</code></p>'],
    ['\\*a\\* \\[b\\](c)', '<p>*a* [b](c)</p>'],
    ['[rules](/rules)', '<p><a href="/rules">rules</a></p>'],
    [
      '[a *b*](https://x.test/?a=1&b)',
      '<p><a href="https://x.test/?a=1&amp;b" rel="noopener noreferrer">a <em>b</em></a></p>',
    ],
    ['<https://x.test>', '<p><a href="https://x.test/" rel="noopener noreferrer">https://x.test</a></p>'],
    ['see https://x.test/a.', '<p>see <a href="https://x.test/a" rel="noopener noreferrer">https://x.test/a</a>.</p>'],
    ['ana@x.test', '<p><a href="mailto:ana@x.test" rel="noopener noreferrer">ana@x.test</a></p>'],
    ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
    ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
    ['[x](//evil.test)', '<p>[x](//evil.test)</p>'],
    ['[x](data:text/html,a)', '<p>[x](data:text/html,a)</p>'],
    ['', ''],
    ['  \n\n ', ''],
  ])('%j', (text, html) => {
    expect(withoutBreaks(renderMarkdown(text))).toBe(html);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        '*',
        '**',
        '_',
        '__',
        '`',
        '```',
        '[',
        '](',
        ')',
        '<',
        '>',
        '"',
        "'",
        '&',
        '\\',
        '\n',
        '\n\n',
        '# ',
        '- ',
        '1. ',
      ],
      ...[
        '> ',
        '  ',
        '    ',
        '---',
        '<a href=',
        'javascript:alert(1)',
        'https://x.test/',
        '//e.test',
        '\u0000',
        '<!--',
      ],
    ),
    fc.string({ maxLength: 8 }),
  );

  test('makes nothing but what it may, whatever is written', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const html = renderMarkdown(pieces.join(''));
        for (const tag of tagsOf(html)) {
          expect(ALLOWED).toContain(tag.name);
          const attributes = [...tag.attributes.keys()];
          expect(attributes.filter((name) => !['href', 'rel', 'start'].includes(name))).toEqual([]);
          const href = tag.attributes.get('href') ?? '/';
          expect(href).toMatch(/^(?:\/(?![/\\])|https?:\/\/|mailto:)/);
        }
        expectBalance(html);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    '*',
    '**',
    '_',
    '`',
    '[',
    '[a](',
    '<',
    '> ',
    '- ',
    '\\',
    '#',
    '*a ',
    '**a ',
    '_a ',
    '`a ',
    '[a',
    '1. a\n',
    'a@',
    'https://a.',
    ' ',
  ])('takes little time for %j again and again', (sign) => {
    const before = cpuMs();
    const many = sign.repeat(Math.floor(100_000 / sign.length));
    renderMarkdown(many);
    renderMarkdown(`# ${many}x\n\n- ${many}x`);
    expect(cpuMs() - before).toBeLessThan(1500);
  });

  test('renders our own drafts with all their headings, lists and links', () => {
    const folder = join(import.meta.dirname, '../../docs/policy');
    for (const name of readdirSync(folder).filter((one) => /\.(?:en|fr)\.md$/.test(one))) {
      const html = renderMarkdown(readFileSync(join(folder, name), 'utf8'));
      expect(html).toMatch(/^<h2>/);
      expect(html).not.toMatch(/\*\*|^- /m);
      expectBalance(html);
    }
  });
});

/** Line breaks between blocks mean nothing. */
function withoutBreaks(html: string): string {
  return html.replaceAll(/(?<=>)\n(?=<|$)|(?<=<li>)\n|\n(?=<\/code>|<[uo]l>)|(?<=<br>)\n/g, '');
}

function expectBalance(html: string): void {
  const open: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
    if (name === 'br' || name === 'hr') continue;
    if (slash) expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
}
