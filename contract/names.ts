/**
 * What AWS and the vendor accept as names and IDs. Every function returns the faults that it found, each one a
 * sentence that can follow "roleName: "; an empty list means valid.
 */
import { createHash } from 'node:crypto';
import {
  BUCKET_NAME,
  EVENT_ID_PREFIXES,
  EXPORT_NAME,
  EXTERNAL_ID,
  IAM_NAME_CHARACTERS,
  IAM_PATH,
  IAM_PATH_LENGTH,
  NAME_HASH_LENGTH,
  POLICY_NAME_LENGTH,
  ROLE_NAME_LENGTH,
} from './name-limits';
import { partitionOf } from './partition';

/** Vendor page, step 4.6: "The name must start with 'ALTRPublishSIEMData". AWS compares it case-sensitively. */
export const ROLE_NAME_PREFIX = 'ALTRPublishSIEMData';

/** Whether the name starts with the prefix that the vendor demands, case-sensitively. */
export function hasRoleNamePrefix(roleName: string): boolean {
  return roleName.startsWith(ROLE_NAME_PREFIX);
}

/** IAM User Guide, "IAM and AWS STS quotas": names of roles, at most 64 of `[\w+=,.@-]`. */
export function roleNameFaults(name: string): string[] {
  const faults: string[] = [];
  if (name.length === 0) return ['must not be empty'];
  if (name.length > ROLE_NAME_LENGTH)
    faults.push(`has ${name.length} characters; IAM allows ${ROLE_NAME_LENGTH}`);
  faults.push(
    ...characterFault(name, IAM_NAME_CHARACTERS, 'IAM allows letters, digits and _+=,.@- in a role name'),
  );
  return faults;
}

/** IAM User Guide, "IAM and AWS STS quotas": names of managed policies, at most 128 of `[\w+=,.@-]`. */
export function policyNameFaults(name: string): string[] {
  if (name.length === 0) return ['must not be empty'];
  return [
    ...(name.length > POLICY_NAME_LENGTH
      ? [`has ${name.length} characters; IAM allows ${POLICY_NAME_LENGTH}`]
      : []),
    ...characterFault(name, IAM_NAME_CHARACTERS, 'IAM allows letters, digits and _+=,.@- in a policy name'),
  ];
}

/** IAM API Reference, CreateRole, `Path`: begins and ends with a slash, at most 512 characters. */
export function iamPathFaults(path: string): string[] {
  if (!new RegExp(IAM_PATH).test(path)) return ['must begin and end with a slash, for example /altr/'];
  return path.length > IAM_PATH_LENGTH
    ? [`has ${path.length} characters; IAM allows ${IAM_PATH_LENGTH}`]
    : [];
}

/** A name of a role or policy made from another: `<base>-<suffix>`, within IAM's limit for roles. */
export function derivedName(base: string, suffix: string): string {
  return boundedName(`${base}-${suffix}`, ROLE_NAME_LENGTH);
}

/** The role's default name: the vendor's prefix and the export's name, within IAM's limit. */
export function derivedRoleName(exportName: string): string {
  const words = exportName.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return boundedName(
    ROLE_NAME_PREFIX + words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join(''),
    ROLE_NAME_LENGTH,
  );
}

/** What the vendor demands of a role's name beyond IAM's rules: needed to provision, a finding for the audit. */
export function vendorRoleNameFaults(name: string): string[] {
  if (hasRoleNamePrefix(name)) return [];
  const spelling = name.toLowerCase().startsWith(ROLE_NAME_PREFIX.toLowerCase())
    ? ' (upper and lower case count)'
    : '';
  return [`must start with ${ROLE_NAME_PREFIX}${spelling}: ALTR assumes no other role`];
}

