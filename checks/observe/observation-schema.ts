/**
 * The shape of an observation, for saved files and for the types of `observation.ts`, which are inferred from it. Building it
 * takes a while: import it for its types alone, or where a file is read or written.
 *
 * An attribute that later versions add is `.optional()`: a file that lacks it was written when nobody looked at it, which is
 * neither "does not exist" nor "could not be read".
 */
import * as z from 'zod';
import type { Detection, KindArrival, SampledObject } from '../../logs';
import { OBJECT_OWNERSHIPS } from './object-ownership';

/** The Terraform address of a resource; only plans, states and synthesised stacks have one. */
const address = z.string().optional();

export const unreadable = z.strictObject({
  /** One sentence without a full stop, for example "AWS denied s3:GetBucketPolicy (AccessDenied)". */
  message: z.string(),
  /** The API, for example `s3:GetBucketPolicy`. */
  api: z.string().optional(),
  /** AWS's error code, for example `AccessDenied`. */
  code: z.string().optional(),
  requestId: z.string().optional(),
  accountId: z.string().optional(),
  region: z.string().optional(),
  /** The IAM permission that was refused: the one that AWS names, else the one that the API needs. */
  permission: z.string().optional(),
  /** AWS's own sentence about a refusal. */
  said: z.string().optional(),
  /** ARN of the principal that was refused, from AWS's sentence. */
  caller: z.string().optional(),
  /** The kind of policy that refused it, from AWS's sentence, for example `service control policy`. */
  deniedBy: z.string().optional(),
  /** Whether a statement of that policy denies it; otherwise none allows it. */
  explicitDeny: z.literal(true).optional(),
  /** Everything was read and contradicts itself: another read will not tell more. */
  undecided: z.literal(true).optional(),
});

/** A value, "does not exist", or "could not be read, because …". */
export type Observed<T> =
  | { readonly state: 'value'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: z.infer<typeof unreadable> };

const observed = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), value }),
    z.strictObject({ state: z.literal('absent') }),
    z.strictObject({ state: z.literal('unreadable'), reason: unreadable }),
  ]) as unknown as z.ZodType<Observed<z.infer<T>>>;

/** Must exist whenever its parent does: rules would take an absent one for nothing to judge. */
const present = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), value }),
    z.strictObject({ state: z.literal('unreadable'), reason: unreadable }),
  ]) as unknown as z.ZodType<Observed<z.infer<T>>>;

/** A policy document and its name. */
export const policyText = z.strictObject({
  /** The Terraform address of the resource that holds it. */
  address,
  /** For example `trust policy of role X`, `inline policy P of role X`, `policy arn:… version v3`. */
  source: z.string(),
  /** As AWS stores it, URL-decoded exactly once, unparsed. */
  text: z.string(),
});

/** A policy that gives the role permissions. */
export const rolePolicy = z.strictObject({
  /** The Terraform address of the resource that gives it to the role. */
  address,
  kind: z.enum(['inline', 'attached']),
  name: z.string(),
  /** ARN of an attached policy. */
  arn: z.string().optional(),
  /** The default version of an attached policy, or the inline document. */
  document: present(policyText),
});

export const role = z.strictObject({
  address,
  name: z.string(),
  arn: z.string(),
  path: z.string(),
  /** The role's unique ID, which begins `aws:userid` of its sessions; missing if the source does not tell it. */
  roleId: z.string().optional(),
  trustPolicy: present(policyText),
  /** Names of all inline policies and each one's document. */
  inlinePolicies: present(z.array(rolePolicy)),
  /** All attached managed policies and each one's default version. */
  attachedPolicies: present(z.array(rolePolicy)),
  /** Absent if the role has none. */
  permissionsBoundary: observed(z.strictObject({ arn: z.string(), document: present(policyText) })),
  /** Seconds. `undefined` = was not looked at. */
  maxSessionDuration: present(z.number()).optional(),
  /** Its tags, those of AWS (`aws:…`) included. `undefined` = was not looked at. */
  tags: present(z.record(z.string(), z.string())).optional(),
  /** Absent if the role has none; `undefined` = was not looked at. */
  description: observed(z.string()).optional(),
});

/** The four switches of a public access block. */
export const publicAccessBlock = z.strictObject({
  blockPublicAcls: z.boolean(),
  ignorePublicAcls: z.boolean(),
  blockPublicPolicy: z.boolean(),
  restrictPublicBuckets: z.boolean(),
});

