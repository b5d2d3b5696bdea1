/** The set-ups in which declared-readers decides the outcome, each with the outcome of every rule. */
import {
  ABSENT,
  known,
  type ReaderObservation,
  type RoleObservation,
} from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { ExportOptionsInput } from '../../../config/options';
import { readerDocument, readerTrustDocument } from '../../../config/options/readers';
import {
  BUCKET,
  bucketPolicy,
  type Json,
  KEY,
  OBJECTS,
  OTHER,
  OWN,
  policy,
  put,
  refused,
  useKey,
} from './builders';
import { EXAMPLE, findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-readers'] };
const ADVICE: Expected = { advice: ['declared-readers'] };
const UNKNOWN: Expected = { unknown: ['declared-readers'] };

const NAME = 'acme-altr-audit-logs-reader-siem';
const ARN = `arn:aws:iam::${OWN}:role/${NAME}`;
const SIEM = `arn:aws:iam::${OTHER}:role/siem/collector`;
const ID = 'siem-1';
const text = (source: string, document: unknown) => known({ source, text: JSON.stringify(document) });
const document = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const reads = readerDocument(EXAMPLE, EXAMPLE.bucket);

interface Found {
  readonly trust?: unknown;
  /** Its policies' documents. */
  readonly policies?: readonly unknown[];
  readonly role?: Partial<RoleObservation>;
}

function roleOf({ trust, policies = [reads], role }: Found): ReaderObservation {
  return {
    name: 'siem',
    role: known({
      name: NAME,
      arn: ARN,
      path: '/',
      trustPolicy: text(`trust policy of role ${NAME}`, trust),
      inlinePolicies: known([]),
      attachedPolicies: known(
        policies.map((policy, index) => ({
          kind: 'attached' as const,
          name: `p${index}`,
          document: text(`policy p${index}`, policy),
        })),
      ),
      permissionsBoundary: ABSENT,
      ...role,
    }),
  };
}

/** One declared reader whose role is as declared but for what is found. */
function siem(
  declared: Partial<NonNullable<ExportOptionsInput['readers']>[number]> = {},
  found: Found = {},
  more: ExportOptionsInput = {},
): SetUp {
  const reader = { name: 'siem', trustedPrincipals: [SIEM], ...declared };
  return {
    declares: { readers: [reader], ...more },
    readers: [
      roleOf({
        trust: readerTrustDocument('aws', reader.trustedPrincipals, reader.externalId),
        ...found,
      }),
    ],
  };
}

const enter = (AWS: unknown, Condition?: Json, changes: Json = {}) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: 'sts:AssumeRole',
  ...(Condition ? { Condition } : {}),
  ...changes,
});
const trusting = (...statements: readonly unknown[]): Found => ({ trust: document(...statements) });
const sending = (value: unknown, operator = 'StringEquals') => ({ [operator]: { 'sts:ExternalId': value } });
const root = (account: string) => `arn:aws:iam::${account}:root`;

