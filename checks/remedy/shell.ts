/** Words and commands for a POSIX shell. */

/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A document as one quoted word. */
export function quoteJson(document: unknown): string {
  return quote(JSON.stringify(document));
}
