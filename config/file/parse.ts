/** From the text of `altr-exports.yaml` to a valid config, or to every fault at once with its line. */
import * as z from 'zod';
import type { ExportDefinition } from '../../contract/contract';
import { derivedRoleName, vendorRoleNameFaults } from '../../contract/names';
import { UserError } from '../../contract/user-error';
import { nearest } from '../nearest';
import { accessFaults, accessOf, declaredAccount, placeOf } from '../options/access';
import { provisioningFaults } from '../options/provisioning-faults';
import { type Config, configSchema, type ExportConfig } from '../schema';
import { sharedNames } from '../shared-names';
import { type Path, readYaml, type YamlSource } from './yaml-source';

/** A fault of the config: where, and what is wrong. */
export interface ConfigProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** For example `exports[0].roleName`; empty for the whole file. */
  readonly path: string;
  /** What is wrong, with the offending value, without the place. */
  readonly message: string;
}

/** A config that is not valid; the message has one line for each fault. */
export class ConfigError extends UserError {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => `${problem.file}:${problem.line}: ${problem.message}`).join('\n'));
  }
}

/** A valid config, and where in the file its parts stand. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  /** The 1-based line on which each export begins, by the export's name. */
  readonly exportLines: Readonly<Record<string, number>>;
  /** The 1-based line of any value, or of the nearest part of the path that exists. */
  lineOf(path: Path): number;
}

/**
 * What the config is for. `audit` accepts whatever may exist in AWS, a role name without the prefix too;
 * `provision` refuses what the contract forbids.
 */
export type ConfigPurpose = 'audit' | 'provision';

/**
 * Parses and validates a config.
 * @param text YAML or JSON
 * @param file the name to show in messages
 * @throws ConfigError with every fault
 */
export function parseConfig(text: string, file: string, purpose: ConfigPurpose): LoadedConfig {
  const source = readYaml(text);
  if (source.faults.length > 0) {
    throw new ConfigError(source.faults.map(({ line, message }) => ({ file, line, path: '', message })));
  }
  if (source.value === null || source.value === undefined) {
    throw new ConfigError([{ file, line: 1, path: '', message: 'is empty; it needs "altr" and "exports"' }]);
  }
  const parsed = configSchema.safeParse(source.value, { reportInput: true });
  const problems: Problem[] = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => issueProblems(issue, source)),
    ...duplicates(source.value),
    ...accessProblems(source.value),
    ...ownAccountProblems(source.value),
    ...(purpose === 'provision' ? vendorProblems(source.value) : []),
    ...(purpose === 'provision' && parsed.data ? provisioningProblems(parsed.data) : []),
  ];
  if (problems.length > 0 || !parsed.data) {
    throw new ConfigError(
      problems
        .map(({ at, path, message }) => ({
          file,
          line: at ?? source.lineOf(path),
          path: pathText(path),
          message,
        }))
        .sort((a, b) => a.line - b.line),
    );
  }
  const config = parsed.data;
  return {
    config,
    file,
    exportLines: Object.fromEntries(
      config.exports.map((entry, index) => [entry.name, source.lineOf(['exports', index])]),
    ),
    lineOf: source.lineOf,
  };
}

/** The definition of an export, as the contract takes it. */
export function definitionOf(config: Config, entry: ExportConfig): ExportDefinition {
  const { name, clientId, bucket, region, roleName } = entry;
  return { name, clientId, bucket, region, roleName, altrAccountId: config.altr.awsAccountId };
}

interface Problem {
  readonly path: Path;
  readonly message: string;
  /** The line, where it is not that of the path. */
  readonly at?: number;
}

function issueProblems(issue: z.core.$ZodIssue, source: YamlSource): Problem[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const name = pathText(path) || 'the config';
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const hint = meant ? `did you mean ${JSON.stringify(meant)}?` : `known keys: ${known.join(', ')}`;
      const message = `unknown key ${JSON.stringify(key)} in ${name}; ${hint}`;
      return { path, message, at: source.lineOfKey(path, key) };
    });
  }
  if (issue.code === 'invalid_type') {
    return [{ path, message: typeFault(name, issue, source.typed(path)) }];
  }
  if (issue.code === 'custom') {
    const value = typeof issue.input === 'string' ? ` ${shown(issue.input)}` : '';
    return [{ path, message: `${name}${value} ${issue.message}` }];
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map((value) => JSON.stringify(value));
    return [{ path, message: `${name} ${shown(issue.input)} must be ${values.join(' or ')}` }];
  }
  return [{ path, message: `${name} ${shown(issue.input)}: ${issue.message}` }];
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

