/** JSON with eyes for what JSON.parse swallows: a key that is there twice in one object. */

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
  const value: unknown = JSON.parse(text);
  return { value, duplicates: hasAllKeys(text, value) ? [] : duplicateKeys(text) };
}

/** IAM's language needs six levels, down to a list of values in a condition. */
const MOST_LEVELS = 20;

/** Whether a value has more levels than any policy that AWS stores. What walks a document down may run out of stack. */
export function isTooDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

const COLON = ':'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);

/** Whether the value has as many keys as the text, all of them different also without case: then none is lost. */
function hasAllKeys(text: string, value: unknown): boolean {
  let written = 0;
  for (let quote = text.indexOf('"'); quote >= 0; ) {
    let after = endOfString(text, quote) + 1;
    while (text.charCodeAt(after) <= 32) after++;
    if (text.charCodeAt(after) === COLON) written++;
    quote = text.indexOf('"', after);
  }
  let kept = 0;
  const open: unknown[] = [value];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    if (typeof entry !== 'object' || entry === null) continue;
    if (Array.isArray(entry)) {
      for (const inner of entry) if (typeof inner === 'object') open.push(inner);
      continue;
    }
    const keys = Object.keys(entry);
    kept += keys.length;
    if (keys.length > 1 && isAnyTwice(keys)) return false;
    for (const key of keys) {
      const inner = (entry as Record<string, unknown>)[key];
      if (typeof inner === 'object') open.push(inner);
    }
  }
  return written === kept;
}

/** Whether two of an object's keys differ in upper and lower case alone. */
function isAnyTwice(keys: readonly string[]): boolean {
  const seen = new Set<string>();
  for (const key of keys) seen.add(key.toLowerCase());
  return seen.size < keys.length;
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
        pointer: levels.length > MOST_LEVELS ? '' : pointer,
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
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
}

/** Escapes one part of a JSON pointer (RFC 6901). */
export function escapePointer(part: string): string {
  return /[~/]/.test(part) ? part.replaceAll('~', '~0').replaceAll('/', '~1') : part;
}

/** The part of a JSON pointer as it was before it was escaped. */
export function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
