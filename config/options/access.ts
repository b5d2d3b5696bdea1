/**
 * How an export's AWS account is reached: keys of an export, all optional. Without any the usual credentials of AWS's SDKs
 * count. One account is reached in one way, so that a run visits it once and sees it whole.
 */
import { type Arn, parseArn, roleArnFaults } from '../../contract/arn';
import { accountIdFaults, externalIdFaults } from '../../contract/names';
import { partitionOf } from '../../contract/partition';
import { validText } from './option';

/** Keys of an export; spread into its schema. */
export const accessShape = {
  accountId: validText(
    accountIdFaults,
    'AWS account of the bucket and the role, 12 digits in quotes. The credentials must belong to it.',
  ).optional(),
  assumeRoleArn: validText(
    roleArnFaults,
    'ARN of a role in that account which this tool assumes to audit or provision it; not the role that ALTR assumes.',
  ).optional(),
  externalId: validText(
    externalIdFaults,
    'External ID that assumeRoleArn demands of this tool; not the client ID in ALTR.',
  ).optional(),
  profile: validText(
    profileFaults,
    'Profile of your AWS configuration files whose credentials are used, or assume assumeRoleArn.',
  ).optional(),
};

/** The keys of an export that say how its account is reached. */
export type Access = { readonly [Key in keyof typeof accessShape]?: string };

/** The account that an export declares, by itself or by the role that is assumed for it; `undefined` if it declares none. */
export function declaredAccount({ accountId, assumeRoleArn }: Access): string | undefined {
  return accountId ?? roleArn(assumeRoleArn)?.accountId;
}

/** Key shared by exports that are reached with the same credentials, and only by those. */
export function accessKey({ assumeRoleArn, externalId, profile }: Access): string {
  return JSON.stringify([profile ?? null, assumeRoleArn ?? null, externalId ?? null]);
}

/** Key shared by exports that the config puts in one account. */
export function accountKey(access: Access): string {
  return declaredAccount(access) ?? accessKey(access);
}

/** The access of an export, which need not be valid. */
export function accessOf(entry: Readonly<Record<string, unknown>>): Access {
  return Object.fromEntries(
    Object.keys(accessShape).flatMap((key) => (typeof entry[key] === 'string' ? [[key, entry[key]]] : [])),
  );
}

/** A fault of an export's access that only its other keys or another export reveal. */
export interface AccessFault {
  /** Index of the export. */
  readonly index: number;
  readonly key: keyof Access;
  /** What is wrong, to follow the key and its value. */
  readonly message: string;
}

/** Faults of access among the exports of a config, which need not be valid. */
export function accessFaults(entries: readonly Readonly<Record<string, unknown>>[]): AccessFault[] {
  const first = new Map<string, { index: number; access: Access }>();
  return entries.flatMap((entry, index) => {
    const access = accessOf(entry);
    const faults = ownFaults(access, entry.region).map((fault) => ({ index, ...fault }));
    const account = declaredAccount(access);
    if (account === undefined || accountIdFaults(account).length > 0) return faults;
    const before = first.get(account);
    if (!before) first.set(account, { index, access });
    else if (accessKey(before.access) !== accessKey(access)) {
      const key = (['assumeRoleArn', 'profile', 'externalId', 'accountId'] as const).find(
        (name) =>
          access[name] !== undefined && (name === 'accountId' || access[name] !== before.access[name]),
      );
      const message =
        `reaches account ${account} ${inWords(access)}, and exports[${before.index}] reaches it ` +
        `${inWords(before.access)}; reach one account in one way`;
      faults.push({ index, key: key ?? 'accountId', message });
    }
    return faults;
  });
}

function ownFaults(access: Access, region: unknown): Omit<AccessFault, 'index'>[] {
  const faults: Omit<AccessFault, 'index'>[] = [];
  const role = roleArn(access.assumeRoleArn);
  if (access.externalId !== undefined && access.assumeRoleArn === undefined) {
    const message = 'is for the role of assumeRoleArn, which is missing; add it, or remove externalId';
    faults.push({ key: 'externalId', message });
  }
  if (role && access.accountId !== undefined && role.accountId !== access.accountId) {
    const message = `is in account ${role.accountId}, but accountId is ${access.accountId}; correct one of them`;
    faults.push({ key: 'assumeRoleArn', message });
  }
  const partition = typeof region === 'string' ? partitionOf(region) : undefined;
  if (role && partition && role.partition !== partition) {
    const message = `is in partition ${role.partition}, but region ${region} is in ${partition}; correct one of them`;
    faults.push({ key: 'assumeRoleArn', message });
  }
  return faults;
}

function inWords({ assumeRoleArn, externalId, profile }: Access): string {
  const parts = [
    ...(assumeRoleArn === undefined ? [] : [`by the role ${assumeRoleArn}`]),
    ...(externalId === undefined ? [] : [`with the external ID ${externalId}`]),
    ...(profile === undefined ? [] : [`with the profile ${profile}`]),
  ];
  return parts.join(' ') || 'with the usual credentials';
}

/** The parts of a role's ARN; `undefined` if the text is not one. */
function roleArn(text: string | undefined): Arn | undefined {
  return text !== undefined && roleArnFaults(text).length === 0 ? parseArn(text) : undefined;
}

function profileFaults(profile: string): string[] {
  if (profile.trim() === '') return ['must not be empty'];
  return profile === profile.trim() && !/[\r\n[\]]/.test(profile)
    ? []
    : ['is not spelled as a profile’s name: no white space around it, no brackets, one line'];
}