/** Names, roles (per account) and buckets that two exports share. IAM compares role names without case. */
function duplicates(value: unknown): Problem[] {
  const entries = exportsIn(value);
  const problems: Problem[] = [];
  for (const key of ['name', 'roleName', 'bucket'] as const) {
    const seen = new Map<string, number>();
    entries.forEach((entry, index) => {
      const derived =
        key === 'roleName' && typeof entry.name === 'string' ? derivedRoleName(entry.name) : undefined;
      const text = entry[key] ?? derived;
      if (typeof text !== 'string') return;
      const account = key === 'roleName' ? `${placeOf(accessOf(entry))}:` : '';
      const first = seen.get(account + text.toLowerCase());
      if (first === undefined) {
        seen.set(account + text.toLowerCase(), index);
        return;
      }
      const message = `exports[${index}].${key} ${shown(text)} is already that of exports[${first}]; each export needs its own`;
      problems.push({ path: ['exports', index, key], message });
    });
  }
  return problems;
}

/** ALTR's account is never the account of an export: its trust policy would let in the customer's own account. */
function ownAccountProblems(value: unknown): Problem[] {
  const altr = (value as { altr?: { awsAccountId?: unknown } } | null)?.altr?.awsAccountId;
  return exportsIn(value).flatMap((entry, index) => {
    if (typeof altr !== 'string' || declaredAccount(accessOf(entry)) !== altr) return [];
    const key = entry.accountId === undefined ? 'assumeRoleArn' : 'accountId';
    const message = `exports[${index}].${key} ${shown(entry[key])} is in the account of altr.awsAccountId, which must be ALTR’s; correct one of them`;
    return [{ path: ['exports', index, key], message }];
  });
}

function accessProblems(value: unknown): Problem[] {
  const entries = exportsIn(value);
  return accessFaults(entries).map(({ index, key, message }) => ({
    path: ['exports', index, key],
    message: `exports[${index}].${key} ${shown(entries[index]?.[key])} ${message}`,
  }));
}

function vendorProblems(value: unknown): Problem[] {
  return exportsIn(value).flatMap(({ roleName }, index) =>
    typeof roleName !== 'string'
      ? []
      : vendorRoleNameFaults(roleName).map((fault) => ({
          path: ['exports', index, 'roleName'],
          message: `exports[${index}].roleName ${shown(roleName)} ${fault}`,
        })),
  );
}

/** Options that go neither with each other nor with those of another export. */
function provisioningProblems(config: Config): Problem[] {
  const own = config.exports.flatMap((entry, index) => {
    const accountId = declaredAccount(entry);
    const facts = {
      accountId,
      ...(config.altr.partitionConfirmed ? { partitionConfirmed: true } : {}),
    };
    return provisioningFaults(definitionOf(config, entry), entry, facts).map((fault) => ({
      index,
      ...fault,
    }));
  });
  return [...own, ...sharedNames(config)].map(({ index, option, message }) => {
    const path = [
      'exports',
      index,
      ...option.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    ];
    return { path, message: `${pathText(path)} ${message}` };
  });
}

/** The exports of a config that need not be valid. */
function exportsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  const entries = (value as { exports?: unknown } | null)?.exports;
  if (!Array.isArray(entries)) return [];
  return entries.map((entry) => (typeof entry === 'object' && entry !== null ? entry : {}));
}

type JsonSchema = { properties?: Record<string, JsonSchema>; items?: JsonSchema; anyOf?: JsonSchema[] };

/** The keys that the schema knows at a path. */
function knownKeys(path: Path): string[] {
  let schemas = [z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema];
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

function pathText(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index ? `.${part}` : part))
    .join('');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
