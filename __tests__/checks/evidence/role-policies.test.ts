import {
  allPolicies,
  assumeRequest,
  bucketKey,
  documentFaults,
  isUnreadable,
  keyOfS3,
  keyRequest,
  putRequest,
  type RolePolicies,
  rolePolicies,
} from '../../../checks/evidence/role-policies';
import {
  ABSENT,
  type BucketEncryption,
  known,
  NO_ACCOUNT,
  type Observed,
  type PolicyText,
  type RoleObservation,
  unreadable,
} from '../../../checks/observe/observation';
import { EXAMPLE_ORGANIZATION, type SetUp } from '../../../checks/pages/set-up';
import { type RequestContext, UNNAMED } from '../../../checks/policy';
import {
  allowAltr,
  BUCKET,
  beside,
  boundary,
  bucketPolicy,
  denyAll,
  KEY,
  OBJECTS,
  OTHER,
  OWN,
  policy,
  put,
  ROLE,
  together,
  trust,
} from '../rules/builders';
import { EXAMPLE } from '../rules/support';
import { contextOf } from './context-of';

const OBSERVED_AT = '2026-01-01T00:00:00.000Z';
const refused = (api: string) => unreadable({ message: `AWS denied ${api} (AccessDenied)`, api });
const NO_DOCUMENT = { message: 'a policy of the role has no document' };

function gathered(setUp: SetUp = {}, context = contextOf(setUp)): ReturnType<typeof rolePolicies> {
  const { role } = context.observation;
  if (role.state !== 'value') throw new Error('no role');
  return rolePolicies(role.value, context);
}

function policiesOf(setUp: SetUp = {}, context = contextOf(setUp)): RolePolicies {
  const policies = gathered(setUp, context);
  if (isUnreadable(policies)) throw new Error(policies.message);
  return policies;
}

describe('the role’s account', () => {
  const of = (arn: string, accountId: Observed<string> = known(OWN)) => {
    const context = contextOf({ role: { arn } });
    return gathered({}, { ...context, observation: { ...context.observation, accountId } });
  };

  test.each(['arn:aws:iam:::role/Altr', 'Altr'])('nothing is gathered if the ARN %s names none', (arn) => {
    const found = of(arn);
    expect(found).toEqual({ message: `the ARN ${arn} of the role names no account` });
    expect(isUnreadable(found)).toBe(true);
  });

  test('it is that of the ARN, even if AWS did not tell whose the credentials are', () => {
    expect(of(ROLE, refused('sts:GetCallerIdentity'))).toMatchObject({ caller: { accountId: OWN } });
  });

  test('of a role that is only planned it may be unknown, and AWS’s reason is told', () => {
    const planned = `arn:aws:iam::${NO_ACCOUNT}:role/Altr`;
    const reason = refused('sts:GetCallerIdentity');
    expect(of(planned, reason)).toEqual(reason.reason);
    expect(of(planned)).toMatchObject({ caller: { accountId: NO_ACCOUNT } });
  });
});

test('a role and its bucket with every kind of policy', () => {
  const policies = policiesOf({
    inlinePolicies: { more: { Version: '2012-10-17', Statement: put() } },
    ...boundary(put()),
    ...bucketPolicy(denyAll()),
    kmsKey: {},
  });
  const sourceOf = (name: string) => `policy arn:aws:iam::${OWN}:policy/${name}`;
  expect(policies.identity.map(({ policy, parsed }) => [policy.name, parsed.source])).toStrictEqual([
    ['more', `inline policy more of role ${EXAMPLE.roleName}`],
    ['acme.s3.policy', sourceOf('acme.s3.policy')],
  ]);
  expect(policies.boundary?.source).toBe(`permissions boundary arn:aws:iam::${OWN}:policy/boundary`);
  expect(policies.bucket?.source).toBe(`bucket policy of ${EXAMPLE.bucket}`);
  expect(policies.keyPolicy?.source).toBe(`key policy of ${KEY}`);
  expect(policies.key?.arn).toBe(KEY);
  expect(policies.unread).toStrictEqual([]);
  expect(policies.unreadOfRole).toStrictEqual([]);
  expect(policies.caller).toEqual({ accountId: OWN, roleArn: ROLE, roleName: EXAMPLE.roleName });
  expect(allPolicies(policies).map(({ source }) => source)).toStrictEqual([
    `inline policy more of role ${EXAMPLE.roleName}`,
    sourceOf('acme.s3.policy'),
    `permissions boundary arn:aws:iam::${OWN}:policy/boundary`,
    `bucket policy of ${EXAMPLE.bucket}`,
  ]);
});