/** Amazon S3 User Guide, "General purpose bucket naming rules", in full. */
export function bucketNameFaults(name: string): string[] {
  const faults: string[] = [];
  const { characters, shortest, longest, prefixes, suffixes } = BUCKET_NAME;
  if (name.length < shortest || name.length > longest) {
    faults.push(
      `has ${name.length} ${name.length === 1 ? 'character' : 'characters'}; S3 wants ${shortest} to ${longest}`,
    );
  }
  if (name.length === 0) return faults;
  if (/^arn:/.test(name)) return ['is an ARN; give the bucket name alone'];
  if (/^s3:\/\//.test(name)) return ['is a URL; give the bucket name alone'];
  faults.push(
    ...characterFault(
      name,
      characters,
      'S3 allows lower-case letters, digits, dots and hyphens in a bucket name',
    ),
  );
  if (!/^[a-z0-9]/i.test(name) || !/[a-z0-9]$/i.test(name))
    faults.push('must begin and end with a letter or digit');
  if (name.includes('..')) faults.push('must not have two dots in a row');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) faults.push('must not look like an IP address');
  for (const prefix of prefixes) {
    if (name.startsWith(prefix)) faults.push(`must not start with ${prefix}, which S3 reserves`);
  }
  for (const suffix of suffixes) {
    if (name.endsWith(suffix)) faults.push(`must not end with ${suffix}, which S3 reserves`);
  }
  return faults;
}

/** A client ID, which becomes the role's `sts:ExternalId`. */
export function clientIdFaults(clientId: string): string[] {
  if (clientId !== clientId.trim()) {
    return ['has white space before or after it, which would be part of the ExternalId; remove it'];
  }
  const eventId = EVENT_ID_PREFIXES.find((prefix) => clientId.toLowerCase().startsWith(prefix));
  if (eventId) {
    return [
      `is spelled like the ID of an audit event (${clientId.slice(0, eventId.length)}…); the client ID is the value in ALTR under ` +
        'Settings → Preferences → Organization',
    ];
  }
  if (/[<>[\]]/.test(clientId)) {
    return ['still has the brackets of the vendor page’s placeholder; give the client ID alone'];
  }
  return externalIdFaults(clientId);
}

/** STS API Reference, AssumeRole, `ExternalId`: 2 to 1224 characters of `[\w+=,.@:/-]`. */
export function externalIdFaults(id: string): string[] {
  const faults: string[] = [];
  const { characters, shortest, longest } = EXTERNAL_ID;
  if (id.length < shortest || id.length > longest) {
    faults.push(
      `has ${id.length} ${id.length === 1 ? 'character' : 'characters'}; STS wants ${shortest} to ${longest}`,
    );
  }
  faults.push(...characterFault(id, characters, 'STS allows letters, digits and _+=,.@:/- in an ExternalId'));
  return faults;
}

/** A 12-digit AWS account ID, kept as a string: leading zeros count. */
export function accountIdFaults(accountId: string): string[] {
  if (/^\d{12}$/.test(accountId)) return [];
  if (/^\d{4}-\d{4}-\d{4}$/.test(accountId)) return ['must be written without hyphens'];
  if (!/^\d+$/.test(accountId)) return ['must be the 12 digits of an AWS account ID'];
  const lost = accountId.length < 12 ? '; a spreadsheet or YAML may have dropped its leading zero' : '';
  return [`must be the 12 digits of an AWS account ID, and has ${accountId.length}${lost}`];
}

/** A region by its shape. Regions that AWS opens tomorrow are accepted. */
export function regionFaults(region: string): string[] {
  if (partitionOf(region)) return [];
  if (/^[a-z]{2}-[a-z-]+-\d[a-z]$/.test(region))
    return ['is an availability zone; give the region, without the last letter'];
  return ['is not an AWS region; write it like eu-west-1'];
}

/** The name of an export, which becomes a stack, a folder and a section of reports. */
export function exportNameFaults(name: string): string[] {
  if (new RegExp(EXPORT_NAME).test(name)) return [];
  return ['must be 1 to 64 letters, digits, hyphens or underscores, and begin with a letter or digit'];
}

/** A derived name within a limit of characters: one that is too long ends in a hash, so that two of them stay apart. */
export function boundedName(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, NAME_HASH_LENGTH);
  return `${name.slice(0, limit - hash.length - 1)}-${hash}`;
}

/** @param characters as in a regular expression's `[…]` */
function characterFault(text: string, characters: string, allowed: string): string[] {
  const found = new RegExp(`[^${characters}]`, 'u').exec(text);
  return found ? [`has the character ${JSON.stringify(found[0])}; ${allowed}`] : [];
}