/** A grant of an access control list. */
export const aclGrant = z.strictObject({
  /** Canonical user ID, group URI or e-mail address. */
  grantee: z.string(),
  granteeType: z.enum(['CanonicalUser', 'Group', 'AmazonCustomerByEmail']),
  permission: z.string(),
});

/** The bucket's default encryption. */
export const bucketEncryption = z.strictObject({
  algorithm: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
  /** As configured: key ID, key ARN, alias name or alias ARN. Missing with the AWS-managed key `aws/s3`. */
  kmsKeyId: z.string().optional(),
  /** Whether S3 bucket keys are on; missing if the source does not tell it. */
  bucketKeyEnabled: z.boolean().optional(),
});

/** A grant of a KMS key (KMS API Reference, `GrantListEntry`). */
export const kmsGrant = z.strictObject({
  grantId: z.string(),
  name: z.string().optional(),
  /** ARN of a principal, or the name of a service such as `dynamodb.us-east-1.amazonaws.com`. */
  granteePrincipal: z.string(),
  /** The account that made the grant, as an ARN or an ID. */
  issuingAccount: z.string().optional(),
  /** For example `Decrypt`, `GenerateDataKey`, `CreateGrant`. */
  operations: z.array(z.string()),
  /** Missing without constraints. S3's context is the ARN of the object, or with bucket keys that of the bucket. */
  constraints: z
    .strictObject({
      encryptionContextSubset: z.record(z.string(), z.string()).optional(),
      encryptionContextEquals: z.record(z.string(), z.string()).optional(),
      sourceArn: z.string().optional(),
    })
    .optional(),
});

/** A customer-managed KMS key. */
export const kmsKey = z.strictObject({
  address,
  arn: z.string(),
  keyManager: z.enum(['AWS', 'CUSTOMER']),
  /** KMS's `KeyState`, for example `Enabled`, `Disabled`, `PendingDeletion`. */
  keyState: z.string(),
  /** KMS's `KeySpec`, for example `SYMMETRIC_DEFAULT`; missing if the source does not tell it. */
  keySpec: z.string().optional(),
  policy: present(policyText),
  /** All grants; an empty list if there are none. Read only of customer-managed keys; `undefined` = was not looked at. */
  grants: present(z.array(kmsGrant)).optional(),
  /** Whether the source does not see all grants, such as a Terraform plan: then finding none proves nothing. */
  grantsPartial: z.boolean().optional(),
});

/** `Enabled` or `Disabled`, of a rule. */
const status = z.enum(['Enabled', 'Disabled']);

/** The objects that a rule is about: those that meet all of it; all objects if it is empty. */
const ruleFilter = {
  prefix: z.string().optional(),
  tags: z.array(z.strictObject({ key: z.string(), value: z.string() })).optional(),
};

/** A lifecycle rule (Amazon S3 API Reference, `LifecycleRule`). */
export const lifecycleRule = z.strictObject({
  id: z.string().optional(),
  status,
  filter: z.strictObject({
    ...ruleFilter,
    /** Bytes. */
    objectSizeGreaterThan: z.number().optional(),
    /** Bytes. */
    objectSizeLessThan: z.number().optional(),
  }),
  expiration: z
    .strictObject({
      days: z.number().optional(),
      /** ISO 8601. */
      date: z.string().optional(),
      expiredObjectDeleteMarker: z.boolean().optional(),
    })
    .optional(),
  noncurrentVersionExpiration: z
    .strictObject({ noncurrentDays: z.number().optional(), newerNoncurrentVersions: z.number().optional() })
    .optional(),
  transitions: z.array(
    z.strictObject({
      days: z.number().optional(),
      /** ISO 8601. */
      date: z.string().optional(),
      /** For example `STANDARD_IA`. */
      storageClass: z.string(),
    }),
  ),
  noncurrentVersionTransitions: z.array(
    z.strictObject({
      noncurrentDays: z.number().optional(),
      newerNoncurrentVersions: z.number().optional(),
      storageClass: z.string(),
    }),
  ),
  abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: z.number() }).optional(),
});

export const lifecycle = z.strictObject({
  address,
  rules: z.array(lifecycleRule),
  /** `all_storage_classes_128K` or `varies_by_storage_class`; missing if the source does not tell it. */
  transitionDefaultMinimumObjectSize: z.string().optional(),
});

