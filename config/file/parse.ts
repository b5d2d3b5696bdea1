/** From the text of `altr-exports.yaml` to a valid config, or to every fault at once with its line. */
import type * as z from 'zod';
import { derivedRoleName, vendorRoleNameFaults } from '../../contract/names';
import { UserError } from '../../contract/user-error';
import { issueSentences, pathOf, pathText, shown } from '../issues';
import { optionFaults } from '../options';
import { accessFaults, accessOf, accountKey, declaredAccount } from '../options/access';
import { organizationFaults } from '../options/organization';
import { isReplacement, replacesFaults } from '../options/replaces';
import { type Config, configSchema, definitionOf } from '../schema';
import { sharedNames } from './shared-names';
import { type Path, readYaml, type YamlSource } from './yaml-source';

/** A fault of the config: where it is, and what is wrong. */
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

/** A valid config, and the lines of its parts in the file. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  /** The 1-based line on which each export begins, by the export's name. */
  readonly exportLines: Readonly<Record<string, number>>;
  /** The 1-based line of any value, or of the nearest part of the path that exists. */
  lineOf(path: Path): number;
  /** What the report must tell of the file itself. */
  readonly notices?: readonly { readonly file: string; readonly line: number; readonly message: string }[];
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
  // A config is read once: to write and compile functions for it, as zod does, would take longer than to go through the schema.
  const parsed = configSchema.safeParse(source.value, { reportInput: true, jitless: true });
  const problems: Problem[] = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => issueProblems(issue, source)),
    ...duplicates(source.value),
    ...accessProblems(source.value),
    ...ownAccountProblems(source.value),
    ...replacesProblems(source.value),
    ...organizationProblems(source.value),
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

interface Problem {
  readonly path: Path;
  readonly message: string;
  /** The line, if it is not that of the path. */
  readonly at?: number;
}

function issueProblems(issue: z.core.$ZodIssue, source: YamlSource): Problem[] {
  const path = pathOf(issue);
  return issueSentences(issue, configSchema, source.typed(path)).map(({ key, message }) => ({
    path,
    message,
    ...(key === undefined ? {} : { at: source.lineOfKey(path, key) }),
  }));
}

/**
 * Names, roles (per account) and buckets that two exports share; an export may share the bucket of the one that it replaces. IAM
 * compares role names without case.
 */
function duplicates(value: unknown): Problem[] {
  const entries = exportsIn(value);
  const problems: Problem[] = [];
  for (const key of ['name', 'roleName', 'bucket'] as const) {
    const seen = new Map<string, number[]>();
    entries.forEach((entry, index) => {
      const derived =
        key === 'roleName' && typeof entry.name === 'string' ? derivedRoleName(entry.name) : undefined;
      const text = entry[key] ?? derived;
      if (typeof text !== 'string') return;
      const account = key === 'roleName' ? `${accountKey(accessOf(entry))}:` : '';
      const owners = seen.get(account + text.toLowerCase()) ?? [];
      seen.set(account + text.toLowerCase(), [...owners, index]);
      const mayShare = (other: number) => key === 'bucket' && isReplacement(entry, entries[other] ?? {});
      const first = owners.find((other) => !mayShare(other));
      if (first === undefined) return;
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

function replacesProblems(value: unknown): Problem[] {
  const entries = exportsIn(value);
  return replacesFaults(entries).map(({ index, message }) => ({
    path: ['exports', index, 'replaces'],
    message: `exports[${index}].replaces ${shown(entries[index]?.replaces)} ${message}`,
  }));
}

function organizationProblems(value: unknown): Problem[] {
  const organization = (value as { organization?: unknown } | null)?.organization;
  if (typeof organization !== 'object' || organization === null) return [];
  const given = organization as Readonly<Record<string, unknown>>;
  const regions = exportsIn(value).map(({ region }) => region);
  return organizationFaults(given, regions).map(({ key, message }) => ({
    path: ['organization', key],
    message: `organization.${key} ${shown(given[key])} ${message}`,
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
    return optionFaults(definitionOf(config, entry), entry, facts).map((fault) => ({
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