table('who may assume a reader’s role', [
  ['those who are declared', siem(), COMPLIANT],
  ['a declared account by its ID', siem({ trustedPrincipals: [OTHER] }), COMPLIANT],
  [
    'a role of the declared account alone',
    siem({ trustedPrincipals: [OTHER] }, trusting(enter(SIEM))),
    COMPLIANT,
  ],
  [
    'a session of the declared role alone',
    siem({}, trusting(enter([SIEM, `arn:aws:sts::${OTHER}:assumed-role/collector/x`]))),
    COMPLIANT,
  ],
  ['the whole account of a declared role', siem({}, trusting(enter(root(OTHER)))), WEAKER],
  ['another account, too', siem({}, trusting(enter([SIEM, root('333333333333')]))), WEAKER],
  ['anybody', siem({}, trusting(enter('*'))), WEAKER],
  [
    'anybody with an MFA code',
    siem({}, trusting(enter(SIEM), enter('*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }))),
    WEAKER,
  ],
  [
    'the account, narrowed to the declared role',
    siem({}, trusting(enter(root(OTHER), { ArnEquals: { 'aws:PrincipalArn': SIEM } }))),
    COMPLIANT,
  ],
  [
    'anybody, narrowed to the declared role',
    siem({}, trusting(enter('*', { ArnEquals: { 'aws:PrincipalArn': SIEM } }))),
    COMPLIANT,
  ],
  [
    'the account, narrowed to another role',
    siem(
      {},
      trusting(
        enter(SIEM),
        enter(root(OTHER), { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:role/other*` } }),
      ),
    ),
    WEAKER,
  ],
  [
    'a service',
    siem(
      {},
      trusting(enter(SIEM), {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    ),
    WEAKER,
  ],
  [
    'an identity provider',
    siem(
      {},
      trusting(enter(SIEM), {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/x` },
        Action: 'sts:AssumeRoleWithSAML',
      }),
    ),
    WEAKER,
  ],
  [
    'another one whom a Deny shuts out',
    siem(
      {},
      trusting(enter([SIEM, root('333333333333')]), {
        Effect: 'Deny',
        Principal: { AWS: root('333333333333') },
        Action: 'sts:*',
      }),
    ),
    COMPLIANT,
  ],
  [
    'the remains of a deleted principal, too',
    siem({}, trusting(enter([SIEM, 'AROAABCDEFGHIJKLMNOPQ']))),
    COMPLIANT,
  ],
  [
    'the declared one with an MFA code',
    siem({}, trusting(enter(SIEM, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }))),
    COMPLIANT,
  ],
  [
    'the declared one with an external ID that nobody declared',
    siem({}, trusting(enter(SIEM, sending('x')))),
    COMPLIANT,
  ],
  ['nobody', siem({}, trusting({ ...enter(SIEM), Effect: 'Deny' })), WEAKER],
  [
    'one of the two who are declared',
    siem({ trustedPrincipals: [SIEM, '333333333333'] }, trusting(enter(SIEM))),
    WEAKER,
  ],
  [
    'the declared role, and not the declared user of its account',
    siem({ trustedPrincipals: [SIEM, `arn:aws:iam::${OTHER}:user/ann`] }, trusting(enter(SIEM))),
    WEAKER,
  ],
  [
    'another user, too, whom a Deny names',
    siem(
      {},
      trusting(
        enter([SIEM, `arn:aws:iam::${OTHER}:user/ann`]),
        enter(`arn:aws:iam::${OTHER}:user/ann`, undefined, { Effect: 'Deny' }),
      ),
    ),
    COMPLIANT,
  ],
  [
    'an open question: a statement that was not understood',
    siem({}, trusting(enter(SIEM), { Effect: 'Perhaps' })),
    UNKNOWN,
  ],
  [
    'an open question: the trust policy was not read',
    siem({}, { role: { trustPolicy: refused('iam:GetRole') } }),
    UNKNOWN,
  ],
]);

const demanding = (Condition?: Json) => siem({ externalId: ID }, trusting(enter(SIEM, Condition)));

table('the external ID of a reader', [
  ['is demanded', demanding(sending(ID)), COMPLIANT],
  ['is demanded by StringLike', demanding(sending(ID, 'StringLike')), COMPLIANT],
  ['is not demanded', demanding(), WEAKER],
  ['is demanded if one is sent', demanding(sending(ID, 'StringEqualsIfExists')), WEAKER],
  ['is one of two', demanding(sending([ID, 'x'])), WEAKER],
  ['is any that begins with it', demanding(sending(`${ID}*`, 'StringLike')), WEAKER],
  ['is another, and so nobody gets in who should', demanding(sending('x')), WEAKER],
  ['is compared in a way that AWS does not document', demanding(sending(ID, 'BinaryEquals')), UNKNOWN],
  [
    'is demanded of one way in of two',
    siem({ externalId: ID }, trusting(enter(SIEM, sending(ID)), enter(SIEM))),
    WEAKER,
  ],
  [
    'is demanded by a Deny',
    siem(
      { externalId: ID },
      trusting(enter(SIEM), {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: sending(ID, 'StringNotEquals'),
      }),
    ),
    COMPLIANT,
  ],
]);

const allow = (Action: unknown, Resource: unknown, changes: Json = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...changes,
});
const holding = (...statements: readonly unknown[]): SetUp =>
  siem({}, { policies: [document(...reads.Statement, ...statements)] });

const denyAllBut = (NotAction: readonly string[]) => ({ Effect: 'Deny', NotAction, Resource: '*' });
/** A role that holds one more statement, within a boundary that nobody declared. */
const limited = (statement: unknown, ...boundary: readonly unknown[]): SetUp =>
  siem(
    {},
    {
      policies: [document(...reads.Statement, statement)],
      role: { permissionsBoundary: known({ arn: 'b', document: text('boundary b', document(...boundary)) }) },
    },
  );

const withKey = (setUp: SetUp): SetUp => ({ ...setUp, kmsKey: {}, ...policy(put(), useKey) });
const FORMER = `${KEY.slice(0, -1)}6`;
/** @param keys that the reader’s own policy lets decrypt with */
const withFormerKey = (keys: readonly string[], statement: unknown): SetUp => ({
  ...withKey(
    siem(
      {},
      { policies: [readerDocument(EXAMPLE, EXAMPLE.bucket, keys)] },
      { encryption: { type: 'kms', kmsKeyArn: KEY, formerKeys: [FORMER] } },
    ),
  ),
  formerKeys: [
    {
      arn: FORMER,
      key: known({
        arn: FORMER,
        keyManager: 'CUSTOMER',
        keyState: 'Enabled',
        policy: text(`key policy of ${FORMER}`, document(statement)),
      }),
    },
  ],
});
const ownKey = siem({}, { policies: [readerDocument(EXAMPLE, EXAMPLE.bucket, [KEY])] });

const VIA = (service: string): Json => ({ StringEquals: { 'kms:ViaService': `${service}.amazonaws.com` } });
const decrypting = (Condition: Json): SetUp => holding(allow('kms:Decrypt', KEY, { Condition }));

/** Leaves decrypting through S3 to IAM, for these ARNs. */
const throughS3 = (arns: readonly string[]): Json => ({
  Effect: 'Allow',
  Principal: { AWS: root(OWN) },
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: {
    StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
    ArnLike: { 'aws:PrincipalArn': arns },
  },
});
/** With a key that lets ALTR's role write by itself, and has more statements. */
const keyed = (setUp: SetUp, ...statements: readonly unknown[]): SetUp => ({
  ...withKey(setUp),
  kmsKeyPolicy: document(
    allow(['kms:GenerateDataKey', 'kms:Decrypt'], '*', {
      Principal: { AWS: `arn:aws:iam::${OWN}:role/${EXAMPLE.roleName}` },
    }),
    ...statements,
  ),
});

/** What the same statements are for others. */
const HELD_BACK: Expected = { advice: ['bucket-foreign-access', 'permissions-action-scope'] };
const SESSION = `arn:aws:sts::${OWN}:assumed-role/${NAME}/s`;
const IS = (arn: string): Json => ({ ArnEquals: { 'aws:PrincipalArn': arn } });
const deleting = (AWS: unknown, Condition?: Json): Json =>
  allow('s3:DeleteObject', OBJECTS, { Principal: { AWS }, Condition });
const granted = (...statements: readonly Json[]): SetUp => ({ ...siem(), ...bucketPolicy(...statements) });
const toIam = allow('kms:*', '*', { Principal: { AWS: root(OWN) } });
const onKey = (Action: unknown, AWS: unknown = ARN): Json => allow(Action, '*', { Principal: { AWS } });
const byGrant = (operations: readonly string[], granteePrincipal = ARN): SetUp => ({
  ...keyed(ownKey, toIam),
  kmsKey: { grants: known([{ grantId: 'g', granteePrincipal, operations: [...operations] }]) },
});

table('what a reader’s role may do', [
  [
    'read in two policies',
    siem({}, { policies: reads.Statement.map((statement) => document(statement)) }),
    COMPLIANT,
  ],
  [
    'read with wildcards',
    siem({}, { policies: [document(allow(['s3:Get*', 's3:List*'], [BUCKET, OBJECTS]))] }),
    COMPLIANT,
  ],
  [
    'read a part of the logs',
    siem(
      {},
      {
        policies: [document(allow('s3:ListBucket', BUCKET), allow('s3:GetObject', `${BUCKET}/year=2026/*`))],
      },
    ),
    WEAKER,
  ],
  [
    'read one log',
    siem({}, { policies: [document(allow('s3:ListBucket', BUCKET), allow('s3:GetObject', `${BUCKET}/x`))] }),
    WEAKER,
  ],
  [
    'read, and its own policy denies everything',
    siem({}, { policies: [reads, document({ Effect: 'Deny', Action: '*', Resource: '*' })] }),
    WEAKER,
  ],
  [
    'read, and the bucket’s policy denies it to everybody',
    {
      ...siem({}, { policies: [reads] }),
      bucketPolicy: document({ Effect: 'Deny', Principal: '*', Action: 's3:GetObject*', Resource: OBJECTS }),
    },
    WEAKER,
  ],
  [
    'read, and the bucket’s policy denies it to everybody else',
    {
      ...siem({}, { policies: [reads] }),
      bucketPolicy: document({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:GetObject*',
        Resource: OBJECTS,
        Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/acme-*` } },
      }),
    },
    COMPLIANT,
  ],
  ['read, and delete', holding(allow('s3:DeleteObject', OBJECTS)), WEAKER],
  ['everything on the bucket', holding(allow('s3:*', [BUCKET, OBJECTS])), WEAKER],
  ['everything', holding(allow('*', '*')), WEAKER],
  ['everything but one thing', holding({ Effect: 'Allow', NotAction: 'iam:*', Resource: OBJECTS }), WEAKER],
  ['read every bucket', holding(allow('s3:GetObject', '*')), WEAKER],
  [
    'delete, but for a Deny',
    holding(allow('s3:DeleteObject', OBJECTS), { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' }),
    COMPLIANT,
  ],
  [
    'everything on the bucket, but for a Deny of all but reading',
    holding(allow('s3:*', [BUCKET, OBJECTS]), denyAllBut(['s3:Get*', 's3:List*'])),
    COMPLIANT,
  ],
  [
    'everything on the bucket, but for a Deny of all but reading and deleting',
    holding(allow('s3:*', [BUCKET, OBJECTS]), denyAllBut(['s3:Get*', 's3:List*', 's3:DeleteObject'])),
    WEAKER,
  ],
  [
    'everything in S3, but for a Deny of all but reading, of any bucket',
    holding(allow('s3:*', '*'), denyAllBut(['s3:Get*', 's3:List*'])),
    WEAKER,
  ],
  [
    'everything in S3, but for a Deny of all but reading, and one of all other buckets',
    holding(allow('s3:*', '*'), denyAllBut(['s3:Get*', 's3:List*']), {
      Effect: 'Deny',
      Action: '*',
      NotResource: [BUCKET, OBJECTS],
    }),
    COMPLIANT,
  ],
  [
    'everything within a boundary that lets read the bucket alone',
    limited(allow('*', '*'), ...reads.Statement),
    COMPLIANT,
  ],
  [
    'everything within a boundary that lets read every bucket',
    limited(allow('*', '*'), allow(['s3:Get*', 's3:List*'], '*')),
    WEAKER,
  ],
  [
    'everything within a boundary that lets do all with the bucket',
    limited(allow('*', '*'), allow('s3:*', [BUCKET, OBJECTS])),
    WEAKER,
  ],
  [
    'everything within a boundary that lets read and decrypt with the bucket’s key',
    withKey(limited(allow('*', '*'), ...readerDocument(EXAMPLE, EXAMPLE.bucket, [KEY]).Statement)),
    COMPLIANT,
  ],
  [
    'everything within a boundary that lets read and decrypt with every key',
    withKey(limited(allow('*', '*'), ...reads.Statement, allow('kms:Decrypt', '*'))),
    WEAKER,
  ],
  [
    'read what a variable names',
    holding({ ...allow('s3:GetObject', ['arn:aws:s3:::${aws:PrincipalTag/x}/*']) }),
    UNKNOWN,
  ],
  ['nothing', siem({}, { policies: [] }), WEAKER],
  ['list only', siem({}, { policies: [document(allow('s3:ListBucket', BUCKET))] }), WEAKER],
  [
    'an open question: one policy was not read',
    siem(
      {},
      {
        role: {
          attachedPolicies: known([
            { kind: 'attached', name: 'p', document: refused('iam:GetPolicyVersion') },
          ]),
        },
      },
    ),
    UNKNOWN,
  ],
  ['decrypt with the bucket’s key', withKey(ownKey), COMPLIANT],
  ['decrypt with the bucket’s key through S3', withKey(decrypting(VIA('s3.us-east-1'))), COMPLIANT],
  [
    'decrypt with the bucket’s key through another service',
    withKey(decrypting(VIA('ec2.us-east-1'))),
    WEAKER,
  ],
  [
    'decrypt with the bucket’s key through S3 of another region',
    withKey(decrypting(VIA('s3.eu-west-1'))),
    WEAKER,
  ],
  [
    'decrypt with the bucket’s key what is in the bucket',
    withKey(decrypting({ ArnLike: { 'kms:EncryptionContext:aws:s3:arn': `${BUCKET}*` } })),
    COMPLIANT,
  ],
  [
    'decrypt with the bucket’s key what is in another bucket',
    withKey(decrypting({ StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' } })),
    WEAKER,
  ],
  [
    'decrypt with another key',
    withKey(siem({}, { policies: [readerDocument(EXAMPLE, EXAMPLE.bucket, [KEY, `${KEY.slice(0, -1)}6`])] })),
    WEAKER,
  ],
  [
    'decrypt with a declared former key',
    withFormerKey([KEY, FORMER], allow('kms:Decrypt', '*', { Principal: { AWS: root(OWN) } })),
    COMPLIANT,
  ],
  [
    'not decrypt with a declared former key',
    withFormerKey([KEY], allow('kms:Decrypt', '*', { Principal: { AWS: root(OWN) } })),
    WEAKER,
  ],
  [
    'decrypt with a declared former key by that key’s policy',
    withFormerKey([KEY], allow('kms:Decrypt', '*', { Principal: { AWS: ARN } })),
    COMPLIANT,
  ],
  ['not decrypt', withKey(siem()), WEAKER],
  [
    'decrypt with a key whose policy leaves that to IAM for the reader',
    keyed(ownKey, throughS3([ARN])),
    COMPLIANT,
  ],
  [
    'decrypt with a key whose policy leaves that to IAM for somebody else',
    keyed(ownKey, throughS3([SIEM])),
    WEAKER,
  ],
  ['decrypt with a key whose policy leaves nothing to IAM', keyed(ownKey), WEAKER],
  [
    'decrypt by the key’s policy alone',
    keyed(siem(), allow('kms:Decrypt', '*', { Principal: { AWS: ARN } })),
    COMPLIANT,
  ],
  [
    'decrypt with a key whose policy denies it to the reader',
    keyed(ownKey, throughS3([ARN]), { ...throughS3([ARN]), Effect: 'Deny' }),
    WEAKER,
  ],
  [
    'decrypt with a key whose policy leaves that to IAM from an address that nobody knows',
    keyed(ownKey, {
      ...throughS3([]),
      Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
    }),
    UNKNOWN,
  ],
  [
    'delete by the bucket’s policy',
    {
      ...siem(),
      ...bucketPolicy({
        Effect: 'Allow',
        Principal: { AWS: ARN },
        Action: 's3:DeleteObject',
        Resource: OBJECTS,
      }),
    },
    WEAKER,
  ],
  ['delete by the bucket’s policy, as a session', granted(deleting(SESSION)), WEAKER],
  [
    'delete by the bucket’s policy, as a session past a boundary',
    { ...limited(allow('s3:GetObject', OBJECTS), ...reads.Statement), ...granted(deleting(SESSION)) },
    WEAKER,
  ],
  [
    'delete by what the bucket’s policy grants everybody who is the reader',
    granted(deleting('*', IS(ARN))),
    { ...WEAKER, ...HELD_BACK },
  ],
  [
    'delete by what the bucket’s policy grants everybody of the reader’s kind',
    granted(deleting('*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/acme-*` } })),
    { ...WEAKER, ...HELD_BACK },
  ],
  [
    'delete by what the bucket’s policy grants the reader and its account',
    granted(deleting([root(OWN), ARN])),
    WEAKER,
  ],
  [
    'nothing by what the bucket’s policy grants everybody who is somebody else',
    granted(deleting('*', IS(`arn:aws:iam::${OWN}:role/Analyst`))),
    HELD_BACK,
  ],
  [
    'nothing by what the bucket’s policy grants another’s session',
    granted(deleting(`arn:aws:sts::${OWN}:assumed-role/Analyst/s`)),
    COMPLIANT,
  ],
  ['nothing by what the bucket’s policy leaves to IAM', granted(deleting(root(OWN))), COMPLIANT],
  [
    'delete by the bucket’s policy, but for a Deny',
    granted(deleting(SESSION), { ...deleting('*', IS(ARN)), Effect: 'Deny' }),
    COMPLIANT,
  ],
  ['administer the key by its policy', keyed(ownKey, toIam, onKey('kms:*')), WEAKER],
  [
    'administer the key by its policy, as a session',
    keyed(ownKey, toIam, onKey('kms:PutKeyPolicy', SESSION)),
    WEAKER,
  ],
  [
    'administer the key by what its policy grants everybody who is the reader',
    keyed(ownKey, toIam, { ...onKey('kms:*', '*'), Condition: IS(ARN) }),
    { ...WEAKER, advice: ['permissions-action-scope'] },
  ],
  ['use the key by its policy', keyed(ownKey, toIam, onKey(['kms:Decrypt', 'kms:DescribeKey'])), COMPLIANT],
  [
    'administer the key by its policy, but for a Deny',
    keyed(ownKey, toIam, onKey('kms:*'), {
      ...onKey('', ARN),
      Effect: 'Deny',
      Action: undefined,
      NotAction: ['kms:Decrypt', 'kms:DescribeKey'],
    }),
    COMPLIANT,
  ],
  ['decrypt by a grant', byGrant(['Decrypt', 'DescribeKey']), COMPLIANT],
  ['make grants by a grant', byGrant(['Decrypt', 'CreateGrant']), WEAKER],
  ['make grants by a grant to its session', byGrant(['Decrypt', 'CreateGrant'], SESSION), WEAKER],
  [
    'nothing by a grant to another',
    byGrant(['Decrypt', 'CreateGrant'], `arn:aws:iam::${OWN}:role/Analyst`),
    COMPLIANT,
  ],
  [
    'administer a declared former key by its policy',
    withFormerKey([KEY, FORMER], allow('kms:*', '*', { Principal: { AWS: ARN } })),
    WEAKER,
  ],
  [
    'read by the bucket’s policy alone',
    {
      ...siem({}, { policies: [] }),
      ...bucketPolicy({
        Effect: 'Allow',
        Principal: { AWS: ARN },
        Action: ['s3:GetObject', 's3:ListBucket'],
        Resource: [BUCKET, OBJECTS],
      }),
    },
    COMPLIANT,
  ],
]);

