/** Options that can't go together, as a table; and options that don't fit the export's own region and account. */
import type { ExportDefinition } from './contract';
import { arnPlace } from './iam-names';
import { partitionOf } from './partition';
import { type ProvisioningOptions, STORAGE_CLASSES } from './provisioning';

/** A fault of an export's options: which one, and a sentence that can stand behind its name. */
export interface ProvisioningFault {
  /** For example `['encryption', 'kmsKeyArn']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Export = ProvisioningOptions & Pick<ExportDefinition, 'bucket' | 'region' | 'roleName'>;

/** Both options are named in the sentence: the one of the path, and the one that it clashes with. */
const CLASHES: readonly {
  readonly path: readonly string[];
  readonly when: (entry: Export) => boolean;
  readonly message: string;
}[] = [
  ...(
    [
      'forceDestroy',
      'versioning',
      'lifecycle',
      'objectLock',
      'bucketPolicy',
      'accessLogging',
      'replication',
    ] as const
  ).map((option) => ({
    path: [option],
    when: (entry: Export) =>
      entry.existingBucket === true && entry[option] !== undefined && entry[option] !== false,
    message: `can’t go with existingBucket, which leaves the bucket’s settings to its owner; remove ${option} or existingBucket`,
  })),
  {
    path: ['encryption', 'kmsKeyArn'],
    when: ({ existingBucket, encryption }) =>
      existingBucket === true && encryption?.type === 'SSE-KMS' && encryption.kmsKeyArn === undefined,
    message: 'is needed with existingBucket and SSE-KMS: name the key that the bucket encrypts with',
  },
  {
    path: ['encryption', 'kmsKeyArn'],
    when: ({ encryption }) => encryption?.type === 'SSE-S3' && encryption.kmsKeyArn !== undefined,
    message:
      'can’t go with encryption.type SSE-S3, which uses no key of yours; remove kmsKeyArn or choose SSE-KMS',
  },
  {
    path: ['encryption', 'deletionWindowInDays'],
    when: ({ encryption }) => encryption?.type === 'SSE-S3' && encryption.deletionWindowInDays !== undefined,
    message:
      'can’t go with encryption.type SSE-S3, which creates no key; remove deletionWindowInDays or choose SSE-KMS',
  },
  {
    path: ['encryption', 'deletionWindowInDays'],
    when: ({ encryption }) =>
      encryption?.kmsKeyArn !== undefined && encryption.deletionWindowInDays !== undefined,
    message: 'can’t go with encryption.kmsKeyArn: the existing key keeps its own window; remove one of them',
  },
  {
    path: ['versioning'],
    when: ({ versioning, objectLock }) => versioning === false && objectLock !== undefined,
    message: 'false can’t go with objectLock, which S3 gives to versioned buckets only; remove one of them',
  },
  {
    path: ['versioning'],
    when: ({ versioning, replication }) => versioning === false && replication !== undefined,
    message: 'false can’t go with replication, which S3 does for versioned buckets only; remove one of them',
  },
  {
    path: ['lifecycle', 'noncurrentVersionExpirationDays'],
    when: (entry) => entry.lifecycle?.noncurrentVersionExpirationDays !== undefined && !isVersioned(entry),
    message: 'does nothing without versioning; set versioning: true or remove it',
  },
  {
    path: ['lifecycle'],
    when: ({ lifecycle }) => lifecycle !== undefined && Object.keys(lifecycle).length === 0,
    message: 'says nothing; name transitions, expirationDays or another of its keys, or remove it',
  },
  {
    path: ['forceDestroy'],
    when: ({ forceDestroy, objectLock }) =>
      forceDestroy === true && objectLock?.defaultRetention?.mode === 'COMPLIANCE',
    message:
      'can’t go with objectLock.defaultRetention in COMPLIANCE mode, which nobody can delete; remove one of them',
  },
  {
    path: ['bucketPolicy', 'tlsOnly'],
    when: ({ bucketPolicy }) =>
      bucketPolicy?.tlsOnly === false && bucketPolicy.minimumTlsVersion !== undefined,
    message: 'false can’t go with bucketPolicy.minimumTlsVersion, which demands TLS; remove one of them',
  },
  {
    path: ['bucketPolicy', 'tlsOnly'],
    when: ({ bucketPolicy }) =>
      bucketPolicy?.tlsOnly === false && !bucketPolicy.minimumTlsVersion && !bucketPolicy.onlyReadableBy,
    message: 'false leaves bucketPolicy without any statement; remove bucketPolicy',
  },
  {
    path: ['accessLogging', 'bucket'],
    when: ({ accessLogging, bucket }) => accessLogging?.bucket === bucket,
    message: 'is the export’s own bucket, and every access log would make another; name another bucket',
  },
  {
    path: ['replication', 'bucket'],
    when: ({ replication, bucket }) => replication?.bucket === bucket,
    message: 'is the export’s own bucket; a copy needs another one',
  },
  {
    path: ['replication', 'region'],
    when: ({ replication, region }) => replication?.region === region,
    message: 'is the export’s own region; a copy belongs into a second one',
  },
  {
    path: ['replication', 'region'],
    when: ({ replication, region }) =>
      replication !== undefined && partitionOf(replication.region) !== partitionOf(region),
    message: 'lies in another AWS partition than the export’s region; S3 can’t replicate across partitions',
  },
  {
    path: ['replication', 'kmsKeyArn'],
    when: ({ replication, encryption }) =>
      replication !== undefined && replication.kmsKeyArn === undefined && encryption?.type === 'SSE-KMS',
    message:
      'is needed with encryption.type SSE-KMS: S3 copies such objects only with a key in the copy’s region',
  },
  {
    path: ['replication', 'kmsKeyArn'],
    when: ({ replication, encryption }) =>
      replication?.kmsKeyArn !== undefined && encryption?.type !== 'SSE-KMS',
    message: 'can’t go with encryption.type SSE-S3; choose SSE-KMS for both or for neither',
  },
  {
    path: ['readers', 'roleName'],
    when: ({ readers, roleName }) => readers?.roleName?.toLowerCase() === roleName.toLowerCase(),
    message: 'is the export’s roleName; readers need a role of their own, since ALTR’s may only write',
  },
  {
    path: ['readers', 'roleName'],
    when: ({ readers }) => readers?.roleName !== undefined && readers.principals === undefined,
    message: 'names a role that nobody may assume; add readers.principals or remove it',
  },
  {
    path: ['readers', 'externalId'],
    when: ({ readers }) => readers?.externalId !== undefined && readers.principals === undefined,
    message: 'belongs to a role that nobody may assume; add readers.principals or remove it',
  },
];

/** Whether the bucket keeps versions: asked for, or needed by Object Lock or replication. */
export function isVersioned(options: ProvisioningOptions): boolean {
  return options.versioning ?? (options.objectLock !== undefined || options.replication !== undefined);
}

/**
 * Every clash of an export's options, in the table's order. Each value by itself is valid already.
 * @param accountId the account that the export lives in, where the config says so
 */
export function provisioningFaults(entry: Export, accountId?: string): ProvisioningFault[] {
  return [
    ...CLASHES.filter(({ when }) => when(entry)).map(({ path, message }) => ({ path, message })),
    ...transitionFaults(entry),
    ...placeFaults(entry, accountId),
  ];
}

/** Amazon S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle": the waterfall, and 30 days before the IA classes. */
function transitionFaults({ lifecycle }: Export): ProvisioningFault[] {
  const transitions = lifecycle?.transitions ?? [];
  return transitions.flatMap(({ days, storageClass }, index) => {
    const messages: string[] = [];
    const before = transitions[index - 1];
    if ((storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA') && days < 30) {
      messages.push(`to ${storageClass} after ${days} days comes too early; S3 wants 30`);
    }
    if (before && days <= before.days) {
      messages.push(`after ${days} days must come later than the one before it, after ${before.days}`);
    }
    if (before && STORAGE_CLASSES.indexOf(storageClass) <= STORAGE_CLASSES.indexOf(before.storageClass)) {
      messages.push(`to ${storageClass} can’t follow one to ${before.storageClass}`);
    }
    if (lifecycle?.expirationDays !== undefined && days >= lifecycle.expirationDays) {
      messages.push(
        `after ${days} days comes too late for lifecycle.expirationDays ${lifecycle.expirationDays}`,
      );
    }
    return messages.map((message) => ({ path: ['lifecycle', 'transitions', index], message }));
  });
}

/** ARNs that lie in another partition, region or account than AWS lets the export use. */
function placeFaults(entry: Export, accountId: string | undefined): ProvisioningFault[] {
  const partition = partitionOf(entry.region);
  const arns: readonly {
    readonly path: readonly (string | number)[];
    readonly arn: string | undefined;
    readonly region?: string;
    readonly ownAccount?: true;
  }[] = [
    {
      path: ['encryption', 'kmsKeyArn'],
      arn: entry.encryption?.kmsKeyArn,
      region: entry.region,
      ownAccount: true,
    },
    {
      path: ['replication', 'kmsKeyArn'],
      arn: entry.replication?.kmsKeyArn,
      ...(entry.replication ? { region: entry.replication.region } : {}),
      ownAccount: true,
    },
    { path: ['permissionsBoundary'], arn: entry.permissionsBoundary },
    ...(entry.bucketPolicy?.onlyReadableBy ?? []).map((arn, index) => ({
      path: ['bucketPolicy', 'onlyReadableBy', index],
      arn,
    })),
    ...(entry.readers?.principals ?? []).map((arn, index) => ({
      path: ['readers', 'principals', index],
      arn,
    })),
  ];
  return arns.flatMap(({ path, arn, region, ownAccount }) => {
    const place = arn === undefined ? undefined : arnPlace(arn);
    if (!place) return [];
    if (place.partition !== partition) {
      return [
        {
          path,
          message: `is in the partition ${place.partition}, and the export’s region ${entry.region} in ${partition}`,
        },
      ];
    }
    if (region !== undefined && place.region !== region) {
      return [{ path, message: `is in ${place.region}; a bucket in ${region} needs a key in ${region}` }];
    }
    if (ownAccount && accountId !== undefined && place.accountId !== accountId) {
      return [
        { path, message: `belongs to account ${place.accountId}, and the export to accountId ${accountId}` },
      ];
    }
    return [];
  });
}
