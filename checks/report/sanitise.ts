/**
 * Names, tags, policies and error messages come from the account and may be hostile. Each format shows them through one
 * of these.
 */

/** Longest text of one value in a report; what is longer is cut with a note. */
const LONGEST = 4_000;

/**
 * Control characters (except tab and line feed), line and paragraph separators, bidirectional controls, lone surrogates, and
 * every character that draws nothing: Unicode's "default ignorable code points", such as U+3164, U+034F and the tags of
 * U+E0000 to U+E007F.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\ufff9-\ufffb\ud800-\udfff\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What begins a command to a CI runner that looks for it anywhere in a line: `##[error]` (GitHub), `##vso[…` (Azure
 * Pipelines), `##teamcity[…`.
 */
const LOGGING_COMMAND = /##(?=[\w.-]*\[)/g;

/**
 * What begins a GitHub workflow command. GitHub wants it at the beginning of a line, and a report breaks lines at any
 * space. A letter follows, so that the address `::1` stays as it is.
 */
const WORKFLOW_COMMAND = /(^|\s):(?=:[a-z])/gi;

/** Cuts a text that is too long and says so. */
export function cut(text: string, longest = LONGEST): string {
  return text.length > longest
    ? `${text.slice(0, longest)}… (${text.length - longest} more characters)`
    : text;
}

/**
 * For a terminal or a log: no escape sequence and no invisible character survives, they are shown as `\u{…}`; and no word
 * can pose as a command to a CI runner, wherever the lines are broken.
 */
export function terminal(text: string, longest = LONGEST): string {
  return clean(cut(text, longest));
}

/** For one line: as `terminal`, without line breaks. */
export function line(text: string, longest = LONGEST): string {
  return clean(cut(text, longest).replaceAll('\n', '\\n').replaceAll('\t', ' '));
}

function clean(text: string): string {
  return text
    .replaceAll(INVISIBLE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
    .replaceAll(WORKFLOW_COMMAND, '$1\\u{3a}')
    .replaceAll(LOGGING_COMMAND, '#\\u{23}');
}

/** What HTML and XML take for markup, as text. Alone it leaves escape sequences and invisible characters as they are. */
export function entities(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** For XML: text, and attributes in double quotes. `terminal` has shown characters that XML 1.0 forbids as text already. */
export function xml(text: string): string {
  return entities(terminal(text));
}

/** For Markdown text of one line: HTML and Markdown are shown as they are written; mentions and links come out dead. */
export function markdown(text: string): string {
  const plain = line(text)
    .replaceAll(/[\\`*_[\]#|~]|(?<=\])\(/g, '\\$&')
    // At the beginning of a line these would begin a list or a heading.
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
  return entities(plain).replaceAll('@', '&#64;').replaceAll('://', ':&#47;&#47;');
}

/** For a cell of CSV (RFC 4180): quoted, and never a formula (OWASP, "CSV Injection"). */
export function csv(text: string): string {
  const plain = line(text);
  const harmless = /^\s*[=+\-@\t\r|%＝＋－＠]/.test(plain) ? `'${plain}` : plain;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/**
 * JSON whose text harms no terminal and no CI log: what draws nothing or begins a logging command is escaped. It is the
 * same data: these characters stand only in strings.
 */
export function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent)
    .replaceAll(INVISIBLE, escaped)
    .replaceAll(LOGGING_COMMAND, '#\\u0023');
}

function escaped(char: string): string {
  return [...Array(char.length).keys()]
    .map((index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}