test('a role and its bucket with no policy at all', () => {
  const policies = policiesOf({ attachedPolicies: {} });
  expect(allPolicies(policies)).toStrictEqual([]);
  expect(policies).toMatchObject({ identity: [], unread: [] });
  expect([policies.boundary, policies.bucket, policies.key, policies.keyPolicy]).toStrictEqual(
    Array(4).fill(undefined),
  );
});

test('the policies are gathered once per role and context', () => {
  const context = contextOf();
  expect(policiesOf({}, context)).toBe(policiesOf({}, context));
  expect(policiesOf({}, contextOf())).not.toBe(policiesOf({}, context));
});

describe('what could not be read', () => {
  const document = refused('iam:GetPolicyVersion');
  const attached = (...documents: readonly Observed<PolicyText>[]): Partial<RoleObservation> => ({
    attachedPolicies: known(documents.map((of, i) => ({ kind: 'attached', name: `p${i}`, document: of }))),
  });
  const limitedBy = (of: Observed<PolicyText>): Partial<RoleObservation> => ({
    permissionsBoundary: known({ arn: 'b', document: of }),
  });
  const list = refused('iam:ListRolePolicies');

  test.each<[what: string, role: Partial<RoleObservation>, reason: object]>([
    ['the list of inline policies', { inlinePolicies: list }, list.reason],
    ['the list of attached policies', { attachedPolicies: list }, list.reason],
    ['whether there is a boundary', { permissionsBoundary: list }, list.reason],
    ['an attached policy’s document', attached(document), document.reason],
    ['a listed policy’s document, which does not exist', attached(ABSENT), NO_DOCUMENT],
    ['the boundary’s document', limitedBy(document), document.reason],
    ['the boundary’s document, which does not exist', limitedBy(ABSENT), NO_DOCUMENT],
  ])('%s is missing of the role itself', (_what, role, reason) => {
    const { unread, unreadOfRole } = policiesOf({ role });
    expect(unreadOfRole).toStrictEqual([reason]);
    expect(unread).toStrictEqual([reason]);
  });

  test('the other documents count', () => {
    const text = JSON.stringify({ Statement: put() });
    const { identity } = policiesOf({ role: attached(document, known({ source: 'p1', text })) });
    expect(identity.map(({ parsed }) => parsed.source)).toStrictEqual(['p1']);
  });

  const policyOfBucket = refused('s3:GetBucketPolicy');

  test.each<[what: string, setUp: SetUp]>([
    ['the bucket’s policy', { bucket: { policy: policyOfBucket } }],
    ['whose the bucket is', { bucket: { owner: policyOfBucket } }],
  ])('%s is missing, but not of the role itself', (_what, setUp) => {
    const { unread, unreadOfRole } = policiesOf(setUp);
    expect(unreadOfRole).toStrictEqual([]);
    expect(unread).toStrictEqual([policyOfBucket.reason]);
  });

  test('so is the bucket as a whole', () => {
    const context = contextOf();
    const seen = { ...context.observation, bucket: policyOfBucket };
    expect(policiesOf({}, { ...context, observation: seen }).unread).toStrictEqual([policyOfBucket.reason]);
  });

  test('nothing is missing of a bucket that does not exist', () => {
    expect(policiesOf({ bucketExists: false })).toMatchObject({ unread: [], facts: { bucketArn: BUCKET } });
  });

  test('the key’s policy is no part of it: its own rules report it', () => {
    const { key, keyPolicy, unread } = policiesOf({ kmsKey: { policy: document } });
    expect([key?.arn, keyPolicy, unread]).toStrictEqual([KEY, undefined, []]);
  });
});

