/** Combinations of options that are provisioned: judged at synth by the unit tests, applied by the end-to-end test. */
import type { ExportOptionsInput } from '../../config/options';

/** A combination under a name that says what is special about it. */
export interface Combination {
  /** Also the export's name, and what its bucket and role are called after. */
  readonly name: string;
  readonly options: ExportOptionsInput;
  /** Why the emulator can't apply it: it is planned, and the plan audited. */
  readonly plannedOnly?: string;
  /** What must be there before, and stay: made by the test, not by Terraform. */
  readonly before?:
    | 'bucket'
    | 'bucket-with-policy-and-lifecycle'
    | 'key'
    | 'bucket-and-key'
    | 'replica-bucket';
}

/** The account of the emulator, in ARNs of the options. */
export const MATRIX_ACCOUNT = '123456789012';
/** The bucket for access logs, made by the test. */
export const ACCESS_LOG_BUCKET = 'matrix-access-logs';
/** The same in the second region. */
export const COPY_ACCESS_LOG_BUCKET = 'matrix-copy-access-logs';
/** Stands in options for the ARN of the key that the test makes. */
export const GIVEN_KEY = `arn:aws:kms:us-east-1:${MATRIX_ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
/** The same, for the second region. */
export const GIVEN_REPLICA_KEY = `arn:aws:kms:eu-west-1:${MATRIX_ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
/** A permissions boundary that the test makes. */
export const BOUNDARY = `arn:aws:iam::${MATRIX_ACCOUNT}:policy/matrix-boundary`;

const replica = (name: string) => ({ bucket: `matrix-${name}-copy`, region: 'eu-west-1' });
const roleOf = (name: string) => `arn:aws:iam::${MATRIX_ACCOUNT}:role/${name}`;

const FORGETS =
  'The emulator forgets the replication of delete markers and the selection of encrypted objects, so a second plan would not be empty.';

export const MATRIX: readonly Combination[] = [
  { name: 'plain', options: {} },
  { name: 'force-destroy', options: { forceDestroy: true } },
  { name: 'tags', options: { tags: { team: 'security', 'cost-centre': '42' } } },
  { name: 'existing', options: { existingBucket: true }, before: 'bucket' },
  { name: 'existing-full', options: { existingBucket: true }, before: 'bucket-with-policy-and-lifecycle' },
  {
    name: 'existing-asked',
    options: {
      existingBucket: true,
      existingBucketConfirmed: true,
      retention: { versioning: true },
      accessLogging: { bucket: ACCESS_LOG_BUCKET, prefix: 'existing/' },
    },
    before: 'bucket',
  },
  {
    name: 'existing-kms',
    options: { existingBucket: true, encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY } },
    before: 'bucket-and-key',
  },
  { name: 'kms-made', options: { encryption: { type: 'kms' } } },
  {
    name: 'kms-made-settings',
    options: {
      encryption: {
        type: 'kms',
        keyDeletionWindowDays: 7,
        keyAlias: 'altr/matrix',
        keyAdministrators: [roleOf('KeyAdmin')],
      },
    },
  },
  { name: 'kms-given', options: { encryption: { type: 'kms', kmsKeyArn: GIVEN_KEY } }, before: 'key' },
  {
    name: 'kms-switched',
    options: {
      encryption: { type: 'kms', formerKeys: [GIVEN_KEY] },
      readers: [{ name: 'splunk', trustedPrincipals: ['210987654321'] }],
    },
    before: 'key',
  },
  { name: 'versioning', options: { retention: { versioning: true } } },
  {
    name: 'lifecycle',
    options: {
      retention: {
        versioning: true,
        transitions: [
          { afterDays: 30, storageClass: 'STANDARD_IA' },
          { afterDays: 90, storageClass: 'GLACIER' },
        ],
        noncurrentTransitions: [{ afterDays: 7, storageClass: 'GLACIER_IR' }],
        expireAfterDays: 365,
        noncurrentExpireAfterDays: 30,
        abortIncompleteUploadsAfterDays: 7,
      },
    },
  },
  { name: 'expiry-alone', options: { retention: { expireAfterDays: 400 } } },
  { name: 'abort-alone', options: { retention: { abortIncompleteUploadsAfterDays: 3 } } },
  { name: 'object-lock', options: { retention: { objectLock: true } } },
  {
    name: 'object-lock-retention',
    options: { retention: { objectLock: true, defaultRetention: { mode: 'GOVERNANCE', days: 30 } } },
  },
  { name: 'tls', options: { bucketPolicy: { requireTls: true } } },
  { name: 'tls-version', options: { bucketPolicy: { requireTls: true, minimumTlsVersion: '1.2' } } },
  { name: 'only-readers', options: { bucketPolicy: { onlyReaders: [roleOf('Analyst*')] } } },
  { name: 'access-logging', options: { accessLogging: { bucket: ACCESS_LOG_BUCKET } } },
  { name: 'replication', options: { replication: replica('replication') } },
  {
    name: 'replication-existing',
    options: {
      replication: { ...replica('replication-existing'), existingBucket: true, storageClass: 'STANDARD_IA' },
    },
    before: 'replica-bucket',
  },
  {
    name: 'replication-protected',
    options: {
      bucketPolicy: { requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [roleOf('Analyst*')] },
      accessLogging: { bucket: ACCESS_LOG_BUCKET, prefix: 'replication/' },
      retention: {
        transitions: [
          { afterDays: 30, storageClass: 'STANDARD_IA' },
          { afterDays: 90, storageClass: 'GLACIER' },
        ],
        noncurrentTransitions: [{ afterDays: 7, storageClass: 'GLACIER_IR' }],
        expireAfterDays: 365,
        noncurrentExpireAfterDays: 30,
        abortIncompleteUploadsAfterDays: 7,
      },
      replication: {
        ...replica('replication-protected'),
        accessLogging: { bucket: COPY_ACCESS_LOG_BUCKET, prefix: 'replication/' },
      },
      readers: [{ name: 'analysts', trustedPrincipals: [roleOf('Analyst')], roleName: 'MatrixCopyAnalysts' }],
    },
  },
  {
    name: 'replication-kms-lock',
    plannedOnly: FORGETS,
    options: {
      encryption: { type: 'kms' },
      retention: { objectLock: true, defaultRetention: { mode: 'GOVERNANCE', days: 30 } },
      replication: {
        ...replica('replication-kms-lock'),
        kmsKeyArn: GIVEN_REPLICA_KEY,
        replicateDeletes: true,
        roleName: 'MatrixReplication',
      },
    },
  },
  {
    name: 'role-settings',
    options: {
      role: {
        description: 'Écrit les journaux d’ALTR.'.replace('’', "'"),
        path: '/altr/logs/',
        maxSessionHours: 12,
        policyName: 'acme.s3.policy',
        permissionsBoundary: BOUNDARY,
      },
    },
  },
  { name: 'not-exclusive', options: { role: { exclusive: false } } },
  { name: 'reader-policy', options: { readers: [{ name: 'splunk' }] } },
  {
    name: 'reader-attached',
    options: {
      encryption: { type: 'kms' },
      bucketPolicy: { onlyReaders: [roleOf('Analyst*')] },
      readers: [{ name: 'splunk', attachedTo: [roleOf('SplunkForwarder')] }],
    },
  },
  {
    name: 'reader-roles',
    options: {
      readers: [
        { name: 'splunk', trustedPrincipals: ['210987654321'], externalId: 'splunk-cloud' },
        { name: 'analysts', trustedPrincipals: [roleOf('Analyst')], roleName: 'MatrixAnalysts' },
      ],
    },
  },
  {
    name: 'everything',
    options: {
      forceDestroy: true,
      tags: { team: 'security' },
      encryption: { type: 'kms' },
      retention: { objectLock: true, expireAfterDays: 365, noncurrentExpireAfterDays: 30 },
      bucketPolicy: { requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [roleOf('Analyst*')] },
      accessLogging: { bucket: ACCESS_LOG_BUCKET, prefix: 'everything/' },
      role: { path: '/altr/', permissionsBoundary: BOUNDARY },
      readers: [{ name: 'splunk', trustedPrincipals: ['210987654321'], externalId: 'splunk-cloud' }],
    },
  },
  {
    name: 'everything-replicated',
    plannedOnly: FORGETS,
    options: {
      forceDestroy: true,
      tags: { team: 'security' },
      encryption: { type: 'kms' },
      retention: { versioning: true, expireAfterDays: 365, noncurrentExpireAfterDays: 30 },
      bucketPolicy: { requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [roleOf('Analyst*')] },
      accessLogging: { bucket: ACCESS_LOG_BUCKET, prefix: 'everything/' },
      replication: { ...replica('everything-replicated'), kmsKeyArn: GIVEN_REPLICA_KEY },
      role: { path: '/altr/', permissionsBoundary: BOUNDARY },
      readers: [{ name: 'splunk', trustedPrincipals: ['210987654321'], externalId: 'splunk-cloud' }],
    },
  },
];