/** A bucket that S3 writes to for a rule of this one. */
const destination = {
  /** Its ARN. */
  bucket: z.string(),
  /** Whose it is, by the account that the rule names, else by the buckets that the audited account lists. */
  owner: present(z.enum(['audited-account', 'another-account'])),
};

/** A replication rule (Amazon S3 API Reference, `ReplicationRule`). */
export const replicationRule = z.strictObject({
  id: z.string().optional(),
  status,
  filter: z.strictObject(ruleFilter),
  destination: z.strictObject({
    ...destination,
    /** The account that the copies are given to; missing if they are not. */
    account: z.string().optional(),
    /** Missing if the copy has the original's. */
    storageClass: z.string().optional(),
    /** Missing if objects under a KMS key are not copied. */
    replicaKmsKeyId: present(z.string()).optional(),
  }),
  /** Missing if the rule does not say; then S3 copies delete markers only for rules without a `filter` of their own. */
  deleteMarkerReplication: status.optional(),
  /** Whether objects that are encrypted with a KMS key are copied; missing = they are not. */
  sseKmsEncryptedObjects: status.optional(),
});

export const replication = z.strictObject({
  address,
  /** ARN of the role that S3 copies with; missing if it is known after apply only. */
  role: z.string().optional(),
  rules: z.array(replicationRule),
});

/** An inventory: a list of all objects that S3 writes every day or week (Amazon S3 API Reference, `InventoryConfiguration`). */
export const inventory = z.strictObject({
  address,
  id: z.string(),
  isEnabled: z.boolean(),
  destination: z.strictObject({
    ...destination,
    /** The account that the configuration names as the bucket's owner. */
    accountId: z.string().optional(),
    prefix: z.string().optional(),
  }),
});

/** An access point of the bucket (Amazon S3 API Reference, `AccessPoint`). */
export const accessPoint = z.strictObject({
  address,
  name: z.string(),
  arn: z.string(),
  /** `Internet`, or `VPC`: requests only from `vpcId`. */
  networkOrigin: z.string(),
  vpcId: z.string().optional(),
  /** Absent if it has none. */
  policy: observed(policyText),
});

/** A grant of S3 Access Grants (Amazon S3 API Reference, `ListAccessGrantEntry`). */
export const accessGrant = z.strictObject({
  id: z.string(),
  /** `IAM`, `DIRECTORY_USER` or `DIRECTORY_GROUP`. */
  granteeType: z.string(),
  /** ARN of a user or role; of the directory's an ID. */
  grantee: z.string(),
  /** `READ`, `WRITE` or `READWRITE`. */
  permission: z.string(),
  /** Such as `s3://bucket/prefix*`. */
  scope: z.string(),
});