const BOUNDARY = `arn:aws:iam::${OWN}:policy/boundary`;
const bounded = (arn: string | undefined): SetUp =>
  siem(
    {},
    {
      role: {
        permissionsBoundary: arn
          ? known({ arn, document: text(`permissions boundary ${arn}`, reads) })
          : ABSENT,
      },
    },
    { role: { permissionsBoundary: BOUNDARY } },
  );
const unreadBoundary = { permissionsBoundary: known({ arn: BOUNDARY, document: refused('iam:GetPolicy') }) };
const roleBoundary: SetUp = {
  permissionsBoundary: document(allow('s3:PutObject', OBJECTS)),
};

table('the boundary of a reader’s role', [
  ['is the declared one', { ...bounded(BOUNDARY), ...roleBoundary }, COMPLIANT],
  ['is another', { ...bounded(`${BOUNDARY}-2`), ...roleBoundary }, WEAKER],
  ['was not read, which takes nothing from what is declared', siem({}, { role: unreadBoundary }), COMPLIANT],
  [
    'was not read, and may hold back what is too much',
    siem({}, { role: unreadBoundary, policies: [document(allow('s3:*', '*'))] }),
    { ...WEAKER, ...UNKNOWN },
  ],
  ['is missing', { ...bounded(undefined), ...roleBoundary }, WEAKER],
  [
    'is the declared one and denies reading',
    {
      ...siem(
        {},
        {
          role: {
            permissionsBoundary: known({
              arn: BOUNDARY,
              document: text(`permissions boundary ${BOUNDARY}`, document(allow('s3:ListBucket', '*'))),
            }),
          },
        },
        { role: { permissionsBoundary: BOUNDARY } },
      ),
      ...roleBoundary,
    },
    WEAKER,
  ],
]);

