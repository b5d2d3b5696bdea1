/** Roles, policies, buckets and aliases of keys that two exports of a config would both make. */
import { namesOf } from '../options';
import { accountKey } from '../options/access';
import type { GivenName, OptionFault } from '../options/option';
import { type Config, definitionOf, type ExportConfig } from '../schema';

interface OfExport extends Pick<GivenName, 'option' | 'name'> {
  /** Index of the export. */
  readonly index: number;
  /** Equal for two names that AWS does not tell apart. */
  readonly key: string;
}

/** One fault for each name that another export has already; ALTR's roles and the exports' buckets are compared elsewhere. */
export function sharedNames(config: Config): (OptionFault & { readonly index: number })[] {
  const { exports } = config;
  const taken = new Map<string, OfExport>();
  for (const given of exports.flatMap(ownNames)) taken.set(given.key, given);
  const faults = new Map<string, OptionFault & { readonly index: number }>();
  for (const given of exports.flatMap((entry, index) => optionNames(config, entry, index))) {
    const owner = taken.get(given.key) ?? given;
    taken.set(given.key, owner);
    const { index, option, name } = given;
    if (owner.index === index) continue;
    const place = `exports[${owner.index}].${owner.option.replace(/\.(\d+)/g, '[$1]')}`;
    faults.set(`${index} ${option}`, {
      index,
      option,
      message: `${JSON.stringify(name)} is already that of ${place}`,
    });
  }
  return [...faults.values()];
}

function ownNames(entry: ExportConfig, index: number): OfExport[] {
  const { roleName, bucket } = entry;
  const own = { index, option: 'roleName', name: roleName };
  return [
    { ...own, key: identityOf('role', entry, roleName) },
    { index, option: 'bucket', name: bucket, key: identityOf('bucket', entry, bucket) },
    // The policy is named like the role by default; that role names differ is checked elsewhere.
    ...(entry.role?.policyName ? [] : [{ ...own, key: identityOf('policy', entry, roleName) }]),
  ];
}

function optionNames(config: Config, entry: ExportConfig, index: number): OfExport[] {
  return namesOf(entry, definitionOf(config, entry))
    .filter(({ option, isWritten }) => isWritten || option !== 'role.policyName')
    .map(({ kind, option, name }) => ({ index, option, name, key: identityOf(kind, entry, name) }));
}

/**
 * IAM compares names in an account and without case; a bucket's name is unique in a partition, a key's alias in account and
 * region (KMS Developer Guide, "Aliases").
 */
function identityOf(kind: GivenName['kind'], entry: ExportConfig, name: string): string {
  if (kind === 'bucket') return `bucket ${name}`;
  if (kind === 'key alias') return `alias ${accountKey(entry)} ${entry.region} ${name}`;
  return `${kind} ${accountKey(entry)} ${name.toLowerCase()}`;
}
