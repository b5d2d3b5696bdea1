/** JSON with eyes for what JSON.parse swallows: a key that stands twice in one object. */

export interface ParsedJson {
  readonly value: unknown;
  /** JSON pointers of keys that stand twice in their object, in any spelling that IAM takes for the same. */
  readonly duplicates: readonly string[];
}

/**
 * Parses a text. The work is linear and needs no stack, however deep the text nests.
 * @throws SyntaxError where the text is not JSON
 */
export function parseJson(text: string): ParsedJson {
  return { value: JSON.parse(text), duplicates: duplicateKeys(text) };
}

interface Level {
  /** Keys seen so far in lower case; `undefined` in a list. */
  readonly keys: Set<string> | undefined;
  readonly pointer: string;
  /** The key or index of the entry that is being read. */
  at: string | number;
}

/** Expects a valid JSON text. */
function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    const level = levels[levels.length - 1];
    if (char === '"') {
      const end = endOfString(text, i);
      if (expectsKey && level?.keys) {
        const key = JSON.parse(text.slice(i, end + 1)) as string;
        level.at = key;
        if (level.keys.has(key.toLowerCase())) found.push(`${level.pointer}/${escapePointer(key)}`);
        level.keys.add(key.toLowerCase());
        expectsKey = false;
      }
      i = end;
    } else if (char === '{' || char === '[') {
      const pointer = level ? `${level.pointer}/${escapePointer(String(level.at))}` : '';
      levels.push({
        keys: char === '{' ? new Set() : undefined,
        pointer: levels.length > 20 ? '' : pointer,
        at: 0,
      });
      expectsKey = char === '{';
    } else if (char === '}' || char === ']') {
      levels.pop();
      expectsKey = false;
    } else if (char === ',' && level) {
      if (level.keys) expectsKey = true;
      else level.at = Number(level.at) + 1;
    }
  }
  return found;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

/** Escapes one part of a JSON pointer (RFC 6901). */
export function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The part of a JSON pointer as it was before it was escaped. */
export function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
