/** Documents as the HTML report shows them: laid out, escaped, with the part that a finding points to marked. */
import { cut, html } from './sanitise';

/** Longest document that is shown; AWS's own limits lie at 20 KB for a bucket policy. */
const LONGEST = 40_000;

/** Deeper than any policy is; what nests deeper is shown without a mark. */
const DEEPEST = 60;

/**
 * HTML of a document.
 * @param pointer JSON pointer (RFC 6901) to the part to mark; the whole, or nothing that is there, marks nothing
 */
export function markedDocument(document: unknown, pointer: string): string {
  if (typeof document === 'string') return html(cut(document, LONGEST), LONGEST + 100);
  const range: { from?: number; to?: number } = {};
  let text = '';
  const write = (value: unknown, path: string, depth: number): void => {
    // What follows is not shown, however much it is.
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
  const plain = (part: string) => html(cut(part, LONGEST), LONGEST + 100);
  if (range.from === undefined || range.to === undefined || text.length > LONGEST) return plain(text);
  return `${plain(text.slice(0, range.from))}<mark>${plain(text.slice(range.from, range.to))}</mark>${plain(text.slice(range.to))}`;
}
