import { expect, test } from 'vitest';
import { escapeHtml, raw, type Child } from '#web/jsx/html.ts';
import { jsx } from '#web/jsx/jsx-runtime.ts';

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
