import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import type { ExportOptions } from '../../config/options';
import {
  REPLICATION_TRUST,
  type ReplicationRoute,
  replicationDocument,
  retentionOfCopies,
} from '../../config/options/replication';
import { bucketArn } from '../../contract/policies';
import { type Conventions, conventionsOfRole } from '../conventions';
import { policyDocument } from '../policy-document';
import { LogBucket } from './log-bucket';
import { type BucketProtection, protectBucket } from './protection';

export interface ReplicationProps {
  readonly route: ReplicationRoute;
  readonly options: NonNullable<ExportOptions['replication']>;
  readonly roleName: string;
  readonly forceDestroy: boolean;
  readonly preventDestroy: boolean;
  /** As the original's: S3 replicates neither lifecycle actions nor settings (Amazon S3 User Guide, "What isn't replicated"). */
  readonly protection: BucketProtection;
  /** Provider of the second region. */
  readonly provider: TerraformProvider;
  readonly conventions: Conventions;
}

/**
 * Copies every new log to a bucket in a second region, by a role that can do only that. The bucket that it copies from comes
 * last, with `from`: its Object Lock must wait for the copies' (`DstBucketObjectLockConfigMissing` in Amazon S3 User Guide,
 * "Amazon S3 replication failure reasons").
 */
export class Replication extends Construct {
  /** The bucket of the copies; `undefined` if it existed already. */
  readonly bucket: LogBucket | undefined;
  readonly role: IamRole;
  readonly #props: ReplicationProps;
  readonly #policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ReplicationProps) {
    super(scope, id);
    this.#props = props;
    const { route, options, conventions } = props;
    if (!options.existingBucket) {
      this.bucket = new LogBucket(this, 'Bucket', {
        bucket: options.bucket,
        forceDestroy: props.forceDestroy,
        preventDestroy: props.preventDestroy,
        versioning: true,
        objectLock: route.objectLock,
        provider: props.provider,
        conventions,
        kmsKeyArn: options.kmsKeyArn,
      });
      const { resource, settings } = this.bucket;
      protectBucket(
        this,
        { id: resource.id, settings, provider: props.provider },
        { ...props.protection, retention: retentionOfCopies(options, props.protection.retention) },
      );
    }
    this.role = new IamRole(this, 'Role', {
      name: props.roleName,
      description: `Replicates ${route.from.bucket} to ${route.to.bucket}.`,
      assumeRolePolicy: policyDocument(this, 'Trust', REPLICATION_TRUST).json,
      ...conventionsOfRole(conventions),
    });
    this.#policy = new IamRolePolicy(this, 'Policy', {
      name: props.roleName,
      role: this.role.id,
      policy: policyDocument(this, 'Permissions', replicationDocument(route)).json,
    });
  }

  /** Starts the copying. */
  from({ resource, settings }: LogBucket): void {
    const { route, options } = this.#props;
    settings.next(
      new S3BucketReplicationConfigurationA(this, 'Configuration', {
        bucket: resource.id,
        role: this.role.arn,
        // S3 wants versioning on both sides, and looks at the role's permissions.
        dependsOn: [...settings.after, this.#policy, ...(this.bucket?.settings.after ?? [])],
        rule: [
          {
            id: 'logs',
            status: 'Enabled',
            filter: { prefix: '' },
            deleteMarkerReplication: { status: options.replicateDeletes ? 'Enabled' : 'Disabled' },
            // S3 answers 400 to a key for the copies without this selection, even if the originals have no key.
            ...(route.from.keyArn || options.kmsKeyArn
              ? { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } } }
              : {}),
            destination: {
              bucket: bucketArn(route.partition, options.bucket),
              storageClass: options.storageClass,
              ...(options.kmsKeyArn
                ? { encryptionConfiguration: { replicaKmsKeyId: options.kmsKeyArn } }
                : {}),
            },
          },
        ],
      }),
    );
  }
}
