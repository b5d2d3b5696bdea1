import type { RuleContext } from '../../../checks/evidence/context';
import {
  ACTION_SIDE,
  allowedBy,
  excessStatements,
  type GrantSide,
  KEY_POLICY_SIDE,
  list,
  RESOURCE_SIDE,
  type SortedGrants,
  sortGrants,
} from '../../../checks/evidence/excess-grants';
import { isUnreadable, type RolePolicies, rolePolicies } from '../../../checks/evidence/role-policies';
import { ABSENT, known, unreadable } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { resourceIncludes, resourcePattern } from '../../../checks/policy';
import type { ExportOptionsInput } from '../../../config/options';
import {
  allowAltr,
  BUCKET,
  boundary,
  bucketPolicy,
  type Json,
  KEY,
  OBJECTS,
  OTHER,
  OWN,
  policy,
  put,
  ROLE,
  SESSION,
  together,
  trust,
} from '../rules/builders';
import { contextOf } from './context-of';

const refused = unreadable({ message: 'AWS denied kms:DescribeKey (AccessDenied)' });
const NOT_READ: SetUp = {
  bucket: { encryption: known({ algorithm: 'aws:kms', kmsKeyId: 'alias/logs' }), kmsKey: refused },
};
const WITH_KEY: SetUp = { kmsKey: {} };
const OTHER_KEY = KEY.replace('1111', '9999');
const NEVER = { StringEquals: { 'aws:PrincipalAccount': OTHER } };

const allow = (Action: unknown, changes: Json = {}) => put({ Action, ...changes });
const use = (Action: unknown, Resource: unknown = KEY) => put({ Action, Resource });
const deny = (changes: Json) => ({ Effect: 'Deny', Action: '*', Resource: '*', ...changes });

function policiesIn(context: RuleContext): RolePolicies {
  const { role } = context.observation;
  const policies = role.state === 'value' && rolePolicies(role.value, context);
  if (!policies || isUnreadable(policies)) throw new Error('no policies');
  return policies;
}

type Sorted = Partial<Record<keyof SortedGrants, string[]>>;

/** The grants of all statements on one side, each as `action on resource`; what has none is left out. */
function sorted(side: GrantSide, ...setUps: readonly SetUp[]): Sorted {
  const context = contextOf(together(...setUps));
  const policies = policiesIn(context);
  const { identity, bucket, keyPolicy } = policies;
  const documents =
    side === KEY_POLICY_SIDE
      ? [keyPolicy]
      : [...identity.map(({ parsed }) => parsed), ...(bucket ? [bucket] : [])];
  const found: Sorted = {};
  for (const statement of documents.flatMap((document) => document?.statements ?? [])) {
    const grants = sortGrants(statement, policies, allowedBy(context), side);
    for (const name of Object.keys(grants) as (keyof SortedGrants)[])
      for (const { action, resource } of grants[name])
        found[name] = [...(found[name] ?? []), `${action.text} on ${resource.text}`];
  }
  return found;
}

