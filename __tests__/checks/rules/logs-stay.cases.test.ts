/** The set-ups in which logs-stay decides the outcome, each with the outcome of every rule. */
import type { AccessGrant, BucketObservation, KmsGrant } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { BUCKET, beside, KEY, OTHER, OWN, ROLE, refused, useKey, value } from './builders';
import { EXAMPLE, findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const LEFT: Expected = { fail: ['logs-stay'] };
const ADVICE: Expected = { advice: ['logs-stay'] };
const UNSEEN: Expected = { unknown: ['logs-stay'] };
const SOMEBODY = `arn:aws:iam::${OTHER}:role/Reader`;

const bucket = (of: Partial<BucketObservation>): SetUp => ({ bucket: of });
const own = value('audited-account' as const);
const other = value('another-account' as const);
const copying = (owner: typeof own | typeof other | ReturnType<typeof refused>, changes = {}): SetUp =>
  bucket({
    replication: value({
      role: `arn:aws:iam::${OWN}:role/copies`,
      rules: [
        {
          id: 'copies',
          status: 'Enabled' as const,
          filter: {},
          destination: { bucket: 'arn:aws:s3:::acme-copies', owner },
          deleteMarkerReplication: 'Disabled' as const,
          ...changes,
        },
      ],
    }),
    versioning: value({ status: 'Enabled' as const }),
  });

// Source: Amazon S3 User Guide, "Replicating objects within and across Regions".
table('copies of logs', [
  ['to another account', copying(other), LEFT],
  ['to another account, of some keys', copying(other, { filter: { prefix: 'year=' } }), LEFT],
  ['to another account, by a rule that is off', copying(other, { status: 'Disabled' }), COMPLIANT],
  ['to the account itself, undeclared', copying(own), ADVICE],
  [
    'to the account itself, as declared',
    { ...copying(own), declares: { replication: { bucket: 'acme-copies', region: 'eu-west-1' } } },
    COMPLIANT,
  ],
  [
    'to the declared bucket, which is another account’s',
    { ...copying(other), declares: { replication: { bucket: 'acme-copies', region: 'eu-west-1' } } },
    LEFT,
  ],
  ['to a bucket whose owner AWS does not tell', copying(refused('s3:ListAllMyBuckets')), UNSEEN],
  ['which AWS refused to show', bucket({ replication: refused('s3:GetReplicationConfiguration') }), UNSEEN],
  ['which an older observation lacks', bucket({ replication: undefined }), ADVICE],
]);

const listing = (owner: typeof own | typeof other, isEnabled = true): SetUp =>
  bucket({
    inventories: value([{ id: 'weekly', isEnabled, destination: { bucket: 'arn:aws:s3:::lists', owner } }]),
  });

// Source: Amazon S3 User Guide, "Cataloging and analyzing your data with S3 Inventory".
table('lists of logs', [
  ['to another account', listing(other), LEFT],
  ['to another account, but off', listing(other, false), COMPLIANT],
  ['to the account itself', listing(own), ADVICE],
  ['which AWS refused to show', bucket({ inventories: refused('s3:GetInventoryConfiguration') }), UNSEEN],
]);

const account = { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
const keyPolicy = (changes: object): SetUp => ({
  ...beside(useKey),
  kmsKeyPolicy: {
    Version: '2012-10-17',
    Statement: [
      account,
      { Effect: 'Allow', Principal: { AWS: SOMEBODY }, Action: 'kms:Decrypt', Resource: '*', ...changes },
    ],
  },
});

/** Everybody may decrypt, and all but these are denied it. */
const allBut = (...AWS: readonly string[]): SetUp => ({
  ...beside(useKey),
  kmsKeyPolicy: {
    Version: '2012-10-17',
    Statement: [
      account,
      { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' },
      { Effect: 'Deny', NotPrincipal: { AWS }, Action: 'kms:Decrypt', Resource: '*' },
    ],
  },
});

const SESSION = `arn:aws:sts::${OTHER}:assumed-role/Reader/nightly`;
const FOREIGN_KEY = KEY.replace(OWN, OTHER);
const grantTo = (granteePrincipal: string): SetUp['kmsKey'] => ({
  grants: value([{ grantId: 'abc', granteePrincipal, operations: ['Decrypt'] }]),
});

/** The same with a role of another account that is declared to read. */
const shared = (changes: object, reader = SOMEBODY): SetUp => ({
  ...keyPolicy(changes),
  declares: { bucketPolicy: { onlyReaders: [reader] } },
  bucketPolicy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:GetObject*',
        Resource: `${BUCKET}/*`,
        Condition: { ArnNotLike: { 'aws:PrincipalArn': reader } },
      },
    ],
  },
});

