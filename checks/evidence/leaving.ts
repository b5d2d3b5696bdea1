/** Ways by which others get at logs that the bucket's own policy does not show: keys, grants and access points. */
import { readerArns } from '../../config/options/readers';
import { parseArn } from '../../contract/arn';
import { bucketArn, roleArn } from '../../contract/policies';
import type { AccessGrant, BucketObservation, KmsGrant, KmsKeyObservation } from '../observe/observation';
import { glob, includes, matchesAction, matchesGlob, type Policy, type Statement } from '../policy';
import type { RuleContext } from './context';
import { type ForeignPrincipal, foreignPrincipalsIn, foreignPrincipalsOf } from './foreign-principals';

/** What lets somebody read what the key encrypts, or give themselves that. */
const READING = ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'kms:PutKeyPolicy'] as const;

/** The same as operations of a grant (KMS API Reference, `GrantListEntry`). */
const READING_OPERATIONS: readonly string[] = ['Decrypt', 'ReEncryptFrom', 'CreateGrant'];

/** The cause that findings share if the declared bucket of the copies, by its ARN, is another account's. */
export function foreignCopies(arn: string): string {
  return `copies-of-another-account:${arn}`;
}

/** Who may hold the key to logs. */
export interface KeyHolders {
  /** The bucket's own account and the key's. */
  readonly accounts: readonly string[];
  /** ARNs, with `*`, of readers and administrators that the config names. */
  readonly declared: readonly string[];
}

export function holdersOfKey(
  key: KmsKeyObservation,
  accountId: string,
  { declared }: RuleContext,
): KeyHolders {
  const { bucketPolicy, encryption } = declared ?? {};
  const keyAccount = parseArn(key.arn)?.accountId;
  return {
    accounts: [accountId, ...(keyAccount ? [keyAccount] : [])],
    declared: [...(bucketPolicy?.onlyReaders ?? []), ...(encryption?.keyAdministrators ?? [])],
  };
}

function isHolder(principal: string, { accounts, declared }: KeyHolders): boolean {
  if (accounts.includes(parseArn(principal)?.accountId ?? principal)) return true;
  if (declared.some((pattern) => matchesGlob(pattern, principal))) return true;
  const session = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal);
  if (!session) return false;
  // The ARN of a session has the role's name without its path.
  const [, partition, account, name] = session;
  return declared.some((pattern) =>
    matchesGlob(pattern.replace(/:role\/.*\//, ':role/'), `arn:${partition}:iam::${account}:role/${name}`),
  );
}

/** Whether a condition leaves declared principals alone, of all whom the statement names. */
function isForDeclared({ conditions }: Statement, { declared }: KeyHolders): boolean {
  return conditions.some(
    ({ key, operator, values }) =>
      key.toLowerCase() === 'aws:principalarn' &&
      /^(arn|string)(equals|like)$/i.test(operator) &&
      values.every((value) => declared.some((pattern) => includes(glob(pattern), glob(value)))),
  );
}

/** Principals other than these whom the key's policy lets read. */
export function foreignReadersOfKey(
  policy: Policy,
  key: KmsKeyObservation,
  holders: KeyHolders,
  accountId: string,
  { contract, observedAt }: RuleContext,
): ForeignPrincipal[] {
  const isOwner = parseArn(key.arn)?.accountId === accountId;
  const account = { partition: contract.partition, accountId, isOwner, observedAt };
  return foreignPrincipalsIn(policy, account).filter(
    ({ kind, shutOut, text, statement }) =>
      !shutOut &&
      (kind === 'anyone' || kind === 'account') &&
      !isHolder(text, holders) &&
      !isForDeclared(statement, holders) &&
      READING.some((action) => matchesAction(statement.actions, action)),
  );
}

/** Whether a grant lets somebody else read logs; `open` if its constraint does not tell. */
export function letsForeignRead(
  { granteePrincipal, operations, constraints }: KmsGrant,
  holders: KeyHolders,
  { contract }: RuleContext,
): boolean | 'open' {
  // The name of a service, which acts for somebody who made the grant, or the ID of a deleted principal.
  if (!parseArn(granteePrincipal)?.accountId || isHolder(granteePrincipal, holders)) return false;
  if (!operations.some((operation) => READING_OPERATIONS.includes(operation))) return false;
  const context = { ...constraints?.encryptionContextSubset, ...constraints?.encryptionContextEquals };
  const own = bucketArn(contract.partition, contract.bucket);
  const isOfLogs = Object.entries(context).map(([key, value]) => {
    // S3 encrypts for the object's ARN, or the bucket's (KMS Developer Guide, "Encryption context").
    if (key === 'aws:s3:arn') return value === own || value.startsWith(`${own}/`);
    return key.startsWith('aws:') ? false : ('open' as const);
  });
  if (isOfLogs.includes(false)) return false;
  return constraints?.sourceArn !== undefined || isOfLogs.includes('open') ? 'open' : true;
}

/** Principals of other accounts whom an access point's policy lets in, as far as nothing else shuts them out. */
export function foreignUsersOf(
  policy: Policy,
  bucket: BucketObservation,
  accountId: string,
  { contract, observedAt }: RuleContext,
): ForeignPrincipal[] {
  return foreignPrincipalsOf(policy, bucket, { partition: contract.partition, accountId, observedAt })
    .filter(({ heldBack }) => heldBack === undefined)
    .map(({ principal }) => principal);
}

/** Whether a grant of S3 Access Grants lets a declared reader read, and nothing else. */
export function isDeclaredReader(
  { granteeType, grantee, permission }: AccessGrant,
  accountId: string,
  { contract, declared = {} }: RuleContext,
): boolean {
  if (granteeType !== 'IAM' || permission !== 'READ') return false;
  const arnOf = (name: string) => roleArn(contract.partition, accountId, name, declared.role?.path);
  const readers = readerArns(contract, declared, declared.otherReaders ?? [], arnOf);
  return readers.some((pattern) => matchesGlob(pattern, grantee));
}