describe('actions of the role’s policies', () => {
  const read = `s3:GetObject on ${OBJECTS}`;

  test.each<[what: string, setUps: readonly SetUp[], expected: Sorted]>([
    ['the contract’s own', [policy(put())], {}],
    ['the contract’s own in another case', [policy(allow('S3:putobject'))], {}],
    [
      'the contract’s own with wildcards before the bucket’s name',
      [policy(put({ Resource: 'arn:aw?:s3:::*' }))],
      {},
    ],
    ['another one', [policy(allow('s3:GetObject'))], { excess: [read] }],
    ['all of S3', [policy(allow('s3:*'))], { excess: [`s3:* on ${OBJECTS}`] }],
    [
      'all but one',
      [policy(put({ Action: undefined, NotAction: 's3:PutObject' }))],
      { excess: [`everything but s3:PutObject on ${OBJECTS}`] },
    ],
    ['using the bucket’s key', [policy(use(['kms:GenerateDataKey', 'kms:Decrypt'])), WITH_KEY], {}],
    ['making data keys of every kind', [policy(use('kms:GenerateDataKey*')), WITH_KEY], {}],
    ['another use of the key', [policy(use('kms:Encrypt')), WITH_KEY], { excess: [`kms:Encrypt on ${KEY}`] }],
    [
      'using a key, and the bucket has none',
      [policy(use('kms:Decrypt'))],
      { excess: [`kms:Decrypt on ${KEY}`] },
    ],
    [
      'using a key, and the bucket’s could not be read',
      [policy(use(['kms:Decrypt', 'kms:Encrypt'])), NOT_READ],
      { keyUnread: [`kms:Decrypt on ${KEY}`], excess: [`kms:Encrypt on ${KEY}`] },
    ],
    [
      'one on two resources, of which the first stands for both',
      [policy(allow('s3:GetObject', { Resource: [OBJECTS, BUCKET] }))],
      { excess: [read] },
    ],
    [
      'one on two resources, and on the first it is denied',
      [policy(allow('s3:GetObject', { Resource: [OBJECTS, BUCKET] }), deny({ Resource: OBJECTS }))],
      { excess: [`s3:GetObject on ${BUCKET}`] },
    ],
    [
      'one on two resources, and on both it is denied',
      [policy(allow('s3:GetObject', { Resource: [OBJECTS, BUCKET] }), deny({ Action: 's3:Get*' }))],
      { heldBack: [read] },
    ],
    [
      'one on a resource with a variable that is open',
      [policy(allow('s3:GetObject', { Resource: `${BUCKET}/\${aws:PrincipalTag/team}/*` }))],
      { excess: [`s3:GetObject on ${BUCKET}/\${aws:PrincipalTag/team}/*`] },
    ],
    [
      'one under a condition that the role never meets',
      [policy(allow('s3:GetObject', { Condition: NEVER }))],
      { heldBack: [read] },
    ],
    [
      'all of S3, and everything but the contract’s is denied',
      [policy(allow('s3:*'), deny({ Action: undefined, NotAction: 's3:PutObject' }))],
      { heldBack: [`s3:* on ${OBJECTS}`] },
    ],
    [
      'all of KMS on the bucket’s key, and everything but writing is denied',
      [
        policy(
          use('kms:*'),
          deny({ Action: undefined, NotAction: ['s3:PutObject', 'kms:GenerateDataKey', 'kms:Decrypt'] }),
        ),
        WITH_KEY,
      ],
      { heldBack: [`kms:* on ${KEY}`] },
    ],
    [
      'all of KMS on every key, and everything but writing is denied',
      [
        policy(
          use('kms:*', '*'),
          deny({ Action: undefined, NotAction: ['s3:PutObject', 'kms:GenerateDataKey', 'kms:Decrypt'] }),
        ),
        WITH_KEY,
      ],
      { excess: ['kms:* on *'] },
    ],
    [
      'all of KMS on a key, with none of the bucket’s, and everything but writing is denied',
      [policy(use('kms:*'), deny({ Action: undefined, NotAction: ['s3:PutObject', 'kms:Decrypt'] }))],
      { excess: [`kms:* on ${KEY}`] },
    ],
    [
      'one that the boundary does not allow',
      [policy(allow('s3:GetObject')), boundary(put())],
      { heldBack: [read] },
    ],
    [
      'one that the boundary allows, too',
      [policy(allow('s3:GetObject')), boundary(allow('s3:*'))],
      { excess: [read] },
    ],
    [
      'one that the bucket’s policy denies',
      [policy(allow('s3:GetObject')), bucketPolicy(deny({ Principal: '*' }))],
      { heldBack: [read] },
    ],
    [
      'one that the bucket’s policy grants the role, and the boundary does not allow',
      [bucketPolicy(allow('s3:GetObject', { Principal: { AWS: ROLE } })), boundary(put())],
      { heldBack: [read] },
    ],
    [
      'one that the bucket’s policy grants a session, which no boundary limits',
      [bucketPolicy(allow('s3:GetObject', { Principal: { AWS: SESSION } })), boundary(put())],
      { excess: [read] },
    ],
    [
      'one that the bucket’s policy grants the account, which leaves it to the role’s policies',
      [bucketPolicy(allow('s3:GetObject', { Principal: { AWS: OWN } }))],
      {},
    ],
    [
      'one that the bucket’s policy grants the account and the role',
      [bucketPolicy(allow('s3:GetObject', { Principal: { AWS: [OWN, ROLE] } }))],
      { excess: [read] },
    ],
    [
      'one that the bucket’s policy grants all but another account',
      [bucketPolicy(allow('s3:GetObject', { Principal: undefined, NotPrincipal: { AWS: OTHER } }))],
      { excess: [read] },
    ],
    ['none, in a Deny', [policy(deny({ Action: 's3:GetObject' }))], {}],
  ])('%s', (_what, setUps, expected) => {
    expect(sorted(ACTION_SIDE, ...setUps)).toStrictEqual(expected);
  });
});

