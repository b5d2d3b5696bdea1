/** Options that are refused: each by the config, with its line, and by the construct, in the same words. */
import { Testing } from 'cdktf';
import { ConfigError, parseConfig } from '../../../config/file/parse';
import { ExportStack, type ExportStackProps } from '../../../modules/stack/export-stack';

const EXPORT = {
  name: 'acme',
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: 'acme-logs',
  region: 'eu-west-1',
  roleName: 'ALTRPublishSIEMDataAcme',
};
const ALTR = '111122223333';
const key = (place: string) => `arn:${place}:key/11111111-2222-3333-4444-555555555555`;
const ANALYST = 'arn:aws:iam::222233334444:role/Analyst';
const KEY = key('aws:kms:eu-west-1:222233334444');

type Options = Partial<Omit<ExportStackProps, 'backend' | 'defaultTags'>>;

/** What the config says of the export's options, without the place. */
function byConfig(options: object, more: object = {}): string[] {
  const config = { altr: { awsAccountId: ALTR }, exports: [{ ...EXPORT, ...options }], ...more };
  try {
    parseConfig(JSON.stringify(config), 'f.json', 'provision');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

function byConstruct(options: Options): string[] {
  try {
    new ExportStack(Testing.app(), { ...EXPORT, altrAccountId: ALTR, ...options });
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

const OWNER = 'Terraform would replace what the bucket’s owner has set';
const UNCONFIRMED =
  'what the bucket’s owner has set is replaced by an apply or taken away by a destroy; where its owner agrees, set existingBucketConfirmed to true';
const CASES: readonly (readonly [why: string, options: Options, fault: string])[] = [
  [
    'a bucket policy on an existing bucket',
    { existingBucket: true, bucketPolicy: { requireTls: true } },
    `existingBucket can’t go with bucketPolicy: ${OWNER}`,
  ],
  [
    'a lifecycle on an existing bucket',
    { existingBucket: true, retention: { expireAfterDays: 9 } },
    `existingBucket can’t go with retention (a lifecycle): ${OWNER}`,
  ],
  [
    'the versioning of an existing bucket, which a destroy would suspend',
    { existingBucket: true, retention: { versioning: true } },
    `existingBucket can’t go with retention.versioning: ${UNCONFIRMED}`,
  ],
  [
    'the access logging of an existing bucket',
    { existingBucket: true, accessLogging: { bucket: 'access' } },
    `existingBucket can’t go with accessLogging: ${UNCONFIRMED}`,
  ],
  [
    'replication of an existing bucket',
    { existingBucket: true, replication: { bucket: 'acme-copy', region: 'eu-north-1' } },
    `existingBucket can’t go with replication: ${OWNER}`,
  ],
  [
    'bucket keys of an existing bucket',
    { existingBucket: true, encryption: { type: 'kms', kmsKeyArn: KEY, bucketKeys: true } },
    'existingBucket can’t go with encryption.bucketKeys: nothing of an existing bucket’s encryption is touched',
  ],
  [
    'a new key for an existing bucket',
    { existingBucket: true, encryption: { type: 'kms' } },
    `existingBucket can’t go with encryption.type kms without encryption.kmsKeyArn: ${OWNER}`,
  ],
  [
    'Object Lock on an existing bucket',
    { existingBucket: true, retention: { objectLock: true } },
    'existingBucket can’t go with retention.objectLock: Object Lock can’t be switched off again, so the bucket’s owner must switch it on',
  ],
  [
    'the destruction of an existing bucket',
    { existingBucket: true, forceDestroy: true },
    'existingBucket can’t go with forceDestroy: the bucket is never destroyed from here',
  ],
  [
    'a guard of an existing bucket, which nothing here destroys',
    { existingBucket: true, preventDestroy: true },
    'existingBucket can’t go with preventDestroy: the bucket is never destroyed from here',
  ],
  [
    'a guard against a destruction that is asked for',
    { preventDestroy: true, forceDestroy: true },
    'preventDestroy can’t go with forceDestroy: the one keeps the buckets, the other deletes them with the logs in them',
  ],
  [
    'a key with S3’s own encryption',
    { encryption: { kmsKeyArn: KEY } },
    'encryption.kmsKeyArn can’t go with encryption.type s3: S3’s own keys take no key of yours; set encryption.type to kms',
  ],
  [
    'an alias for a key that is there',
    { encryption: { type: 'kms', kmsKeyArn: KEY, keyAlias: 'a' } },
    'encryption.keyAlias can’t go with encryption.kmsKeyArn: it is a setting of a key that is made, and this one is there already',
  ],
  [
    'a deletion window without a key',
    { encryption: { keyDeletionWindowDays: 9 } },
    'encryption.keyDeletionWindowDays can’t go with encryption.type s3: it is a setting of a key that is made, and S3’s own keys need none; set encryption.type to kms',
  ],
  [
    'a key of another partition',
    { encryption: { type: 'kms', kmsKeyArn: key('aws-us-gov:kms:us-gov-west-1:222233334444') } },
    `encryption.kmsKeyArn ${key('aws-us-gov:kms:us-gov-west-1:222233334444')} is in the partition aws-us-gov, and region eu-west-1 in aws`,
  ],
  [
    'a key of another region',
    { encryption: { type: 'kms', kmsKeyArn: key('aws:kms:us-east-1:222233334444') } },
    `encryption.kmsKeyArn ${key('aws:kms:us-east-1:222233334444')} is in the region us-east-1, and S3 takes a key of the bucket’s own region, eu-west-1, only`,
  ],
  [
    'a key of another account',
    { accountId: '999988887777', encryption: { type: 'kms', kmsKeyArn: KEY } },
    `encryption.kmsKeyArn ${KEY} is in account 222233334444 and can’t go with accountId, which says 999988887777`,
  ],
  [
    'a boundary of another account than the key',
    {
      encryption: { type: 'kms', kmsKeyArn: KEY },
      role: { permissionsBoundary: 'arn:aws:iam::999988887777:policy/b' },
    },
    'role.permissionsBoundary arn:aws:iam::999988887777:policy/b is in account 999988887777 and can’t go with encryption.kmsKeyArn, which says 222233334444',
  ],
  [
    'an alias where a key belongs',
    { encryption: { type: 'kms', kmsKeyArn: 'arn:aws:kms:eu-west-1:222233334444:alias/a' } },
    'encryption.kmsKeyArn "arn:aws:kms:eu-west-1:222233334444:alias/a" is an alias; give the ARN of the key itself',
  ],
  [
    'Object Lock without versions',
    { retention: { objectLock: true, versioning: false } },
    'retention.objectLock can’t go with retention.versioning false: S3 locks versions',
  ],
  [
    'a default retention without Object Lock',
    { retention: { defaultRetention: { mode: 'GOVERNANCE', days: 9 } } },
    'retention.defaultRetention needs retention.objectLock: without it nothing is locked',
  ],
  [
    'a default retention in days and years',
    { retention: { objectLock: true, defaultRetention: { mode: 'GOVERNANCE', days: 9, years: 1 } } },
    'retention.defaultRetention needs either retention.defaultRetention.days or retention.defaultRetention.years',
  ],
  [
    'an expiry before the lock ends',
    {
      retention: { objectLock: true, expireAfterDays: 9, defaultRetention: { mode: 'COMPLIANCE', years: 1 } },
    },
    'retention.expireAfterDays 9 can’t go with retention.defaultRetention, which locks logs for 365 days',
  ],
  [
    'an expiry of former versions that are not kept',
    { retention: { noncurrentExpireAfterDays: 9 } },
    'retention.noncurrentExpireAfterDays needs retention.versioning: without it there are no former versions',
  ],
  [
    'moves of former versions that are not kept',
    { retention: { noncurrentTransitions: [{ afterDays: 30, storageClass: 'GLACIER' }] } },
    'retention.noncurrentTransitions needs retention.versioning: without it there are no former versions',
  ],
  [
    'a move of former versions after their end',
    {
      retention: {
        versioning: true,
        noncurrentTransitions: [{ afterDays: 90, storageClass: 'GLACIER' }],
        noncurrentExpireAfterDays: 60,
      },
    },
    'retention.noncurrentTransitions.0.afterDays 90 can’t go with retention.noncurrentExpireAfterDays 60: former versions would be deleted before they are moved',
  ],
  [
    'a move of former versions that is too early',
    {
      retention: {
        versioning: true,
        noncurrentTransitions: [{ afterDays: 29, storageClass: 'STANDARD_IA' }],
      },
    },
    'retention.noncurrentTransitions.0.afterDays 29 is too early for STANDARD_IA: S3 wants 30 days at least',
  ],
  [
    'a lifecycle of former versions on an existing bucket',
    {
      existingBucket: true,
      existingBucketConfirmed: true,
      retention: { versioning: true, noncurrentTransitions: [{ afterDays: 30, storageClass: 'GLACIER' }] },
    },
    `existingBucket can’t go with retention (a lifecycle): ${OWNER}`,
  ],
  [
    'an expiry before a transition',
    { retention: { transitions: [{ afterDays: 90, storageClass: 'GLACIER' }], expireAfterDays: 60 } },
    'retention.transitions.0.afterDays 90 can’t go with retention.expireAfterDays 60: logs would be deleted before they are moved',
  ],
  [
    'a transition that S3 finds too early',
    { retention: { transitions: [{ afterDays: 7, storageClass: 'STANDARD_IA' }] } },
    'retention.transitions.0.afterDays 7 is too early for STANDARD_IA: S3 wants 30 days at least',
  ],
  [
    'a transition to a warmer class',
    {
      retention: {
        transitions: [
          { afterDays: 30, storageClass: 'GLACIER' },
          { afterDays: 90, storageClass: 'STANDARD_IA' },
        ],
      },
    },
    'retention.transitions.1.storageClass STANDARD_IA can’t follow GLACIER: from there S3 moves objects to DEEP_ARCHIVE only',
  ],
  [
    'two transitions too close to each other',
    {
      retention: {
        transitions: [
          { afterDays: 30, storageClass: 'STANDARD_IA' },
          { afterDays: 40, storageClass: 'GLACIER' },
        ],
      },
    },
    'retention.transitions.1.afterDays 40 is too early after the transition to STANDARD_IA at 30: S3 wants 30 more days at least',
  ],
  [
    'replication without versions',
    { retention: { versioning: false }, replication: { bucket: 'acme-copy', region: 'eu-north-1' } },
    'replication can’t go with retention.versioning false: S3 replicates buckets with versioning only',
  ],
  [
    'replication of encrypted logs without a key there',
    { encryption: { type: 'kms' }, replication: { bucket: 'acme-copy', region: 'eu-north-1' } },
    'replication can’t go with encryption.type kms: copies under a KMS key need one in their own region: give replication.kmsKeyArn',
  ],
  [
    'replication into the same bucket',
    { replication: { bucket: 'acme-logs', region: 'eu-north-1' } },
    'replication.bucket acme-logs can’t go with bucket acme-logs: it needs another bucket',
  ],
  [
    'replication into the same region',
    { replication: { bucket: 'acme-copy', region: 'eu-west-1' } },
    'replication.region eu-west-1 can’t go with region eu-west-1: the copy is for the loss of a region',
  ],
  [
    'replication into another partition',
    { replication: { bucket: 'acme-copy', region: 'cn-north-1' } },
    'replication.region cn-north-1 can’t go with region eu-west-1: S3 does not replicate across partitions',
  ],
  [
    'access logs in the bucket itself',
    { accessLogging: { bucket: 'acme-logs' } },
    'accessLogging.bucket acme-logs can’t go with bucket acme-logs: every log of an access would be logged itself, without end',
  ],
  [
    'access logs of copies in the copies',
    { replication: { bucket: 'acme-copy', region: 'eu-north-1', accessLogging: { bucket: 'acme-copy' } } },
    'replication.accessLogging.bucket acme-copy can’t go with replication.bucket acme-copy: every log of an access would be logged itself, without end',
  ],
  [
    'access logs of copies in the export’s bucket',
    { replication: { bucket: 'acme-copy', region: 'eu-north-1', accessLogging: { bucket: 'acme-logs' } } },
    'replication.accessLogging.bucket acme-logs can’t go with bucket acme-logs: S3 logs accesses to a bucket in the region of the copies only',
  ],
  [
    'access logs of copies and originals in one bucket',
    {
      accessLogging: { bucket: 'access' },
      replication: { bucket: 'acme-copy', region: 'eu-north-1', accessLogging: { bucket: 'access' } },
    },
    'replication.accessLogging.bucket access can’t go with accessLogging.bucket access: S3 logs accesses to a bucket in the region of the copies only',
  ],
  [
    'access logs of a second bucket that is there',
    {
      replication: {
        bucket: 'acme-copy',
        region: 'eu-north-1',
        existingBucket: true,
        accessLogging: { bucket: 'access' },
      },
    },
    'replication.accessLogging can’t go with replication.existingBucket: nothing of a bucket that is there already is touched',
  ],
  [
    'access logs in the bucket of the copies',
    { accessLogging: { bucket: 'acme-copy' }, replication: { bucket: 'acme-copy', region: 'eu-north-1' } },
    'accessLogging.bucket acme-copy can’t go with replication.bucket acme-copy: S3 logs accesses to a bucket in the region of the export’s only',
  ],
  [
    'the agreement of an owner whom the bucket has not',
    { existingBucketConfirmed: true },
    'existingBucketConfirmed needs existingBucket: without it the bucket is made, and has no other owner who could agree',
  ],
  [
    'two readers of one role',
    {
      readers: ['a', 'b'].map((name) => ({ name, roleName: 'Reader', trustedPrincipals: ['444455556666'] })),
    },
    'readers.1.roleName "Reader" is already that of readers.0.roleName',
  ],
  [
    'a reader’s policy that is named as ALTR’s',
    { role: { policyName: 'Logs' }, readers: [{ name: 'a', roleName: 'logs' }] },
    'readers.0.roleName "logs" is already that of role.policyName',
  ],
  [
    'a reader’s role that is named as the replication’s',
    {
      replication: { bucket: 'acme-copy', region: 'eu-north-1', roleName: 'Copies' },
      readers: [{ name: 'a', roleName: 'Copies', trustedPrincipals: ['444455556666'] }],
    },
    'readers.0.roleName "Copies" is already that of replication.roleName',
  ],
  [
    'two readers of one name',
    { readers: [{ name: 'splunk' }, { name: 'Splunk' }] },
    'readers.1.name "Splunk" is already that of readers.0',
  ],
  [
    'a reader that nobody knows, under a deny of all but those known',
    { bucketPolicy: { onlyReaders: [ANALYST] }, readers: [{ name: 'splunk' }] },
    'readers.0 can’t go with bucketPolicy.onlyReaders: no role is made that the bucket’s policy could let through; name in attachedTo whom you attach its policy to',
  ],
  [
    'a role that is made, and those whom its policy is attached to',
    { readers: [{ name: 'splunk', trustedPrincipals: ['444455556666'], attachedTo: [ANALYST] }] },
    'readers.0.attachedTo can’t go with readers.0.trustedPrincipals: the role that is made has the policy already',
  ],
  [
    'a policy attached in another account',
    { accountId: '999988887777', readers: [{ name: 'splunk', attachedTo: [ANALYST] }] },
    `readers.0.attachedTo.0 ${ANALYST} is in account 222233334444 and can’t go with accountId, which says 999988887777`,
  ],
  [
    'an ExternalId for nobody',
    { readers: [{ name: 'splunk', externalId: 'xy' }] },
    'readers.0.externalId needs readers.0.trustedPrincipals: without them no role is made that could demand it',
  ],
  [
    'ALTR as a reader',
    { readers: [{ name: 'altr', trustedPrincipals: [ALTR] }] },
    `readers.0.trustedPrincipals ${ALTR} is ALTR’s account: ALTR may write logs, and not read them`,
  ],
  [
    'the vendor’s prefix on another role',
    { readers: [{ name: 'splunk', roleName: 'ALTRPublishSIEMDataSplunk' }] },
    'readers.0.roleName "ALTRPublishSIEMDataSplunk" must not begin with ALTRPublishSIEMData: that prefix is for the role that ALTR assumes',
  ],
  [
    'a region outside of ALTR’s partition',
    { region: 'us-gov-west-1' },
    'region us-gov-west-1 is in the partition aws-us-gov, and a role can’t be assumed across partitions: ask ALTR whether it has an account there, give that account, and set altr.partitionConfirmed to true',
  ],
  ['a session of a day', { role: { maxSessionHours: 24 } }, 'role.maxSessionHours 24: must be 1 to 12 hours'],
  [
    'a path without a slash at its end',
    { role: { path: '/altr' } },
    'role.path "/altr" must begin and end with a slash, for example /altr/',
  ],
  [
    'a tag that AWS reserves',
    { tags: { 'aws:x': '1' } },
    'tags.aws:x "1" must not begin with aws:, which AWS reserves',
  ],
];

/** `exports[0].readers[1].name` and `readers.1.name` are the same place. */
const bare = (message: string) =>
  message
    .replace(/^exports\[0\]\.?/, '')
    .replace(/^export acme: /, '')
    .replace(/\[(\d+)\]/g, '.$1');

describe.each(CASES)('%s', (_why, options, fault) => {
  test('is refused by the config', () => expect(byConfig(options).map(bare)).toEqual([fault]));

  test('is refused by the construct, in the same words', () =>
    expect(byConstruct(options).map(bare)).toEqual([fault]));
});

test('an option that is given as undefined is not given', () => {
  const unset = { encryption: undefined, retention: undefined, bucketPolicy: undefined, role: undefined };
  expect(byConstruct({ ...unset, readers: undefined, tags: undefined, accountId: undefined })).toEqual([]);
});

test.each([
  [
    { retention: { expireAfterDay: 9 } },
    'unknown key "expireAfterDay" in retention; did you mean "expireAfterDays"?',
  ],
  [{ encryption: { type: 'sse-kms' } }, 'encryption.type "sse-kms" must be "s3" or "kms"'],
  [{ retention: { versioning: 'yes' } }, 'retention.versioning "yes" must be true or false'],
  [{ retention: { expireAfterDays: 0 } }, 'retention.expireAfterDays 0: must be at least 1 day'],
])('a value that the schema refuses is refused in the same words: %j', (options, fault) => {
  expect(byConstruct(options as Options).map(bare)).toEqual([fault]);
  expect(byConfig(options).map((message) => message.replaceAll('exports[0].', ''))).toEqual([fault]);
});

test('an option that does not exist is refused, with the one that was meant', () => {
  const sentence = (place: string) => `unknown key "retenton" in ${place}; did you mean "retention"?`;
  const options = { retenton: { versioning: true } };
  expect(byConstruct(options as Options)).toEqual([`export acme: ${sentence('the props')}`]);
  expect(byConfig(options)).toEqual([sentence('exports[0]')]);
});

test('every prop of the construct is known', () => {
  const props: Options = {
    accountId: '222233334444',
    partitionConfirmed: true,
    otherReaders: [{ roleName: 'other' }],
    otherWriters: [{ roleName: 'ALTRPublishSIEMDataOther' }],
  };
  expect(byConstruct(props)).toEqual([]);
});

test('settings of an existing bucket are taken over where its owner agrees', () => {
  const asked = {
    existingBucket: true,
    retention: { versioning: true },
    accessLogging: { bucket: 'access' },
  };
  const notified = { splunkFeed: {}, logEvents: { notification: true } };
  expect(byConfig({ ...asked, existingBucketConfirmed: true, ...notified })).toEqual([]);
  expect(byConfig({ existingBucket: true, ...notified })).toEqual([
    `exports[0].existingBucket can’t go with logEvents.notification: ${UNCONFIRMED}`,
  ]);
  expect(byConfig({ existingBucket: true, splunkFeed: {}, logEvents: { notification: false } })).toEqual([]);
});

test.each([
  [
    'a topic that nobody reads from',
    { logEvents: { notification: true } },
    'logEvents needs splunkFeed or alerts: without a reader there is nobody to tell of new logs',
  ],
  [
    'an ExternalId for nobody',
    { splunkFeed: { readerExternalId: 'xy' } },
    'splunkFeed.readerExternalId needs splunkFeed.readerPrincipalArn: without it no role is made that could demand it',
  ],
  [
    'ALTR as Splunk',
    { splunkFeed: { readerPrincipalArn: `arn:aws:iam::${ALTR}:root` } },
    `splunkFeed.readerPrincipalArn arn:aws:iam::${ALTR}:root is ALTR’s account: ALTR may write logs, and not read them`,
  ],
  [
    'imports of a bucket of which nothing is touched',
    { existingBucket: true, adopt: { bucketSettings: ['encryption'] } },
    'existingBucket can’t go with adopt.bucketSettings: nothing of an existing bucket is imported; empty the list',
  ],
])('%s, which only the config can ask for, is refused', (_why, options, fault) => {
  expect(byConfig(options).map(bare)).toEqual([fault]);
});

test('a role and a policy may share a name, and an export without a bucket of its own may be adopted', () => {
  const replication = { bucket: 'acme-copy', region: 'eu-north-1', roleName: 'Shared' };
  expect(byConfig({ replication, readers: [{ name: 'a', roleName: 'Shared' }] })).toEqual([]);
  expect(byConfig({ existingBucket: true, adopt: { bucketSettings: [] } })).toEqual([]);
});

test('an audit takes any combination: it may describe what somebody else has made', () => {
  const config = {
    altr: { awsAccountId: ALTR },
    exports: [{ ...EXPORT, region: 'cn-north-1', existingBucket: true, bucketPolicy: { requireTls: true } }],
  };
  expect(parseConfig(JSON.stringify(config), 'f.json', 'audit').config.exports).toHaveLength(1);
});

test('a fault stands on its line', () => {
  const text = `altr:
  awsAccountId: "${ALTR}"
exports:
  - name: acme
    clientId: abc
    bucket: acme-logs
    region: eu-west-1
    readers:
      - name: splunk
      - name: splunk
`;
  expect(() => parseConfig(text, 'f.yaml', 'provision')).toThrow(
    'f.yaml:10: exports[0].readers[1].name "splunk" is already that of readers.0',
  );
});

describe('a partition that ALTR has confirmed', () => {
  test('is provisioned', () => {
    expect(byConstruct({ region: 'us-gov-west-1', partitionConfirmed: true })).toEqual([]);
    expect(
      byConfig({ region: 'us-gov-west-1' }, { altr: { awsAccountId: ALTR, partitionConfirmed: true } }),
    ).toEqual([]);
  });
});

describe('two exports', () => {
  const two = (first: object, second: object) => {
    const other = { ...EXPORT, name: 'other', bucket: 'other-logs', roleName: 'ALTRPublishSIEMDataOther' };
    return byConfig(
      {},
      {
        exports: [
          { ...EXPORT, ...first },
          { ...other, ...second },
        ],
      },
    );
  };

  test('may not make the same reader', () => {
    const readers = [{ name: 'splunk', roleName: 'Splunk' }];
    expect(two({ readers }, { readers })).toEqual([
      'exports[1].readers[0].roleName "Splunk" is already that of exports[0].readers[0].roleName',
    ]);
  });

  test('may give the name of a role to a policy alone: IAM keeps them apart', () => {
    const replication = { bucket: 'acme-copy', region: 'eu-north-1', roleName: 'Logs' };
    const readers = [{ name: 'splunk', roleName: 'Logs' }];
    expect(two({ replication }, { readers })).toEqual([]);
    expect(
      two({ replication }, { readers: [{ ...readers[0], trustedPrincipals: ['444455556666'] }] }),
    ).toEqual(['exports[1].readers[0].roleName "Logs" is already that of exports[0].replication.roleName']);
  });

  test('may not name their policies alike', () => {
    const role = { policyName: 'acme.s3.policy' };
    expect(two({ role }, { role })).toEqual([
      'exports[1].role.policyName "acme.s3.policy" is already that of exports[0].role.policyName',
    ]);
  });

  test('may not name a policy like the other’s role, after which its policy is called', () => {
    expect(two({}, { role: { policyName: 'ALTRPublishSIEMDataAcme' } })).toEqual([
      'exports[1].role.policyName "ALTRPublishSIEMDataAcme" is already that of exports[0].roleName',
    ]);
  });

  test('may not give two keys one alias, but in two regions', () => {
    const encryption = { type: 'kms', keyAlias: 'altr/logs' };
    expect(two({ encryption }, { encryption })).toEqual([
      'exports[1].encryption.keyAlias "altr/logs" is already that of exports[0].encryption.keyAlias',
    ]);
    expect(two({ encryption }, { encryption, region: 'eu-north-1' })).toEqual([]);
  });

  test('may not copy into each other', () => {
    expect(two({}, { replication: { bucket: 'acme-logs', region: 'eu-north-1' } })).toEqual([
      'exports[1].replication.bucket "acme-logs" is already that of exports[0].bucket',
    ]);
  });

  test('may not derive the same role name', () => {
    const { roleName: _, ...unnamed } = EXPORT;
    const exports = [unnamed, { ...unnamed, name: 'ac_me', bucket: 'other-logs' }];
    expect(byConfig({}, { exports })).toEqual([
      'exports[1].roleName "ALTRPublishSIEMDataAcMe" is already that of exports[0]; each export needs its own',
    ]);
  });
});

test('who reads may be of another account, but not of another partition', () => {
  const role = (partition: string) => `arn:${partition}:iam::333344445555:role/Splunk`;
  const reads = (arn: string) => ({
    readers: [{ name: 'splunk', trustedPrincipals: ['444455556666', arn] }],
    splunkFeed: { readerPrincipalArn: arn },
  });
  const accountId = '222233334444';
  expect(byConfig({ accountId, ...reads(role('aws')) })).toEqual([]);
  const found = byConfig({ accountId, ...reads(role('aws-us-gov')) });
  const fault = `${role('aws-us-gov')} is in the partition aws-us-gov, and region eu-west-1 in aws`;
  expect(found).toEqual([
    expect.stringMatching(new RegExp(`readers.*trustedPrincipals.* ${fault}$`)),
    expect.stringMatching(new RegExp(`splunkFeed\\.readerPrincipalArn ${fault}$`)),
  ]);
});

describe('the Splunk feed under a deny of all readers but those known', () => {
  const under = (splunkFeed: object) =>
    byConfig({ bucketPolicy: { onlyReaders: ['arn:aws:iam::222233334444:role/Analyst'] }, splunkFeed });

  test('must say who reads', () => {
    expect(under({})).toEqual([
      'exports[0].splunkFeed can’t go with bucketPolicy.onlyReaders: no role is made that the bucket’s policy could let through; name in attachedTo whom you attach its policy to',
    ]);
    expect(under({ attachedTo: [ANALYST] })).toEqual([]);
    expect(under({ readerPrincipalArn: ANALYST })).toEqual([]);
  });

  test('attaches its policy or makes a role, not both', () => {
    expect(under({ attachedTo: [ANALYST], readerPrincipalArn: ANALYST })).toEqual([
      'exports[0].splunkFeed.attachedTo can’t go with splunkFeed.readerPrincipalArn: the role that is made has the policy already',
    ]);
  });
});

describe('readers that are made beside the construct', () => {
  const faultsOf = (...otherReaders: NonNullable<ExportStackProps['otherReaders']>) =>
    byConstruct({ otherReaders, accountId: '222233334444' });
  const reader = 'export acme: otherReaders.0';

  test.each([
    ['a role', { roleName: 'Splunk' }, []],
    ['those whom the policy is attached to', { attachedTo: [ANALYST] }, []],
    [
      'an ARN for a name',
      { roleName: ANALYST },
      [
        `${reader}.roleName "${ANALYST}" is an ARN; give the name alone, of a role in the path of the export’s, or the ARN in attachedTo`,
      ],
    ],
    [
      'the vendor’s prefix',
      { roleName: 'ALTRPublishSIEMDataSplunk' },
      [
        `${reader}.roleName "ALTRPublishSIEMDataSplunk" must not begin with ALTRPublishSIEMData: that prefix is for the role that ALTR assumes`,
      ],
    ],
    [
      'no role or user',
      { attachedTo: ['arn:aws:iam::222233334444:root'] },
      [
        expect.stringContaining(
          'otherReaders.0.attachedTo.0 "arn:aws:iam::222233334444:root" is not the ARN of a role or user',
        ),
      ],
    ],
    [
      'another partition',
      { attachedTo: ['arn:aws-us-gov:iam::222233334444:role/Splunk'] },
      [
        `${reader}.attachedTo.0 arn:aws-us-gov:iam::222233334444:role/Splunk is in the partition aws-us-gov, and region eu-west-1 in aws`,
      ],
    ],
    [
      'another account',
      { attachedTo: ['arn:aws:iam::999988887777:role/Splunk'] },
      [
        `${reader}.attachedTo.0 arn:aws:iam::999988887777:role/Splunk is in account 999988887777 and can’t go with accountId, which says 222233334444`,
      ],
    ],
  ])('%s', (_why, given, expected) => {
    expect(faultsOf(given as { roleName?: string })).toEqual(expected);
  });

  test('must be known under a deny of all but those known', () => {
    expect(byConstruct({ otherReaders: [{}], bucketPolicy: { onlyReaders: [ANALYST] } })).toEqual([
      `${reader} can’t go with bucketPolicy.onlyReaders: no role is made that the bucket’s policy could let through; name in attachedTo whom you attach its policy to`,
    ]);
  });
});

test('former versions may expire sooner than the lock ends: S3 counts them from their replacement', () => {
  const retention = { objectLock: true, expireAfterDays: 365, noncurrentExpireAfterDays: 7 };
  expect(
    byConfig({ retention: { ...retention, defaultRetention: { mode: 'COMPLIANCE', days: 365 } } }),
  ).toEqual([]);
});

test('TLS 1.3 can’t be demanded: nobody but ALTR knows whether it speaks it', () => {
  expect(byConfig({ bucketPolicy: { minimumTlsVersion: '1.2' } })).toEqual([]);
  expect(byConfig({ bucketPolicy: { minimumTlsVersion: '1.3' } })).toEqual([
    expect.stringContaining('bucketPolicy.minimumTlsVersion'),
  ]);
});

test('a role that is not named is called after its export, with the vendor’s prefix', () => {
  const { roleName: _, ...unnamed } = EXPORT;
  const config = { altr: { awsAccountId: ALTR }, exports: [{ ...unnamed, name: 'acme-prod' }] };
  expect(parseConfig(JSON.stringify(config), 'f.json', 'provision').config.exports[0]?.roleName).toBe(
    'ALTRPublishSIEMDataAcmeProd',
  );
});

test('a backend is one of its kinds', () => {
  const local = { directory: '/state' };
  expect(byConfig({}, { backend: { local, cloud: { organization: 'acme' } } })[0]).toMatch(
    /must name one of local, s3, cloud and remote, and names local and cloud/,
  );
});
