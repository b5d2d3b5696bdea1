/**
 * What was seen, and nothing about whether it is right. Every source (live AWS, Terraform, a saved file) gives
 * this type. It is plain JSON: no dates, maps, classes or `undefined` entries in arrays.
 */

import type { AuditKind, Detection, ForeignObjects, KindArrival, SampledObject } from '../../logs';
import { redacted } from './redacted';

export type { SampledObject };

/** Why something could not be read. Never confused with "does not exist". */
export interface Unreadable {
  /** One sentence without a full stop, for example "AWS denied s3:GetBucketPolicy (AccessDenied)". */
  readonly message: string;
  /** The API, for example `s3:GetBucketPolicy`. */
  readonly api?: string;
  /** AWS's error code, for example `AccessDenied`. */
  readonly code?: string;
  readonly requestId?: string;
  readonly accountId?: string;
  readonly region?: string;
  /** The IAM permission that is missing, where that is the reason. */
  readonly permission?: string;
  /** All was read, and contradicts itself: reading it again will not tell more. */
  readonly undecided?: true;
}

/** A value, "does not exist", or "could not be read, because …". */
export type Observed<T> =
  | { readonly state: 'value'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: Unreadable };

/** A policy document: where it stands, and its text as AWS stores it, URL-decoded exactly once, unparsed. */
export interface PolicyText {
  /** For example `trust policy of role X`, `inline policy P of role X`, `policy arn:… version v3`. */
  readonly source: string;
  readonly text: string;
}

/** A policy that gives the role permissions. */
export interface RolePolicy {
  readonly kind: 'inline' | 'attached';
  readonly name: string;
  /** ARN of an attached policy. */
  readonly arn?: string;
  /** The default version of an attached policy, or the inline document. */
  readonly document: Observed<PolicyText>;
}

export interface RoleObservation {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly trustPolicy: Observed<PolicyText>;
  /** Names of all inline policies and each one's document. */
  readonly inlinePolicies: Observed<readonly RolePolicy[]>;
  /** All attached managed policies and each one's default version. */
  readonly attachedPolicies: Observed<readonly RolePolicy[]>;
  /** The permissions boundary; absent where the role has none. */
  readonly permissionsBoundary: Observed<{ readonly arn: string; readonly document: Observed<PolicyText> }>;
}

/** The four switches of a public access block. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** A grant of an access control list. */
export interface AclGrant {
  /** Canonical user ID, group URI or e-mail address. */
  readonly grantee: string;
  readonly granteeType: 'CanonicalUser' | 'Group' | 'AmazonCustomerByEmail';
  readonly permission: string;
}

export const OBJECT_OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;

export type ObjectOwnership = (typeof OBJECT_OWNERSHIPS)[number];

/** Whether it is one that the rules know: AWS may add to them, and Terraform hands on what is written. */
export function isObjectOwnership(value: string | undefined): value is ObjectOwnership {
  return OBJECT_OWNERSHIPS.some((known) => known === value);
}

/** A bucket's Object Lock: how every object is locked as it is written, if it is. */
export interface ObjectLock {
  readonly defaultRetention?: {
    readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
    readonly days?: number;
    readonly years?: number;
  };
}

/** The bucket's default encryption. */
export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** As configured: key ID, key ARN, alias name or alias ARN. Missing with the AWS-managed key `aws/s3`. */
  readonly kmsKeyId?: string;
}

/**
 * Whether a name is that of the key that AWS manages for S3 in an account: no other alias may begin with `alias/aws/` (KMS
 * Developer Guide, "Aliases in AWS KMS").
 * @param accountId where it is known: another account's such key is for nobody but that account
 */
export function isAwsKeyOfS3(keyId: string, accountId?: string): boolean {
  if (keyId === 'alias/aws/s3') return true;
  const owner = /^arn:[^:]+:kms:[^:]*:(\d*):alias\/aws\/s3$/.exec(keyId)?.[1];
  return owner !== undefined && (accountId === undefined || owner === accountId);
}

/** A customer-managed KMS key that the bucket encrypts with. */
export interface KmsKeyObservation {
  readonly arn: string;
  readonly keyManager: 'AWS' | 'CUSTOMER';
  /** KMS's `KeyState`, for example `Enabled`, `Disabled`, `PendingDeletion`. */
  readonly keyState: string;
  /** KMS's `KeySpec`, for example `SYMMETRIC_DEFAULT`; missing where the source does not say it. */
  readonly keySpec?: string;
  readonly policy: Observed<PolicyText>;
}

export interface BucketObservation {
  readonly name: string;
  /** Whether the audited account owns it. Absent is impossible. */
  readonly owner: Observed<'audited-account' | 'another-account'>;
  readonly region: Observed<string>;
  readonly policy: Observed<PolicyText>;
  readonly publicAccessBlock: Observed<PublicAccessBlock>;
  /** The account's block. Read only where the bucket's own is incomplete; `undefined` = was not needed. */
  readonly accountPublicAccessBlock?: Observed<PublicAccessBlock>;
  /** The ACL: the owner's canonical ID and the grants. */
  readonly acl: Observed<{ readonly owner: string; readonly grants: readonly AclGrant[] }>;
  /** Read only where the ACL grants somebody but the owner; `undefined` = was not needed. */
  readonly objectOwnership?: Observed<ObjectOwnership>;
  readonly encryption: Observed<BucketEncryption>;
  /** Read only where `encryption` names a key; `undefined` = was not needed. */
  readonly kmsKey?: Observed<KmsKeyObservation>;
}

