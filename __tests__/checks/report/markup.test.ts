import { html, longText, unescapedHtml } from '../../../checks/report/markup';

const HOSTILE = '"><script>alert(1)</script>\u202e';
const HARMLESS = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}';

test.each([
  ['a text', html`<p title="${HOSTILE}">${HOSTILE}</p>`, `<p title="${HARMLESS}">${HARMLESS}</p>`],
  ['a list of texts', html`<p>${[HOSTILE, [HOSTILE]]}</p>`, `<p>${HARMLESS}${HARMLESS}</p>`],
  ['a long text', html`<pre>${longText(HOSTILE, 1000)}</pre>`, `<pre>${HARMLESS}</pre>`],
  ['markup in markup once', html`<p>${html`<b>${HOSTILE}</b>`}</p>`, `<p><b>${HARMLESS}</b></p>`],
])('escapes %s', (_what, { source }, expected) => {
  expect(source).toBe(expected);
});

test('what looks like markup but was not made by the template is text', () => {
  const posing = { source: HOSTILE, toString: () => HOSTILE } as unknown as string;
  expect(html`<p>${posing}</p>`.source).toBe(`<p>${HARMLESS}</p>`);
});

test('shows nothing for what is not there, numbers as they are, and no more of a text than fits', () => {
  expect(html`${false}${null}${undefined}${0}`.source).toBe('0');
  expect(html`${'x'.repeat(100_000)}`.source.length).toBeLessThan(5_000);
  expect(html`${longText('x'.repeat(100_000), 10)}`.source).toBe(
    `${'x'.repeat(10)}… (99990 more characters)`,
  );
});

test('leaves only what is marked as it is', () => {
  expect(html`${unescapedHtml('<b>')}`.source).toBe('<b>');
});