test.each<[what: string, setUp: SetUp]>([
  ['AWS manages it', { kmsKey: { keyManager: 'AWS' } }],
  ['it does not exist', { bucket: { kmsKey: ABSENT } }],
  ['it could not be read', { bucket: { kmsKey: refused('kms:DescribeKey') } }],
])('the bucket has no key of the customer’s if %s', (_what, setUp) => {
  const { key, keyPolicy } = policiesOf(setUp);
  expect([key, keyPolicy]).toStrictEqual([undefined, undefined]);
});

describe('what is known of the role’s requests', () => {
  test('its account, place, time, tags and organization', () => {
    const { facts } = policiesOf({
      roleTags: { team: 'audit' },
      roleId: 'AROAEXAMPLE12345678',
      organization: {},
      bucket: { abacTags: known({ kind: 'logs' }) },
    });
    expect(facts).toEqual({
      roleArn: ROLE,
      accountId: OWN,
      region: 'us-east-1',
      bucketArn: BUCKET,
      observedAt: OBSERVED_AT,
      assumptions: {},
      tags: { team: 'audit' },
      bucketTags: known({ kind: 'logs' }),
      noSessionTags: true,
      roleId: 'AROAEXAMPLE12345678',
      asksForBucket: undefined,
      organization: {
        id: EXAMPLE_ORGANIZATION,
        managementAccountId: '999999999999',
        path: `${EXAMPLE_ORGANIZATION}/r-ab12/ou-ab12-11111111/`,
      },
    });
  });

  test('the organization of another account is not known', () => {
    const { organizationOf, facts } = policiesOf({ organization: {} });
    expect(organizationOf(OWN)).toEqual(facts.organization);
    expect(organizationOf(OTHER)).toBeUndefined();
  });

  const tagSession = allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: undefined });

  test.each<[what: string, setUp: SetUp, noSessionTags: boolean]>([
    ['sts:AssumeRole alone', trust(allowAltr()), true],
    ['sts:TagSession, too', trust(tagSession), false],
    ['it in a statement of its own', trust(allowAltr(), allowAltr({ Action: 'sts:tagsession' })), false],
    ['every action of STS', trust(allowAltr({ Action: 'sts:*' })), false],
    [
      'sts:AssumeRole, and denies sts:TagSession',
      trust(allowAltr(), { ...tagSession, Effect: 'Deny', Action: 'sts:TagSession' }),
      true,
    ],
    ['something that is not understood', trust(allowAltr({ Effect: 'Perhaps' })), false],
    ['something that can’t be parsed', { trustPolicy: '{' }, false],
    ['something that could not be read', { role: { trustPolicy: refused('iam:GetRole') } }, false],
  ])(
    'the trust policy allows %s: that sessions have no tags of their own is %s',
    (_what, setUp, expected) => {
      expect(policiesOf(setUp).facts.noSessionTags).toBe(expected);
    },
  );

  const encrypted = (encryption: Observed<BucketEncryption>) => ({ bucket: { encryption } });

  test.each<[what: string, setUp: SetUp, asksForBucket: boolean | undefined]>([
    ['the bucket has bucket keys', encrypted(known({ algorithm: 'aws:kms', bucketKeyEnabled: true })), true],
    ['it has none', encrypted(known({ algorithm: 'aws:kms', bucketKeyEnabled: false })), false],
    ['nobody looked for them', encrypted(known({ algorithm: 'aws:kms' })), undefined],
    [
      'two layers encrypt, which have no bucket keys',
      encrypted(known({ algorithm: 'aws:kms:dsse', bucketKeyEnabled: true })),
      false,
    ],
    ['nothing encrypts', encrypted(ABSENT), undefined],
    ['it could not be read', encrypted(refused('s3:GetEncryptionConfiguration')), undefined],
    ['there is no bucket', { bucketExists: false }, undefined],
  ])('S3 asks for the key for the bucket as a whole if %s', (_what, setUp, asksForBucket) => {
    expect(policiesOf(setUp).facts.asksForBucket).toBe(asksForBucket);
  });
});

