/** A bucket for logs: private, owned by its owner alone, encrypted. */
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { type Conventions, tagged } from '../conventions';

interface DefaultRetention {
  readonly mode: string;
  readonly days?: number;
  readonly years?: number;
}

export interface LogBucketProps {
  readonly bucket: string;
  /** @default false */
  readonly forceDestroy?: boolean;
  /**
   * Terraform refuses a plan that would destroy the bucket, as long as the bucket is in the configuration: the guard goes
   * with it (Terraform documentation, "prevent_destroy"). Without it, a destroy takes the bucket's settings away before S3
   * refuses to delete a bucket with logs in it: settings depend on their bucket, so Terraform destroys them first, and the
   * provider can leave but one of them in place (`skip_destroy` of the public access block, since provider 6:
   * hashicorp/terraform-provider-aws#43415).
   * @default false
   */
  readonly preventDestroy?: boolean;
  /** Customer-managed key. @default S3's own keys */
  readonly kmsKeyArn?: string;
  /** S3 bucket keys. @default on with a customer-managed key, else left out */
  readonly bucketKeys?: boolean;
  /** @default false */
  readonly versioning?: boolean;
  /** @default false */
  readonly objectLock?: boolean;
  /** Locks every object as it is written. @default none */
  readonly defaultRetention?: DefaultRetention;
  /** What must be there before Object Lock is switched on: the lock of the bucket that copies go to. @default nothing */
  readonly lockAfter?: readonly ITerraformDependable[];
  /** What must outlive the bucket: its key, since a bucket with logs in it is not deleted. @default nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
  readonly conventions: Conventions;
  /** Provider of the bucket's region. @default the stack's */
  readonly provider?: TerraformProvider;
}

/**
 * S3 answers 409 OperationAborted if two settings of one bucket are changed at the same time
 * (hashicorp/terraform-provider-aws#7628). So each setting waits for the one before it: give it `after` as `dependsOn`,
 * then register it with `next`.
 */
export class SettingSequence {
  #last: readonly ITerraformDependable[] = [];

  /** What the next setting must wait for. */
  get after(): ITerraformDependable[] {
    return [...this.#last];
  }

  /** The setting that was made last; gives it back. */
  next<T extends ITerraformDependable>(setting: T): T {
    this.#last = [setting];
    return setting;
  }
}

/** A bucket that gets further settings. */
export interface BucketPlace {
  readonly id: string;
  readonly settings: SettingSequence;
  /** Provider of the bucket's region. @default the stack's */
  readonly provider?: TerraformProvider;
}

/** The bucket with AWS's defaults made explicit, and what was asked for beyond them. */
export class LogBucket extends Construct {
  readonly resource: S3Bucket;
  /** For further settings of the bucket. */
  readonly settings = new SettingSequence();

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const { provider } = props;
    this.resource = new S3Bucket(this, 'Resource', {
      bucket: props.bucket,
      forceDestroy: props.forceDestroy ?? false,
      ...(props.preventDestroy ? { lifecycle: { preventDestroy: true } } : {}),
      dependsOn: props.dependsOn && [...props.dependsOn],
      ...tagged(props.conventions),
      provider,
    });
    const common = () => ({ bucket: this.resource.id, dependsOn: this.settings.after, provider });
    this.settings.next(
      new S3BucketPublicAccessBlock(this, 'PublicAccessBlock', {
        ...common(),
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    );
    this.settings.next(
      new S3BucketOwnershipControls(this, 'Ownership', {
        ...common(),
        rule: { objectOwnership: 'BucketOwnerEnforced' },
      }),
    );
    const bucketKeys = props.bucketKeys ?? (props.kmsKeyArn ? true : undefined);
    this.settings.next(
      new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
        ...common(),
        rule: [
          {
            applyServerSideEncryptionByDefault: props.kmsKeyArn
              ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: props.kmsKeyArn }
              : { sseAlgorithm: 'AES256' },
            bucketKeyEnabled: bucketKeys,
          },
        ],
      }),
    );
    if (props.versioning) versioning(this, this.resource.id, this.settings, props.provider);
    if (props.objectLock) this.#lock(props);
  }

  /**
   * The setting switches the lock on for a bucket that is there, too, once it has versions, as S3 does since November 2023.
   * The bucket's own `object_lock_enabled` would make the provider replace a bucket that gets it later
   * (hashicorp/terraform-provider-aws#36529); left out, it is what the bucket has, so that a bucket which was made with it
   * stays. Without a rule nothing is retained. A destroy takes the rule away and leaves the lock, which S3 never switches off
   * (internal/service/s3/bucket_object_lock_configuration.go in the provider).
   */
  #lock({ defaultRetention, lockAfter = [], provider }: LogBucketProps): void {
    this.settings.next(
      new S3BucketObjectLockConfigurationA(this, 'ObjectLock', {
        bucket: this.resource.id,
        dependsOn: [...this.settings.after, ...lockAfter],
        ...(defaultRetention ? { rule: { defaultRetention } } : {}),
        provider,
      }),
    );
  }
}

/** Switches versioning on, for a bucket of ours or an existing one. */
export function versioning(
  scope: Construct,
  bucket: string,
  settings: SettingSequence,
  provider?: TerraformProvider,
): S3BucketVersioningA {
  return settings.next(
    new S3BucketVersioningA(scope, 'Versioning', {
      bucket,
      dependsOn: settings.after,
      versioningConfiguration: { status: 'Enabled' },
      provider,
    }),
  );
}