describe('what the policy of the bucket’s key denies', () => {
  const denying: SetUp = {
    kmsKeyPolicy: { Version: '2012-10-17', Statement: deny({ Principal: { AWS: ROLE } }) },
  };

  test.each<[what: string, statement: object, expected: Sorted]>([
    ['is held back on the key', use('kms:Encrypt'), { heldBack: [`kms:Encrypt on ${KEY}`] }],
    ['is in force on every key', use('kms:Encrypt', '*'), { excess: ['kms:Encrypt on *'] }],
    ['is in force on the bucket', allow('s3:GetObject'), { excess: [`s3:GetObject on ${OBJECTS}`] }],
  ])('%s', (_what, statement, expected) => {
    expect(sorted(ACTION_SIDE, policy(statement), denying)).toStrictEqual(expected);
  });
});

describe('resources of the role’s policies', () => {
  const ELSEWHERE = 'arn:aws:s3:::elsewhere/*';
  const putOn = (...Resource: readonly string[]) => policy(put({ Resource }));
  const TAGGED = `arn:aws:s3:::\${aws:PrincipalTag/bucket}/*`;
  const WILD = [
    OBJECTS.replace('aws', 'a*s'),
    OBJECTS.replace('aws', 'aw?'),
    OBJECTS.replace(':::', ':us-*-1::'),
    OBJECTS.replace(':::', '::?:'),
  ];

  test.each<[what: string, setUps: readonly SetUp[], expected: Sorted]>([
    ['the bucket and its objects', [putOn(BUCKET, OBJECTS, `${BUCKET}/year=*`)], {}],
    ['another bucket', [putOn(OBJECTS, ELSEWHERE)], { excess: [`s3:PutObject on ${ELSEWHERE}`] }],
    ['everything', [putOn('*')], { excess: ['s3:PutObject on *'] }],
    [
      'all but another bucket',
      [policy(put({ Resource: undefined, NotResource: ELSEWHERE }))],
      { excess: [`s3:PutObject on everything but ${ELSEWHERE}`] },
    ],
    [
      'all but another bucket, by the bucket’s policy',
      [bucketPolicy(put({ Resource: undefined, NotResource: ELSEWHERE, Principal: { AWS: ROLE } }))],
      { excess: [`s3:PutObject on everything but ${ELSEWHERE}`] },
    ],
    [
      'the bucket with wildcards before its name',
      [putOn(...WILD)],
      { wildPrefix: WILD.map((resource) => `s3:PutObject on ${resource}`) },
    ],
    [
      'the bucket with a star that runs on past the colon',
      [putOn(OBJECTS.replace('aws', '*'))],
      { excess: [`s3:PutObject on ${OBJECTS.replace('aws', '*')}`] },
    ],
    [
      'a name with a variable that is open',
      [putOn(TAGGED), trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'] }))],
      { undecidable: [`s3:PutObject on ${TAGGED}`] },
    ],
    ['a name with a variable that no session of the role has', [putOn(TAGGED, `\${aws:username}`)], {}],
    [
      'all but another key, and the bucket’s could not be read',
      [policy(put({ Action: 'kms:Decrypt', Resource: undefined, NotResource: OTHER_KEY })), NOT_READ],
      { excess: [`kms:Decrypt on everything but ${OTHER_KEY}`] },
    ],
    [
      'everything, and all but the bucket is denied',
      [policy(put({ Resource: '*' }), deny({ Resource: undefined, NotResource: [BUCKET, OBJECTS] }))],
      { heldBack: ['s3:PutObject on *'] },
    ],
    ['the bucket’s key', [policy(use('kms:Decrypt')), WITH_KEY], {}],
    [
      'another key',
      [policy(use('kms:Decrypt', OTHER_KEY)), WITH_KEY],
      { excess: [`kms:Decrypt on ${OTHER_KEY}`] },
    ],
    ['a key, and the bucket has none', [policy(use('kms:Decrypt'))], { excess: [`kms:Decrypt on ${KEY}`] }],
    [
      'the bucket’s key for an action that is not of KMS',
      [policy(use('s3:PutObject')), WITH_KEY],
      { excess: [`s3:PutObject on ${KEY}`] },
    ],
    [
      'the bucket’s key for an action of KMS and one of S3',
      [policy(use(['kms:Decrypt', 's3:PutObject'])), WITH_KEY],
      { excess: [`s3:PutObject on ${KEY}`] },
    ],
    [
      'a key for two actions, and the bucket’s could not be read: reported once',
      [policy(use(['kms:Decrypt', 'kms:Encrypt'])), NOT_READ],
      { keyUnread: [`kms:Decrypt on ${KEY}`] },
    ],
    [
      'another bucket for two actions, of which the first is denied',
      [
        policy(
          put({ Action: ['s3:GetObject', 's3:PutObject'], Resource: ELSEWHERE }),
          deny({ Action: 's3:Get*' }),
        ),
      ],
      { excess: [`s3:PutObject on ${ELSEWHERE}`] },
    ],
  ])('%s', (_what, setUps, expected) => {
    expect(sorted(RESOURCE_SIDE, ...setUps)).toStrictEqual(expected);
  });
});

describe('what the key’s policy lets the role do', () => {
  const keyPolicy = (...Statement: readonly Json[]): SetUp => ({
    kmsKeyPolicy: { Version: '2012-10-17', Statement },
  });
  const letRole = (Action: unknown, changes: Json = {}): Json => ({
    Effect: 'Allow',
    Principal: { AWS: ROLE },
    Action,
    Resource: '*',
    ...changes,
  });
  const forServices = (value: string) => ({ Condition: { Bool: { 'kms:GrantIsForAWSResource': value } } });
  const GRANTS = ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'];
  const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];

  test.each<[what: string, setUp: SetUp, expected: Sorted]>([
    ['use it, as the console words that', keyPolicy(letRole(USE)), {}],
    ['make grants for AWS services', keyPolicy(letRole(GRANTS, forServices('true'))), {}],
    [
      'make grants for anybody',
      keyPolicy(letRole(GRANTS)),
      { excess: GRANTS.map((action) => `${action} on *`) },
    ],
    [
      'make grants for anybody but AWS services',
      keyPolicy(letRole('kms:CreateGrant', forServices('false'))),
      { excess: ['kms:CreateGrant on *'] },
    ],
    [
      'more than grants under the condition for grants',
      keyPolicy(letRole('kms:PutKeyPolicy', forServices('true'))),
      { excess: ['kms:PutKeyPolicy on *'] },
    ],
    ['administer it', keyPolicy(letRole('kms:*')), { excess: ['kms:* on *'] }],
    [
      'all but deleting it',
      keyPolicy(letRole(undefined, { NotAction: 'kms:ScheduleKeyDeletion' })),
      { excess: ['everything but kms:ScheduleKeyDeletion on *'] },
    ],
    ['what its own policies do', keyPolicy(letRole('kms:*', { Principal: { AWS: OWN } })), {}],
    [
      'administer it, and the key’s policy denies that',
      keyPolicy(letRole('kms:*'), { ...letRole(undefined), Effect: 'Deny', NotAction: USE }),
      { heldBack: ['kms:* on *'] },
    ],
    [
      'administer it, and the key’s policy denies a part of that',
      keyPolicy(letRole('kms:*'), { ...letRole('kms:ScheduleKeyDeletion'), Effect: 'Deny' }),
      { excess: ['kms:* on *'] },
    ],
    [
      'administer it, and the role’s own policy denies all but using this key',
      together(
        keyPolicy(letRole('kms:*')),
        policy(deny({ Action: undefined, NotAction: [...USE, 's3:*'], Resource: KEY })),
      ),
      { heldBack: ['kms:* on *'] },
    ],
    [
      'administer it, and the role’s own policy denies administering another key',
      together(keyPolicy(letRole('kms:*')), policy(deny({ Resource: OTHER_KEY }))),
      { excess: ['kms:* on *'] },
    ],
  ])('%s', (_what, setUp, expected) => {
    expect(sorted(KEY_POLICY_SIDE, setUp)).toStrictEqual(expected);
  });
});

