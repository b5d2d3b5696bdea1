/** Documents of a size that AWS would not store come to an end all the same. */
import { observationOf } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import { allowAltr, beside, boundary, bucketPolicy, hostile, OBJECTS, put, trust } from './builders';
import { EXAMPLE, findingsOf, rulesWith, verdicts } from './support';

test('10,000 statements are judged', () => {
  expect(verdicts(trust(...Array.from({ length: 10_000 }, () => allowAltr())))).toEqual({});
});

test('one wrong statement among 10,000 is found', () => {
  const many = Array.from({ length: 10_000 }, () => allowAltr());
  expect(verdicts(trust(...many, allowAltr({ Condition: undefined })))).toEqual({
    fail: ['trust-external-id'],
  });
});

test('JSON nested very deeply is not understood, and does not overflow the stack', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  expect(verdicts({ trustPolicy: deep }).unknown).toContain('trust-external-id');
});

/** Statements within lists, as deep as JSON.parse takes them. */
const NESTED = `{"Statement":${'['.repeat(9_900)}${']'.repeat(9_900)}}`;

test.each([
  ['trust policy', { trustPolicy: NESTED }, 'trust-external-id'],
  ['bucket policy', { bucketPolicy: NESTED }, 'bucket-foreign-access'],
  ['key policy', { kmsKeyPolicy: NESTED }, 'bucket-encryption-delivery'],
  ['inline policy', { inlinePolicies: { more: NESTED } }, 'permissions-action-scope'],
  ['attached policy', { attachedPolicies: { 'acme.s3.policy': NESTED } }, 'permissions-action-scope'],
  ['boundary', { permissionsBoundary: NESTED }, 'permissions-put-object'],
])('%s: nested very deeply it is not understood, and the report is written', (_what, setUp, rule) => {
  const options = { contracts: [EXAMPLE], declaredRoles: [EXAMPLE] };
  const [report] = judge(observationOf(setUp, EXAMPLE), options);
  const finding = report?.findings.find((one) => one.rule === rule);
  expect(finding).toMatchObject({ status: 'unknown', cause: 'not-understood' });
  expect(finding?.message).toContain('nested too deeply');
  expect(JSON.stringify(report)).toContain('[[[[');
});

const account = (i: number) => String(200_000_000_000 + i);
const many = (make: (i: number) => unknown) => Array.from({ length: 2_000 }, (_, i) => make(i));

test.each([
  ['principals', trust(...many((i) => allowAltr({ Principal: { AWS: account(i) } }))), 'trust-principal'],
  [
    'ExternalIds',
    trust(...many((i) => allowAltr({ Condition: { StringEquals: { 'sts:ExternalId': `id${i}` } } }))),
    'trust-external-id',
  ],
  ['actions', beside(...many((i) => put({ Action: `s3:X${i}` }))), 'permissions-action-scope'],
  [
    'resources',
    beside(...many((i) => put({ Resource: `arn:aws:s3:::b${i}/*` }))),
    'permissions-resource-scope',
  ],
  [
    'outsiders',
    bucketPolicy(
      ...many((i) => ({
        Effect: 'Allow',
        Principal: { AWS: account(i) },
        Action: 's3:GetObject',
        Resource: OBJECTS,
      })),
    ),
    'bucket-foreign-access',
  ],
])(
  '2,000 different %s come to an end',
  (_what, setUp, rule) => {
    expect(verdicts(setUp).fail).toContain(rule);
  },
  60_000,
);

test('a key that is there twice in each of 10,000 statements', () => {
  const trustPolicy = `{"Statement":[${'{"Effect":"Allow","Effect":"Allow"},'.repeat(10_000).slice(0, -1)}]}`;
  expect(verdicts({ trustPolicy }).unknown).toContain('trust-external-id');
}, 60_000);

/** Names of one and two letters, so that a document has room for many. */
const short = (count: number, make: (name: string) => string) =>
  Array.from({ length: count }, (_, i) =>
    make(`${((i % 26) + 10).toString(36)}${i < 26 ? '' : (Math.floor(i / 26) + 9).toString(36)}`),
  );

test.each([
  ['', {}, ['permissions-action-scope', 'permissions-resource-scope']],
  [
    ', beside a boundary that leaves some of it',
    boundary(put(), put({ Action: 's3:a*', Resource: '*' })),
    ['permissions-action-scope', 'permissions-resource-scope'],
  ],
  [
    ', beside a Deny of one of the actions',
    beside({ Effect: 'Deny', Action: 's3:a*', Resource: '*' }),
    ['permissions-action-scope', 'permissions-resource-scope'],
  ],
])(
  'as many actions on as many resources as a policy has room for are a violation%s',
  (_what, setUp, fail) => {
    const wide = put({
      Action: short(340, (name) => `s3:${name}*`),
      Resource: short(160, (name) => `arn:aws:s3:::${name}`),
    });
    const attached = { 'acme.s3.policy': EXAMPLE.permissions, wide: { Statement: [wide] } };
    expect(JSON.stringify(attached.wide).length).toBeLessThan(6_144);
    const found = verdicts({ attachedPolicies: attached, ...setUp });
    expect([found.fail, found.unknown]).toEqual([fail, undefined]);
  },
);

test('documents that are too much are unknown, never a pass, and the other rules are judged', () => {
  const findings = findingsOf(hostile());
  const put = findings.filter(({ rule }) => rule === 'permissions-put-object');
  expect(put).toEqual([
    expect.objectContaining({ status: 'unknown', message: expect.stringContaining('too complex') }),
  ]);
  expect(rulesWith('pass', findings)).toContain('trust-external-id');
});

test('no rule goes on after the time of the run: what it had not decided is unknown', () => {
  const options = { contracts: [EXAMPLE], declaredRoles: [EXAMPLE] };
  const of = (until: number | undefined) =>
    judge(observationOf({}, EXAMPLE), { ...options, until })[0]?.findings;
  const late = of(Date.now() - 1) ?? [];
  expect(late.length).toBeGreaterThan(0);
  expect(new Set(late.map(({ status }) => status))).toEqual(new Set(['unknown']));
  expect(late[0]?.message).toContain('time for the run was over');
  expect(rulesWith('unknown', of(Date.now() + 600_000) ?? [])).toEqual([]);
});