export const bucket = z.strictObject({
  address,
  name: z.string(),
  /** Whether the audited account owns it. */
  owner: present(z.enum(['audited-account', 'another-account'])),
  region: present(z.string()),
  policy: observed(policyText),
  publicAccessBlock: observed(publicAccessBlock),
  /** The account's block. Read only if the bucket's own is incomplete; `undefined` = was not needed. */
  accountPublicAccessBlock: observed(publicAccessBlock).optional(),
  /** The owner's canonical ID and the grants. */
  acl: present(z.strictObject({ owner: z.string(), grants: z.array(aclGrant) })),
  /** Read only if the ACL grants access to anybody but the owner; `undefined` = was not needed. */
  objectOwnership: observed(z.enum(OBJECT_OWNERSHIPS)).optional(),
  encryption: observed(bucketEncryption),
  /** Read only if `encryption` names a key; `undefined` = was not needed. */
  kmsKey: observed(kmsKey).optional(),
  /** Absent if the bucket has no lifecycle; `undefined` = was not looked at. */
  lifecycle: observed(lifecycle).optional(),
  /** Absent if the bucket is not replicated; `undefined` = was not looked at. */
  replication: observed(replication).optional(),
  /** All inventories; an empty list if there are none. `undefined` = was not looked at. */
  inventories: present(z.array(inventory)).optional(),
  /** Whether the source does not see all inventories, such as a Terraform plan: then finding none proves nothing. */
  inventoriesPartial: z.boolean().optional(),
  /**
   * Absent if it was never switched on. Read only if the config declares it or a lifecycle rule deletes former versions;
   * `undefined` = was not looked at.
   */
  versioning: observed(
    z.strictObject({
      address,
      status: z.enum(['Enabled', 'Suspended']),
      /** Whether deleting a version takes a second factor; missing if the source does not tell it. */
      mfaDelete: z.boolean().optional(),
    }),
  ).optional(),
  /** Absent if it is off. `undefined` = was not looked at. */
  objectLock: observed(
    z.strictObject({
      address,
      defaultRetention: z
        .strictObject({
          mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
          days: z.number().optional(),
          years: z.number().optional(),
        })
        .optional(),
    }),
  ).optional(),
  /** Absent if it is off. Read only if the config declares it; `undefined` = was not looked at. */
  logging: observed(
    z.strictObject({ address, targetBucket: z.string(), targetPrefix: z.string() }),
  ).optional(),
  /**
   * Access points that the audited account has for the bucket. Read only if the bucket's policy delegates to access points;
   * `undefined` = was not looked at. Those of other accounts can't be listed.
   */
  accessPoints: present(z.array(accessPoint)).optional(),
  /** Whether the source does not see all of them, such as a Terraform plan: then finding none proves nothing. */
  accessPointsPartial: z.boolean().optional(),
  /**
   * Grants of S3 Access Grants that reach the bucket; absent if the account has no instance in the bucket's region. Read only if
   * the config asks for it; `undefined` = was not looked at.
   */
  accessGrants: observed(z.array(accessGrant)).optional(),
  /**
   * The bucket's tags, by which policies may decide; absent while its ABAC is off, since its tags then decide nothing. Read only
   * if a policy names such tags; `undefined` = was not looked at.
   */
  abacTags: observed(z.record(z.string(), z.string())).optional(),
});

/** A subscription's filter policy (Amazon SNS Developer Guide, "Amazon SNS subscription filter policies"). */
export const feedFilter = z.strictObject({
  /** What the policy is compared with: `MessageAttributes` or `MessageBody`. */
  scope: z.string(),
  /** JSON, as SNS gave it. */
  policy: z.string(),
});

/** A queue's subscription to the topic. */
export const feedSubscription = z.strictObject({
  queueArn: z.string(),
  /** What lets only some messages through; absent if all pass. */
  filter: observed(feedFilter),
});

/** The topic that announces new objects. */
export const feedTopic = z.strictObject({
  arn: z.string(),
  policy: observed(policyText),
  /** The queues that get its messages. */
  subscriptions: observed(z.array(feedSubscription)),
  /** The key that it is encrypted with; missing without encryption. */
  key: observed(kmsKey).optional(),
});

/** A queue that gets the topic's messages. */
export const feedQueue = z.strictObject({
  arn: z.string(),
  policy: observed(policyText),
  /** The key that it is encrypted with; missing with SQS's own key or without encryption. */
  key: observed(kmsKey).optional(),
});

/** The way from new objects to those who read them. */
export const logFeed = z.strictObject({
  /** The topics to which the bucket sends its events. */
  topics: observed(
    z.array(
      z.strictObject({
        topicArn: z.string(),
        events: z.array(z.string()),
        /** Whether only some keys are announced. */
        isFiltered: z.boolean(),
      }),
    ),
  ),
  topic: observed(feedTopic),
  queues: z.array(z.strictObject({ consumer: z.string(), name: z.string(), queue: observed(feedQueue) })),
});

/** This and the next two follow types of the logs' room; `satisfies` makes the compiler miss no key, also of optional ones. */
const layout: z.ZodType<Detection> = z.strictObject({
  layouts: z.array(
    z.strictObject({
      template: z.string(),
      unit: z.enum(['year', 'month', 'day', 'hour', 'second', 'millisecond']),
      keys: z.number(),
      partitions: z.number(),
    }),
  ),
  keys: z.number(),
  undated: z.strictObject({ count: z.number(), examples: z.array(z.string()) }),
  confidence: z.enum(['high', 'medium', 'low', 'none']),
} satisfies Record<keyof Detection, z.ZodType>);

