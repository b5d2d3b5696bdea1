/** Roles, policies, buckets and aliases of keys that two exports of a config would both make. */

import { placeOf } from './options/access';
import type { OptionFault } from './options/option-fault';
import { otherNames as namesBeside, permissionPolicyName } from './provisioned-names';
import type { Config, ExportConfig } from './schema';

/** A name that an export gives to something in AWS. */
interface Given {
  readonly index: number;
  readonly option: string;
  readonly name: string;
  /** The same for two names that AWS takes for one. */
  readonly key: string;
}

/** One fault for each name that another export has already; ALTR's roles and the exports' buckets are compared elsewhere. */
export function sharedNames({ exports }: Config): (OptionFault & { readonly index: number })[] {
  const taken = new Map<string, Given>();
  for (const given of exports.flatMap(ownNames)) taken.set(given.key, given);
  const faults = new Map<string, OptionFault & { readonly index: number }>();
  for (const given of exports.flatMap(otherNames)) {
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

function ownNames(entry: ExportConfig, index: number): Given[] {
  return [
    { index, option: 'roleName', name: entry.roleName, key: iamKey('role', entry, entry.roleName) },
    { index, option: 'bucket', name: entry.bucket, key: `bucket ${entry.bucket}` },
    // Named like the role where nothing else is said; that role names differ is checked elsewhere.
    ...(entry.role?.policyName
      ? []
      : [{ index, option: 'roleName', name: entry.roleName, key: iamKey('policy', entry, entry.roleName) }]),
  ];
}

function otherNames(entry: ExportConfig, index: number): Given[] {
  const beside = namesBeside(entry, entry);
  const roles = beside.filter(({ makesRole }) => makesRole);
  const copies = entry.replication?.existingBucket === false ? entry.replication.bucket : undefined;
  const { type, kmsKeyArn, keyAlias } = entry.encryption ?? {};
  const alias = type === 'kms' && !kmsKeyArn ? keyAlias : undefined;
  const policies = [
    // Named like the role where nothing else is said; that role names differ is checked elsewhere.
    ...(entry.role?.policyName
      ? [{ option: 'role.policyName', name: permissionPolicyName(entry, entry) }]
      : []),
    ...beside.filter(({ option }) => option.startsWith('readers')),
  ];
  return [
    ...roles.map(({ option, name }) => ({ index, option, name, key: iamKey('role', entry, name) })),
    ...policies.map(({ option, name }) => ({ index, option, name, key: iamKey('policy', entry, name) })),
    ...(copies ? [{ index, option: 'replication.bucket', name: copies, key: `bucket ${copies}` }] : []),
    // KMS Developer Guide, "Aliases": unique in account and region.
    ...(alias
      ? [
          {
            index,
            option: 'encryption.keyAlias',
            name: alias,
            key: `alias ${placeOf(entry)} ${entry.region} ${alias}`,
          },
        ]
      : []),
  ];
}

/** IAM compares names without case, in an account. */
function iamKey(kind: 'role' | 'policy', entry: ExportConfig, name: string): string {
  return `${kind} ${placeOf(entry)} ${name.toLowerCase()}`;
}
