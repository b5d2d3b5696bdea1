/**
 * Reads a record although some of its fields are not of the documented type. Each such field is a warning with its path:
 * its value is converted if that loses nothing, and left out otherwise.
 */
import * as z from 'zod';

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

/** Warnings that are made per event; a hostile record may have millions of odd fields. */
const MOST_WARNINGS = 20;

/** Fields that hold JSON in a string: an object in their place means the same. */
const JSON_TEXTS = ['eventDetails'];

export function readLeniently<T extends z.ZodType>(schema: T, value: object): LenientResult<z.output<T>> {
  const plan = planOf(schema);
  // The schema library notes every odd element of a list; in a long list that is more work than a record is worth.
  if (!hasLongList(plan, value)) {
    const strict = schema.safeParse(value);
    if (strict.success) return { record: strict.data, warnings: [] };
  }
  const warnings: EventWarning[] = [];
  const record = readAround(plan, value, [], warnings);
  return { record: record === UNREADABLE ? undefined : (record as z.output<T>), warnings };
}

/** What is asked of a schema for every value, worked out once: asking the schema library itself is slow. */
interface Plan {
  readonly schema: z.ZodType;
  readonly isOptional: boolean;
  /** Any text will do. */
  readonly isText: boolean;
  readonly element?: Plan;
  readonly fields?: readonly (readonly [key: string, plan: Plan])[];
}

const PLANS = new WeakMap<z.ZodType, Plan>();

function planOf(schema: z.ZodType): Plan {
  let plan = PLANS.get(schema);
  if (!plan) {
    let inner = schema;
    while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable)
      inner = inner.unwrap() as z.ZodType;
    plan = {
      schema: inner,
      isOptional: inner !== schema,
      isText: inner instanceof z.ZodString && (inner.def.checks ?? []).length === 0,
      element: inner instanceof z.ZodArray ? planOf(inner.element as z.ZodType) : undefined,
      fields:
        inner instanceof z.ZodObject
          ? Object.entries(inner.shape as Record<string, z.ZodType>).map(([key, field]) => [
              key,
              planOf(field),
            ])
          : undefined,
    };
    PLANS.set(schema, plan);
  }
  return plan;
}

/** Elements of a list that the schema library may look at in one go. */
const LONG_LIST = 1000;

function hasLongList({ element, fields }: Plan, value: unknown): boolean {
  if (element) return Array.isArray(value) && value.length > LONG_LIST;
  if (!fields || typeof value !== 'object' || value === null) return false;
  return fields.some(
    ([key, plan]) => (plan.element || plan.fields) && hasLongList(plan, ownValue(value, key)),
  );
}

/** What takes the place of a value that can't be read. */
const UNREADABLE = Symbol('unreadable');

/** A copy without the odd parts, in one pass: each value is looked at once, at the place that it came from. */
function readAround(plan: Plan, value: unknown, path: Path, warnings: EventWarning[]): unknown {
  const { element, fields, isOptional } = plan;
  if (isOptional && value == null) return value;
  if (element && Array.isArray(value)) {
    return value
      .map((entry, index) => readAround(element, entry, [...path, index], warnings))
      .filter((entry) => entry !== UNREADABLE);
  }
  if (fields && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const record: Record<string, unknown> = { ...value };
    for (const [key, field] of fields) {
      const found = readAround(field, ownValue(value, key), [...path, key], warnings);
      if (found === UNREADABLE && !field.isOptional) return UNREADABLE;
      if (Object.hasOwn(value, key)) record[key] = found === UNREADABLE ? null : found;
    }
    return record;
  }
  return readValue(plan, value, path, warnings);
}

function readValue({ schema, isText }: Plan, value: unknown, path: Path, warnings: EventWarning[]): unknown {
  if (isText && typeof value === 'string') return value;
  const isToldOf = warnings.length < MOST_WARNINGS;
  // No more words are needed, and to find them takes most of the time.
  if (!isToldOf && (value === null || isText)) {
    const text = value === null ? value : convertedToText(value, path);
    return typeof text === 'string' ? text : UNREADABLE;
  }
  const strict = schema.safeParse(value);
  if (strict.success) return strict.data;
  const [issue] = strict.error.issues;
  if (!issue) return UNREADABLE;
  if (isToldOf) warnings.push({ path: path.map(String).join('.'), message: clauseOf(issue, value) });
  const second = schema.safeParse(converted(value, issue, path));
  return second.success ? second.data : UNREADABLE;
}

function ownValue(record: object, key: string): unknown {
  return Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;
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
  // As 1e400, which JSON allows and no number of JavaScript holds.
  if (found === Number.POSITIVE_INFINITY || found === Number.NEGATIVE_INFINITY) return 'is out of range';
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
function converted(value: unknown, issue: Issue, path: Path): unknown {
  if (issue.code !== 'invalid_type') return value;
  if (issue.expected === 'string') return convertedToText(value, path);
  if (issue.expected === 'number' || issue.expected === 'int') {
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) ? number : value;
  }
  return value;
}

function convertedToText(value: unknown, path: Path): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const isJsonText = path.length === 1 && JSON_TEXTS.includes(String(path[0]));
  return isJsonText && typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}
