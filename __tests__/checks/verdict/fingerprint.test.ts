import fc from 'fast-check';
import { ABSENT, known } from '../../../checks/observe/observation';
import { declaredBy } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import type { Finding } from '../../../checks/verdict/finding';
import { fingerprintOf } from '../../../checks/verdict/fingerprint';
import { judge } from '../../../checks/verdict/judge';
import {
  allow,
  allowAltr,
  beside,
  boundary,
  bucketPolicy,
  denyAll,
  OBJECTS,
  policy,
  put,
  trust,
  useKey,
} from '../rules/builders';
import { EXAMPLE, findingsOf } from '../rules/support';

const prints = (findings: readonly Finding[]) => findings.map(({ fingerprint }) => fingerprint).sort();

/** Set-ups with findings of many kinds: the rules' own examples, and some with several statements. */
const SET_UPS: readonly SetUp[] = [
  ...RULES.flatMap(({ metadata: { examples } }) => [examples.violating.setUp, examples.compliant.setUp]),
  trust(
    allowAltr({ Principal: { AWS: ['222222222222', '111122223333', '333333333333'] } }),
    allowAltr({ Condition: undefined }),
  ),
  beside(
    put({ Action: ['s3:GetObject', 's3:DeleteObject'] }),
    put({ Resource: 'arn:aws:s3:::other/*' }),
    put({ Action: 's3:List*' }),
  ),
  bucketPolicy(
    {
      Effect: 'Allow',
      Principal: { AWS: ['222222222222', '333333333333'] },
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: '*',
    },
    denyAll({ Bool: { 'aws:SecureTransport': 'false' } }),
    denyAll({ StringNotEquals: { 'aws:SourceVpce': ['vpce-1', 'vpce-2'] } }),
  ),
  trust(allowAltr({ Condition: { StringEquals: { 'sts:ExternalId': ['another', EXAMPLE.clientId] } } })),
];