const sampledObject: z.ZodType<SampledObject> = z.strictObject({
  key: z.string(),
  lastModified: z.number(),
  owner: z.string().optional(),
  encryption: z.string().optional(),
  kmsKeyArn: z.string().optional(),
  kinds: z.strictObject({
    query: z.number(),
    system: z.number(),
    custom: z.number(),
    other: z.number().default(0),
  }),
  clients: z.array(z.strictObject({ clientId: z.string(), events: z.number() })),
  bad: z.strictObject({
    count: z.number(),
    examples: z.array(z.strictObject({ offset: z.number(), message: z.string() })),
  }),
  outside: z.number(),
  future: z.number(),
  isForeign: z.boolean().optional(),
  isWhole: z.boolean(),
  unreadable: unreadable.optional(),
} satisfies Record<keyof SampledObject, z.ZodType>);

/** When a kind arrived last, as far as it was looked for. */
const kindArrival: z.ZodType<KindArrival> = z.strictObject({
  lastModified: z.number().optional(),
  key: z.string().optional(),
  opened: z.number(),
  inexactBecause: z.string().optional(),
} satisfies Record<keyof KindArrival, z.ZodType>);

/** The newest log of a bucket, and how its keys are laid out. */
export const newestLog = z.strictObject({
  key: z.string(),
  /** Milliseconds since 1970. */
  lastModified: z.number(),
  /** Whether no other log can be newer, except one that came to a partition that had ended more than a day before. */
  isExact: z.boolean(),
  /** Why not, as a clause. */
  inexactBecause: z.string().optional(),
  layout,
  /** Objects beside the logs that are not ALTR's, by their content. */
  foreign: z
    .strictObject({
      layouts: z.number(),
      objects: z.number(),
      example: z.strictObject({ key: z.string(), message: z.string() }),
    })
    .optional(),
  /** Partitions with a date in the future. */
  future: z.array(z.string()),
  /** List calls that were made. */
  listCalls: z.number(),
});

/** What arrives in a bucket. */
export const delivery = z.strictObject({
  /** Absent if the bucket holds no object. */
  newest: observed(newestLog),
  /** The newest objects, opened; absent if there is none. */
  sample: observed(z.array(sampledObject)),
  /** When each declared kind arrived last; only if kinds are declared. */
  kinds: observed(
    z.strictObject({
      query: kindArrival.optional(),
      system: kindArrival.optional(),
      custom: kindArrival.optional(),
    }),
  ).optional(),
  /**
   * When anybody last used the role, ISO 8601. Absent if nobody did in the 400 days that AWS remembers (IAM User Guide,
   * "Last accessed information").
   */
  roleLastUsed: observed(z.iso.datetime()),
});

/** What a declared reader of the logs got. */
export const reader = z.strictObject({
  /** The reader's name in the config. */
  name: z.string(),
  /** Its role, where the config makes one; missing otherwise. */
  role: observed(role).optional(),
  /** Its policy, where the config makes no role; missing otherwise. */
  policy: observed(policyText).optional(),
});

/** A key that the config declares as a former one of the bucket. */
export const formerKey = z.strictObject({
  arn: z.string(),
  /** Absent if it does not exist; missing if the source does not show it, such as a Terraform plan of other things. */
  key: observed(kmsKey).optional(),
});

/** Something that a plan destroys or replaces, and that an export's logs need. */
export const planLoss = z.strictObject({
  address: z.string(),
  /** `former-key`: a key that stays, but that the bucket stops using while nothing keeps it readable. */
  kind: z.enum(['bucket', 'key', 'former-key', 'public-access-block', 'bucket-policy', 'stack']),
  /** Name of the bucket, ARN of the key, or name of a CloudFormation stack. */
  name: z.string(),
  /** Whether another is made in its place. */
  isReplaced: z.boolean(),
  /** The bucket is deleted with all that is in it, as with `force_destroy`. */
  withLogs: z.literal(true).optional(),
  /** It is of the bucket that logs are copied to. */
  ofCopies: z.literal(true).optional(),
  /** Where the same plan makes the same thing again, as without a `moved` block. */
  madeAgainAt: z.string().optional(),
  /** Why it may have nothing to do with the export, as a clause. */
  doubt: z.string().optional(),
});