/** Values of facts, or what else is known of them. */
const told = (context: RequestContext | undefined, ...keys: readonly string[]) =>
  keys.map((key) => {
    const fact = context?.fact(key);
    return fact?.kind === 'value' ? fact.value : fact?.kind;
  });
const ADDRESSES = { sourceIpRanges: ['203.0.113.0/24'] };

describe('ALTR assumes the role', () => {
  const role = (setUp: SetUp) => {
    const seen = contextOf(setUp).observation.role;
    return seen.state === 'value' ? seen.value : undefined;
  };
  const KEYS = [
    'aws:CurrentTime',
    'aws:ResourceAccount',
    'aws:ResourceTag/team',
    'aws:ResourceOrgID',
    'aws:SourceVpce',
  ];

  test('with all that is known', () => {
    const setUp = { roleTags: { team: 'audit' }, organization: {} };
    const request = assumeRequest(role(setUp), contextOf(setUp, { assumptions: ADDRESSES }));
    expect(request).toMatchObject({
      action: 'sts:AssumeRole',
      caller: { accountId: EXAMPLE.altrAccountId, partition: 'aws' },
    });
    expect(request.resource).toBeUndefined();
    expect(told(request.context, ...KEYS)).toStrictEqual([
      OBSERVED_AT,
      OWN,
      'audit',
      EXAMPLE_ORGANIZATION,
      'absent',
    ]);
  });

  test('with no role, account or organization known', () => {
    const context = contextOf();
    const seen = { ...context.observation, accountId: refused('sts:GetCallerIdentity') };
    const request = assumeRequest(undefined, { ...context, observation: seen });
    expect(told(request.context, ...KEYS)).toStrictEqual([OBSERVED_AT, 'open', 'open', 'open', 'open']);
  });
});

test('the role’s session puts an object of any key, which has at least one character', () => {
  const policies = policiesOf();
  const request = putRequest(policies, { contract: EXAMPLE, assumptions: ADDRESSES });
  expect(request).toMatchObject({
    action: 's3:PutObject',
    resource: { text: `${BUCKET}/?*`, certain: true },
    caller: policies.caller,
  });
  expect(told(request.context, 'aws:PrincipalArn', 'aws:SourceVpce')).toStrictEqual([ROLE, 'absent']);
});

describe('S3 uses a key on the session’s behalf', () => {
  const KEYS = ['aws:ResourceAccount', 'aws:ResourceOrgID', 'kms:CallerAccount', 'kms:ViaService'];
  const VIA_S3 = 's3.us-east-1.amazonaws.com';
  const ofOther = KEY.replace(OWN, OTHER);

  test.each([
    ['of its account', KEY, [OWN, EXAMPLE_ORGANIZATION, OWN, VIA_S3]],
    ['of another account, whose organization is not known', ofOther, [OTHER, 'open', OWN, VIA_S3]],
    [
      'whose ARN is not known, which is taken for its account’s',
      'planned',
      [OWN, EXAMPLE_ORGANIZATION, OWN, VIA_S3],
    ],
  ])('a key %s', (_what, arn, facts) => {
    const policies = policiesOf({ organization: {} });
    const request = keyRequest(policies, arn);
    expect(request).toMatchObject({
      action: 'kms:GenerateDataKey',
      resource: { text: arn },
      caller: policies.caller,
    });
    expect(told(request.context, ...KEYS)).toStrictEqual(facts);
  });

  test('under the config’s assumptions, or under others', () => {
    const policies = policiesOf({}, contextOf({}, { assumptions: { organizationId: 'o-declared1' } }));
    const of = (request: ReturnType<typeof keyRequest>) => told(request.context, 'aws:PrincipalOrgID');
    expect(of(keyRequest(policies, KEY))).toStrictEqual(['o-declared1']);
    expect(of(keyRequest(policies, KEY, {}))).toStrictEqual(['open']);
  });
});