test.each([
  ['actions', ACTION_SIDE, 'The policy p allows a, b, more than s3:PutObject.'],
  ['the key', KEY_POLICY_SIDE, 'The policy p allows the role a, b, more than using the key.'],
  ['resources', RESOURCE_SIDE, 'The policy p reaches a, b, more than the bucket’s objects.'],
])('the message on %s', (_what, side, message) => {
  expect(side.message(['a', 'b'], 'policy p')).toBe(message);
});

test('each side shows its own part of a grant', () => {
  const context = contextOf(policy(put({ Action: ['s3:GetObject'], Resource: ['*'] })));
  const policies = policiesIn(context);
  const [statement] = policies.identity.flatMap(({ parsed }) => parsed.statements);
  if (!statement) throw new Error('no statement');
  const shown = (side: GrantSide) =>
    sortGrants(statement, policies, allowedBy(context), side).excess.map((grant) => [
      side.name,
      side.text(grant),
      side.pointer(grant),
    ]);
  expect(shown(ACTION_SIDE)).toStrictEqual([['action', 's3:GetObject', '/Statement/0/Action/0']]);
  expect(shown(RESOURCE_SIDE)).toStrictEqual([['resource', '*', '/Statement/0/Resource/0']]);
  // Kept for all rules and remedies.
  const again = sortGrants(statement, policies, allowedBy(context), ACTION_SIDE);
  expect(sortGrants(statement, policies, allowedBy(context), ACTION_SIDE)).toBe(again);
});