/** What was seen of one export. */
export const exportObservation = z.strictObject({
  /** The export's name in the config. */
  name: z.string(),
  /** The account that the credentials really belong to. */
  accountId: present(z.string()),
  role: observed(role),
  bucket: observed(bucket),
  /** The bucket that logs are copied to. Read only if the config declares `replication`; `undefined` = was not looked at. */
  copies: observed(bucket).optional(),
  /** Read only if the rule delivery-alive is on; `undefined` = was not looked at. */
  delivery: delivery.optional(),
  /** Read only if the export declares readers of its logs; `undefined` = was not looked at. */
  logFeed: logFeed.optional(),
  /** The readers that the config declares (`readers`), in its order; `undefined` = was not looked at. */
  readers: z.array(reader).optional(),
  /** The former keys that the config declares, in its order; read only if it declares any. `undefined` = was not looked at. */
  formerKeys: z.array(formerKey).optional(),
  /** What a plan takes away; only plans have it. */
  planLosses: z.array(planLoss).optional(),
});

/** A role as `iam:ListRoles` shows it. */
export const listedRole = z.strictObject({
  address,
  name: z.string(),
  arn: z.string(),
  path: z.string(),
  trustPolicy: policyText,
  /**
   * When anybody last used it, ISO 8601. Absent if nobody did in the 400 days that AWS remembers; `undefined` = was not looked
   * at: `iam:ListRoles` does not tell it.
   */
  lastUsed: observed(z.iso.datetime()).optional(),
});

/** What was seen of one account as a whole. */
export const accountObservation = z.strictObject({
  accountId: z.string(),
  /**
   * Roles that may concern ALTR: their name has the prefix (in any case), or the text of their trust policy holds ALTR's
   * account ID or a wildcard. The source may leave out all others.
   */
  roles: present(z.array(listedRole)),
  /** Whether the source does not see all roles of the account, such as a Terraform plan: then finding none proves nothing. */
  partial: z.boolean().optional(),
});

/** A policy of AWS Organizations (AWS Organizations API Reference, `Policy`). */
export const organizationPolicy = z.strictObject({
  /** For example `p-FullAWSAccess` or `p-abcdefgh12`. */
  id: z.string(),
  name: z.string(),
  type: z.enum(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']),
  document: present(policyText),
});

/** The IDs of attached policies; absent if the organization has not enabled policies of that type. */
const attachedPolicies = observed(z.array(z.string()));

/** A root, unit or account of an organization, and the policies that are attached to it itself. */
export const organizationTarget = z.strictObject({
  /** For example `r-ab12`, `ou-ab12-11111111` or an account's ID. */
  id: z.string(),
  type: z.enum(['ROOT', 'ORGANIZATIONAL_UNIT', 'ACCOUNT']),
  name: z.string().optional(),
  serviceControlPolicies: attachedPolicies,
  resourceControlPolicies: attachedPolicies,
});

/** What was seen of the organization that the exports' accounts belong to. */
export const organization = z.strictObject({
  /** For example `o-abcdefgh12`. */
  id: z.string(),
  managementAccountId: z.string(),
  /**
   * The exports' accounts. `path` holds the IDs of the targets from the root down to the account, both included; it is absent
   * if the account is not of this organization.
   */
  accounts: z.array(z.strictObject({ accountId: z.string(), path: observed(z.array(z.string())) })),
  /** Every target of every path, once. */
  targets: z.array(organizationTarget),
  /** Every policy that is attached to one of the targets, once. */
  policies: z.array(organizationPolicy),
});

/** A saved copy of an organization, for runs that can't or need not read it. */
export const savedOrganization = z.strictObject({
  schemaVersion: z.literal(1),
  /** ISO 8601, UTC. */
  observedAt: z.iso.datetime(),
  organization,
});

/** Everything that was seen in one run. */
export const observation = z.strictObject({
  schemaVersion: z.literal(1),
  /** ISO 8601, UTC. */
  observedAt: z.iso.datetime(),
  /** ALTR's account for which roles were listed; missing if none were left out for it. */
  altrAccountId: z.string().optional(),
  /** Whether the run was cut short: what did not exist by then may have come later. */
  partial: z.boolean().optional(),
  /** Values of sensitive variables of a plan: reports show none of them. */
  sensitiveValues: z.array(z.string()).optional(),
  exports: z.array(exportObservation),
  accounts: z.array(accountObservation),
  /**
   * Absent if the credentials' account belongs to no organization. Read only if the config or the command line asks for it;
   * `undefined` = was not looked at.
   */
  organization: observed(organization).optional(),
  /** When the organization was observed, if it is a saved copy. */
  organizationObservedAt: z.iso.datetime().optional(),
});