/** The same document with its keys and lists in another order. */
function reorder(value: unknown, random: () => number): unknown {
  const shuffled = <T>(list: readonly T[]) =>
    list
      .map((entry) => [random(), entry] as const)
      .sort(([a], [b]) => a - b)
      .map(([, entry]) => entry);
  if (Array.isArray(value)) return shuffled(value).map((entry) => reorder(entry, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    shuffled(Object.entries(value)).map(([key, entry]) => [key, reorder(entry, random)]),
  );
}

test('stay as they are where documents are reordered, and at another time', () => {
  fc.assert(
    fc.property(
      // Whether a log is late is a fact of the time.
      fc.constantFrom(...SET_UPS.filter(({ delivery }) => !delivery)),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (setUp, numbers) => {
        const random = () => numbers.next().value as number;
        const reordered = Object.fromEntries(
          Object.entries(setUp).map(([key, value]) => [
            key,
            /polic|boundary|otherRoles/i.test(key) ? reorder(value, random) : value,
          ]),
        ) as SetUp;
        const later = { ...observationOf(reordered, EXAMPLE), observedAt: '2027-07-01T12:00:00.000Z' };
        const contract = setUp.roleName ? { ...EXAMPLE, roleName: setUp.roleName } : EXAMPLE;
        const [report] = judge(
          { ...later, exports: observationOf(reordered, contract).exports },
          {
            contracts: [contract],
            declaredRoles: [contract],
            declared: declaredBy(setUp, contract.name),
            ...(setUp.logFeed ? { feeds: new Map([[contract.name, ['splunk']]]) } : {}),
          },
        );
        expect(prints(report?.findings ?? [])).toEqual(prints(findingsOf(setUp)));
      },
    ),
    { numRuns: 300 },
  );
});

test('are the same for every spelling of a role’s policy', () => {
  const spelt = (statement: object) =>
    prints(findingsOf(beside(statement)).filter(({ status }) => status === 'fail'));
  const first = spelt(
    put({ Sid: 'One', Action: 's3:GetObject', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
  );
  const second = spelt({
    condition: { bool: { 'AWS:SecureTransport': [true] } },
    resource: [OBJECTS],
    action: ['S3:getobject'],
    effect: 'Allow',
  });
  expect(first).not.toEqual([]);
  expect(second).toEqual(first);
});

test('are unique in a report, also where a fact stands there twice', () => {
  const twice = beside(put({ Action: 's3:GetObject' }), put({ Action: 's3:GetObject' }));
  for (const setUp of [...SET_UPS, twice]) {
    const all = prints(findingsOf(setUp));
    expect(new Set(all).size).toBe(all.length);
  }
});

test.each([
  ['another action', beside(put({ Action: 's3:GetObject' })), beside(put({ Action: 's3:DeleteObject' }))],
  [
    'one action more',
    beside(put({ Action: 's3:GetObject' })),
    beside(put({ Action: ['s3:GetObject', 's3:DeleteObject'] })),
  ],
  [
    'another document',
    { inlinePolicies: { a: { Statement: put({ Action: 's3:GetObject' }) } } },
    { inlinePolicies: { b: { Statement: put({ Action: 's3:GetObject' }) } } },
  ],
  [
    'another principal',
    trust(allowAltr({ Principal: { AWS: '222222222222' } })),
    trust(allowAltr({ Principal: { AWS: '333333333333' } })),
  ],
] as const)('change with the fact: %s', (_what, before, after) => {
  const failing = (setUp: SetUp) => prints(findingsOf(setUp).filter(({ status }) => status === 'fail'));
  const gone = failing(before).filter((print) => failing(after).includes(print));
  expect(failing(before)).not.toEqual([]);
  // Of a trust policy that names another than ALTR, ALTR's being shut out stays the same fact.
  expect(gone.filter((print) => !print.startsWith('trust-usable'))).toEqual([]);
});

const open = (setUp: SetUp) =>
  prints(findingsOf(setUp).filter(({ status }) => status === 'fail' || status === 'unknown'));

const readable = (Condition?: unknown) =>
  allow('*', { Action: 's3:GetObject', ...(Condition ? { Condition } : {}) });
const ofOrganization = { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };
const denyPut = (Resource: string) =>
  bucketPolicy({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource });

/** Facts of which what narrows the grant is no part: that an action is missing from what ALTR needs. */
const STILL = /^(trust-usable|permissions-put-object|bucket-public-access::block-incomplete)::/;

describe('cover the whole statement', () => {
  test.each([
    ['the condition goes', readable(ofOrganization), readable()],
    [
      'another organization',
      readable(ofOrganization),
      readable({ StringEquals: { 'aws:PrincipalOrgID': 'o-other' } }),
    ],
    ['a Deny reaches further', denyPut(`${OBJECTS.slice(0, -1)}tmp/*`), denyPut(OBJECTS)],
    [
      'an undeclared role lets in everybody',
      { otherRoles: { ALTRPublishSIEMDataTrial: trust(allowAltr()).trustPolicy } },
      { otherRoles: { ALTRPublishSIEMDataTrial: trust(allowAltr({ Condition: undefined })).trustPolicy } },
    ],
    [
      'a Deny that took away a part goes',
      beside(
        put({ Action: ['s3:GetObject', 's3:DeleteObject'] }),
        put({ Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' }),
      ),
      beside(put({ Action: ['s3:GetObject', 's3:DeleteObject'] })),
    ],
  ] as const)('%s', (_what, before: SetUp, after: SetUp) => {
    expect(open(before)).not.toEqual([]);
    expect(open(before).filter((print) => open(after).includes(print))).toEqual([]);
  });

  const narrowed = (Condition: unknown) => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: OBJECTS,
    Condition,
  });
  const outside = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };
  const everybody = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: OBJECTS };
  const noBlock = { bucket: { publicAccessBlock: { state: 'absent' } } } as const;
  const toOther = allowAltr({ Principal: { AWS: '222222222222' }, Condition: undefined });
  const toAll = allowAltr({ Principal: '*', Condition: undefined });
  const denyOutside = { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Condition: outside };
  const read = put({ Action: 's3:GetObject' });
  const denyPart = { Effect: 'Deny', Action: 's3:GetObject', Resource: `${OBJECTS.slice(0, -1)}a/*` };
  const key = (id: string, more: object = {}, Statement: unknown = toAccount) => {
    const arn = `arn:aws:kms:us-east-1:123456789012:key/${id}`;
    const document = { source: `key policy of ${arn}`, text: JSON.stringify({ Statement }) };
    const kmsKey = {
      arn,
      keyManager: 'CUSTOMER' as const,
      keyState: 'Enabled',
      policy: known(document),
      grants: known([]),
      ...more,
    };
    return {
      bucket: { encryption: known({ algorithm: 'aws:kms' as const, kmsKeyId: arn }), kmsKey: known(kmsKey) },
    };
  };
  const toAccount = { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'kms:*', Resource: '*' };
  const missing = (kmsKeyId: string) => ({
    bucket: { encryption: known({ algorithm: 'aws:kms' as const, kmsKeyId }), kmsKey: ABSENT },
  });

  const ADMIN = 'arn:aws:iam::123456789012:role/KeyAdmin';
  const notFromOffice = { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
  const keyPolicy = (...Statement: readonly unknown[]): SetUp => ({
    ...policy(put(), useKey),
    kmsKeyPolicy: { Version: '2012-10-17', Statement },
  });
  const toStranger = { ...toAccount, Principal: { AWS: '222222222222' }, Action: 'kms:Decrypt' };
  const denyStranger = { ...toStranger, Effect: 'Deny', Condition: notFromOffice };
  const denyDeletion = {
    ...toAccount,
    Effect: 'Deny',
    Principal: '*',
    Action: 'kms:ScheduleKeyDeletion',
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': ADMIN } },
  };
  const administered: SetUp = { declares: { encryption: { type: 'kms', keyAdministrators: [ADMIN] } } };
  const readsPoint = {
    Effect: 'Allow',
    Principal: { AWS: '222222222222' },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:us-east-1:123456789012:accesspoint/team/object/*',
  };
  const accessPoint = (...Statement: readonly unknown[]): SetUp => ({
    ...bucketPolicy({
      Effect: 'Allow',
      Principal: { AWS: '123456789012' },
      Action: 's3:*',
      Resource: OBJECTS,
      Condition: { StringEquals: { 's3:DataAccessPointAccount': '123456789012' } },
    }),
    bucket: {
      accessPoints: known([
        {
          name: 'team',
          arn: 'arn:aws:s3:us-east-1:123456789012:accesspoint/team',
          networkOrigin: 'Internet' as const,
          policy: known({ source: 'policy of access point team', text: JSON.stringify({ Statement }) }),
        },
      ]),
    },
  });
  const allSts = allowAltr({ Action: 'sts:*' });
  const denyTags = { Effect: 'Deny', Principal: '*', Action: 'sts:TagSession' };

  test.each<[string, SetUp, SetUp]>([
    [
      'a Deny of all but an organization',
      bucketPolicy(everybody, narrowed(outside)),
      bucketPolicy(everybody),
    ],
    [
      'the same, of a bucket that nothing else keeps from being public',
      { ...bucketPolicy(everybody, narrowed(outside)), ...noBlock },
      { ...bucketPolicy(everybody), ...noBlock },
    ],
    [
      'a Deny of one account',
      bucketPolicy({ ...everybody, Principal: { AWS: '222222222222' } }, narrowed(outside)),
      bucketPolicy({ ...everybody, Principal: { AWS: '222222222222' } }),
    ],
    [
      'a Deny of services',
      bucketPolicy({ ...everybody, Principal: { Service: 'cloudfront.amazonaws.com' } }, narrowed(outside)),
      bucketPolicy({ ...everybody, Principal: { Service: 'cloudfront.amazonaws.com' } }),
    ],
    ['a Deny of who is outside an organization', trust(toAll, denyOutside), trust(toAll)],
    ['a Deny of another account’s callers', trust(toOther, denyOutside), trust(toOther)],
    ['a Deny of a part of what is granted', beside(read, denyPart), beside(read)],
    [
      'a Deny of a part of what a key’s policy grants others',
      keyPolicy(toAccount, toStranger, denyStranger),
      keyPolicy(toAccount, toStranger),
    ],
    [
      'a Deny of a part of what an access point grants others',
      accessPoint(readsPoint, { ...readsPoint, Effect: 'Deny', Condition: notFromOffice }),
      accessPoint(readsPoint),
    ],
    ['a Deny of an action that a trust policy grants besides', trust(allSts, denyTags), trust(allSts)],
    [
      'a Deny of what administrators of a key may do',
      { ...keyPolicy(toAccount, denyDeletion), ...administered },
      { ...keyPolicy(toAccount), ...administered },
    ],
    [
      'a boundary',
      { ...beside(put({ Action: 's3:*', Resource: '*' })), ...boundary(put(), read) },
      beside(put({ Action: 's3:*', Resource: '*' })),
    ],
  ])('cover what narrows it: %s', (_what, one, other) => {
    expect(open(one)).not.toEqual([]);
    expect(open(one).filter((print) => open(other).includes(print) && !STILL.test(print))).toEqual([]);
  });

  test.each<[string, SetUp, SetUp]>([
    ['a key that is disabled', key('a', { keyState: 'Disabled' }), key('b', { keyState: 'Disabled' })],
    ['a key of the wrong kind', key('a', { keySpec: 'RSA_2048' }), key('b', { keySpec: 'RSA_2048' })],
    ['a key that is missing', missing('a'), missing('b')],
    [
      'a key of another region',
      key('a', { arn: 'arn:aws:kms:eu-west-1:123456789012:key/a' }),
      key('a', { arn: 'arn:aws:kms:eu-west-1:123456789012:key/b' }),
    ],
    ['a key that nothing lets the role use', key('a'), key('b')],
    [
      'a key whose policy denies the use',
      key('a', {}, [toAccount, { ...toAccount, Effect: 'Deny' }]),
      key('b', {}, [toAccount, { ...toAccount, Effect: 'Deny' }]),
    ],
  ])('tell apart %s', (_what, one, other) => {
    expect(open(one)).not.toEqual([]);
    expect(open(one).filter((print) => open(other).includes(print))).toEqual([]);
  });

  test.each<[string, SetUp, SetUp]>([
    [
      'a Deny of another action',
      bucketPolicy(everybody),
      bucketPolicy(everybody, { ...narrowed(undefined), Action: 's3:DeleteObject' }),
    ],
    [
      'a Deny of somebody else',
      bucketPolicy(everybody),
      bucketPolicy(everybody, {
        ...narrowed(undefined),
        Principal: { AWS: 'arn:aws:iam::123456789012:role/x' },
      }),
    ],
    [
      'a Deny of another resource',
      beside(read),
      beside(read, { ...denyPart, Resource: 'arn:aws:s3:::other/*' }),
    ],
    [
      'the order of what narrows it',
      bucketPolicy(everybody, narrowed(outside)),
      bucketPolicy({ ...narrowed(outside), Sid: 'First' }, everybody),
    ],
  ])('but not %s', (_what, one, other) => {
    expect(open(one)).not.toEqual([]);
    expect(open(other)).toEqual(expect.arrayContaining(open(one)));
  });

  test.each([
    [
      'Sid, case and lists of one',
      readable(ofOrganization),
      bucketPolicy({
        sid: 'Readers',
        EFFECT: 'Allow',
        principal: { aws: ['*'] },
        ACTION: ['S3:getobject'],
        Resource: [OBJECTS],
        condition: { stringequals: { 'AWS:principalorgid': ['o-1234567890'] } },
      }),
    ],
    [
      'an account by its ID or its ARN, named twice',
      trust(allowAltr({ Principal: { AWS: ['222222222222', '111122223333'] } })),
      trust(
        allowAltr({
          Principal: { AWS: ['111122223333', 'arn:aws:iam::222222222222:root', '222222222222'] },
        }),
      ),
    ],
    [
      'the order of statements',
      beside(put({ Action: 's3:GetObject' }), put({ Action: 's3:DeleteObject' })),
      beside(put({ Action: 's3:DeleteObject', Sid: 'Second' }), put({ Action: 's3:GetObject' })),
    ],
  ] as const)('but not %s', (_what, one: SetUp, other: SetUp) => {
    expect(open(one)).not.toEqual([]);
    expect(open(other)).toEqual(open(one));
  });
});

test('do not depend on the host, request or version that a message names', () => {
  const unread = (message: string) =>
    fingerprintOf(
      'role-exists',
      {
        fact: 'unreadable-iam:GetRole',
        cause: 'unreadable',
        actual: { message, api: 'iam:GetRole', code: 'AccessDenied', requestId: message },
      },
      'r',
    );
  expect(unread('connect ECONNREFUSED 127.0.0.1:4566')).toBe(unread('connect ECONNREFUSED 10.0.0.1:80'));
  const inVersion = (version: string) =>
    fingerprintOf(
      'x',
      {
        fact: 'f',
        actual: 's3:*',
        location: { document: `policy arn:aws:iam::1:policy/p version ${version}`, pointer: '' },
      },
      'r',
    );
  expect(inVersion('v3')).toBe(inVersion('v4'));
});
