/**
 * Options that are right each for itself and wrong together, or wrong for this export. One pure function for config and
 * construct; every fault at once.
 */
import { type Arn, parseArn } from '../../contract/arn';
import type { ExportDefinition } from '../../contract/contract';
import { LAMBDA_ROLE_PATH } from '../../contract/name-limits';
import { hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../../contract/names';
import { partitionOf } from '../../contract/partition';
import { type Feeds, otherNames } from '../provisioned-names';
import { sameNameFaults } from '../same-name-faults';
import type { OptionFault } from './option-fault';
import type { Provisioning } from './provisioning';
import { allReaders, type ReaderOptions, readerFaults } from './reader-faults';
import { retentionFaults } from './retention-faults';
import { SETTINGS_OF_EXISTING } from './settings-of-existing';

/** What is known of the export beside its definition. */
export interface ProvisioningFacts {
  /** The account that it is deployed to, where the config says so. */
  readonly accountId?: string;
  /** ALTR has confirmed that its account is in the partition of the export's region. */
  readonly partitionConfirmed?: boolean;
}

/** The options of an export, and what a feed of it names. */
export type ProvisionedOptions = Provisioning &
  Feeds &
  ReaderOptions & {
    readonly logEvents?: { readonly notification?: boolean };
    readonly adopt?: { readonly bucketSettings: readonly string[] };
  };

/** Readers and administrators may come from other accounts; a managed policy is attached in its own only. */
const FROM_ANY_ACCOUNT =
  /^(encryption\.keyAdministrators|bucketPolicy\.onlyReaders|readers\.\d+\.trustedPrincipals|splunkFeed\.readerPrincipalArn)(\.|$)/;

interface Clash {
  readonly option: string;
  readonly with: string;
  /** Why, as the end of a sentence. */
  readonly because: string;
  readonly when: (options: ProvisionedOptions) => boolean;
}

const makesKey = ({ encryption }: Provisioning) => encryption?.type === 'kms' && !encryption.kmsKeyArn;
const hasLifecycle = ({ retention }: Provisioning) =>
  retention?.transitions !== undefined ||
  retention?.expireAfterDays !== undefined ||
  retention?.noncurrentExpireAfterDays !== undefined ||
  retention?.abortIncompleteUploadsAfterDays !== undefined;

/** A bucket has one policy, one lifecycle, one replication: Terraform would replace what the bucket's owner set. */
const OF_ITS_OWNER = 'Terraform would replace what the bucket’s owner has set';

/** What says nothing without another option, and must not be taken for said. */
interface Need {
  readonly option: string;
  readonly needs: string;
  /** Why, as the end of a sentence. */
  readonly because: string;
  readonly when: (options: ProvisionedOptions) => boolean;
}

const NEEDS: readonly Need[] = [
  {
    option: 'existingBucketConfirmed',
    needs: 'existingBucket',
    because: 'without it the bucket is made, and has no other owner who could agree',
    when: ({ existingBucket, existingBucketConfirmed }) =>
      existingBucketConfirmed === true && !existingBucket,
  },
  {
    option: 'logEvents',
    needs: 'splunkFeed or alerts',
    because: 'without a reader there is nobody to tell of new logs',
    when: ({ logEvents, splunkFeed, alerts }) => logEvents !== undefined && !splunkFeed && !alerts,
  },
  {
    option: 'splunkFeed.readerExternalId',
    needs: 'splunkFeed.readerPrincipalArn',
    because: 'without it no role is made that could demand it',
    when: ({ splunkFeed }) =>
      splunkFeed?.readerExternalId !== undefined && splunkFeed.readerPrincipalArn === undefined,
  },
];

const CLASHES: readonly Clash[] = [
  ...(
    [
      ['bucketPolicy', (options) => options.bucketPolicy !== undefined],
      ['retention (a lifecycle)', hasLifecycle],
      ['replication', (options) => options.replication !== undefined],
      ['encryption.type kms without encryption.kmsKeyArn', makesKey],
    ] as const satisfies readonly (readonly [string, Clash['when']])[]
  ).map(([option, when]) => ({
    option: 'existingBucket',
    with: option,
    because: OF_ITS_OWNER,
    when: (options: ProvisionedOptions) => options.existingBucket === true && when(options),
  })),
  ...SETTINGS_OF_EXISTING.map(({ option, asked }) => ({
    option: 'existingBucket',
    with: option,
    because:
      'what the bucket’s owner has set is replaced by an apply or taken away by a destroy; where its owner agrees, set ' +
      'existingBucketConfirmed to true',
    when: (options: ProvisionedOptions) =>
      options.existingBucket === true && options.existingBucketConfirmed !== true && asked(options),
  })),
  {
    option: 'existingBucket',
    with: 'retention.objectLock',
    because: 'Object Lock can’t be switched off again, so the bucket’s owner must switch it on',
    when: ({ existingBucket, retention }) => existingBucket === true && retention?.objectLock === true,
  },
  {
    option: 'existingBucket',
    with: 'encryption.bucketKeys',
    because: 'nothing of an existing bucket’s encryption is touched',
    when: ({ existingBucket, encryption }) => existingBucket === true && encryption?.bucketKeys !== undefined,
  },
  {
    option: 'existingBucket',
    with: 'forceDestroy',
    because: 'the bucket is never destroyed from here',
    when: ({ existingBucket, forceDestroy }) => existingBucket === true && forceDestroy === true,
  },
  {
    option: 'existingBucket',
    with: 'preventDestroy',
    because: 'the bucket is never destroyed from here',
    when: ({ existingBucket, preventDestroy }) => existingBucket === true && preventDestroy === true,
  },
  {
    option: 'existingBucket',
    with: 'adopt.bucketSettings',
    because: 'nothing of an existing bucket is imported; empty the list',
    when: ({ existingBucket, adopt }) => existingBucket === true && (adopt?.bucketSettings.length ?? 0) > 0,
  },
  {
    option: 'preventDestroy',
    with: 'forceDestroy',
    because: 'the one keeps the buckets, the other deletes them with the logs in them',
    when: ({ preventDestroy, forceDestroy }) => preventDestroy === true && forceDestroy === true,
  },
  {
    option: 'encryption.kmsKeyArn',
    with: 'encryption.type s3',
    because: 'S3’s own keys take no key of yours; set encryption.type to kms',
    when: ({ encryption }) => encryption?.kmsKeyArn !== undefined && encryption.type !== 'kms',
  },
  ...(['keyAdministrators', 'keyDeletionWindowDays', 'keyAlias'] as const).flatMap((option): Clash[] => [
    {
      option: `encryption.${option}`,
      with: 'encryption.kmsKeyArn',
      because: 'it is a setting of a key that is made, and this one is there already',
      when: ({ encryption }) => encryption?.kmsKeyArn !== undefined && encryption[option] !== undefined,
    },
    {
      option: `encryption.${option}`,
      with: 'encryption.type s3',
      because:
        'it is a setting of a key that is made, and S3’s own keys need none; set encryption.type to kms',
      when: ({ encryption }) =>
        encryption?.type === 's3' && !encryption.kmsKeyArn && encryption[option] !== undefined,
    },
  ]),
  {
    option: 'role.path',
    with: 'alerts',
    because: 'in the path of a function’s role Lambda takes letters, digits and _+=,.@-/ alone',
    when: ({ role, alerts }) => alerts !== undefined && !LAMBDA_ROLE_PATH.test(role?.path ?? '/'),
  },
  {
    option: 'replication',
    with: 'retention.versioning false',
    because: 'S3 replicates buckets with versioning only',
    when: ({ replication, retention }) => replication !== undefined && retention?.versioning === false,
  },
  {
    option: 'replication.accessLogging',
    with: 'replication.existingBucket',
    because: 'nothing of a bucket that is there already is touched',
    when: ({ replication }) =>
      replication?.existingBucket === true && replication.accessLogging !== undefined,
  },
  {
    option: 'replication',
    with: 'encryption.type kms',
    because: 'copies under a KMS key need one in their own region: give replication.kmsKeyArn',
    when: ({ replication, encryption }) =>
      encryption?.type === 'kms' && replication !== undefined && !replication.kmsKeyArn,
  },
];

/** Every fault of an export's options. The options have passed the schema. */
export function provisioningFaults(
  definition: ExportDefinition,
  options: ProvisionedOptions,
  facts: ProvisioningFacts = {},
): OptionFault[] {
  return [
    ...CLASHES.filter(({ when }) => when(options)).map((clash) => ({
      option: clash.option,
      message: `can’t go with ${clash.with}: ${clash.because}`,
    })),
    ...NEEDS.filter(({ when }) => when(options)).map(({ option, needs, because }) => ({
      option,
      message: `needs ${needs}: ${because}`,
    })),
    ...retentionFaults(options),
    ...bucketFaults(definition, options),
    ...arnFaults(definition, options, facts),
    ...readerFaults(definition, options),
    ...sameNameFaults(options),
    ...otherNames(definition, options)
      .filter(({ name }) => hasRoleNamePrefix(name))
      .map(({ option, name }) => ({
        option,
        message: `${JSON.stringify(name)} must not begin with ${ROLE_NAME_PREFIX}: that prefix is for the role that ALTR assumes`,
      })),
    ...partitionFaults(definition, facts),
  ];
}

/** A role can't be assumed across partitions (IAM User Guide, "AWS resources and partitions"), and ALTR's account is one account. */
function partitionFaults(
  { region }: ExportDefinition,
  { partitionConfirmed }: ProvisioningFacts,
): OptionFault[] {
  const partition = partitionOf(region);
  if (!partition || partition === 'aws' || partitionConfirmed) return [];
  return [
    {
      option: 'region',
      message:
        `${region} is in the partition ${partition}, and a role can’t be assumed across partitions: ask ALTR whether it has ` +
        'an account there, give that account, and set altr.partitionConfirmed to true',
    },
  ];
}

function bucketFaults({ bucket, region }: ExportDefinition, options: Provisioning): OptionFault[] {
  const { replication, accessLogging } = options;
  const faults: OptionFault[] = [];
  const endless = (option: string, own: string) =>
    faults.push({
      option: `${option}accessLogging.bucket`,
      message: `${own} can’t go with ${option}bucket ${own}: every log of an access would be logged itself, without end`,
    });
  if (accessLogging?.bucket === bucket) endless('', bucket);
  if (!replication) return faults;
  const target = replication.accessLogging?.bucket;
  if (target === replication.bucket) endless('replication.', replication.bucket);
  if (accessLogging?.bucket === replication.bucket)
    faults.push({
      option: 'accessLogging.bucket',
      message: `${replication.bucket} can’t go with replication.bucket ${replication.bucket}: S3 logs accesses to a bucket in the region of the export’s only`,
    });
  // Amazon S3 User Guide, "Enabling Amazon S3 server access logging": the same region and account as the bucket that is logged.
  for (const [option, elsewhere] of [
    ['bucket', bucket],
    ['accessLogging.bucket', accessLogging?.bucket],
  ] as const) {
    if (target !== undefined && target === elsewhere)
      faults.push({
        option: 'replication.accessLogging.bucket',
        message: `${target} can’t go with ${option} ${target}: S3 logs accesses to a bucket in the region of the copies only`,
      });
  }
  if (replication.bucket === bucket)
    faults.push({
      option: 'replication.bucket',
      message: `${bucket} can’t go with bucket ${bucket}: it needs another bucket`,
    });
  if (replication.region === region)
    faults.push({
      option: 'replication.region',
      message: `${region} can’t go with region ${region}: the copy is for the loss of a region`,
    });
  if (partitionOf(replication.region) !== partitionOf(region))
    faults.push({
      option: 'replication.region',
      message: `${replication.region} can’t go with region ${region}: S3 does not replicate across partitions`,
    });
  return faults;
}

/** ARNs of another partition, region or account than what they are for. */
function arnFaults(
  { region }: ExportDefinition,
  options: ProvisionedOptions,
  { accountId }: ProvisioningFacts,
): OptionFault[] {
  const { encryption, replication, role, bucketPolicy, readers, splunkFeed } = options;
  const named = [
    { option: 'encryption.kmsKeyArn', text: encryption?.kmsKeyArn, region },
    { option: 'replication.kmsKeyArn', text: replication?.kmsKeyArn, region: replication?.region },
    { option: 'role.permissionsBoundary', text: role?.permissionsBoundary, region: undefined },
    ...(encryption?.keyAdministrators ?? []).map((text, index) => ({
      option: `encryption.keyAdministrators.${index}`,
      text,
      region: undefined,
    })),
    ...(bucketPolicy?.onlyReaders ?? []).map((text, index) => ({
      option: `bucketPolicy.onlyReaders.${index}`,
      text,
      region: undefined,
    })),
    ...(readers ?? []).flatMap(({ trustedPrincipals = [] }, reader) =>
      trustedPrincipals.map((text, index) => ({
        option: `readers.${reader}.trustedPrincipals.${index}`,
        text,
        region: undefined,
      })),
    ),
    ...allReaders(options).flatMap(({ option, attachedTo = [] }) =>
      attachedTo.map((text, index) => ({ option: `${option}.attachedTo.${index}`, text, region: undefined })),
    ),
    { option: 'splunkFeed.readerPrincipalArn', text: splunkFeed?.readerPrincipalArn, region: undefined },
  ];
  let account = accountId === undefined ? undefined : { option: 'accountId', accountId };
  return named.flatMap((entry) => {
    const arn = entry.text === undefined ? undefined : parseArn(entry.text);
    if (!arn) return [];
    const faults = placeFaults(entry, arn, region);
    if (!FROM_ANY_ACCOUNT.test(entry.option) && arn.accountId !== 'aws') {
      if (account && account.accountId !== arn.accountId) {
        faults.push({
          option: entry.option,
          message: `${entry.text} is in account ${arn.accountId} and can’t go with ${account.option}, which says ${account.accountId}`,
        });
      }
      account ??= { option: entry.option, accountId: arn.accountId };
    }
    return faults;
  });
}

function placeFaults(
  { option, text, region }: { option: string; text: string | undefined; region: string | undefined },
  arn: Arn,
  exportRegion: string,
): OptionFault[] {
  const partition = partitionOf(exportRegion);
  if (arn.partition !== partition)
    return [
      {
        option,
        message: `${text} is in the partition ${arn.partition}, and region ${exportRegion} in ${partition}`,
      },
    ];
  if (region !== undefined && arn.region !== region)
    return [
      {
        option,
        message: `${text} is in the region ${arn.region}, and S3 takes a key of the bucket’s own region, ${region}, only`,
      },
    ];
  return [];
}