/** The newest log of a bucket, and how its keys are laid out. */
export interface NewestLog {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Whether no other log can be newer, save one that came to a partition which had ended more than a day before. */
  readonly isExact: boolean;
  /** Why not, as a clause. */
  readonly inexactBecause?: string;
  readonly layout: Detection;
  /** Objects beside the logs that are nothing of ALTR's, by their content. */
  readonly foreign?: ForeignObjects;
  /** Partitions whose date lies in the future. */
  readonly future: readonly string[];
  /** List calls that it took. */
  readonly listCalls: number;
}

/** What arrives in a bucket. */
export interface DeliveryObservation {
  /** Absent where the bucket holds no object. */
  readonly newest: Observed<NewestLog>;
  /** The newest objects, opened; absent where there is none. */
  readonly sample: Observed<readonly SampledObject[]>;
  /** When each declared kind arrived last; only if kinds are declared. */
  readonly kinds?: Observed<Partial<Readonly<Record<AuditKind, KindArrival>>>>;
  /**
   * When anybody last used the role, ISO 8601. Absent where nobody did in the 400 days that AWS remembers (IAM User Guide,
   * "Last accessed information").
   */
  readonly roleLastUsed: Observed<string>;
}

/** A queue's subscription to the topic. */
export interface FeedSubscription {
  readonly queueArn: string;
  /** What lets only some messages through; absent where all come. */
  readonly filter: Observed<FeedFilter>;
}

/** A subscription's filter policy (Amazon SNS Developer Guide, "Amazon SNS subscription filter policies"). */
export interface FeedFilter {
  /** What the policy is compared with: `MessageAttributes` or `MessageBody`. */
  readonly scope: string;
  /** JSON, as SNS gave it. */
  readonly policy: string;
}

/** The topic that tells of new objects. */
export interface FeedTopicObservation {
  readonly arn: string;
  readonly policy: Observed<PolicyText>;
  /** The queues that get its messages. */
  readonly subscriptions: Observed<readonly FeedSubscription[]>;
  /** The key that it is encrypted with; missing without encryption. */
  readonly key?: Observed<KmsKeyObservation>;
}

/** A queue that gets the topic's messages. */
export interface FeedQueueObservation {
  readonly arn: string;
  readonly policy: Observed<PolicyText>;
  /** The key that it is encrypted with; missing with SQS's own key or without encryption. */
  readonly key?: Observed<KmsKeyObservation>;
}

/** The way from new objects to those who read them. */
export interface LogFeedObservation {
  /** The topics that the bucket tells of its events. */
  readonly topics: Observed<
    readonly {
      readonly topicArn: string;
      readonly events: readonly string[];
      /** Whether only some keys are told of. */
      readonly isFiltered: boolean;
    }[]
  >;
  readonly topic: Observed<FeedTopicObservation>;
  readonly queues: readonly {
    readonly consumer: string;
    readonly name: string;
    readonly queue: Observed<FeedQueueObservation>;
  }[];
}

/** What was seen of one export. */
export interface ExportObservation {
  /** The export's name in the config. */
  readonly name: string;
  /** The account that the credentials really belong to. */
  readonly accountId: Observed<string>;
  readonly role: Observed<RoleObservation>;
  readonly bucket: Observed<BucketObservation>;
  /** Looked at only where the rule delivery-alive is on; `undefined` = was not looked at. */
  readonly delivery?: DeliveryObservation;
  /** Looked at only where the export declares readers of its logs; `undefined` = was not looked at. */
  readonly logFeed?: LogFeedObservation;
}

/** A role as `iam:ListRoles` shows it. */
export interface ListedRole {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly trustPolicy: PolicyText;
}

/** What was seen of one account as a whole. */
export interface AccountObservation {
  readonly accountId: string;
  /**
   * Roles that may concern ALTR: their name has the prefix (in any case), or the text of their trust policy
   * holds ALTR's account ID or a wildcard. The source may leave out all others.
   */
  readonly roles: Observed<readonly ListedRole[]>;
  /** Whether the source does not see all roles of the account, such as a Terraform plan: then none found says nothing. */
  readonly partial?: boolean;
}

/** Everything that was seen in one run. */
export interface Observation {
  readonly schemaVersion: 1;
  /** ISO 8601, UTC. */
  readonly observedAt: string;
  /** ALTR's account for which roles were listed; missing where none were left out for it. */
  readonly altrAccountId?: string;
  /** Whether the run was cut short: what did not exist by then may have come later. */
  readonly partial?: boolean;
  readonly exports: readonly ExportObservation[];
  readonly accounts: readonly AccountObservation[];
}

export const ABSENT = { state: 'absent' } as const;

export function known<T>(value: T): Observed<T> {
  return { state: 'value', value };
}

/** Messages may quote what AWS, a proxy or a credential helper said: no credential of theirs is kept. */
export function unreadable(reason: Unreadable): {
  readonly state: 'unreadable';
  readonly reason: Unreadable;
} {
  return { state: 'unreadable', reason: { ...reason, message: redacted(reason.message) } };
}

/** Stands for the account where nobody knows it yet, as before the first apply. No AWS account has this ID. */
export const NO_ACCOUNT = '000000000000';
