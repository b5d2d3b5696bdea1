import fc from 'fast-check';
import { declaredBy } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import type { Finding } from '../../../checks/verdict/finding';
import { fingerprintOf } from '../../../checks/verdict/fingerprint';
import { judge } from '../../../checks/verdict/judge';
import { allow, allowAltr, beside, bucketPolicy, denyAll, OBJECTS, put, trust } from '../rules/builders';
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
const ofOrganisation = { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };
const denyPut = (Resource: string) =>
  bucketPolicy({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource });

describe('cover the whole statement', () => {
  test.each([
    ['the condition goes', readable(ofOrganisation), readable()],
    [
      'another organisation',
      readable(ofOrganisation),
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

  test.each([
    [
      'Sid, case and lists of one',
      readable(ofOrganisation),
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
