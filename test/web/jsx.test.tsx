import { expect, test } from 'vitest';
import { createTranslator, type Locale } from '#web/i18n.ts';
import { escapeHtml, raw, type Child, type Html } from '#web/jsx/html.ts';
import { jsx } from '#web/jsx/jsx-runtime.ts';
import { keep, keepDrawn } from '#web/jsx/keep.ts';
import type { LocaleContext } from '#web/view-context.ts';

const HOSTILE = `<img src=x onerror="alert('1')">&amp;`;
const ESCAPED = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;';

function shown(child: Child): string {
  return String(<>{child}</>);
}

test('text is escaped wherever it stands', () => {
  expect(escapeHtml(HOSTILE)).toBe(ESCAPED);
  expect(String(<p title={HOSTILE}>{HOSTILE}</p>)).toBe(`<p title="${ESCAPED}">${ESCAPED}</p>`);
  expect(shown([HOSTILE, [HOSTILE]])).toBe(ESCAPED + ESCAPED);
  const Plain = () => HOSTILE;
  expect(String(<Plain />)).toBe(ESCAPED);
});

test('an element is escaped once, however deep it is passed on', () => {
  const Frame = ({ head, children }: { head: Child; children?: Child }) => (
    <section>
      {head}
      {children}
    </section>
  );
  const page = (
    <Frame head={<b>a &amp; b</b>}>
      <>
        <i>{'<'}</i>
        {['x', <u>y</u>]}
      </>
    </Frame>
  );
  expect(String(page)).toBe('<section><b>a &amp; b</b><i>&lt;</i>x<u>y</u></section>');
});

test('only what was marked as HTML is shown as it is', () => {
  expect(String(<p>{raw('<b>ours</b>')}</p>)).toBe('<p><b>ours</b></p>');
  const pretended = JSON.parse('{"isEscaped":true,"text":"<b>theirs</b>"}') as Child;
  expect(() => <p>{pretended}</p>).toThrow(TypeError);
  expect(() => <p title={pretended as string} />).toThrow(TypeError);
});

test('nothing, yes and no are not shown, and zero is', () => {
  expect(
    String(
      <p>
        {null}
        {undefined}
        {true}
        {false}
        {0}
      </p>,
    ),
  ).toBe('<p>0</p>');
});

test('attributes are left out, switched on or written', () => {
  expect(String(<input disabled checked={false} value={undefined} name="a" />)).toBe('<input disabled="" name="a"/>');
  expect(String(<a data-mark={false} aria-hidden="true" tabindex={-1} data-none={null} />)).toBe(
    '<a data-mark="false" aria-hidden="true" tabindex="-1"></a>',
  );
});

test('names that could end a tag are refused', () => {
  for (const name of ['a b', 'a>', 'on"', "a'", 'a=', '', 'a/']) {
    expect(() => jsx('p', { [name]: '1' }), name).toThrow(TypeError);
    expect(() => jsx(name, {}), name).toThrow(TypeError);
  }
});

test('a promise is refused instead of shown', () => {
  const promised = Promise.resolve('later') as unknown as Child;
  expect(() => <p>{promised}</p>).toThrow(TypeError);
});

const LONG = '<é’…日本😀> '.repeat(40);

function contextIn(locale: Locale): LocaleContext {
  const assets = { script: '', stylesheet: () => '', url: () => '' } as unknown as LocaleContext['assets'];
  return { t: createTranslator(locale), locale, assets };
}

test('what is kept is sent byte for byte as it reads, wherever it stands', () => {
  const kept = () => keep('long', () => <p title={LONG}>{LONG}</p>);
  const page = (
    <main>
      {kept()}
      {LONG}
      <section>
        {kept()}
        <b>{kept()}</b>
      </section>
      {[kept(), 'é', <i>{kept()}</i>]}
    </main>
  );
  const one = `<p title="${escapeHtml(LONG)}">${escapeHtml(LONG)}</p>`;
  const expected = `<main>${one}${escapeHtml(LONG)}<section>${one}<b>${one}</b></section>${one}é<i>${one}</i></main>`;
  expect(String(page)).toBe(expected);
  expect(Buffer.from((page as unknown as Html).toBytes()).toString()).toBe(expected);
  expect(String(kept()), 'what is kept does not grow').toBe(one);
});

test('a kept component is drawn once for the same props in the same language', () => {
  let drawn = 0;
  const Line = keepDrawn<{ id: number; words: string[] }>(({ ctx, id, words }) => {
    drawn += 1;
    return (
      <p id={`line-${id}`} lang={ctx.locale}>
        {words}
      </p>
    );
  });
  const line = (locale: Locale, id: number, words: string[]) =>
    String(<Line ctx={contextIn(locale)} id={id} words={words} />);
  expect(line('en', 1, ['a', LONG])).toBe(line('en', 1, ['a', LONG]));
  expect(drawn).toBe(1);
  expect(line('fr', 1, ['a'])).toBe('<p id="line-1" lang="fr">a</p>');
  expect(line('en', 1, ['a'])).toBe('<p id="line-1" lang="en">a</p>');
  expect(line('en', 11, ['a'])).toBe('<p id="line-11" lang="en">a</p>');
  expect(line('en', 1, ['a,b'])).toBe('<p id="line-1" lang="en">a,b</p>');
  expect(line('en', 1, ['a', 'b'])).toBe('<p id="line-1" lang="en">ab</p>');
});

test('a kept component is shown nothing of who looks', () => {
  const given: string[] = [];
  const Line = keepDrawn<{ id: number }>((props) => {
    given.push(...Object.keys(props), ...Object.keys(props.ctx));
    return <p>{props.id}</p>;
  });
  const ctx = { ...contextIn('en'), csrfToken: 'secret', viewer: { account: 1 } };
  expect(String(<Line ctx={ctx} id={1} />)).toBe('<p>1</p>');
  expect(given.toSorted()).toEqual(['assets', 'ctx', 'id', 'locale', 't']);
});
