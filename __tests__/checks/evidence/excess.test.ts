import { judgeExcess } from '../../../checks/evidence/excess';
import {
  ACTION_SIDE,
  type GrantSide,
  KEY_POLICY_SIDE,
  RESOURCE_SIDE,
} from '../../../checks/evidence/excess-grants';
import type { Outcome } from '../../../checks/evidence/outcome';
import { rolePolicies } from '../../../checks/evidence/role-policies';
import { type KmsGrant, known, unreadable } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import {
  beside,
  boundary,
  bucketPolicy,
  type Json,
  KEY,
  OBJECTS,
  OWN,
  policy,
  put,
  ROLE,
} from '../rules/builders';
import { EXAMPLE } from '../rules/support';
import { contextOf } from './context-of';

const ATTACHED = `policy arn:aws:iam::${OWN}:policy/acme.s3.policy`;
const MORE = `inline policy more of role ${EXAMPLE.roleName}`;
const OF_BUCKET = `bucket policy of ${EXAMPLE.bucket}`;
const OF_KEY = `key policy of ${KEY}`;
const BOUNDARY = `permissions boundary arn:aws:iam::${OWN}:policy/boundary`;
const OTHER_OBJECTS = 'arn:aws:s3:::other/*';

const PASS: Outcome = { status: 'pass', fact: 'nothing-more', message: 'Nothing more.' };

/** What is reported, and the documents for which somebody asked for a remedy. */
function judged(
  side: GrantSide,
  setUp: SetUp,
  differs: Partial<ReturnType<typeof contextOf>['observation']> = {},
) {
  const context = contextOf(setUp);
  const { role } = context.observation;
  if (role.state !== 'value') throw new Error('the set-up has no role');
  const corrected: string[] = [];
  const judgedContext = { ...context, observation: { ...context.observation, ...differs } };
  const outcomes = judgeExcess(role.value, judgedContext, side, {
    pass: 'Nothing more.',
    remedyOf: ({ source }, about) => {
      corrected.push(source);
      expect(about).toEqual({
        role: role.value,
        policies: rolePolicies(role.value, judgedContext),
        context: judgedContext,
      });
      return { summary: `Correct the ${source}.` };
    },
  });
  return { outcomes, corrected };
}

const byAction = (...given: [SetUp, Parameters<typeof judged>[2]?]) => judged(ACTION_SIDE, ...given).outcomes;
const byResource = (...given: [SetUp, Parameters<typeof judged>[2]?]) =>
  judged(RESOURCE_SIDE, ...given).outcomes;

const read = (changes: Json = {}) => put({ Action: 's3:GetObject', ...changes });
const keyPolicy = (...Statement: readonly Json[]): SetUp => ({
  kmsKeyPolicy: { Version: '2012-10-17', Statement },
});
const refused = unreadable({ message: 'AWS denied it (AccessDenied)' });
const REFUSED: Outcome = {
  status: 'unknown',
  fact: 'unreadable-attribute',
  cause: 'unreadable',
  message: 'It can’t be decided: AWS denied it (AccessDenied).',
  actual: refused.reason,
};

test.each<[what: string, side: GrantSide, setUp: SetUp]>([
  ['actions', ACTION_SIDE, {}],
  ['resources', RESOURCE_SIDE, {}],
  ['actions on a key that the account’s policies decide about', ACTION_SIDE, { kmsKey: {} }],
])('the vendor’s own permission goes no further by its %s', (_what, side, setUp) => {
  expect(judged(side, setUp)).toEqual({ outcomes: [PASS], corrected: [] });
});

