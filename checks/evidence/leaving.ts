/** Ways by which others get at logs that the bucket's own policy does not show: keys, grants and access points. */
import { parseArn } from '../../contract/arn';
import { bucketArn } from '../../contract/policies';
import type { BucketObservation, KmsGrant, KmsKeyObservation } from '../observe/observation';
import { matchesAction, type Policy } from '../policy';
import type { RuleContext } from './context';
import { type ForeignPrincipal, foreignPrincipalsIn, foreignPrincipalsOf } from './foreign-principals';

/** What lets somebody read what the key encrypts, or give themselves that. */
const READING = ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'kms:PutKeyPolicy'] as const;

/** The same as operations of a grant (KMS API Reference, `GrantListEntry`). */
const READING_OPERATIONS: readonly string[] = ['Decrypt', 'ReEncryptFrom', 'CreateGrant'];

/**
 * Accounts that may hold the key to logs: the bucket's own, the key's own, and those of readers and administrators that the
 * config names.
 */
export function accountsOfKey(
  key: KmsKeyObservation,
  accountId: string,
  { declared }: RuleContext,
): string[] {
  const { bucketPolicy, encryption } = declared ?? {};
  const named = [...(bucketPolicy?.onlyReaders ?? []), ...(encryption?.keyAdministrators ?? [])];
  return [accountId, ...[key.arn, ...named].flatMap((arn) => parseArn(arn)?.accountId ?? [])];
}

/** Principals outside of these accounts whom the key's policy lets read. */
export function foreignReadersOfKey(
  policy: Policy,
  key: KmsKeyObservation,
  allowed: readonly string[],
  accountId: string,
  { contract, observedAt }: RuleContext,
): ForeignPrincipal[] {
  const isOwner = parseArn(key.arn)?.accountId === accountId;
  const account = { partition: contract.partition, accountId, isOwner, observedAt };
  return foreignPrincipalsIn(policy, account).filter(
    ({ kind, shutOut, text, statement }) =>
      !shutOut &&
      (kind === 'anyone' || kind === 'account') &&
      !allowed.some((account) => text === account || parseArn(text)?.accountId === account) &&
      READING.some((action) => matchesAction(statement.actions, action)),
  );
}

/** Whether a grant lets somebody outside of these accounts read logs; `open` if its constraint does not tell. */
export function letsForeignRead(
  { granteePrincipal, operations, constraints }: KmsGrant,
  allowed: readonly string[],
  { contract }: RuleContext,
): boolean | 'open' {
  const account = parseArn(granteePrincipal)?.accountId;
  // The name of a service, which acts for somebody who made the grant, or the ID of a deleted principal.
  if (!account || allowed.includes(account)) return false;
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
