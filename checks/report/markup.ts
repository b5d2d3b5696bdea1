/** Builds HTML. All that is put into the template is escaped, so that a forgotten call can't be an injection. */
import { entities, terminal } from './sanitise';

/** HTML that is shown as it is. Only this module makes it. */
export class Markup {
  constructor(readonly source: string) {}
}

/** `false`, `null` and `undefined` show nothing. */
type Content = string | number | false | null | undefined | Markup | readonly Content[];

/** Text is escaped, for elements and for attributes in double quotes; markup stays; lists are joined. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.reduce((source, part, index) => source + sourceOf(contents[index - 1]) + part));
}

/** A text that may be longer than others, which are cut. */
export function longText(text: string, longest: number): Markup {
  return new Markup(escaped(text, longest));
}

/** Not escaped: for what this tool wrote itself, and for nothing that comes from an account or a config. */
export function unescapedHtml(source: string): Markup {
  return new Markup(source);
}

function sourceOf(content: Content): string {
  if (content instanceof Markup) return content.source;
  if (Array.isArray(content)) return content.map(sourceOf).join('');
  if (content === false || content === null || content === undefined) return '';
  return escaped(String(content));
}

function escaped(text: string, longest?: number): string {
  return entities(terminal(text, longest));
}
