/** The set-ups in which declared-copies decides the outcome, each with the outcome of every rule. */
import type {
  BucketObservation,
  ExportObservation,
  KmsKeyObservation,
} from '../../../checks/observe/observation';
import { declaredBy } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import type { ExportOptionsInput } from '../../../config/options';
import { bucketPolicyDocument } from '../../../config/options/bucket-policy';
import { KEY, lifecycleRule, OWN, ROLE, refused, SESSION, value } from './builders';
import { EXAMPLE, findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const OTHER = '222222222222';
const COPIES = 'acme-copies';
const REPLICA_KEY = KEY.replace('us-east-1', 'eu-west-1');
const REPLICATING = `arn:aws:iam::${OWN}:role/acme-altr-audit-logs-replication`;
const WEAKER: Expected = { fail: ['declared-copies'] };
const UNKNOWN: Expected = { unknown: ['declared-copies'] };
const ADVICE: Expected = { advice: ['declared-copies'] };
// Statements for everybody that a condition limits are advice, too.
const WEAKER_AND_ADVICE: Expected = { ...WEAKER, ...ADVICE };

const policy = (...Statement: readonly unknown[]) =>
  value({
    source: `bucket policy of ${COPIES}`,
    text: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
const withoutTls = (bucket: string) => ({
  Sid: 'DenyWithoutTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
const readersOnly = (bucket: string, ...readers: readonly string[]) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:GetObject*',
  Resource: `arn:aws:s3:::${bucket}/*`,
  Condition: {
    ArnNotLike: { 'aws:PrincipalArn': readers.map((name) => `arn:aws:iam::123456789012:role/${name}`) },
    Bool: { 'aws:PrincipalIsAWSService': 'false' },
  },
});
const letsRead = (account: string) => ({
  Effect: 'Allow',
  Principal: { AWS: account },
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${COPIES}/*`,
});

/** Logs that are copied as declared, and what differs about the bucket of the copies. */
const copies = (
  differs: Partial<BucketObservation>,
  replication: object = {},
  options: ExportOptionsInput = {},
  bucket: Partial<BucketObservation> = {},
): SetUp => {
  const declares = { ...options, replication: { bucket: COPIES, region: 'eu-west-1', ...replication } };
  const { kmsKeyArn } = declares.replication as { kmsKeyArn?: string };
  return {
    declares,
    bucket: {
      replication: value({
        role: REPLICATING,
        rules: [
          {
            id: 'logs',
            status: 'Enabled' as const,
            filter: {},
            destination: {
              bucket: `arn:aws:s3:::${COPIES}`,
              owner: value('audited-account' as const),
              replicaKmsKeyId: kmsKeyArn ? value(kmsKeyArn) : undefined,
            },
            deleteMarkerReplication: 'Disabled' as const,
            sseKmsEncryptedObjects: kmsKeyArn ? ('Enabled' as const) : undefined,
          },
        ],
      }),
      versioning: value({ status: 'Enabled' as const }),
      ...bucket,
    },
    copies: differs,
  };
};

const EXPIRES = { retention: { expireAfterDays: 400 } };
const after = (days: number) => value({ rules: [lifecycleRule({ filter: {}, expiration: { days } })] });
const LOCKED: ExportOptionsInput = {
  retention: { objectLock: true, defaultRetention: { mode: 'COMPLIANCE', days: 365 } },
};
const lock = (days: number) => value({ defaultRetention: { mode: 'COMPLIANCE' as const, days } });
const locked = (differs: Partial<BucketObservation>, replication: object = {}) =>
  copies(differs, replication, LOCKED, { objectLock: lock(365) });
// Of the export's own bucket: S3 itself writes copies.
const SENT = { checksumHeader: 'sent' } as const;
const TLS: ExportOptionsInput = { bucketPolicy: { requireTls: true } };
const tls = (differs: Partial<BucketObservation>, replication: object = {}): SetUp => ({
  ...copies(differs, replication, TLS),
  bucketPolicy: { Version: '2012-10-17', Statement: [withoutTls(EXAMPLE.bucket)] },
});
const SIEM = { name: 'siem', trustedPrincipals: [OTHER], externalId: 'siem-1' };
const off = value({
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
});

table('the bucket of the copies', [
  ['is as declared', copies({}), COMPLIANT],
  ['has versioning suspended', copies({ versioning: value({ status: 'Suspended' }) }), WEAKER],
  ['never had versioning', copies({ versioning: { state: 'absent' } }), WEAKER],
  ['may not be asked for versioning', copies({ versioning: refused('s3:GetBucketVersioning') }), UNKNOWN],
  ['is in another region', copies({ region: value('eu-central-1') }), WEAKER],
  ['has no public access block', copies({ publicAccessBlock: { state: 'absent' } }), WEAKER],
  ['is public by its policy', copies({ publicAccessBlock: off, policy: policy(letsRead('*')) }), WEAKER],
  ['lets another account read', copies({ policy: policy(letsRead(OTHER)) }), WEAKER],
  ['lets a role of the account read', copies({ policy: policy(letsRead('123456789012')) }), COMPLIANT],
  ['has a policy that may not be read', copies({ policy: refused('s3:GetBucketPolicy') }), UNKNOWN],
  ['belongs to another account', copies({ owner: value('another-account') }), WEAKER],
  ['deletes copies after a day', copies({ lifecycle: after(1) }), WEAKER],
  ['deletes copies after a year, undeclared', copies({ lifecycle: after(365) }), ADVICE],
  [
    'is copied to another account',
    copies({
      replication: value({
        rules: [
          {
            status: 'Enabled',
            filter: {},
            destination: { bucket: 'arn:aws:s3:::theirs', owner: value('another-account') },
          },
        ],
      }),
    }),
    WEAKER,
  ],
]);

table('the bucket of the copies, by the declared retention', [
  [
    'deletes copies when declared',
    copies({ lifecycle: after(400) }, {}, EXPIRES, { lifecycle: after(400) }),
    COMPLIANT,
  ],
  [
    'deletes copies sooner',
    copies({ lifecycle: after(100) }, {}, EXPIRES, { lifecycle: after(400) }),
    WEAKER,
  ],
  ['keeps copies longer', copies({}, {}, EXPIRES, { lifecycle: after(400) }), ADVICE],
  ['has the declared lock', locked({ objectLock: lock(365) }), COMPLIANT, SENT],
  ['has no Object Lock', locked({ objectLock: { state: 'absent' } }), WEAKER, SENT],
  // S3 gives each copy the lock of its original.
  ['has no default of its own, as the kit makes it', locked({ objectLock: value({}) }), COMPLIANT, SENT],
  ['has another default of its own', locked({ objectLock: lock(1) }), COMPLIANT, SENT],
]);

table('the bucket of the copies, by the declared bucket policy', [
  ['denies requests without TLS', tls({ policy: policy(withoutTls(COPIES)) }), COMPLIANT],
  ['takes requests without TLS', tls({}), WEAKER],
  ['denies them for the export’s bucket alone', tls({ policy: policy(withoutTls(EXAMPLE.bucket)) }), WEAKER],
]);

table('the bucket of the copies, by its key and its access logging', [
  ['encrypts with the declared key', copies({}, { kmsKeyArn: REPLICA_KEY }), COMPLIANT],
  [
    'encrypts with S3’s own keys',
    copies({ encryption: value({ algorithm: 'AES256' }), kmsKey: undefined }, { kmsKeyArn: REPLICA_KEY }),
    WEAKER,
  ],
  [
    'logs accesses as declared',
    copies(
      { logging: value({ targetBucket: 'acme-access-logs', targetPrefix: '' }) },
      { accessLogging: { bucket: 'acme-access-logs' } },
    ),
    COMPLIANT,
  ],
  [
    'logs no accesses',
    copies({ logging: { state: 'absent' } }, { accessLogging: { bucket: 'acme-access-logs' } }),
    WEAKER,
  ],
]);

// Its owner decides all but what S3 needs, and who gets at the logs.
const EXISTING = { existingBucket: true };
table('a bucket of copies that exists', [
  ['has versioning', copies({}, EXISTING), COMPLIANT],
  ['has no versioning', copies({ versioning: { state: 'absent' } }, EXISTING), WEAKER],
  ['has not the declared bucket policy', tls({}, EXISTING), COMPLIANT],
  ['has no default retention', locked({ objectLock: value({}) }, EXISTING), COMPLIANT, SENT],
  ['has no Object Lock', locked({ objectLock: { state: 'absent' } }, EXISTING), WEAKER, SENT],
  ['is public', copies({ publicAccessBlock: off, policy: policy(letsRead('*')) }, EXISTING), WEAKER],
]);

const role = (changes: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: ROLE },
  Action: 's3:*',
  Resource: `arn:aws:s3:::${COPIES}/*`,
  ...changes,
});
const ofAccount = { StringEquals: { 'aws:PrincipalAccount': OWN } };

// A resource's policy suffices within one account, whatever the role's own policies allow.
table('the policy of the copies’ bucket', [
  ['lets ALTR’s role do everything', copies({ policy: policy(role()) }), WEAKER],
  ['lets ALTR’s role write', copies({ policy: policy(role({ Action: 's3:PutObject' })) }), WEAKER],
  [
    'lets ALTR’s role list',
    copies({ policy: policy(role({ Action: 's3:ListBucket', Resource: `arn:aws:s3:::${COPIES}` })) }),
    WEAKER,
  ],
  [
    'lets a session of ALTR’s role read',
    copies({ policy: policy(role({ Principal: { AWS: SESSION } })) }),
    WEAKER,
  ],
  [
    'lets everybody in the account read',
    copies({ policy: policy(role({ Principal: '*', Condition: ofAccount })) }),
    WEAKER_AND_ADVICE,
  ],
  [
    'lets ALTR’s role in by its ARN in a condition',
    copies({
      policy: policy(role({ Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } })),
    }),
    WEAKER_AND_ADVICE,
  ],
  ['lets ALTR’s role into a bucket that exists', copies({ policy: policy(role()) }, EXISTING), WEAKER],
  [
    'lets ALTR’s role in, and a Deny stops all of it',
    copies({ policy: policy(role(), role({ Effect: 'Deny' })) }),
    COMPLIANT,
  ],
  [
    'lets ALTR’s role in, and a Deny stops some of it',
    copies({ policy: policy(role(), role({ Effect: 'Deny', Action: 's3:Get*' })) }),
    WEAKER,
  ],
  [
    'lets the replication’s role in',
    copies({
      policy: policy(role({ Principal: { AWS: REPLICATING } })),
    }),
    COMPLIANT,
  ],
  [
    'lets the account in',
    copies({ policy: policy(role({ Principal: { AWS: `arn:aws:iam::${OWN}:root` } })) }),
    COMPLIANT,
  ],
  [
    'lets others in the account in by a condition',
    copies({
      policy: policy(
        role({
          Principal: '*',
          Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/Analyst` } },
        }),
      ),
    }),
    ADVICE,
  ],
]);

const denyAll = (changes: object = {}) => role({ Effect: 'Deny', Principal: '*', ...changes });
const unless = (arn: string) => ({ ArnNotEquals: { 'aws:PrincipalArn': arn } });
// S3 writes as the replication's role: that is judged as far as a Deny of the bucket surely stops it.
table('a Deny in the policy of the copies’ bucket', [
  ['stops everybody', copies({ policy: policy(denyAll()) }), WEAKER],
  ['stops everybody in a bucket that exists', copies({ policy: policy(denyAll()) }, EXISTING), WEAKER],
  [
    'stops the replication’s role',
    copies({ policy: policy(denyAll({ Principal: { AWS: REPLICATING }, Action: 's3:ReplicateObject' })) }),
    WEAKER,
  ],
  [
    'spares another role alone',
    copies({ policy: policy(denyAll({ Condition: unless(`arn:aws:iam::${OWN}:role/Analyst`) })) }),
    WEAKER,
  ],
  [
    'spares the replication’s role',
    copies({ policy: policy(denyAll({ Condition: unless(REPLICATING) })) }),
    COMPLIANT,
  ],
  ['stops ALTR’s role', copies({ policy: policy(denyAll({ Principal: { AWS: ROLE } })) }), COMPLIANT],
  ['stops deletions', copies({ policy: policy(denyAll({ Action: 's3:Delete*' })) }), COMPLIANT],
  ['stops readers', copies({ policy: policy(denyAll({ Action: 's3:GetObject*' })) }), COMPLIANT],
  ['stops requests without TLS', copies({ policy: policy(withoutTls(COPIES)) }), COMPLIANT],
  [
    'stops requests that come through no VPC endpoint of yours',
    copies({ policy: policy(denyAll({ Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } })) }),
    COMPLIANT,
  ],
]);

test.each([
  ['everybody', denyAll(), ['fail']],
  ['all but one', denyAll({ Condition: unless(REPLICATING) }), ['pass']],
  ['one role', denyAll({ Principal: { AWS: REPLICATING } }), ['pass']],
])(
  'before the replication’s role exists, a Deny of %s is judged as far as it is sure',
  (_who, denial, expected) => {
    const { bucket, ...setUp } = copies({ policy: policy(denial) });
    if (bucket?.replication?.state !== 'value') throw new Error('no replication');
    const replication = value({ rules: bucket.replication.value.rules });
    const found = findingOf({ ...setUp, bucket: { ...bucket, replication } });
    expect(found.map(({ status }) => status)).toEqual(expected);
  },
);

test('a Deny that stops the replication is one finding, which names the role', () => {
  const found = findingsOf(copies({ policy: policy(withoutTls(COPIES), denyAll()) })).filter(
    ({ status }) => status === 'fail',
  );
  expect(found).toMatchObject([
    {
      rule: 'declared-copies',
      message: `Bucket of the copies, acme-copies: The bucket policy denies the replication’s role ${REPLICATING} s3:ReplicateObject: S3 can’t write copies.`,
      location: { document: 'bucket policy of acme-copies', pointer: '/Statement/1' },
      remediation: {
        summary: expect.stringContaining(`Exempt the replication’s role ${REPLICATING} from the Deny`),
      },
    },
  ]);
});

const root = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${OWN}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const keyed = (differs: Partial<KmsKeyObservation>, replication: object = {}) =>
  copies(
    {
      encryption: value({ algorithm: 'aws:kms', kmsKeyId: REPLICA_KEY }),
      kmsKey: value({
        arn: REPLICA_KEY,
        keyManager: 'CUSTOMER',
        keyState: 'Enabled',
        policy: keyPolicy(root),
        grants: value([]),
        ...differs,
      }),
    },
    { kmsKeyArn: REPLICA_KEY, ...replication },
  );
const keyPolicy = (...Statement: readonly unknown[]) =>
  value({
    source: `key policy of ${REPLICA_KEY}`,
    text: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
const useKey = (changes: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: ROLE },
  Action: 'kms:*',
  Resource: '*',
  ...changes,
});
const grant = (granteePrincipal: string, ...operations: readonly string[]) => ({
  grants: value([{ grantId: 'g1', granteePrincipal, operations }]),
});
const byS3 = {
  Principal: { AWS: '*' },
  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
  Condition: {
    StringEquals: { 'kms:CallerAccount': OWN, 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
  },
};

table('the key of the copies gives', [
  ['the account what IAM allows', keyed({}), COMPLIANT],
  ['ALTR’s role everything', keyed({ policy: keyPolicy(root, useKey()) }), WEAKER],
  ['ALTR’s role its use', keyed({ policy: keyPolicy(root, useKey({ Action: 'kms:Decrypt' })) }), COMPLIANT],
  [
    'ALTR’s role everything, and a Deny stops all of it',
    keyed({ policy: keyPolicy(root, useKey(), useKey({ Effect: 'Deny' })) }),
    COMPLIANT,
  ],
  [
    'ALTR’s role everything, in a bucket that exists',
    keyed({ policy: keyPolicy(root, useKey()) }, EXISTING),
    WEAKER,
  ],
  ['everybody in the account its use by S3', keyed({ policy: keyPolicy(root, useKey(byS3)) }), COMPLIANT],
  [
    'everybody in the account everything',
    keyed({
      policy: keyPolicy(
        root,
        useKey({ Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': OWN } } }),
      ),
    }),
    WEAKER,
  ],
  [
    'the replication’s role its use',
    keyed({ policy: keyPolicy(root, useKey({ Principal: { AWS: REPLICATING }, Action: 'kms:Encrypt' })) }),
    COMPLIANT,
  ],
  ['ALTR’s role a grant', keyed(grant(ROLE, 'Decrypt', 'CreateGrant')), WEAKER],
  ['ALTR’s role a grant to decrypt', keyed(grant(ROLE, 'Decrypt')), COMPLIANT],
  ['the replication’s role a grant', keyed(grant(REPLICATING, 'Encrypt', 'GenerateDataKey')), COMPLIANT],
]);

// S3 reports DstKmsKeyInvalidState or DstKmsKeyNotFound, and copies nothing.
table('the key of the copies', [
  ['is enabled', keyed({ keyState: 'Enabled', keySpec: 'SYMMETRIC_DEFAULT' }), COMPLIANT],
  ['is a replica that is updated', keyed({ keyState: 'Updating' }), COMPLIANT],
  ['is disabled', keyed({ keyState: 'Disabled' }), WEAKER],
  ['is about to be deleted', keyed({ keyState: 'PendingDeletion' }), WEAKER],
  ['has no key material', keyed({ keyState: 'PendingImport' }), WEAKER],
  ['is asymmetric', keyed({ keySpec: 'RSA_2048' }), WEAKER],
  ['does not exist', copies({ kmsKey: { state: 'absent' } }, { kmsKeyArn: REPLICA_KEY }), WEAKER],
  ['of a bucket that exists is disabled', keyed({ keyState: 'Disabled' }, EXISTING), WEAKER],
  [
    'of a bucket that exists does not exist',
    copies({ kmsKey: { state: 'absent' } }, { ...EXISTING, kmsKeyArn: REPLICA_KEY }),
    WEAKER,
  ],
  ['may not be read', copies({ kmsKey: refused('kms:DescribeKey') }, { kmsKeyArn: REPLICA_KEY }), UNKNOWN],
  [
    'is not the one that an existing bucket encrypts with, and that one is disabled',
    keyed({ arn: KEY.replace('us-east-1', 'eu-west-2'), keyState: 'Disabled' }, EXISTING),
    COMPLIANT,
  ],
]);

const DENIALS = {
  requireTls: true,
  minimumTlsVersion: '1.2',
  onlyReaders: [`arn:aws:iam::${OWN}:role/Analyst`],
} as const;
const made = (replication: object, options: ExportOptionsInput = {}) =>
  copies(
    {
      policy: value({
        source: `bucket policy of ${COPIES}`,
        text: JSON.stringify(bucketPolicyDocument('aws', COPIES, DENIALS)),
      }),
      objectLock: options.retention?.objectLock ? value({}) : undefined,
    },
    replication,
    { ...options, bucketPolicy: { ...DENIALS, onlyReaders: [...DENIALS.onlyReaders] } },
    options.retention?.objectLock ? { objectLock: lock(365) } : {},
  );
const statusesOf = (setUp: SetUp) => findingOf(setUp).map(({ status }) => status);

test.each([
  ['alone', made({})],
  ['with a key', made({ kmsKeyArn: REPLICA_KEY })],
  ['with a storage class', made({ storageClass: 'STANDARD_IA' })],
  ['with deletions', made({ replicateDeletes: true })],
  ['with Object Lock', made({}, LOCKED)],
  ['with Object Lock and a key', made({ kmsKeyArn: REPLICA_KEY }, LOCKED)],
  ['with a bucket that exists', made(EXISTING)],
  ['with a bucket that exists and a key', made({ ...EXISTING, kmsKeyArn: REPLICA_KEY })],
])('a bucket of copies as the kit makes it, %s, is as declared', (_what, setUp) => {
  expect(statusesOf(setUp)).toEqual(['pass']);
});

const findingOf = (setUp: SetUp) => findingsOf(setUp).filter(({ rule }) => rule === 'declared-copies');

test('a finding names the bucket, and is as severe as of the export’s own', () => {
  expect(findingOf(copies({ publicAccessBlock: off, policy: policy(letsRead('*')) }))[0]).toMatchObject({
    resource: 'arn:aws:s3:::acme-copies',
    severity: 'critical',
    message: 'Bucket of the copies, acme-copies: The bucket policy opens the bucket to everybody.',
    location: { document: 'bucket policy of acme-copies' },
    remediation: { commands: expect.arrayContaining([expect.stringContaining('--bucket acme-copies')]) },
  });
});

test('what ALTR’s role is given has one finding each, and no fix that lets the role in', () => {
  const setUp = keyed({ policy: keyPolicy(root, useKey()), ...grant(ROLE, 'Decrypt', 'CreateGrant') });
  const found = findingOf({
    ...setUp,
    copies: {
      ...setUp.copies,
      policy: policy(role(), { ...role({ Effect: 'Deny' }), Action: 's3:PutObject' }),
    },
  });
  expect(found.map(({ status, severity, message }) => [status, severity, message])).toEqual([
    [
      'fail',
      'high',
      'Bucket of the copies, acme-copies: The bucket policy of acme-copies allows ALTR’s role s3:*, and it needs nothing of the copies.',
    ],
    [
      'fail',
      'high',
      expect.stringContaining('allows ALTR’s role kms:*, and it needs nothing of the copies.'),
    ],
    [
      'fail',
      'high',
      expect.stringContaining('grant g1 of the bucket’s key allows ALTR’s role kms:CreateGrant'),
    ],
  ]);
  expect(found.map(({ remediation }) => remediation?.summary)).toEqual([
    expect.stringContaining('without ALTR’s role'),
    expect.stringContaining('without ALTR’s role'),
    expect.stringContaining('Revoke the grant'),
  ]);
  expect(found[2]?.remediation?.commands).toEqual([
    expect.stringMatching(/revoke-grant --region eu-west-1 /),
  ]);
  expect(found.map(({ remediation }) => remediation?.document)).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['Disabled', 'medium', ['aws kms enable-key'], 'Enable the key again.'],
  [
    'PendingDeletion',
    'high',
    ['aws kms cancel-key-deletion', 'aws kms enable-key'],
    'Cancel the key’s deletion',
  ],
  ['PendingImport', 'medium', [], 'in replication.kmsKeyArn'],
])(
  'a key of the copies that is %s is one finding, with the way back',
  (keyState, severity, commands, summary) => {
    const found = findingsOf(keyed({ keyState })).filter(({ status }) => status === 'fail');
    expect(found).toMatchObject([
      {
        rule: 'declared-copies',
        severity,
        message: expect.stringContaining(`The key ${REPLICA_KEY} is ${keyState}: S3 can’t write copies`),
        remediation: { summary: expect.stringContaining(summary) },
      },
    ]);
    const [{ remediation } = {}] = found;
    expect(remediation?.summary).toContain('Batch Replication');
    expect(remediation?.summary).not.toContain('encryption.');
    expect(remediation?.commands ?? []).toEqual(commands.map((command) => expect.stringContaining(command)));
  },
);

test('a key of the copies that is gone can’t come back', () => {
  const [found] = findingOf(copies({ kmsKey: { state: 'absent' } }, { kmsKeyArn: REPLICA_KEY }));
  expect(found).toMatchObject({
    severity: 'high',
    message: expect.stringContaining(
      `The key ${REPLICA_KEY}, with which the bucket encrypts, does not exist`,
    ),
    remediation: { summary: expect.stringContaining('in replication.kmsKeyArn') },
  });
  expect(found?.remediation?.commands).toBeUndefined();
});

test('an API that may not be called is reported once', () => {
  expect(findingOf(copies({ policy: refused('s3:GetBucketPolicy') }))).toHaveLength(1);
});

test('a fix of the policy does not let ALTR’s role in', () => {
  const denied = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${COPIES}/*`,
  };
  const [found] = findingOf(copies({ policy: policy(letsRead(OTHER), denied) }));
  expect(found?.remediation?.document).toEqual({ Version: '2012-10-17', Statement: [denied] });
});

// What the config says of region, retention and replication holds for the originals, too.
test.each([
  ['is in another region', copies({ region: value('eu-central-1') })],
  ['deletes copies, undeclared', copies({ lifecycle: after(365) })],
  ['deletes copies at once', copies({ lifecycle: after(1) })],
  [
    'is copied on',
    copies({
      replication: value({
        rules: [
          {
            status: 'Enabled',
            filter: {},
            destination: { bucket: 'arn:aws:s3:::third', owner: value('audited-account') },
          },
        ],
      }),
    }),
  ],
])('no fix of a bucket of copies that %s changes the export’s own bucket', (_what, setUp) => {
  const { remediation } = findingOf(setUp).find(({ status }) => status !== 'pass') ?? {};
  expect(remediation?.summary).not.toMatch(/Correct region|[Dd]eclare it/);
  expect(`${remediation?.cdktf}${remediation?.terraform}`).not.toMatch(/^region|provider/m);
});

test('former keys are those of the originals', () => {
  const setUp = copies({}, { kmsKeyArn: REPLICA_KEY }, { encryption: { type: 's3', formerKeys: [KEY] } });
  const found = findingsOf({ ...setUp, formerKeys: [{ arn: KEY }] });
  expect(found.filter(({ message }) => message.includes(KEY)).map(({ rule }) => rule)).toEqual([
    'declared-encryption',
  ]);
  expect(found.filter(({ rule }) => rule === 'declared-copies')).toMatchObject([{ status: 'pass' }]);
});

test('a declared bucket of another account is one cause, and a deploy of the same config is no fix', () => {
  const foreign = value('another-account' as const);
  const { bucket, ...setUp } = copies({ owner: foreign });
  if (bucket?.replication?.state !== 'value') throw new Error('no replication');
  const rules = bucket.replication.value.rules.map((rule) => ({
    ...rule,
    destination: { ...rule.destination, owner: foreign },
  }));
  const found = findingsOf({ ...setUp, bucket: { ...bucket, replication: value({ rules }) } }).filter(
    ({ status }) => status === 'fail',
  );
  expect(found.map(({ rule }) => rule).sort()).toEqual(['declared-copies', 'logs-stay']);
  expect(new Set(found.map(({ causeId }) => causeId))).toEqual(
    new Set(['copies-of-another-account:arn:aws:s3:::acme-copies']),
  );
  for (const { remediation } of found) {
    expect(remediation?.summary).toContain('Name a bucket of this account in replication.bucket');
    expect(remediation?.cdktf).toBeUndefined();
  }
});

test('a key of an existing bucket of copies that the config names, and a plan does not show, was not looked at', () => {
  const encryption = value({ algorithm: 'aws:kms' as const, kmsKeyId: REPLICA_KEY });
  const setUp = copies({ encryption, kmsKey: undefined }, { ...EXISTING, kmsKeyArn: REPLICA_KEY });
  expect(findingOf(setUp)).toMatchObject([
    { status: 'advice', message: expect.stringContaining('the copies’ key') },
  ]);
});

test('a deploy is no fix for a bucket of somebody else', () => {
  const suspended = { versioning: value({ status: 'Suspended' as const }) };
  expect(findingOf(copies(suspended))[0]?.remediation).toHaveProperty('cdktf', expect.any(String));
  expect(findingOf(copies(suspended, EXISTING))[0]?.remediation?.cdktf).toBeUndefined();
});

// Readers' derived names come from the name of the export's bucket.
test.each([
  ['with the same readers is as declared', ['Analyst', 'acme-altr-audit-logs-reader-siem'], []],
  ['with one reader more is weaker', ['Analyst', 'acme-altr-audit-logs-reader-siem', 'Eve'], ['fail']],
  [
    'lets the replication’s role read nothing',
    ['Analyst', 'acme-altr-audit-logs-replication'],
    ['fail', 'advice'],
  ],
])('a policy of the copies %s', (_what, readers, expected) => {
  const setUp = copies(
    { policy: policy(readersOnly(COPIES, ...readers)) },
    {},
    {
      readers: [SIEM],
      bucketPolicy: { onlyReaders: ['arn:aws:iam::123456789012:role/Analyst'] },
    },
  );
  expect(
    findingOf(setUp)
      .map(({ status }) => status)
      .filter((status) => status !== 'pass'),
  ).toEqual(expected);
});

describe('an observation', () => {
  const judged = (change: (seen: ExportObservation) => ExportObservation, setUp = copies({})) => {
    const observation = observationOf(setUp, EXAMPLE);
    const [report] = judge(
      { ...observation, exports: observation.exports.map(change) },
      { contracts: [EXAMPLE], declaredRoles: [EXAMPLE], declared: declaredBy(setUp, EXAMPLE.name) },
    );
    return report?.findings.filter(({ rule }) => rule === 'declared-copies');
  };

  test('that has the bucket passes', () => {
    expect(judged((seen) => seen)).toMatchObject([{ status: 'pass' }]);
  });

  test('of an older version does not pass', () => {
    expect(judged((seen) => ({ ...seen, copies: undefined }))).toMatchObject([
      {
        status: 'advice',
        message: expect.stringContaining(
          'Not looked at when the observation was made: the bucket of the copies.',
        ),
      },
    ]);
  });

  test('that lacks the role does not tell what the copies give it', () => {
    const setUp = copies({ policy: policy(role()) });
    expect(judged((seen) => ({ ...seen, role: refused('iam:GetRole') }), setUp)).toMatchObject([
      { status: 'unknown' },
    ]);
    expect(judged((seen) => ({ ...seen, role: { state: 'absent' } }), setUp)).toMatchObject([
      { status: 'pass' },
    ]);
  });

  test('that lacks the role tells that the copies’ bucket, without a policy, gives it nothing', () => {
    expect(judged((seen) => ({ ...seen, role: refused('iam:GetRole') }))).toMatchObject([{ status: 'pass' }]);
  });

  test('that lacks what is declared since does not pass', () => {
    const setUp = copies({}, { accessLogging: { bucket: 'acme-access-logs' } });
    expect(judged((seen) => seen, setUp)).toMatchObject([
      { status: 'advice', message: expect.stringContaining('the copies’ access logging') },
    ]);
  });

  test.each([
    ['declared', REPLICA_KEY, [{ status: 'advice', message: expect.stringContaining('the copies’ key') }]],
    ['another', KEY, expect.arrayContaining([expect.objectContaining({ status: 'unknown' })])],
  ])('without the key does not pass, if it is %s', (_which, kmsKeyId, expected) => {
    const encryption = value({ algorithm: 'aws:kms' as const, kmsKeyId });
    const setUp = copies({ encryption, kmsKey: undefined }, { kmsKeyArn: REPLICA_KEY });
    expect(judged((seen) => seen, setUp)).toMatchObject(expected);
  });

  test('without such a bucket is a violation', () => {
    expect(judged((seen) => ({ ...seen, copies: { state: 'absent' } }))).toMatchObject([
      {
        status: 'fail',
        resource: 'arn:aws:s3:::acme-copies',
        message: expect.stringContaining('There is no bucket acme-copies'),
      },
    ]);
  });

  test('that could not read it is unknown', () => {
    expect(judged((seen) => ({ ...seen, copies: refused('s3:ListBucket') }))).toMatchObject([
      { status: 'unknown' },
    ]);
  });
});

test('says nothing where no replication is declared', () => {
  expect(findingOf({})).toEqual([]);
});