test('a boundary that holds a reader back is named, and no deploy is offered, which would change nothing', () => {
  const denying = siem(
    {},
    {
      role: {
        permissionsBoundary: known({
          arn: BOUNDARY,
          document: text(`permissions boundary ${BOUNDARY}`, document(allow('s3:ListBucket', '*'))),
        }),
      },
    },
    { role: { permissionsBoundary: BOUNDARY } },
  );
  const found = findingsOf({ ...denying, ...roleBoundary }).filter(
    ({ rule, status }) => rule === 'declared-readers' && status === 'fail',
  );
  expect(found).toMatchObject([
    {
      message: expect.stringContaining(`permissions boundary ${BOUNDARY} of the reader siem does not allow`),
      expected: ['s3:GetObject'],
    },
  ]);
  expect(found[0]?.remediation?.cdktf).toBeUndefined();
});

const attached = (policy: ReaderObservation['policy']): SetUp => ({
  declares: { readers: [{ name: 'siem' }] },
  readers: [{ name: 'siem', policy }],
});
const policyOf = (...statements: readonly unknown[]) =>
  attached(text(`policy ${NAME}`, document(...statements)));

table('a reader that has a policy alone', [
  ['reads', policyOf(...reads.Statement), COMPLIANT],
  ['deletes, too', policyOf(...reads.Statement, allow('s3:DeleteObject', OBJECTS)), WEAKER],
  [
    'deletes, too, as one principal',
    policyOf(
      ...reads.Statement,
      allow('s3:DeleteObject', OBJECTS, { Condition: { ArnEquals: { 'aws:PrincipalArn': SIEM } } }),
    ),
    WEAKER,
  ],
  [
    'deletes, too, but for a Deny that spares one principal',
    policyOf(...reads.Statement, allow('s3:DeleteObject', OBJECTS), {
      Effect: 'Deny',
      Action: 's3:DeleteObject',
      Resource: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': SIEM } },
    }),
    WEAKER,
  ],
  ['reads nothing', policyOf(allow('s3:ListBucket', BUCKET)), WEAKER],
  ['has no policy', attached(ABSENT), WEAKER],
  ['has one that was not read', attached(refused('iam:GetPolicy')), UNKNOWN],
  [
    'reads a bucket that lets nobody else read',
    {
      ...policyOf(...reads.Statement),
      ...bucketPolicy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: OBJECTS,
        Condition: { ArnNotLike: { 'aws:PrincipalArn': SIEM } },
      }),
    },
    COMPLIANT,
  ],
]);

