/** Documents as the HTML report shows them: laid out, escaped, with the part that a finding points to marked. */
import { html, longText, type Markup } from './markup';
import { cut } from './sanitise';

/** Longest document that is shown; AWS allows 20 KB for a bucket policy. */
const LONGEST = 40_000;

/** Deeper than any policy is; what nests deeper is shown without a mark. */
const DEEPEST = 60;

/**
 * A document as HTML.
 * @param pointer JSON pointer (RFC 6901) to the part to mark; nothing is marked for the whole, or if the part is not there
 */
export function markedDocument(document: unknown, pointer: string): Markup {
  const plain = (part: string) => longText(cut(part, LONGEST), LONGEST + 100);
  if (typeof document === 'string') return plain(document);
  const range: { from?: number; to?: number } = {};
  let text = '';
  const write = (value: unknown, path: string, depth: number): void => {
    // The rest is not shown.
    if (text.length > LONGEST) return;
    if (path === pointer && pointer !== '') range.from = text.length;
    const indent = `\n${'  '.repeat(depth + 1)}`;
    if (typeof value !== 'object' || value === null || depth > DEEPEST) {
      text += JSON.stringify(typeof value === 'string' ? cut(value, LONGEST) : value) ?? 'null';
    } else {
      const list = Array.isArray(value);
      const entries = Object.entries(value);
      text += list ? '[' : '{';
      entries.forEach(([key, entry], index) => {
        text += indent;
        if (!list) text += `${JSON.stringify(key)}: `;
        write(entry, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
        if (index < entries.length - 1) text += ',';
      });
      if (entries.length > 0) text += indent.slice(0, -2);
      text += list ? ']' : '}';
    }
    if (path === pointer && pointer !== '') range.to = text.length;
  };
  write(document, '', 0);
  if (range.from === undefined || range.to === undefined || text.length > LONGEST) return plain(text);
  const [before, marked, after] = [[0, range.from], [range.from, range.to], [range.to]].map((part) =>
    plain(text.slice(...part)),
  );
  return html`${before}<mark>${marked}</mark>${after}`;
}
