/** One export: the bucket that ALTR writes to, and the role by which it does. */
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsS3Bucket } from '@cdktf/provider-aws/lib/data-aws-s3-bucket';
import type { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { type TerraformProvider, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { issueSentences, unknownKey } from '../config/issues';
import { readerName, replicationRoleName } from '../config/names';
import {
  type ExportOptions,
  type ExportOptionsInput,
  exportOptionsSchema,
  exportOptionsShape,
  type FeedOptions,
  optionFaults,
  optionNotes,
} from '../config/options';
import { bucketPolicyDocument } from '../config/options/bucket-policy';
import { preventsDestroy } from '../config/options/destruction';
import { KEY_DELETION_WINDOW_DAYS, type KeyPlace } from '../config/options/encryption';
import { isKnownReader, type OtherReader, readerArns } from '../config/options/readers';
import { isVersioned } from '../config/options/retention';
import { contractFor, type ExportContract, type ExportDefinition } from '../contract/contract';
import { definitionFaults } from '../contract/definition-faults';
import { roleArn } from '../contract/policies';
import type { ContractDocument } from '../contract/statement';
import { UserError } from '../contract/user-error';
import { EncryptionKey } from './bucket/encryption-key';
import { LogBucket, SettingSequence, versioning } from './bucket/log-bucket';
import { protectBucket } from './bucket/protection';
import { Replication } from './bucket/replication';
import type { Conventions } from './conventions';
import { forget } from './forget';
import { Reader } from './role/reader';
import { WriterPolicy, WriterRole } from './role/writer-role';
import { contractViolations } from './stack/contract-violations';

/** Where the construct makes the bucket and its settings. */
const BUCKET_RESOURCES: readonly (readonly [type: string, path: readonly [string, ...string[]]])[] = [
  ['aws_s3_bucket', ['Bucket', 'Resource']],
  ['aws_s3_bucket_public_access_block', ['Bucket', 'PublicAccessBlock']],
  ['aws_s3_bucket_ownership_controls', ['Bucket', 'Ownership']],
  ['aws_s3_bucket_server_side_encryption_configuration', ['Bucket', 'Encryption']],
  ['aws_s3_bucket_versioning', ['Bucket', 'Versioning']],
  ['aws_s3_bucket_object_lock_configuration', ['Bucket', 'ObjectLock']],
  ['aws_s3_bucket_lifecycle_configuration', ['Lifecycle']],
  ['aws_s3_bucket_logging', ['AccessLogging']],
  ['aws_s3_bucket_policy', ['BucketPolicy']],
];

export interface AltrAuditLogExportProps extends ExportDefinition, ExportOptionsInput {
  /**
   * The account that the export is deployed to, 12 digits. ARNs of the account are then written out.
   * @default the account of the provider's credentials, asked by Terraform
   */
  readonly accountId?: string;
  /**
   * ALTR has confirmed that `altrAccountId` is an account in the partition of `region`. Needed outside the partition `aws`.
   * @default false
   */
  readonly partitionConfirmed?: boolean;
  /**
   * Provider of the second region. Needed for `replication`.
   * @default none
   */
  readonly replicaProvider?: TerraformProvider;
  /**
   * Readers that are made beside the construct: by the name of their role in the same path, by the ARNs that their policy is
   * attached to, or by nothing if neither is known. The bucket's and the key's policies let them through.
   * @default none
   */
  readonly otherReaders?: readonly OtherReader[];
  /**
   * Other roles of the account by which ALTR writes to the bucket. The policy of a key that is made lets them write, too.
   * @default none
   */
  readonly otherWriters?: readonly OtherWriter[];
}

/** A role of an export which this one replaces, or which replaces this one. */
export interface OtherWriter {
  readonly roleName: string;
  /** Its IAM path. @default / */
  readonly path?: string;
}

/**
 * Provisions what the vendor's page has a person click together: a bucket with AWS's defaults made explicit, a policy
 * that allows `s3:PutObject` on its objects, and a role that only ALTR's account may assume, only with the
 * customer's client ID; and what `ExportOptionsInput` asks for beyond that.
 *
 * The props are validated with the same contract that the auditor judges by; every fault is in one error. At synth the
 * auditor's rules judge what is about to be emitted, additions and overrides included, and refuse what violates the
 * contract.
 *
 * Not for a bucket whose policy is managed elsewhere and denies ALTR's role: what is not in the stack can't be judged at
 * synth; `altr-export check` sees it.
 */
export class AltrAuditLogExport extends Construct {
  readonly contract: ExportContract;
  /** The bucket; `undefined` with `existingBucket`. */
  readonly bucket: S3Bucket | undefined;
  readonly role: IamRole;
  readonly policy: IamPolicy;
  /** The key that was made, or `undefined`. */
  readonly key: KmsKey | undefined;
  /** ARN of the key that the bucket encrypts with, made or given. */
  readonly kmsKeyArn: string | undefined;
  /** ARNs of every key that logs in the bucket are encrypted with: `kmsKeyArn` and the former keys. */
  readonly objectKeyArns: readonly string[];
  readonly readers: readonly Reader[];
  /** For further settings of the bucket, such as its notifications: they must wait for these. */
  readonly bucketSettings: SettingSequence;
  /** For resources that are made beside the construct. */
  readonly conventions: Conventions;
  readonly #options: ExportOptions;
  readonly #otherReaders: readonly OtherReader[];
  readonly #otherWriters: readonly OtherWriter[];
  #accountId: string | undefined;

  /** @throws UserError with every fault of the props */
  constructor(scope: Construct, id: string, props: AltrAuditLogExportProps) {
    super(scope, id);
    this.#options = validated(props);
    this.#accountId = props.accountId;
    this.#otherReaders = props.otherReaders ?? [];
    this.#otherWriters = props.otherWriters ?? [];
    const options = this.#options;
    this.contract = contractFor(definitionOf(props));
    const { contract } = this;
    const { path, permissionsBoundary } = options.role ?? {};
    this.conventions = {
      path,
      permissionsBoundary,
      tags: options.tags,
    };
    const { conventions } = this;

    const role = new WriterRole(this, 'Role', { contract, options, conventions });
    this.role = role.resource;
    const key = this.#makeKey();
    this.key = key?.resource;
    if (!key) forget(this, 'aws_kms_key', ['Key', 'Resource']);
    this.kmsKeyArn = this.key?.arn ?? options.encryption?.kmsKeyArn;
    this.objectKeyArns = [
      ...(this.kmsKeyArn ? [this.kmsKeyArn] : []),
      ...(options.encryption?.formerKeys ?? []),
    ];
    this.policy = new WriterPolicy(this, 'Policy', {
      contract,
      options,
      conventions,
      role: this.role,
      kmsKeyArn: this.kmsKeyArn,
    }).resource;

    const replication = options.replication && this.#copying(options.replication, props.replicaProvider);
    const bucket = options.existingBucket ? undefined : this.#makeBucket(key, replication?.bucket);
    this.bucket = bucket?.resource;
    const settings = bucket?.settings ?? new SettingSequence();
    this.bucketSettings = settings;
    const bucketId = bucket?.resource.id ?? this.#existingBucket(settings);
    protectBucket(this, { id: bucketId, settings }, { ...options, policy: this.#bucketPolicy() });
    if (!bucket) this.#forgetBucket();
    if (bucket) replication?.from(bucket);
    this.readers = (options.readers ?? []).map(
      (reader) =>
        new Reader(this, `Reader-${reader.name}`, {
          ...reader,
          name: readerName(contract, reader),
          contract,
          conventions,
          keyArns: this.objectKeyArns,
        }),
    );
    this.node.addValidation({
      validate: () =>
        contractViolations(TerraformStack.of(this), contract, props.accountId, {
          ...options,
          otherReaders: this.#otherReaders,
        }),
    });
  }

  /** For every bucket and key that is made. */
  get #destruction(): { forceDestroy: boolean; preventDestroy: boolean } {
    return {
      forceDestroy: this.#options.forceDestroy ?? false,
      preventDestroy: preventsDestroy(this.#options),
    };
  }

  /** A bucket that this export made before keeps its settings too; those that the export still makes stay in the state. */
  #forgetBucket(): void {
    for (const [type, path] of BUCKET_RESOURCES) {
      const isMade = path.reduce<IConstruct | undefined>((node, id) => node?.node.tryFindChild(id), this);
      if (!isMade) forget(this, type, path);
    }
  }

  /** The account: the props' value, or one that Terraform looks up when it plans. */
  accountId(): string {
    this.#accountId ??= new DataAwsCallerIdentity(this, 'Account').accountId;
    return this.#accountId;
  }

  /**
   * What the options leave to others to do, one sentence each.
   * @param beside options of what is made beside the construct
   */
  notes(beside: Pick<FeedOptions, 'logEvents' | 'alerts'> = {}): string[] {
    const needsAccount = this.#options.encryption?.kmsKeyArn !== undefined;
    const accountId = needsAccount ? this.accountId() : '';
    return optionNotes(
      { ...this.#options, ...beside },
      {
        contract: this.contract,
        writer: { accountId, roleArn: this.role.arn },
        otherReaders: this.#otherReaders,
      },
    );
  }

  #ownRoleArn(name: string, path = this.conventions.path): string {
    return roleArn(this.contract.partition, this.accountId(), name, path);
  }

  /** Who reads logs under a deny of everybody else, and with the key. */
  #readerArns(): string[] {
    return readerArns(this.contract, this.#options, this.#otherReaders, (name) => this.#ownRoleArn(name));
  }

  #replicationRoleArn(): string | undefined {
    const name = replicationRoleName(this.contract, this.#options);
    return name && this.#ownRoleArn(name);
  }

  #makeKey(): EncryptionKey | undefined {
    const { encryption } = this.#options;
    if (encryption?.type !== 'kms' || encryption.kmsKeyArn) return undefined;
    const { partition, region, roleName, bucket } = this.contract;
    const place: KeyPlace = { partition, region, accountId: this.accountId() };
    const replication = this.#replicationRoleArn();
    // A policy without a known principal does not tell who reads.
    const named = [...(this.#options.readers ?? []), ...this.#otherReaders].every(isKnownReader);
    return new EncryptionKey(this, 'Key', {
      description: `Encrypts ALTR's audit logs in ${bucket}.`,
      place,
      users: {
        writers: [
          this.#ownRoleArn(roleName),
          ...this.#otherWriters.map((other) => this.#ownRoleArn(other.roleName, other.path ?? '/')),
        ],
        readers: named ? this.#readerArns() : [],
        administrators: encryption.keyAdministrators ?? [],
        replication,
      },
      deletionWindowDays: encryption.keyDeletionWindowDays ?? KEY_DELETION_WINDOW_DAYS,
      preventDestroy: this.#destruction.preventDestroy,
      alias: encryption.keyAlias,
      conventions: this.conventions,
    });
  }

  #makeBucket(key: EncryptionKey | undefined, copies: LogBucket | undefined): LogBucket {
    const { retention, encryption } = this.#options;
    const { mode, days, years } = retention?.defaultRetention ?? {};
    return new LogBucket(this, 'Bucket', {
      bucket: this.contract.bucket,
      ...this.#destruction,
      versioning: isVersioned(this.#options),
      objectLock: retention?.objectLock ?? false,
      lockAfter: copies?.settings.after,
      defaultRetention: mode && { mode, days, years },
      kmsKeyArn: this.kmsKeyArn,
      bucketKeys: encryption?.bucketKeys,
      dependsOn: key?.all,
      conventions: this.conventions,
    });
  }

  /** Reads the bucket, so that a plan fails if it does not exist. */
  #existingBucket(settings: SettingSequence): string {
    const { id } = new DataAwsS3Bucket(this, 'ExistingBucket', { bucket: this.contract.bucket });
    if (this.#options.retention?.versioning) versioning(this, id, settings);
    return id;
  }

  /** S3 reads the originals as the replication's role, and of the copies it reads nothing. */
  #bucketPolicy(): ContractDocument | undefined {
    const replication = this.#replicationRoleArn();
    return this.#denials(this.contract.bucket, replication ? [replication] : []);
  }

  /** What the bucket's policy denies, or that of the copies, with the same readers. */
  #denials(bucket: string, moreReaders: readonly string[] = []): ContractDocument | undefined {
    const { requireTls, minimumTlsVersion, onlyReaders } = this.#options.bucketPolicy ?? {};
    return bucketPolicyDocument(this.contract.partition, bucket, {
      requireTls,
      minimumTlsVersion,
      onlyReaders: onlyReaders ? [...this.#readerArns(), ...moreReaders] : undefined,
    });
  }

  #copying(
    options: NonNullable<ExportOptions['replication']>,
    provider: TerraformProvider | undefined,
  ): Replication {
    const { name, bucket, region, partition } = this.contract;
    if (!provider)
      throw new UserError(
        `export ${name}: replication needs replicaProvider, an AWS provider for ${options.region}`,
      );
    return new Replication(this, 'Replication', {
      route: {
        partition,
        from: { bucket, region, keyArn: this.kmsKeyArn },
        to: {
          bucket: options.bucket,
          region: options.region,
          keyArn: options.kmsKeyArn,
        },
        objectLock: this.#options.retention?.objectLock ?? false,
        deletes: options.replicateDeletes,
      },
      options,
      roleName: replicationRoleName(this.contract, this.#options) ?? '',
      ...this.#destruction,
      provider,
      protection: {
        retention: this.#options.retention,
        accessLogging: options.accessLogging,
        policy: this.#denials(options.bucket),
      },
      conventions: this.conventions,
    });
  }
}

/** The props that are no options. */
const OTHER_PROPS = {
  name: true,
  altrAccountId: true,
  clientId: true,
  bucket: true,
  region: true,
  roleName: true,
  accountId: true,
  partitionConfirmed: true,
  replicaProvider: true,
  otherReaders: true,
  otherWriters: true,
} satisfies Record<Exclude<keyof AltrAuditLogExportProps, keyof ExportOptionsInput>, true>;

const PROPS = Object.keys({ ...OTHER_PROPS, ...exportOptionsShape });

function definitionOf({
  name,
  altrAccountId,
  clientId,
  bucket,
  region,
  roleName,
}: ExportDefinition): ExportDefinition {
  return { name, altrAccountId, clientId, bucket, region, roleName };
}

/** The options with their defaults. @throws UserError with every fault of the props */
function validated(props: AltrAuditLogExportProps): ExportOptions {
  const definition = definitionOf(props);
  const parsed = exportOptionsSchema.safeParse(props, { reportInput: true });
  const { otherReaders = [] } = props;
  const faults = [
    ...definitionFaults(definition),
    ...Object.keys(props)
      .filter((key) => !PROPS.includes(key))
      .map((key) => unknownKey(key, PROPS, 'the props')),
    ...(parsed.error?.issues ?? []).flatMap((issue) =>
      issueSentences(issue, exportOptionsSchema).map(({ message }) => message),
    ),
    ...(parsed.data ? optionFaults(definition, { ...parsed.data, otherReaders }, props) : []).map(
      ({ option, message }) => `${option} ${message}`,
    ),
  ];
  if (faults.length > 0 || !parsed.data)
    throw new UserError(faults.map((fault) => `export ${props.name}: ${fault}`).join('\n'));
  return parsed.data;
}