const attachedTo = (arn?: string, Condition?: Json): SetUp => ({
  ...policyOf(
    ...(Condition
      ? [...reads.Statement, allow('kms:Decrypt', KEY, { Condition })]
      : readerDocument(EXAMPLE, EXAMPLE.bucket, [KEY]).Statement),
  ),
  declares: { readers: [{ name: 'siem', attachedTo: arn ? [arn] : undefined }] },
});
const ANALYST = `arn:aws:iam::${OWN}:role/Analyst`;

table('the key’s policy, of a reader that has a policy alone', [
  ['leaves decrypting to IAM for the reader', keyed(attachedTo(ANALYST), throughS3([ANALYST])), COMPLIANT],
  [
    'leaves it to IAM, and the reader’s policy lets decrypt through S3',
    keyed(attachedTo(ANALYST, VIA('s3.us-east-1')), throughS3([ANALYST])),
    COMPLIANT,
  ],
  [
    'leaves it to IAM, and the reader’s policy lets decrypt through another service',
    keyed(attachedTo(ANALYST, VIA('ec2.us-east-1')), throughS3([ANALYST])),
    WEAKER,
  ],
  ['leaves it to IAM for somebody else', keyed(attachedTo(ANALYST), throughS3([SIEM])), WEAKER],
  ['leaves nothing to IAM', keyed(attachedTo(ANALYST)), WEAKER],
  ['leaves it to IAM for whom the config does not name', keyed(attachedTo(), throughS3([SIEM])), UNKNOWN],
  [
    'leaves it to IAM for everybody',
    keyed(attachedTo(), allow('kms:Decrypt', '*', { Principal: { AWS: root(OWN) } })),
    COMPLIANT,
  ],
]);