const via = (service: string) => ({
  StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` },
});
const ofObjects = (arn: string) => ({ StringLike: { 'kms:EncryptionContext:aws:s3:arn': arn } });
const denying = (changes: object, deny: object): SetUp => ({
  ...beside(useKey),
  kmsKeyPolicy: {
    Version: '2012-10-17',
    Statement: [
      account,
      { Effect: 'Allow', Principal: { AWS: SOMEBODY }, Action: 'kms:Decrypt', Resource: '*', ...changes },
      { Effect: 'Deny', Principal: { AWS: SOMEBODY }, Resource: '*', ...deny },
    ],
  },
});

// Source: AWS KMS Developer Guide, "Allowing users in other accounts to use a KMS key".
table('the key’s policy and other accounts', [
  ['a role may decrypt', keyPolicy({}), LEFT],
  ['an account may do anything', keyPolicy({ Principal: { AWS: OTHER }, Action: 'kms:*' }), LEFT],
  ['a role may make grants', keyPolicy({ Action: 'kms:CreateGrant' }), LEFT],
  ['a role may encrypt alone', keyPolicy({ Action: 'kms:Encrypt' }), COMPLIANT],
  [
    'a role of the account may decrypt',
    keyPolicy({ Principal: { AWS: SOMEBODY.replace(OTHER, OWN) } }),
    COMPLIANT,
  ],
  ['everybody may decrypt', keyPolicy({ Principal: '*' }), LEFT],
  [
    'everybody may decrypt, but all others than those of the account are denied it',
    allBut(OWN, ROLE),
    COMPLIANT,
  ],
  ['everybody may decrypt, but all others than some outsiders are denied it', allBut(OWN, ROLE, OTHER), LEFT],
  [
    'everybody of the account may decrypt',
    keyPolicy({ Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': OWN } } }),
    COMPLIANT,
  ],
  ['a role may decrypt, who is declared to read', shared({}), COMPLIANT],
  ['a declared reader’s session may decrypt', shared({ Principal: { AWS: SESSION } }), COMPLIANT],
  [
    'another role of a declared reader’s account may decrypt',
    shared({ Principal: { AWS: `${SOMEBODY}2` } }),
    LEFT,
  ],
  ['all of a declared reader’s account may decrypt', shared({ Principal: { AWS: OTHER } }), LEFT],
  [
    'all of a declared reader’s account may decrypt, under a condition that leaves the reader alone',
    shared({ Principal: { AWS: OTHER }, Condition: { ArnLike: { 'aws:PrincipalArn': SOMEBODY } } }),
    COMPLIANT,
  ],
  [
    'all of a declared reader’s account may decrypt, under a condition that leaves more than the reader',
    shared({ Principal: { AWS: OTHER }, Condition: { ArnLike: { 'aws:PrincipalArn': `${SOMEBODY}*` } } }),
    LEFT,
  ],
  [
    'a session may decrypt, whose role may be in a declared path',
    shared({ Principal: { AWS: SESSION } }, `arn:aws:iam::${OTHER}:role/teams/*`),
    UNSEEN,
  ],
  [
    'a role may change the policy, which only the account itself can',
    keyPolicy({ Action: 'kms:PutKeyPolicy' }),
    COMPLIANT,
  ],
  ['a role may decrypt through S3', keyPolicy({ Condition: via('s3') }), LEFT],
  ['a role may decrypt through SQS', keyPolicy({ Condition: via('sqs') }), COMPLIANT],
  ['a role may do anything through RDS', keyPolicy({ Action: 'kms:*', Condition: via('rds') }), COMPLIANT],
  ['a role may decrypt logs', keyPolicy({ Condition: ofObjects(`${BUCKET}/*`) }), LEFT],
  [
    'a role may decrypt what another bucket has',
    keyPolicy({ Condition: ofObjects('arn:aws:s3:::other-bucket/*') }),
    COMPLIANT,
  ],
  [
    'a role may decrypt what an application marks, which ALTR may do',
    keyPolicy({ Condition: { StringEquals: { 'kms:EncryptionContext:tenant': 'x' } } }),
    UNSEEN,
  ],
  ['a role may decrypt with another key', keyPolicy({ Resource: KEY.replace('1111', '9999') }), COMPLIANT],
  [
    'a role may make grants for AWS services',
    keyPolicy({ Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
    COMPLIANT,
  ],
  [
    'a role may encrypt and decrypt, and a statement denies it to decrypt',
    denying({ Action: ['kms:Encrypt', 'kms:Decrypt'] }, { Action: 'kms:Decrypt' }),
    COMPLIANT,
  ],
  [
    'a role may do anything, and a statement denies it all but to encrypt',
    denying({ Action: 'kms:*' }, { NotAction: ['kms:Encrypt', 'kms:GenerateDataKey*', 'kms:DescribeKey'] }),
    COMPLIANT,
  ],
  [
    'a role may decrypt, and a statement denies it to, but for addresses that it may have',
    denying({}, { Action: 'kms:Decrypt', Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }),
    LEFT,
  ],
  ['a grant lets a declared reader decrypt', { ...shared({}), kmsKey: grantTo(SOMEBODY) }, COMPLIANT],
  [
    'a grant lets another role of a declared reader’s account decrypt',
    { ...shared({}), kmsKey: grantTo(`${SOMEBODY}2`) },
    LEFT,
  ],
  [
    'a key of another account',
    { ...beside({ ...useKey, Resource: FOREIGN_KEY }), kmsKey: { arn: FOREIGN_KEY } },
    ADVICE,
  ],
  [
    'a key that could not be read',
    {
      bucket: {
        encryption: value({ algorithm: 'aws:kms' as const, kmsKeyId: KEY }),
        kmsKey: refused('kms:DescribeKey'),
      },
    },
    { unknown: ['bucket-encryption-delivery', 'logs-stay', 'permissions-action-scope'] },
  ],
]);

const grant = (changes: Partial<KmsGrant>): SetUp => ({
  ...beside(useKey),
  kmsKey: {
    grants: value([{ grantId: 'abc', granteePrincipal: SOMEBODY, operations: ['Decrypt'], ...changes }]),
  },
});

// Source: AWS KMS Developer Guide, "Grants in AWS KMS".
table('the key’s grants', [
  ['another account may decrypt', grant({}), LEFT],
  ['another account may make grants of nothing', grant({ operations: ['CreateGrant'] }), COMPLIANT],
  [
    'another account may make grants to encrypt',
    grant({ operations: ['CreateGrant', 'Encrypt'] }),
    COMPLIANT,
  ],
  ['another account may make grants to decrypt', grant({ operations: ['CreateGrant', 'Decrypt'] }), LEFT],
  ['another account may encrypt alone', grant({ operations: ['Encrypt', 'GenerateDataKey'] }), COMPLIANT],
  ['a role of the account may decrypt', grant({ granteePrincipal: `arn:aws:iam::${OWN}:role/x` }), COMPLIANT],
  ['a service may decrypt', grant({ granteePrincipal: 'dynamodb.us-east-1.amazonaws.com' }), COMPLIANT],
  [
    'another account, for this bucket',
    grant({ constraints: { encryptionContextSubset: { 'aws:s3:arn': `${BUCKET}/x` } } }),
    LEFT,
  ],
  [
    'another account, for another bucket',
    grant({ constraints: { encryptionContextSubset: { 'aws:s3:arn': `${BUCKET}-2` } } }),
    COMPLIANT,
  ],
  [
    'another account, for volumes',
    grant({ constraints: { encryptionContextEquals: { 'aws:ebs:id': 'vol-1' } } }),
    COMPLIANT,
  ],
  [
    'another account, under a context that ALTR may send',
    grant({ constraints: { encryptionContextSubset: { tenant: 'x' } } }),
    UNSEEN,
  ],
  ['another account, on behalf of something', grant({ constraints: { sourceArn: BUCKET } }), UNSEEN],
  ['which AWS refused to show', { ...beside(useKey), kmsKey: { grants: refused('kms:ListGrants') } }, UNSEEN],
  ['which an older observation lacks', { ...beside(useKey), kmsKey: { grants: undefined } }, ADVICE],
]);

const delegating = (Statement: object): SetUp => ({
  bucketPolicy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: OWN },
        Action: 's3:*',
        Resource: [BUCKET, `${BUCKET}/*`],
        Condition: { StringEquals: { 's3:DataAccessPointAccount': OWN } },
      },
    ],
  },
  bucket: {
    accessPoints: value([
      {
        name: 'analysts',
        arn: `arn:aws:s3:us-east-1:${OWN}:accesspoint/analysts`,
        networkOrigin: 'Internet',
        policy: value({
          source: 'policy of access point analysts',
          text: JSON.stringify({ Version: '2012-10-17', Statement: [Statement] }),
        }),
      },
    ]),
  },
});
const AT = `arn:aws:s3:us-east-1:${OWN}:accesspoint/analysts/object/*`;

// Source: Amazon S3 User Guide, "Configuring IAM policies for using access points".
table('access points to which the bucket’s policy delegates', [
  [
    'a role of another account may read',
    delegating({ Effect: 'Allow', Principal: { AWS: SOMEBODY }, Action: 's3:GetObject', Resource: AT }),
    LEFT,
  ],
  [
    'a role of the account may read',
    delegating({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${OWN}:role/x` },
      Action: 's3:GetObject',
      Resource: AT,
    }),
    COMPLIANT,
  ],
  ['which AWS refused to list', bucket({ accessPoints: refused('s3:ListAccessPoints') }), UNSEEN],
]);

const accessGrant = (changes: Partial<AccessGrant> = {}): AccessGrant => ({
  id: 'g-1',
  granteeType: 'IAM',
  grantee: `arn:aws:iam::${OWN}:role/Analyst`,
  permission: 'READ',
  scope: `s3://${EXAMPLE.bucket}/*`,
  ...changes,
});
const granting = (changes: Partial<AccessGrant> = {}) =>
  bucket({ accessGrants: value([accessGrant(changes)]) });
const onlyAnalyst: SetUp['declares'] = {
  readers: [{ name: 'analysts', attachedTo: [`arn:aws:iam::${OWN}:role/Analyst`] }],
};

// Source: Amazon S3 User Guide, "Managing access with S3 Access Grants".
table('S3 Access Grants', [
  ['that the account does not have', bucket({ accessGrants: { state: 'absent' } }), COMPLIANT],
  ['that reach other buckets only', bucket({ accessGrants: value([]) }), COMPLIANT],
  ['which AWS refused to list', bucket({ accessGrants: refused('s3:ListAccessGrants') }), UNSEEN],
  ['for a role of the account', granting(), ADVICE],
  ['for a user of the directory', granting({ granteeType: 'DIRECTORY_USER', grantee: 'a1b2' }), ADVICE],
  ['for a role of another account', granting({ grantee: SOMEBODY }), LEFT],
  [
    'for a role of another account, which may only write',
    granting({ grantee: SOMEBODY, permission: 'WRITE' }),
    LEFT,
  ],
]);

test('a grant for a declared reader is fine, and what it may do beyond reading is told', () => {
  const told = (changes: Partial<AccessGrant>) =>
    findingsOf({ ...granting(changes), declares: onlyAnalyst })
      .filter(({ rule }) => rule === 'logs-stay')
      .map(({ status, message }) => [status, message]);
  expect(told({})).toEqual([['pass', 'Nothing lets logs out of the account.']]);
  expect(told({ permission: 'READWRITE' })).toEqual([
    ['pass', expect.any(String)],
    ['advice', expect.stringContaining('read, write and delete')],
  ]);
});

test('a grant that reaches other buckets is not deleted by a command', () => {
  const commandsFor = (scope: string) =>
    findingsOf(granting({ grantee: SOMEBODY, scope })).find(({ rule }) => rule === 'logs-stay')?.remediation
      ?.commands ?? [];
  expect(commandsFor(`s3://${EXAMPLE.bucket}/year=2026/*`)).toEqual([
    expect.stringMatching(/^aws s3control delete-access-grant .*--access-grant-id g-1$/),
  ]);
  for (const scope of ['s3://*', `s3://${EXAMPLE.bucket}*`, 's3://acme*'])
    expect(commandsFor(scope)).toEqual([]);
});
