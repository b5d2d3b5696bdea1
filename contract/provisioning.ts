/** What an export may be provisioned with beyond the vendor's page. Every default is the vendor's page. */

/** Default encryption of the bucket. */
export interface EncryptionOptions {
  /** `SSE-S3`: keys that S3 manages. `SSE-KMS`: a customer-managed KMS key, created unless `kmsKeyArn` names one. */
  readonly type: 'SSE-S3' | 'SSE-KMS';
  /**
   * ARN of an existing key in the bucket's region and account. Its key policy must let the role use
   * `kms:GenerateDataKey` and `kms:Decrypt`.
   * @default - a key of the export's own is created
   */
  readonly kmsKeyArn?: string;
  /**
   * Days for which the created key can still be saved after its deletion was asked for: 7 to 30.
   * @default 30
   */
  readonly deletionWindowInDays?: number;
}

/** Storage classes that a lifecycle may move logs to, in the order in which S3 lets them follow one another. */
export const STORAGE_CLASSES = [
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
] as const;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** When logs move, and when they go. At least one of them. All in days after an object's creation. */
export interface LifecycleOptions {
  /** @default - logs stay in S3 Standard */
  readonly transitions?: readonly { readonly days: number; readonly storageClass: StorageClass }[];
  /** @default - logs are kept for ever */
  readonly expirationDays?: number;
  /**
   * Days after which a version that was replaced or deleted is deleted for good. Needs versioning.
   * @default - kept for ever
   */
  readonly noncurrentVersionExpirationDays?: number;
  /** @default - S3 keeps the parts of an upload that was never finished, and bills them */
  readonly abortIncompleteMultipartUploadDays?: number;
}

/** S3 Object Lock: write once, read many. Can't be switched off again. */
export interface ObjectLockOptions {
  /**
   * Retention that every new object gets by itself. S3 then refuses every PutObject that sends no checksum, so ask
   * ALTR first whether its writer sends one.
   * @default - no default retention
   */
  readonly defaultRetention?: {
    /** Nobody can shorten `COMPLIANCE`, not even the account's root. */
    readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
    readonly days: number;
  };
}

/** The bucket's policy. It holds denials only; ALTR's role is never among those denied. */
export interface BucketPolicyOptions {
  /**
   * Refuse requests without TLS.
   * @default true
   */
  readonly tlsOnly?: boolean;
  /**
   * Refuse requests with an older TLS version.
   * @default - what AWS itself demands
   */
  readonly minimumTlsVersion?: '1.2' | '1.3';
  /**
   * ARNs of the roles and users that alone may read the logs, `*` and `?` allowed. The readers' role is among them by
   * itself.
   * @default - whoever has the permission
   */
  readonly onlyReadableBy?: readonly string[];
}

/** Server access logs of the bucket. */
export interface AccessLoggingOptions {
  /** An existing bucket in the same region and account, whose policy lets `logging.s3.amazonaws.com` write. */
  readonly bucket: string;
  /** @default - the bucket's name and a slash */
  readonly prefix?: string;
}

/** A copy of every log in a bucket of a second region, made with a role of its own. */
export interface ReplicationOptions {
  /** Name of the copy's bucket, which is created. */
  readonly bucket: string;
  readonly region: string;
  /**
   * ARN of a KMS key in the copy's region. Needed where the logs are encrypted with SSE-KMS.
   * @default - the copies are encrypted with SSE-S3
   */
  readonly kmsKeyArn?: string;
}

/** A read-only policy for consumers of the logs, and a role that has it. */
export interface ReadersOptions {
  /**
   * ARNs of the roles, users or accounts (`arn:aws:iam::<account>:root`) that may assume the readers' role.
   * @default - no role; the policy alone is created, to be attached to roles that exist
   */
  readonly principals?: readonly string[];
  /**
   * ExternalId that the principals must send.
   * @default - none
   */
  readonly externalId?: string;
  /** @default - derived from the export's name */
  readonly roleName?: string;
}

/** All options of an export. */
export interface ProvisioningOptions {
  /**
   * The bucket exists already, in the same account. Nothing of it is touched.
   * @default false
   */
  readonly existingBucket?: boolean;
  /**
   * Whether `terraform destroy` may delete the bucket with the audit logs in it.
   * @default false
   */
  readonly forceDestroy?: boolean;
  /** @default - SSE-S3 */
  readonly encryption?: EncryptionOptions;
  /**
   * Keep replaced and deleted versions of objects.
   * @default - false, but true where Object Lock or replication needs it
   */
  readonly versioning?: boolean;
  /** @default - logs stay where they are, for ever */
  readonly lifecycle?: LifecycleOptions;
  /** @default - no Object Lock */
  readonly objectLock?: ObjectLockOptions;
  /** @default - no bucket policy */
  readonly bucketPolicy?: BucketPolicyOptions;
  /** @default - none */
  readonly accessLogging?: AccessLoggingOptions;
  /** @default - none */
  readonly replication?: ReplicationOptions;
  /** @default - none */
  readonly readers?: ReadersOptions;
  /**
   * Makes policies and attachments that somebody adds to the role by hand visible to `terraform plan`; the next apply
   * removes them.
   * @default true
   */
  readonly exclusive?: boolean;
  /**
   * Path of the role and the policy; begins and ends with a slash.
   * @default "/"
   */
  readonly path?: string;
  /**
   * ARN of the policy that bounds the role's permissions.
   * @default - no boundary
   */
  readonly permissionsBoundary?: string;
  /** @default - a sentence about the export */
  readonly roleDescription?: string;
  /**
   * Longest session of the role in seconds: 3600 to 43200.
   * @default 3600
   */
  readonly maxSessionDuration?: number;
  /** @default - the role's name */
  readonly policyName?: string;
  /**
   * Tags of everything that can bear tags.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}
