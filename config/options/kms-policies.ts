/** What writing and reading under a customer-managed KMS key takes, in policies of roles and of the key. */
import { type Partition, s3ViaService } from '../../contract/partition';
import { accountRootArn, KMS_WRITE_ACTIONS } from '../../contract/policies';
import type { ContractDocument, ContractStatement } from '../../contract/statement';

/** What a reader needs of the key (Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys"). */
export const KMS_READ_ACTION = 'kms:Decrypt';

/** What S3 needs of the key in the other region to write copies (Amazon S3 User Guide, "Replicating encrypted objects"). */
export const KMS_REPLICA_ACTION = 'kms:Encrypt';

/**
 * What an administrator of a key does, and no use of it for data. Source: KMS Developer Guide, "Allows key administrators
 * to administer the KMS key"; but not that page's `kms:Create*`, which holds `kms:CreateGrant`: a grant lets anybody decrypt,
 * and appears in no policy.
 */
const KEY_ADMINISTRATION = [
  'kms:CreateAlias',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:RotateKeyOnDemand',
] as const;

/** Days between the deletion of a key that is made and its end, where nobody says otherwise: the most that KMS takes. */
export const KEY_DELETION_WINDOW_DAYS = 30;

const READERS_SID = 'ReadersDecryptThroughS3';
const REPLICATION_SID = 'ReplicationDecryptsThroughS3';

/** Where a key is, and whose it is. */
export interface KeyPlace {
  readonly partition: Partition;
  readonly region: string;
  /** The account, which may be a Terraform reference. */
  readonly accountId: string;
}

/**
 * Lets a role use the key through S3. The principal is the account and the condition the role, so that the statement holds
 * also for a role that is made again: a key policy that names a role by `Principal` keeps the ID of the one that was
 * deleted (IAM User Guide, "Principal", "IAM role principals"). The role's own policy must allow it, too.
 */
function throughS3(
  place: KeyPlace,
  Sid: string,
  Action: readonly string[],
  roles: readonly string[],
): ContractStatement {
  return {
    Sid,
    Effect: 'Allow',
    Principal: { AWS: accountRootArn(place.partition, place.accountId) },
    Action,
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': s3ViaService(place.region) },
      ...(roles.length > 0 ? { ArnLike: { 'aws:PrincipalArn': roles } } : {}),
    },
  };
}

/** What the policy of an existing key must hold, unless it leaves the decision to the account's IAM policies anyway. */
export function keyPolicyStatementForWriter(place: KeyPlace, writerArn: string): ContractStatement {
  return throughS3(place, 'ALTRWritesThroughS3', [...KMS_WRITE_ACTIONS], [writerArn]);
}

/** Who uses a key of an export. ARNs of roles; readers and administrators may have `*` in their names. */
export interface KeyUsers {
  readonly writer: string;
  /** Empty where nobody in particular is declared: then the account's IAM policies say who reads, as for the bucket. */
  readonly readers: readonly string[];
  readonly replication?: string;
  /** Empty for whoever the account's IAM policies let. */
  readonly administrators: readonly string[];
}

/** What those who use a key need of its policy, each alone; nothing for readers where none is known. */
export function keyPolicyStatements(
  place: KeyPlace,
  { writer, readers, replication }: Omit<KeyUsers, 'administrators'>,
): ContractStatement[] {
  return [
    keyPolicyStatementForWriter(place, writer),
    ...(readers.length > 0 ? [throughS3(place, READERS_SID, [KMS_READ_ACTION], readers)] : []),
    ...(replication ? [throughS3(place, REPLICATION_SID, [KMS_READ_ACTION], [replication])] : []),
  ];
}

/** The policy of a key that is made for an export: administration, ALTR's writing, reading; each alone. */
export function keyPolicyDocument(place: KeyPlace, users: KeyUsers): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'KeyAdministration',
        Effect: 'Allow',
        Principal: { AWS: accountRootArn(place.partition, place.accountId) },
        Action: KEY_ADMINISTRATION,
        Resource: '*',
        ...(users.administrators.length > 0
          ? { Condition: { ArnLike: { 'aws:PrincipalArn': users.administrators } } }
          : {}),
      },
      keyPolicyStatementForWriter(place, users.writer),
      throughS3(place, READERS_SID, [KMS_READ_ACTION], users.readers),
      ...(users.replication
        ? [throughS3(place, REPLICATION_SID, [KMS_READ_ACTION], [users.replication])]
        : []),
    ],
  };
}