describe('actions that are too much', () => {
  const fail = (changes: Partial<Outcome>): Outcome => ({
    status: 'fail',
    fact: 'other-action',
    message: `The ${MORE} allows s3:GetObject, more than s3:PutObject.`,
    expected: 's3:PutObject',
    actual: ['s3:GetObject'],
    also: [],
    about: ['s3:getobject'],
    location: { document: MORE, pointer: '/Statement/0/Action' },
    remediation: { summary: `Correct the ${MORE}.` },
    ...changes,
  });

  test.each<[what: string, setUp: SetUp, outcomes: readonly Outcome[]]>([
    ['one, at its place', beside(read()), [fail({})]],
    [
      'several of a statement in one finding, each once, at the statement',
      beside(put({ Action: ['s3:PutObject', 's3:GetObject', 's3:GetObject', 's3:ListBucket'] })),
      [
        fail({
          message: `The ${MORE} allows s3:GetObject, s3:ListBucket, more than s3:PutObject.`,
          actual: ['s3:GetObject', 's3:ListBucket'],
          about: ['s3:getobject', 's3:listbucket'],
          location: { document: MORE, pointer: '/Statement/0' },
        }),
      ],
    ],
    [
      'one that is written twice, at the first place',
      beside(put({ Action: ['s3:PutObject', 's3:GetObject', 's3:GetObject'] })),
      [fail({ location: { document: MORE, pointer: '/Statement/0/Action/1' } })],
    ],
    [
      'by the bucket’s policy',
      bucketPolicy({ ...read(), Principal: { AWS: ROLE } }),
      [
        fail({
          message: `The ${OF_BUCKET} allows s3:GetObject, more than s3:PutObject.`,
          location: { document: OF_BUCKET, pointer: '/Statement/0/Action' },
          remediation: { summary: `Correct the ${OF_BUCKET}.` },
        }),
      ],
    ],
    [
      'with what takes a part away: the boundary, and a Deny in whichever document',
      {
        ...beside(read(), read({ Effect: 'Deny', Resource: `${EXAMPLE.bucketArn}/private/*` })),
        ...boundary(put({ Action: 's3:*', Resource: '*' })),
        ...bucketPolicy({
          ...read({ Resource: `${EXAMPLE.bucketArn}/secret/*` }),
          Effect: 'Deny',
          Principal: '*',
        }),
      },
      [
        fail({
          also: [
            { document: BOUNDARY, pointer: '' },
            { document: MORE, pointer: '/Statement/1' },
            { document: OF_BUCKET, pointer: '/Statement/0' },
          ],
        }),
      ],
    ],
    [
      'of the bucket’s policy for everybody, which the boundary does not limit',
      {
        ...bucketPolicy({ ...read(), Principal: '*' }),
        ...boundary(put({ Action: 's3:*', Resource: '*' })),
      },
      [
        fail({
          message: `The ${OF_BUCKET} allows s3:GetObject, more than s3:PutObject.`,
          location: { document: OF_BUCKET, pointer: '/Statement/0/Action' },
          remediation: { summary: `Correct the ${OF_BUCKET}.` },
        }),
      ],
    ],
    [
      'not told as narrowed by a Deny in the key’s policy, which is not about the bucket',
      {
        ...beside(read({ Action: '*' })),
        ...keyPolicy({ Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' }),
      },
      [
        fail({
          message: `The ${MORE} allows *, more than s3:PutObject.`,
          actual: ['*'],
          about: ['*'],
        }),
      ],
    ],
  ])('%s', (_what, setUp, outcomes) => {
    expect(byAction(setUp)).toEqual(outcomes);
  });

  test('the corrected document is made once for all statements of a document, and not if nothing is too much', () => {
    const { outcomes, corrected } = judged(
      ACTION_SIDE,
      beside(read(), put(), read({ Action: 's3:ListBucket' })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fail', 'fail']);
    expect(corrected).toEqual([MORE]);
  });
});

describe('resources that are too much', () => {
  test('are told as they are written, with what the contract allows', () => {
    expect(byResource(policy(put({ Resource: [OBJECTS, OTHER_OBJECTS] })))).toEqual([
      {
        status: 'fail',
        fact: 'other-resource',
        message: `The ${ATTACHED} reaches ${OTHER_OBJECTS}, more than the bucket’s objects.`,
        expected: OBJECTS,
        actual: [OTHER_OBJECTS],
        also: [],
        about: [OTHER_OBJECTS],
        location: { document: ATTACHED, pointer: '/Statement/0/Resource/1' },
        remediation: { summary: `Correct the ${ATTACHED}.` },
      },
    ]);
  });

  test('differ by case', () => {
    const [found] = byResource(policy(put({ Resource: 'arn:aws:s3:::other/Logs' })));
    expect(found?.about).toEqual(['arn:aws:s3:::other/Logs']);
  });

  test('a variable whose value nobody knows leaves open what they are', () => {
    const Resource = ['arn:aws:s3:::${aws:PrincipalTag/bucket}/*', OBJECTS];
    const setUp = { ...policy(put({ Resource })), role: { tags: refused } };
    expect(byResource(setUp)).toEqual([
      {
        status: 'unknown',
        fact: 'open-resource',
        cause: 'undecidable',
        message: `It can’t be decided what the ${ATTACHED} reaches: ${Resource[0]} has a variable whose value is not known, or is no ARN.`,
        actual: [Resource[0]],
        location: { document: ATTACHED, pointer: '/Statement/0/Resource/0' },
      },
    ]);
  });

  test('single wildcards before the bucket’s name are too loose, and pass', () => {
    const Resource = 'arn:aw?:s3:::acme-altr-audit-logs/*';
    expect(byResource(policy(put({ Resource })))).toEqual([
      {
        status: 'advice',
        fact: 'wild-prefix',
        message: `The resource ${Resource} has wildcards before the bucket’s name; name the bucket’s ARN.`,
        actual: Resource,
        location: { document: ATTACHED, pointer: '/Statement/0/Resource' },
      },
      PASS,
    ]);
  });
});

describe('held back', () => {
  const held = (side: string, actual: readonly string[], texts = actual.join(', ')): Outcome => ({
    status: 'advice',
    fact: `held-back-${side}`,
    message: `The ${MORE} is wide (${texts}), held back by a Deny, the boundary or its own condition.`,
    actual,
    location: { document: MORE, pointer: '/Statement/0' },
  });

  test.each<[what: string, side: GrantSide, setUp: SetUp, outcomes: readonly Outcome[]]>([
    [
      'actions, by a Deny',
      ACTION_SIDE,
      beside(read({ Action: ['s3:GetObject', 's3:GetObject', 's3:ListBucket'] }), {
        Effect: 'Deny',
        NotAction: 's3:PutObject',
        Resource: '*',
      }),
      [held('action', ['s3:GetObject', 's3:ListBucket']), PASS],
    ],
    [
      'a resource, by the boundary',
      RESOURCE_SIDE,
      { ...beside(put({ Resource: OTHER_OBJECTS })), ...boundary(put()) },
      [held('resource', [OTHER_OBJECTS]), PASS],
    ],
  ])('%s', (_what, side, setUp, outcomes) => {
    expect(judged(side, setUp)).toEqual({ outcomes, corrected: [] });
  });
});

describe('what could not be read or understood', () => {
  const broken = { Effect: 'Allow', Action: 's3:PutObject', Resource: OBJECTS, Conditions: {} };
  const fault = (source: string): Outcome => ({
    status: 'unknown',
    fact: 'not-understood',
    cause: 'not-understood',
    message: `It can’t be decided: in the ${source}, at /Statement/0/Conditions, "Conditions" is no element of a policy.`,
    actual: ['"Conditions" is no element of a policy'],
    location: { document: source, pointer: '/Statement/0/Conditions' },
  });

  test('nothing is judged if the role’s ARN names no account', () => {
    const [found, ...others] = byAction({ role: { arn: 'Role' } });
    expect(found?.message).toBe('It can’t be decided: the ARN Role of the role names no account.');
    expect(others).toStrictEqual([]);
  });

  test('a policy that could not be read does not hide what the others grant', () => {
    const found = byAction({ ...beside(read()), role: { attachedPolicies: refused } });
    expect(found.map(({ status }) => status)).toEqual(['fail', 'unknown']);
    expect(found[1]).toEqual(REFUSED);
  });

  test('a statement that was not understood does not pass', () => {
    expect(byResource(policy(broken))).toEqual([fault(ATTACHED)]);
  });

  const key = { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: KEY };

  test('which key the bucket encrypts with decides whether a grant on a key is too much', () => {
    const setUp: SetUp = { ...beside(key), bucket: { encryption: refused } };
    expect(byAction(setUp)).toEqual([REFUSED]);
    expect(byResource(setUp)).toEqual([REFUSED]);
    expect(byAction({ bucket: { encryption: refused } })).toEqual([PASS]);
  });

  test.each<[what: string, setUp: SetUp]>([
    ['the key', { kmsKey: {}, bucket: { kmsKey: refused } }],
    ['the key’s policy', { kmsKey: { policy: refused } }],
  ])('%s could not be read: it may grant more actions', (_what, setUp) => {
    expect(byAction(setUp)).toEqual([REFUSED]);
    expect(byResource(setUp)).toEqual([PASS]);
  });

  test('a statement of the key’s policy that was not understood may grant more, too', () => {
    const setUp = keyPolicy({ ...broken, Principal: { AWS: ROLE }, Resource: '*' });
    expect(byAction(setUp)).toEqual([fault(OF_KEY)]);
  });

  test('of a bucket that could not be read no key’s policy is judged', () => {
    expect(byAction(keyPolicy(), { bucket: refused })).toEqual([REFUSED]);
  });
});

describe('the policy of the bucket’s key', () => {
  const toRole = (Action: string, changes: Json = {}) => ({
    Effect: 'Allow',
    Principal: { AWS: ROLE },
    Action,
    Resource: '*',
    ...changes,
  });
  const administers: Outcome = {
    status: 'fail',
    fact: `other-${KEY_POLICY_SIDE.name}`,
    message: `The ${OF_KEY} allows the role kms:PutKeyPolicy, more than using the key.`,
    expected: ['kms:GenerateDataKey', 'kms:Decrypt'],
    actual: ['kms:PutKeyPolicy'],
    also: [],
    about: ['kms:putkeypolicy'],
    location: { document: OF_KEY, pointer: '/Statement/0/Action' },
    remediation: {
      summary:
        'Reduce what the key’s policy grants the role to kms:GenerateDataKey and kms:Decrypt, and keep the statements for those who administer the key.',
    },
  };

  test.each<[what: string, setUp: SetUp, outcomes: readonly Outcome[]]>([
    ['lets the role use the key', keyPolicy(toRole('kms:GenerateDataKey*')), [PASS]],
    ['lets the role administer the key', keyPolicy(toRole('kms:PutKeyPolicy')), [administers]],
    [
      'lets it, apart from what it may deny itself',
      {
        ...keyPolicy(
          toRole('kms:PutKeyPolicy'),
          toRole('kms:*', {
            Effect: 'Deny',
            Principal: '*',
            Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } },
          }),
        ),
        role: { tags: refused },
      },
      [{ ...administers, also: [{ document: OF_KEY, pointer: '/Statement/1' }] }],
    ],
    [
      'is not judged if AWS manages the key',
      { ...keyPolicy(toRole('kms:PutKeyPolicy')), kmsKey: { keyManager: 'AWS' } },
      [PASS],
    ],
  ])('%s', (_what, setUp, outcomes) => {
    expect(byAction(setUp)).toEqual(outcomes);
  });

  test('has no say on resources: each is the key', () => {
    expect(byResource(keyPolicy(toRole('kms:PutKeyPolicy')))).toEqual([PASS]);
  });
});

describe('the grants of the bucket’s key', () => {
  const grant: KmsGrant = {
    grantId: 'g',
    granteePrincipal: ROLE,
    operations: ['GenerateDataKey', 'CreateGrant', 'Sign'],
  };
  const granted = (changes: Partial<KmsGrant> = {}, setUp: SetUp = {}): SetUp => ({
    ...setUp,
    kmsKey: { grants: known([{ ...grant, ...changes }]) },
  });
  const tooMuch: Outcome = {
    status: 'fail',
    fact: 'other-grant',
    message:
      'The grant g of the bucket’s key allows the role kms:CreateGrant, kms:Sign, more than using the key.',
    expected: ['kms:GenerateDataKey', 'kms:Decrypt'],
    actual: grant,
    about: { key: KEY, grant },
    also: [],
    remediation: undefined,
  };
  const deny = (changes: Json) =>
    beside({ Effect: 'Deny', Action: 'kms:CreateGrant', Resource: '*', ...changes });
  const held: Outcome = {
    status: 'advice',
    fact: 'held-back-grant',
    message: 'The grant g of the bucket’s key is wide (kms:CreateGrant), held back by a Deny.',
    actual: grant,
    about: { key: KEY, grant },
  };

  test.each<[what: string, setUp: SetUp, outcomes: readonly Outcome[]]>([
    ['let the role use the key', granted({ operations: ['Decrypt', 'DescribeKey'] }), [PASS]],
    ['let it do more', granted(), [tooMuch]],
    [
      'let it do more, a part of which a Deny holds back',
      granted({}, deny({})),
      [
        {
          ...tooMuch,
          message: 'The grant g of the bucket’s key allows the role kms:Sign, more than using the key.',
          also: [{ document: MORE, pointer: '/Statement/0' }],
        },
        held,
      ],
    ],
    [
      'let it do more, all of which a Deny holds back',
      granted({}, deny({ Action: ['kms:CreateGrant', 'kms:Sign'] })),
      [{ ...held, message: held.message.replace('kms:CreateGrant', 'kms:CreateGrant, kms:Sign') }, PASS],
    ],
    ['are for somebody else', granted({ granteePrincipal: `arn:aws:iam::${OWN}:role/Other` }), [PASS]],
    [
      'are for the account, whose policies decide',
      granted({ granteePrincipal: `arn:aws:iam::${OWN}:root` }),
      [PASS],
    ],
    ['could not be read, which logs-stay tells', { kmsKey: { grants: refused } }, [PASS]],
    ['were not looked at, which logs-stay tells', { kmsKey: { grants: undefined } }, [PASS]],
    ['are those of a key that AWS manages', { kmsKey: { ...granted().kmsKey, keyManager: 'AWS' } }, [PASS]],
  ])('%s', (_what, setUp, outcomes) => {
    expect(byAction(setUp)).toEqual(outcomes);
  });

  test('have no say on resources: each is the key', () => {
    expect(byResource(granted())).toEqual([PASS]);
  });

  test('the remedy is told which uses rest on the grant alone', () => {
    const context = contextOf({
      ...granted({ operations: ['Encrypt', 'GenerateDataKey', 'Decrypt', 'CreateGrant'] }),
      ...beside({ Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: KEY }),
    });
    const { role } = context.observation;
    if (role.state !== 'value') throw new Error('the set-up has no role');
    const asked: unknown[] = [];
    judgeExcess(role.value, context, ACTION_SIDE, {
      pass: 'Nothing more.',
      remedyOf: () => ({ summary: 'None.' }),
      remedyOfGrant: ({ grantId }, { arn }, needed) => {
        asked.push([grantId, arn, needed]);
        return { summary: 'None.' };
      },
    });
    expect(asked).toEqual([['g', KEY, ['Encrypt']]]);
  });
});