test('statements are excessive that grant too much on either side, and only while that is in force', () => {
  const named = (Sid: string, changes: Json) => put({ Sid, ...changes });
  const context = contextOf(
    policy(
      named('contract', {}),
      named('action', { Action: 's3:GetObject' }),
      named('resource', { Resource: '*' }),
      named('both', { Action: 's3:*', Resource: '*' }),
      named('held', { Action: 's3:GetObject', Condition: NEVER }),
      named('wild', { Resource: OBJECTS.replace('aws', 'aw?') }),
    ),
  );
  const policies = policiesIn(context);
  const [parsed] = policies.identity.map((entry) => entry.parsed);
  if (!parsed) throw new Error('no policy');
  const found = excessStatements(parsed, policies, context);
  expect(found.map(({ sid }) => sid)).toStrictEqual(['action', 'resource', 'both']);
  expect(excessStatements(parsed, policies, context)).toBe(found);
});

describe('what the contract allows', () => {
  const includes = (allowed: ReturnType<typeof allowedBy>, arn: string) =>
    allowed.resources.some((own) => resourceIncludes(own, resourcePattern(arn, false)));

  test.each([
    [BUCKET, true],
    [OBJECTS, true],
    [OBJECTS.replace('aws', 'aw?'), true],
    [`${BUCKET}-2/*`, false],
    ['arn:aws:s3:::*', false],
    [BUCKET.replace('s3', 'sns'), false],
  ])('on %s: %s', (arn, expected) => {
    expect(includes(allowedBy(contextOf()), arn)).toBe(expected);
  });

  const ALIAS = `arn:aws:kms:us-east-1:${OWN}:alias/logs`;
  const ANY_KEY = `arn:aws:kms:us-east-1:${OWN}:key/????????-????-????-????-????????????`;
  const encrypted = (
    kmsKeyId: string | undefined,
    kmsKey: NonNullable<SetUp['bucket']>['kmsKey'],
  ): SetUp => ({
    bucket: { encryption: known({ algorithm: 'aws:kms', kmsKeyId }), kmsKey },
  });
  const declares = (encryption: ExportOptionsInput['encryption']): SetUp => ({ declares: { encryption } });

  test.each<[what: string, setUp: SetUp, key: string | undefined]>([
    ['of the bucket that could be read', WITH_KEY, KEY],
    ['of the bucket, if it is AWS’s', { kmsKey: { keyManager: 'AWS' } }, undefined],
    ['of a bucket that does not exist', { bucketExists: false }, undefined],
    ['of a bucket that encrypts with none', {}, undefined],
    ['of a bucket on which no encryption is set', { bucket: { encryption: ABSENT } }, undefined],
    ['that the bucket names, and that does not exist', encrypted(KEY, ABSENT), KEY],
    ['that the bucket names, and that could not be read', encrypted(KEY, refused), KEY],
    ['that the bucket names by an alias of nothing', encrypted('alias/logs', ABSENT), undefined],
    ['that the bucket names by the ARN of such an alias', encrypted(ALIAS, ABSENT), undefined],
    ['that the bucket names, and nobody looked', encrypted(KEY, undefined), undefined],
    ['that the config names', declares({ type: 'kms', kmsKeyArn: KEY }), KEY],
    ['that the kit makes: one of the account', declares({ type: 'kms' }), ANY_KEY],
    ['of the config, if S3’s own are declared', declares({ type: 's3' }), undefined],
    [
      'of the bucket rather than of the config',
      { ...WITH_KEY, ...declares({ type: 'kms', kmsKeyArn: OTHER_KEY }) },
      KEY,
    ],
  ])('the key %s', (_what, setUp, key) => {
    const allowed = allowedBy(contextOf(setUp));
    expect([allowed.key?.text, allowed.keyUnread]).toStrictEqual([key, undefined]);
  });

  test('no key is declared if nobody knows what the config declares', () => {
    expect(allowedBy({ ...contextOf(), declared: undefined }).key).toBeUndefined();
  });

  test('no key is that of an unknown account', () => {
    const context = contextOf(declares({ type: 'kms' }));
    const observation = { ...context.observation, accountId: refused };
    expect(allowedBy({ ...context, observation }).key).toBeUndefined();
  });

  test.each<[what: string, context: RuleContext]>([
    ['the key could not be read, and is named by an alias', contextOf(NOT_READ)],
    ['the key could not be read, and has no name', contextOf(encrypted(undefined, refused))],
    ['the encryption could not be read', contextOf({ bucket: { encryption: refused } })],
    ['the bucket could not be read', unreadBucket()],
  ])('which key is not known if %s', (_what, context) => {
    const { key, keyUnread, resources } = allowedBy(context);
    expect([key, keyUnread]).toStrictEqual([undefined, refused.reason]);
    expect(resources).toHaveLength(2);
  });
});

function unreadBucket(): RuleContext {
  const context = contextOf();
  return { ...context, observation: { ...context.observation, bucket: refused } };
}

test.each([
  [0, ''],
  [1, '1'],
  [8, '1, 2, 3, 4, 5, 6, 7, 8'],
  [9, '1, 2, 3, 4, 5, 6, 7, 8 and 1 more'],
  [20, '1, 2, 3, 4, 5, 6, 7, 8 and 12 more'],
])('a list of %s texts shows the first eight', (length, expected) => {
  expect(list(Array.from({ length }, (_, index) => `${index + 1}`))).toBe(expected);
});
