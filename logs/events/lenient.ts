/**
 * Reads a record although some of its fields are not of the documented type. Each such field is a warning with its path:
 * its value is converted if that loses nothing, and left out otherwise.
 */
import type * as z from 'zod';

/** A field that is not as documented. The event itself is good. */
export interface EventWarning {
  /** For example `eventDetails.query.sessionID`; a number is a place in a list. */
  readonly path: string;
  /** What is wrong, as a clause that follows the path. */
  readonly message: string;
}

export interface LenientResult<T> {
  /** The record with every odd field converted or left out; `undefined` if required fields can't be read. */
  readonly record: T | undefined;
  readonly warnings: readonly EventWarning[];
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Warnings that are kept per event; a hostile record may have millions of odd fields. */
const MOST_WARNINGS = 20;

/** Fields that hold JSON in a string: an object in their place means the same. */
const JSON_TEXTS = ['eventDetails'];

export function readLeniently<T extends z.ZodType>(schema: T, value: object): LenientResult<z.output<T>> {
  const strict = schema.safeParse(value);
  if (strict.success) return { record: strict.data, warnings: [] };
  const warnings = warningsOf(strict.error.issues, value);
  const copy = structuredClone(value);
  for (const issue of strict.error.issues) replace(copy, issue.path, (found) => converted(found, issue));
  const second = schema.safeParse(copy);
  if (second.success) return { record: second.data, warnings };
  // What could not be converted is left out. A list is changed from its end, so that earlier places stay the same.
  for (const issue of [...second.error.issues].reverse()) replace(copy, issue.path, () => null);
  const third = schema.safeParse(copy);
  return { record: third.success ? third.data : undefined, warnings };
}

/** One warning per path, the first ones. */
export function warningsOf(issues: readonly Issue[], value: unknown): EventWarning[] {
  const warnings = new Map<string, EventWarning>();
  for (const issue of issues) {
    const path = issue.path.map(String).join('.');
    if (warnings.has(path)) continue;
    warnings.set(path, { path, message: clauseOf(issue, valueAt(value, issue.path)) });
    if (warnings.size === MOST_WARNINGS) break;
  }
  return [...warnings.values()];
}

/** The clause for an issue, in words that mean something to a person who doesn't know the schema library. */
function clauseOf(issue: Issue, found: unknown): string {
  if (found === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `is ${described(found)}, not ${EXPECTED[issue.expected] ?? 'what is documented'}`;
    case 'invalid_union':
      return `is ${described(found)}, which is not a documented type`;
    case 'too_small':
    case 'too_big':
      // Our own messages: see `time.ts`.
      if (/[?]$/.test(issue.message)) return issue.message;
      return typeof found === 'string' ? 'is empty' : 'is out of range';
    case 'custom':
      return issue.message;
    case 'invalid_format':
      return /^must/.test(issue.message) ? issue.message : 'has another form than documented';
    default:
      return 'is not as documented';
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

export function described(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'object':
      return 'an object';
    case 'boolean':
      return String(value);
    default:
      return `a ${typeof value}`;
  }
}

/** The value in the expected type, if nothing is lost; otherwise the value itself. */
function converted(value: unknown, issue: Issue): unknown {
  if (issue.code !== 'invalid_type') return value;
  if (issue.expected === 'string') {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    const isJsonText = issue.path.length === 1 && JSON_TEXTS.includes(String(issue.path[0]));
    return isJsonText && typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  }
  if (issue.expected === 'number' || issue.expected === 'int') {
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) ? number : value;
  }
  return value;
}

/** Replaces what stands at a path; `null` removes an element of a list. */
function replace(record: object, path: Path, change: (found: unknown) => unknown): void {
  const parent = valueAt(record, path.slice(0, -1));
  const key = path.at(-1);
  if (key === undefined || typeof parent !== 'object' || parent === null) return;
  if (!Object.hasOwn(parent, key)) return;
  const value = change((parent as Record<PropertyKey, unknown>)[key]);
  if (Array.isArray(parent) && value === null && typeof key === 'number') parent.splice(key, 1);
  else (parent as Record<PropertyKey, unknown>)[key] = value;
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}
