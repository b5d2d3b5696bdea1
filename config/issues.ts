/** Faults that a schema finds, in words: for `altr-exports.yaml` and for the props of constructs. */
import * as z from 'zod';
import { didYouMean } from './nearest';

/** The place that an issue is about. */
export function pathOf({ path }: z.core.$ZodIssue): (string | number)[] {
  return path.filter((part): part is string | number => typeof part !== 'symbol');
}

/**
 * What is wrong, in words that config and construct share: one sentence, or one for each unknown key.
 * @param issue must have been reported with its input
 * @param schema the schema that the issue comes from
 * @param typed the value as it was typed, if it comes from a file
 */
export function issueSentences(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  typed?: string,
): readonly { readonly message: string; readonly key?: string }[] {
  const path = pathOf(issue);
  const name = pathText(path) || 'the config';
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => ({ message: unknownKey(key, known, name), key }));
  }
  if (issue.code === 'invalid_type') {
    return [{ message: typeFault(name, issue, typed) }];
  }
  if (issue.code === 'custom') {
    const value = typeof issue.input === 'string' ? ` ${shown(issue.input)}` : '';
    return [{ message: `${name}${value} ${issue.message}` }];
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map((value) => JSON.stringify(value));
    return [{ message: `${name} ${shown(issue.input)} must be ${values.join(' or ')}` }];
  }
  return [{ message: `${name} ${shown(issue.input)}: ${issue.message}` }];
}

/** The sentence that refuses a key. */
export function unknownKey(key: string, known: readonly string[], place: string): string {
  const hint = didYouMean(key, known, `known keys: ${known.join(', ')}`, JSON.stringify);
  return `unknown key ${JSON.stringify(key)} in ${place}; ${hint}`;
}

function typeFault(name: string, issue: z.core.$ZodIssueInvalidType, typed: string | undefined): string {
  if (issue.input === undefined) {
    return issue.message.startsWith('is missing') ? `${name} ${issue.message}` : `${name} is missing`;
  }
  if (issue.expected === 'string' && typeof issue.input === 'number' && typed !== undefined) {
    const lost = /^0\d/.test(typed) ? ` and loses its leading zero (${issue.input})` : '';
    return `${name} ${typed} must be in quotes, since YAML reads it as a number${lost}: write "${typed}"`;
  }
  if (issue.expected === 'string' && (typeof issue.input === 'boolean' || issue.input === null)) {
    return issue.input === null
      ? `${name} is empty`
      : `${name} ${typed ?? shown(issue.input)} must be text; put it in quotes if it is meant so`;
  }
  const expected = {
    array: 'a list',
    object: 'an object with keys',
    record: 'an object with keys',
    string: 'text',
    boolean: 'true or false',
    number: 'a whole number',
    int: 'a whole number',
  }[issue.expected as string];
  return `${name} ${shown(issue.input)} must be ${expected ?? `a ${issue.expected}`}`;
}

type JsonSchema = { properties?: Record<string, JsonSchema>; items?: JsonSchema; anyOf?: JsonSchema[] };

/** The keys that the schema knows at a path. */
function knownKeys(root: z.ZodType, path: readonly (string | number)[]): string[] {
  let schemas = [z.toJSONSchema(root, { io: 'input' }) as JsonSchema];
  for (const part of path) {
    schemas = schemas
      .flatMap((schema) => [schema, ...(schema.anyOf ?? [])])
      .map((schema) => (typeof part === 'number' ? schema.items : schema.properties?.[part]))
      .filter((schema): schema is JsonSchema => schema !== undefined);
  }
  return schemas
    .flatMap((schema) => [schema, ...(schema.anyOf ?? [])])
    .flatMap((s) => Object.keys(s.properties ?? {}));
}

/** For example `exports[0].roleName`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index ? `.${part}` : part))
    .join('');
}

/** A value as JSON, cut if it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