describe('the key of the bucket’s default encryption', () => {
  const AWS_KEY = { arn: `arn:aws:kms:us-east-1:${OWN}:key/${UNNAMED}`, isAwsManaged: true };
  const kms = (kmsKeyId?: string) => known({ algorithm: 'aws:kms' as const, kmsKeyId });
  const reason = refused('kms:DescribeKey');
  const alias = (accountId: string) => `arn:aws:kms:us-east-1:${accountId}:alias/aws/s3`;

  test('AWS’s own key for S3 is known by its account alone', () => {
    expect(keyOfS3(EXAMPLE, OWN)).toBe(AWS_KEY.arn);
  });

  test.each<[what: string, setUp: SetUp, expected: object | undefined]>([
    ['could not be read', { bucket: { encryption: reason } }, reason.reason],
    ['is not set', { bucket: { encryption: ABSENT } }, undefined],
    ['is none: S3’s own keys', {}, undefined],
    ['is the customer’s', { kmsKey: {} }, { arn: KEY, isAwsManaged: false }],
    ['is AWS’s, as it was read', { kmsKey: { keyManager: 'AWS' } }, { arn: KEY, isAwsManaged: true }],
    ['could not be looked up', { bucket: { encryption: kms(KEY), kmsKey: reason } }, reason.reason],
    ['does not exist', { bucket: { encryption: kms(KEY), kmsKey: ABSENT } }, undefined],
    ['was not looked up', { bucket: { encryption: kms(KEY) } }, { message: `the key ${KEY} was not read` }],
    ['is not named, so it is AWS’s', { bucket: { encryption: kms() } }, AWS_KEY],
    ['is AWS’s, by its alias', { bucket: { encryption: kms('alias/aws/s3') } }, AWS_KEY],
    ['is AWS’s, by its alias’s ARN', { bucket: { encryption: kms(alias(OWN)) } }, AWS_KEY],
    [
      'is AWS’s in another account',
      { bucket: { encryption: kms(alias(OTHER)) } },
      { message: `the key ${alias(OTHER)} was not read` },
    ],
    ['encrypts in two layers', { bucket: { encryption: known({ algorithm: 'aws:kms:dsse' }) } }, AWS_KEY],
  ])('the key %s', (_what, setUp, expected) => {
    const context = contextOf(setUp);
    const { bucket } = context.observation;
    if (bucket.state !== 'value') throw new Error('no bucket');
    expect(bucketKey(bucket.value, context, OWN)).toEqual(expected);
  });
});

describe('faults of documents', () => {
  const bad = (Effect: string) => put({ Effect, Resource: OBJECTS, Unheard: 'of' });

  test('count in what may grant: the role’s policies and the bucket’s', () => {
    const policies = policiesOf(
      together(policy(put(), bad('Allow')), beside(put()), bucketPolicy({ ...bad('Allow'), Principal: '*' })),
    );
    expect(documentFaults(policies)).toEqual([
      {
        source: `policy arn:aws:iam::${OWN}:policy/acme.s3.policy`,
        faults: [expect.objectContaining({ pointer: '/Statement/1/Unheard' })],
      },
      {
        source: `bucket policy of ${EXAMPLE.bucket}`,
        faults: [expect.objectContaining({ pointer: '/Statement/0/Unheard' })],
      },
    ]);
  });

  test.each<[what: string, setUp: SetUp]>([
    ['in a boundary, which grants nothing', boundary(bad('Allow'))],
    ['in a Deny, which only takes away', policy(put(), bad('Deny'))],
    ['where there are none', {}],
  ])('do not count %s', (_what, setUp) => {
    expect(documentFaults(policiesOf(setUp))).toStrictEqual([]);
  });
});
