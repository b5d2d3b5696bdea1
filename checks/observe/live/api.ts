/**
 * Every AWS API that a check may call: the IAM permission that it needs, and the error codes by which AWS says "does
 * not exist". All other errors mean "could not be read". The auditor's own least-privilege policy is made from this.
 *
 * Sources: the "Errors" section of each API in the IAM, STS, S3, S3 Control and KMS API References; permissions from
 * the Service Authorization Reference.
 */

/** How a permission is scoped in the auditor's policy. */
export type PermissionScope =
  | 'role'
  | 'altr-role'
  | 'policy'
  | 'bucket'
  | 'object'
  | 'key'
  | 'topic'
  | 'queue'
  | 'access-grants'
  | 'account';

export interface Api {
  /** IAM action that allows the call; `undefined` where none is needed. */
  readonly permission?: string;
  readonly scope: PermissionScope;
  /** Another one, if the call is made for more. */
  readonly also?: PermissionScope;
  /** Error codes that mean: this does not exist. */
  readonly absent?: readonly string[];
  /** Needed only to look at what was delivered: `logs` and the opt-in rule delivery-alive. Never granted unless asked for. */
  readonly optional?: true;
  /** Needed only where an export declares readers of its logs (`splunkFeed`, `alerts`). */
  readonly feed?: true;
  /** Needed only where an export asks for S3 Access Grants (`accessGrants`). */
  readonly accessGrants?: true;
}

/** IAM's way to say so, by its code on the wire and by the SDK's name for it. */
const NO_SUCH_ENTITY = ['NoSuchEntity', 'NoSuchEntityException'] as const;

export const APIS = {
  // Needs no permission, and a Deny doesn't stop it (STS API Reference, GetCallerIdentity).
  'sts:GetCallerIdentity': { scope: 'account' },
  // Roles with the prefix that the config does not declare are asked when they were last used.
  'iam:GetRole': { permission: 'iam:GetRole', scope: 'role', also: 'altr-role', absent: NO_SUCH_ENTITY },
  'iam:ListRolePolicies': { permission: 'iam:ListRolePolicies', scope: 'role', absent: NO_SUCH_ENTITY },
  'iam:GetRolePolicy': { permission: 'iam:GetRolePolicy', scope: 'role', absent: NO_SUCH_ENTITY },
  'iam:ListAttachedRolePolicies': {
    permission: 'iam:ListAttachedRolePolicies',
    scope: 'role',
    absent: NO_SUCH_ENTITY,
  },
  'iam:GetPolicy': { permission: 'iam:GetPolicy', scope: 'policy', absent: NO_SUCH_ENTITY },
  'iam:GetPolicyVersion': { permission: 'iam:GetPolicyVersion', scope: 'policy', absent: NO_SUCH_ENTITY },
  'iam:ListRoles': { permission: 'iam:ListRoles', scope: 'account' },
  // HeadBucket has no action of its own; its 404 has no body, so the SDK names it NotFound.
  's3:HeadBucket': {
    permission: 's3:ListBucket',
    scope: 'bucket',
    absent: ['NotFound', 'NoSuchBucket', '404'],
  },
  's3:ListBuckets': { permission: 's3:ListAllMyBuckets', scope: 'account' },
  's3:GetBucketPolicy': { permission: 's3:GetBucketPolicy', scope: 'bucket', absent: ['NoSuchBucketPolicy'] },
  's3:GetPublicAccessBlock': {
    permission: 's3:GetBucketPublicAccessBlock',
    scope: 'bucket',
    absent: ['NoSuchPublicAccessBlockConfiguration'],
  },
  's3:GetBucketAcl': { permission: 's3:GetBucketAcl', scope: 'bucket' },
  's3:GetBucketOwnershipControls': {
    permission: 's3:GetBucketOwnershipControls',
    scope: 'bucket',
    absent: ['OwnershipControlsNotFoundError'],
  },
  's3:GetBucketEncryption': {
    permission: 's3:GetEncryptionConfiguration',
    scope: 'bucket',
    absent: ['ServerSideEncryptionConfigurationNotFoundError'],
  },
  's3:GetBucketLifecycleConfiguration': {
    permission: 's3:GetLifecycleConfiguration',
    scope: 'bucket',
    absent: ['NoSuchLifecycleConfiguration'],
  },
  's3:GetBucketReplication': {
    permission: 's3:GetReplicationConfiguration',
    scope: 'bucket',
    absent: ['ReplicationConfigurationNotFoundError'],
  },
  // A bucket without inventories answers with an empty list.
  's3:ListBucketInventoryConfigurations': { permission: 's3:GetInventoryConfiguration', scope: 'bucket' },
  // A bucket that never had versioning, and one without access logging, answer with an empty configuration.
  's3:GetBucketVersioning': { permission: 's3:GetBucketVersioning', scope: 'bucket' },
  's3:GetBucketLogging': { permission: 's3:GetBucketLogging', scope: 'bucket' },
  's3:GetObjectLockConfiguration': {
    permission: 's3:GetBucketObjectLockConfiguration',
    scope: 'bucket',
    absent: ['ObjectLockConfigurationNotFoundError'],
  },
  // Whether policies may decide by the bucket's tags, and the tags if so. Asked only if a policy names such tags.
  's3:GetBucketAbac': { permission: 's3:GetBucketAbac', scope: 'bucket' },
  's3control:ListTagsForResource': {
    permission: 's3:ListTagsForResource',
    scope: 'bucket',
    absent: ['NoSuchTagSet', 'NoSuchTagSetError'],
  },
  's3:ListObjectsV2': {
    permission: 's3:ListBucket',
    scope: 'bucket',
    absent: ['NoSuchBucket'],
    optional: true,
  },
  's3:GetObject': { permission: 's3:GetObject', scope: 'object', absent: ['NoSuchKey'], optional: true },
  // A bucket without a configuration answers with an empty one.
  's3:GetBucketNotificationConfiguration': {
    permission: 's3:GetBucketNotification',
    scope: 'bucket',
    feed: true,
  },
  'sns:GetTopicAttributes': {
    permission: 'sns:GetTopicAttributes',
    scope: 'topic',
    absent: ['NotFound', 'NotFoundException'],
    feed: true,
  },
  'sns:ListSubscriptionsByTopic': {
    permission: 'sns:ListSubscriptionsByTopic',
    scope: 'topic',
    absent: ['NotFound', 'NotFoundException'],
    feed: true,
  },
  // SNS has no resource type of subscriptions, so nothing narrower than the account can be allowed. A subscription that
  // went meanwhile is not one without a filter, so its absence counts as unreadable.
  'sns:GetSubscriptionAttributes': {
    permission: 'sns:GetSubscriptionAttributes',
    scope: 'account',
    feed: true,
  },
  'sqs:GetQueueUrl': {
    permission: 'sqs:GetQueueUrl',
    scope: 'queue',
    absent: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
    feed: true,
  },
  'sqs:GetQueueAttributes': {
    permission: 'sqs:GetQueueAttributes',
    scope: 'queue',
    absent: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
    feed: true,
  },
  's3control:GetPublicAccessBlock': {
    permission: 's3:GetAccountPublicAccessBlock',
    scope: 'account',
    absent: ['NoSuchPublicAccessBlockConfiguration'],
  },
  // Scoped to access points, whose names the config does not hold; a listing can't be scoped.
  's3control:ListAccessPoints': { permission: 's3:ListAccessPoints', scope: 'account' },
  's3control:GetAccessPointPolicy': {
    permission: 's3:GetAccessPointPolicy',
    scope: 'account',
    absent: ['NoSuchAccessPointPolicy'],
  },
  's3control:ListAccessGrants': {
    permission: 's3:ListAccessGrants',
    scope: 'access-grants',
    absent: ['AccessGrantsInstanceNotExistsError'],
    accessGrants: true,
  },
  'kms:DescribeKey': { permission: 'kms:DescribeKey', scope: 'key', absent: ['NotFoundException'] },
  'kms:GetKeyPolicy': { permission: 'kms:GetKeyPolicy', scope: 'key' },
  'kms:ListGrants': { permission: 'kms:ListGrants', scope: 'key' },
} as const satisfies Record<string, Api>;