table('a declared reader', [
  ['has no role', { ...siem(), readers: [{ name: 'siem', role: ABSENT }] }, WEAKER],
  [
    'has a role that was not read',
    { ...siem(), readers: [{ name: 'siem', role: refused('iam:GetRole') }] },
    UNKNOWN,
  ],
  ['was not looked at', { ...siem(), readers: undefined }, ADVICE],
]);

test('nothing is said of readers that are not declared', () => {
  const setUp = { readers: siem().readers };
  expect(findingsOf(setUp).filter(({ rule }) => rule === 'declared-readers')).toEqual([]);
});

test('the rule passes what is as declared', () => {
  const own = findingsOf(siem({ externalId: ID })).filter(({ rule }) => rule === 'declared-readers');
  expect(own.map(({ status, message }) => [status, message])).toEqual([
    ['pass', 'Every declared reader is as declared.'],
  ]);
});

test('a stranger is named once, at the statement that lets it in, and the fix is the declared trust policy', () => {
  const [finding, ...more] = findingsOf(
    siem({ externalId: ID }, trusting(enter(SIEM, sending(ID)), enter(root('333333333333')))),
  ).filter(({ rule }) => rule === 'declared-readers');
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    status: 'fail',
    severity: 'medium',
    resource: ARN,
    message: `The role of the reader siem can be assumed by ${root('333333333333')}, whom the config does not declare.`,
    location: { document: `trust policy of role ${NAME}`, pointer: '/Statement/1/Principal/AWS' },
  });
  expect(finding?.remediation?.document).toEqual(readerTrustDocument('aws', [SIEM], ID));
});

/** The fingerprint of the one failure of the rule. */
function printOf(setUp: SetUp): string {
  const [finding, ...more] = findingsOf(setUp).filter(
    ({ rule, status }) => rule === 'declared-readers' && status === 'fail',
  );
  if (!finding || more.length > 0) throw new Error('the rule fails not once');
  return finding.fingerprint;
}
const FROM_HERE: Json = { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
const STRANGER = root('333333333333');
const denied = (statement: Json): Json => ({ ...statement, Effect: 'Deny' });
const lambda = { Service: 'lambda.amazonaws.com' };

test.each<[what: string, narrowed: SetUp, bare: SetUp]>([
  [
    'a stranger from an address, and one from anywhere',
    siem({}, trusting(enter([SIEM, STRANGER]), denied(enter('*', FROM_HERE)))),
    siem({}, trusting(enter([SIEM, STRANGER]))),
  ],
  [
    'a user from an address, and one from anywhere',
    siem({}, trusting(enter([SIEM, `${SIEM}2`]), denied(enter(`${SIEM}2`, FROM_HERE)))),
    siem({}, trusting(enter([SIEM, `${SIEM}2`]))),
  ],
  [
    'a service for somebody, and one for anybody',
    siem(
      {},
      trusting(
        enter(SIEM),
        enter('', undefined, { Principal: lambda }),
        denied(enter('', { StringNotEquals: { 'aws:SourceAccount': OWN } }, { Principal: lambda })),
      ),
    ),
    siem({}, trusting(enter(SIEM), enter('', undefined, { Principal: lambda }))),
  ],
  [
    'all but what a Deny takes, and all',
    holding(allow('s3:*', '*'), denied(allow(['s3:Put*', 's3:Delete*'], '*'))),
    holding(allow('s3:*', '*')),
  ],
  [
    'all within a boundary, and all',
    limited(allow('s3:*', '*'), allow(['s3:Get*', 's3:List*'], '*')),
    holding(allow('s3:*', '*')),
  ],
  [
    'all within a boundary, and all within a wider one',
    limited(allow('s3:*', '*'), allow(['s3:Get*', 's3:List*'], '*')),
    limited(allow('s3:*', '*'), allow('s3:*', '*')),
  ],
  [
    'all of the bucket but what a Deny takes, and all of it',
    granted(
      { ...deleting(SESSION), Action: 's3:*' },
      denied({ ...deleting('*', IS(ARN)), Action: 's3:Put*' }),
    ),
    granted({ ...deleting(SESSION), Action: 's3:*' }),
  ],
  [
    'all of the key but what a Deny takes, and all of it',
    keyed(ownKey, toIam, onKey('kms:*'), denied(onKey('kms:ScheduleKeyDeletion'))),
    keyed(ownKey, toIam, onKey('kms:*')),
  ],
  [
    'a grant but for what a Deny takes, and all of it',
    {
      ...byGrant(['CreateGrant', 'RetireGrant']),
      ...keyed(ownKey, toIam, denied(onKey('kms:RetireGrant'))),
      kmsKey: byGrant(['CreateGrant', 'RetireGrant']).kmsKey,
    },
    byGrant(['CreateGrant', 'RetireGrant']),
  ],
  [
    'what a policy allows with an MFA code, and without',
    policyOf(
      ...reads.Statement,
      allow('s3:DeleteObject', OBJECTS),
      denied(
        allow('s3:DeleteObject', '*', {
          Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
        }),
      ),
    ),
    policyOf(...reads.Statement, allow('s3:DeleteObject', OBJECTS)),
  ],
])('to accept one is not to accept the other: %s', (_what, narrowed, bare) => {
  expect(printOf(narrowed)).not.toBe(printOf(bare));
});

test('a Deny of something else is no part of what is accepted', () => {
  const other = denied(allow('ec2:*', '*'));
  expect(printOf(holding(allow('s3:*', '*'), other))).toBe(printOf(holding(allow('s3:*', '*'))));
  const strange = enter([SIEM, STRANGER]);
  expect(printOf(siem({}, trusting(strange, denied(enter(root('444444444444'))))))).toBe(
    printOf(siem({}, trusting(strange))),
  );
});

test('what was found is the statement, as it was written', () => {
  const foundOf = (found: SetUp) =>
    findingsOf(found).filter(({ rule, status }) => rule === 'declared-readers' && status === 'fail')[0]
      ?.actual;
  const open = enter(SIEM);
  expect(foundOf(siem({ externalId: ID }, trusting(open)))).toEqual(open);
  const deletes = { Effect: 'Allow', Action: 's3:DeleteObject', Resource: OBJECTS };
  expect(foundOf(siem({}, { policies: [reads, document(deletes)] }))).toEqual(deletes);
});

test('a key’s policy that shuts a reader out is one finding, and its fix lets the reader decrypt', () => {
  const shut = keyed(ownKey, throughS3([SIEM]));
  const bad = findingsOf(shut).filter(({ status }) => status === 'fail');
  expect(bad.map(({ message }) => message)).toEqual([
    `The policy of the key ${KEY} does not let ${ARN} decrypt, whom the config declares as a reader: they can’t read the logs that are encrypted with it.`,
  ]);
  const document = bad[0]?.remediation?.document;
  expect(bad[0]?.remediation?.commands?.[0]).toContain('put-key-policy');
  const fixed = findingsOf({ ...shut, kmsKeyPolicy: document });
  expect(fixed.filter(({ status }) => status === 'fail' || status === 'unknown')).toEqual([]);
});

test('a grant by which a reader may do more is narrowed to the rest of it', () => {
  const bad = findingsOf(byGrant(['Decrypt', 'CreateGrant'])).filter(({ status }) => status === 'fail');
  expect(bad.map(({ message }) => message)).toEqual([
    `The reader siem may do more than use the key ${KEY}: the grant g allows kms:CreateGrant.`,
  ]);
  expect(bad[0]?.remediation?.commands).toEqual([
    expect.stringMatching(/ create-grant .* --operations Decrypt$/),
    expect.stringContaining(' revoke-grant '),
  ]);
});

test('what the bucket’s policy grants a reader is no matter of its role', () => {
  const [finding, ...more] = findingsOf(granted(deleting(SESSION))).filter(({ status }) => status === 'fail');
  expect(more).toEqual([]);
  expect(finding?.location?.pointer).toBe('/Statement/0');
  expect(finding?.remediation).toEqual({
    summary: 'Reduce what the bucket’s policy grants the reader to s3:GetObject and s3:ListBucket.',
  });
});

test('what a key’s policy lets a reader do is told at its statement', () => {
  const [finding, ...more] = findingsOf(keyed(ownKey, toIam, onKey('kms:*'))).filter(
    ({ status }) => status === 'fail',
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    message: `The reader siem may do more than use the key ${KEY}: the key policy of ${KEY} allows kms:*.`,
    location: { document: `key policy of ${KEY}`, pointer: '/Statement/2' },
    actual: onKey('kms:*'),
  });
});