/**
 * Calls about the organization, with the credentials of its management account or of a delegated administrator. They are made
 * only if the config asks for them, and the auditor's policy for an export's account does not allow them. None can be scoped
 * to what the config names (Service Authorization Reference, "AWS Organizations").
 */
export const ORGANIZATION_APIS = {
  // Every account of the organization may call it.
  'organizations:DescribeOrganization': {
    permission: 'organizations:DescribeOrganization',
    absent: ['AWSOrganizationsNotInUseException'],
  },
  'organizations:ListRoots': { permission: 'organizations:ListRoots' },
  'organizations:ListParents': {
    permission: 'organizations:ListParents',
    absent: ['ChildNotFoundException'],
  },
  'organizations:ListPoliciesForTarget': {
    permission: 'organizations:ListPoliciesForTarget',
    absent: ['TargetNotFoundException'],
  },
  'organizations:DescribePolicy': {
    permission: 'organizations:DescribePolicy',
    absent: ['PolicyNotFoundException'],
  },
} as const satisfies Record<string, Omit<Api, 'scope'>>;

/**
 * Calls that are made before the audited account is entered, with the caller's own credentials: their permissions are the
 * caller's, not the auditor's in that account.
 */
const CALLER_APIS = {
  'sts:AssumeRole': { permission: 'sts:AssumeRole' },
} as const satisfies Record<string, Omit<Api, 'scope'>>;

export type ApiName = keyof typeof APIS | keyof typeof ORGANIZATION_APIS | keyof typeof CALLER_APIS;

const ALL: Readonly<Record<ApiName, Omit<Api, 'scope'> & Partial<Api>>> = {
  ...APIS,
  ...ORGANIZATION_APIS,
  ...CALLER_APIS,
};

/** All calls that a check can make: it asks nothing of AWS that is not among them. */
export const API_NAMES = Object.keys(ALL) as readonly ApiName[];

/** What is known of an API. */
export function apiOf(name: ApiName): Omit<Api, 'scope'> {
  return ALL[name];
}