test('a reader’s role in another path is made anew, and the key’s policy stays', () => {
  const elsewhere = ARN.replace('role/', 'role/elsewhere/');
  const { readers: [reader] = [], ...setUp } = keyed(ownKey, throughS3([ARN]));
  if (reader?.role?.state !== 'value') throw new Error('no role');
  const role = known({ ...reader.role.value, arn: elsewhere, path: '/elsewhere/' });
  const bad = findingsOf({ ...setUp, readers: [{ name: 'siem', role }] }).filter(
    ({ status }) => status === 'fail',
  );
  expect(bad.map(({ message }) => message)).toEqual([expect.stringContaining(`does not let ${elsewhere}`)]);
  expect(bad[0]?.remediation?.commands).toBeUndefined();
  expect(bad[0]?.remediation?.cdktf).toContain('cdktf deploy');
});

test('a key’s policy that may not be read is reported once, whoever reads', () => {
  const declares = { readers: [{ name: 'siem', trustedPrincipals: [SIEM] }, { name: 'analysts' }] };
  const { readers: [role] = [] } = siem();
  const [analysts] = policyOf(...readerDocument(EXAMPLE, EXAMPLE.bucket, [KEY]).Statement).readers ?? [];
  const setUp = {
    ...withKey(ownKey),
    declares,
    readers: [role, { ...analysts, name: 'analysts' }],
    kmsKey: { policy: refused('kms:GetKeyPolicy') },
  } as SetUp;
  const open = findingsOf(setUp).filter(({ status }) => status === 'unknown');
  expect(open.filter(({ rule }) => rule === 'declared-readers')).toHaveLength(1);
  expect(new Set(open.map(({ causeId }) => causeId)).size).toBe(1);
});
