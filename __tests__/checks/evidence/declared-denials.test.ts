import type { DeclaringContext } from '../../../checks/evidence/context';
import {
  type Denial,
  declaredReaders,
  deniedReaders,
  deniesOldTls,
  deniesPlainText,
  type Intruder,
  intrudersOf,
  lacksDenials,
} from '../../../checks/evidence/declared-denials';
import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import { type ExportOptionsInput, exportOptionsSchema } from '../../../config/options';
import { type BucketPolicyRequirements, bucketPolicyDocument } from '../../../config/options/bucket-policy';
import type { OtherReader } from '../../../config/options/readers';
import { BUCKET, denyAll, type Json, OBJECTS, OTHER, OWN } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

const roleOf = (name: string) => `arn:aws:iam::${OWN}:role/${name}`;
const ANALYSTS = roleOf('Analyst*');
const declaring = (declares: ExportOptionsInput = {}, otherReaders?: readonly OtherReader[]) =>
  ({
    contract: EXAMPLE,
    declared: { ...exportOptionsSchema.parse(declares), otherReaders },
  }) as DeclaringContext;
const policyOf = (Statement: readonly unknown[]) =>
  parsedResourcePolicy({
    source: 'bucket policy',
    text: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
/** What the kit itself deploys. */
const own = (requirements: BucketPolicyRequirements) =>
  bucketPolicyDocument('aws', EXAMPLE.bucket, requirements)?.Statement ?? [];
/** An element that IAM does not know, so that the statement is not understood. */
const MISSPELT: Json = { Conditions: {} };
const OPEN: Json = { StringLike: { 'aws:UserAgent': 'curl*' } };

const plain = { Bool: { 'aws:SecureTransport': 'false' } };
const older = (version: string, operator = 'NumericLessThan') => ({
  [operator]: { 's3:TlsVersion': version },
});
const allowEverything = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: [BUCKET, OBJECTS] };

test.each<[what: string, statements: readonly unknown[], denial: Denial]>([
  ['the kit’s own statement', own({ requireTls: true }), 'denied'],
  ['a Deny of everything', [denyAll()], 'denied'],
  [
    'a Deny in two statements',
    [denyAll(plain, { Resource: BUCKET }), denyAll(plain, { Resource: OBJECTS })],
    'denied',
  ],
  [
    'a Deny of every key, which has at least one character',
    [denyAll(plain, { Resource: [BUCKET, `${BUCKET}/?*`] })],
    'denied',
  ],
  ['a Deny beside a statement that is not understood', [denyAll(plain), denyAll(plain, MISSPELT)], 'denied'],
  ['nothing', [], 'not-denied'],
  ['an Allow', [allowEverything], 'not-denied'],
  ['an Allow that is not understood', [{ ...allowEverything, ...MISSPELT }], 'not-denied'],
  ['an Allow under an open condition', [{ ...allowEverything, Condition: OPEN }], 'not-denied'],
  ['a Deny for objects alone', [denyAll(plain, { Resource: OBJECTS })], 'not-denied'],
  ['a Deny for the bucket alone', [denyAll(plain, { Resource: BUCKET })], 'not-denied'],
  [
    'a Deny for a part of the objects',
    [denyAll(plain, { Resource: [BUCKET, `${BUCKET}/a*`] })],
    'not-denied',
  ],
  [
    'a Deny of actions by name',
    [denyAll(plain, { Action: ['s3:Get*', 's3:List*', 's3:Put*', 's3:Delete*'] })],
    'not-denied',
  ],
  ['a Deny of requests with TLS', [denyAll({ Bool: { 'aws:SecureTransport': 'true' } })], 'not-denied'],
  ['a Deny of old TLS, of which no version is told', [denyAll(older('1.3'))], 'not-denied'],
  ['a Deny of old TLS or none', [denyAll(older('1.2', 'NumericLessThanIfExists'))], 'denied'],
  ['a Deny for one account', [denyAll(plain, { Principal: { AWS: OWN } })], 'not-denied'],
  [
    'a Deny for the account’s roles',
    [denyAll({ ...plain, ArnLike: { 'aws:PrincipalArn': roleOf('*') } })],
    'not-denied',
  ],
  [
    'a Deny but for one role',
    [denyAll({ ...plain, ArnNotEquals: { 'aws:PrincipalArn': roleOf('admin') } })],
    'not-denied',
  ],
  [
    'a Deny but for requests that nobody signed',
    [denyAll({ ...plain, StringNotEquals: { 'aws:PrincipalType': 'Anonymous' } })],
    'not-denied',
  ],
  [
    'a Deny but for users of the account',
    [
      denyAll({ ...plain, StringNotEquals: { 'aws:PrincipalAccount': OWN } }),
      denyAll({ ...plain, StringNotEquals: { 'aws:PrincipalType': 'User' } }),
    ],
    'not-denied',
  ],
  ['a Deny under one more condition, that is open', [denyAll({ ...plain, ...OPEN })], 'open'],
  ['an open Deny for the bucket alone', [denyAll({ ...plain, ...OPEN }, { Resource: BUCKET })], 'not-denied'],
  [
    'an open Deny for the bucket, a sure one for objects',
    [denyAll({ ...plain, ...OPEN }, { Resource: BUCKET }), denyAll(plain, { Resource: OBJECTS })],
    'open',
  ],
  ['a Deny that is not understood', [denyAll(plain, MISSPELT)], 'not-understood'],
  [
    'a Deny that is not understood, beside an open one',
    [denyAll(plain, MISSPELT), denyAll({ ...plain, ...OPEN })],
    'not-understood',
  ],
  [
    'a Deny that is not understood, beside one for objects',
    [denyAll(plain, MISSPELT), denyAll(plain, { Resource: OBJECTS })],
    'not-understood',
  ],
  [
    'a Deny with an operator that is not understood',
    [denyAll({ Boool: { 'aws:SecureTransport': 'false' } })],
    'open',
  ],
  ['a statement of neither effect', [denyAll(plain, { Effect: 'Refuse' })], 'not-understood'],
])('requests without TLS, by %s', (_what, statements, denial) => {
  expect(deniesPlainText(policyOf(statements), declaring(), OWN)).toBe(denial);
});

test.each<[what: string, second: string, denial: Denial]>([
  ['may be one of both patterns', '*AcmeProd', 'not-denied'],
  ['is of one pattern only', 'teams/*', 'denied'],
])(
  'requests without TLS, where two statements each spare a pattern and a role %s',
  (_what, second, denial) => {
    const butFor = (pattern: string) => denyAll({ ...plain, ArnNotLike: { 'aws:PrincipalArn': pattern } });
    const policy = policyOf([butFor(roleOf('altr/ALTR*')), butFor(roleOf(second))]);
    expect(deniesPlainText(policy, declaring(), OWN)).toBe(denial);
  },
);

test.each<[what: string, statements: readonly unknown[], denial: Denial]>([
  ['the kit’s own statement', own({ minimumTlsVersion: '1.2' }), 'denied'],
  ['a Deny of requests without TLS', [denyAll(plain)], 'not-denied'],
  [
    'a Deny of requests with TLS of every version',
    [denyAll({ Bool: { 'aws:SecureTransport': 'true' } })],
    'denied',
  ],
  ['a Deny of what is older than 1.1', [denyAll(older('1.1'))], 'not-denied'],
  ['a Deny of 1.1', [denyAll(older('1.1', 'NumericEquals'))], 'not-denied'],
  [
    'a Deny of 1.0 and one of 1.1',
    [denyAll(older('1.0', 'NumericEquals')), denyAll(older('1.1', 'NumericEquals'))],
    'denied',
  ],
  ['an open Deny', [denyAll({ ...older('1.2'), ...OPEN })], 'open'],
  [
    'a Deny of 1.0, and an open one of 1.1',
    [denyAll(older('1.1')), denyAll({ ...older('1.2'), ...OPEN })],
    'open',
  ],
])('requests with TLS 1.0 or 1.1, by %s', (_what, statements, denial) => {
  expect(deniesOldTls(policyOf(statements), declaring(), OWN)).toBe(denial);
});

type DeclaredPolicy = ExportOptionsInput['bucketPolicy'];

test.each<[what: string, declared: DeclaredPolicy, statements: readonly unknown[], lacks: boolean]>([
  ['nothing, and no policy', undefined, [], false],
  ['that TLS is not demanded', { requireTls: false }, [], false],
  ['TLS, and no policy', { requireTls: true }, [], true],
  ['TLS', { requireTls: true }, own({ requireTls: true }), false],
  ['TLS, and it is open', { requireTls: true }, [denyAll({ ...plain, ...OPEN })], true],
  ['a version, and no policy', { minimumTlsVersion: '1.2' }, [], true],
  ['a version', { minimumTlsVersion: '1.2' }, own({ minimumTlsVersion: '1.2' }), false],
  ['readers, and no policy', { onlyReaders: [ANALYSTS] }, [], true],
  ['readers', { onlyReaders: [ANALYSTS] }, own({ onlyReaders: [ANALYSTS] }), false],
  ['readers, and others are spared', { onlyReaders: [ANALYSTS] }, own({ onlyReaders: [roleOf('*')] }), true],
  [
    'all of it',
    { requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [ANALYSTS] },
    own({ requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [ANALYSTS] }),
    false,
  ],
  [
    'all of it, and the first is missing',
    { requireTls: true, minimumTlsVersion: '1.2', onlyReaders: [ANALYSTS] },
    own({ minimumTlsVersion: '1.2', onlyReaders: [ANALYSTS] }),
    true,
  ],
])('whether a policy lacks what is declared: %s', (_what, bucketPolicy, statements, lacks) => {
  expect(lacksDenials(policyOf(statements), declaring({ bucketPolicy }), OWN)).toBe(lacks);
});

const reading = (Condition?: unknown, changes: Json = {}) =>
  denyAll(Condition, { Action: 's3:GetObject*', Resource: OBJECTS, ...changes });
const butFor = (...arns: readonly string[]) => ({
  ArnNotLike: { 'aws:PrincipalArn': arns },
  Bool: { 'aws:PrincipalIsAWSService': 'false' },
});
const onlyAnalysts = declaring({ bucketPolicy: { onlyReaders: [ANALYSTS] } });
const intruders = (...statements: readonly unknown[]) => intrudersOf(policyOf(statements), onlyAnalysts, OWN);

const HERE = 'everybody in the account whom nobody has named';
const ELSEWHERE = 'principals of other accounts';
const everybody = (denial: Intruder['denial']): Intruder[] => [
  { who: HERE, denial },
  { who: ELSEWHERE, denial },
];

test.each<[what: string, statements: readonly unknown[], found: readonly Intruder[]]>([
  ['the kit’s own statement', own({ onlyReaders: [ANALYSTS] }), []],
  ['a statement that spares fewer', [reading(butFor(roleOf('Analyst1')))], []],
  ['a statement that spares the declared pattern as another one', [reading(butFor(roleOf('Analyst?*')))], []],
  ['a statement that spares nobody', [reading()], []],
  ['nothing', [], everybody('not-denied')],
  ['a Deny of old TLS', [reading(older('1.2'))], everybody('not-denied')],
  ['a Deny of requests without TLS', [reading(plain)], everybody('not-denied')],
  [
    'a Deny of requests with TLS 1.3',
    [reading({ Bool: { 'aws:SecureTransport': 'true' }, ...older('1.3', 'NumericEquals') })],
    [],
  ],
  ['an open Deny', [reading(OPEN)], everybody('open')],
  ['a Deny that is not understood', [reading(plain, MISSPELT)], everybody('not-understood')],
  [
    'a Deny for some objects',
    [reading(butFor(ANALYSTS), { Resource: `${BUCKET}/a/*` })],
    everybody('not-denied'),
  ],
  [
    'a Deny for the account alone',
    [reading(butFor(ANALYSTS), { Principal: { AWS: OWN } })],
    [{ who: ELSEWHERE, denial: 'not-denied' }],
  ],
  [
    'a Deny for users alone',
    [reading({ StringEquals: { 'aws:PrincipalType': 'User' } })],
    everybody('not-denied'),
  ],
  [
    'a statement that spares another role, too',
    [reading(butFor(ANALYSTS, roleOf('Intern')))],
    [{ who: roleOf('Intern'), denial: 'not-denied' }],
  ],
  [
    'a statement that spares a wider pattern',
    [reading(butFor(roleOf('A*')))],
    [{ who: roleOf('A*'), denial: 'not-denied' }],
  ],
  [
    'a statement that spares another role, perhaps',
    [reading(butFor(roleOf('Intern'))), reading({ ...butFor(ANALYSTS), ...OPEN })],
    [{ who: roleOf('Intern'), denial: 'open' }],
  ],
  [
    'a statement that spares another role, whom a second one shuts out',
    [reading(butFor(ANALYSTS, roleOf('Intern'))), reading(butFor(ANALYSTS))],
    [],
  ],
])('who may read and is not declared, by %s', (_what, statements, found) => {
  expect(intruders(...statements)).toStrictEqual(found);
});

const READING = ['', 'Version', 'Torrent', 'VersionTorrent', 'VersionForReplication'].map(
  (what) => `s3:GetObject${what}`,
);

test('a Deny of all that gets at the contents of an object is enough', () => {
  expect(intruders(reading(butFor(ANALYSTS), { Action: READING }))).toStrictEqual([]);
});

test.each(READING)('a Deny that leaves out %s is not enough', (left) => {
  const Action = READING.filter((action) => action !== left);
  expect(intruders(reading(butFor(ANALYSTS), { Action }))).toStrictEqual(everybody('not-denied'));
});

test('with two declared readers, either may be spared', () => {
  const two = declaring({ bucketPolicy: { onlyReaders: [ANALYSTS, roleOf('Siem')] } });
  expect(intrudersOf(policyOf([reading(butFor(roleOf('Siem')))]), two, OWN)).toStrictEqual([]);
});

test.each<[what: string, statements: readonly unknown[], denied: readonly string[]]>([
  ['the kit’s own statement', own({ onlyReaders: [ANALYSTS] }), []],
  ['nothing', [], []],
  ['a statement that spares nobody', [reading()], [ANALYSTS]],
  ['a statement that spares one of them', [reading(butFor(roleOf('Analyst1')))], []],
  ['a statement that spares somebody else', [reading(butFor(roleOf('Intern')))], [ANALYSTS]],
  ['an open Deny', [reading(OPEN)], []],
  ['a Deny of other reading', [reading(undefined, { Action: 's3:GetObjectVersion' })], []],
  ['a Deny of reading logs as they are now', [reading(undefined, { Action: 's3:GetObject' })], [ANALYSTS]],
  ['a Deny of requests without TLS and with an old one', [denyAll(plain), denyAll(older('1.3'))], []],
])('declared readers whom a policy shuts out: %s', (_what, statements, denied) => {
  expect(deniedReaders(policyOf(statements), onlyAnalysts, OWN)).toStrictEqual(denied);
});

test('the declared readers are all whom the config names, and the roles that it makes, in their path', () => {
  const LAMBDA = roleOf('lambda');
  const PIPE = `arn:aws:iam::${OTHER}:role/pipe`;
  const context = declaring(
    {
      role: { path: '/logs/' },
      bucketPolicy: { onlyReaders: [ANALYSTS] },
      readers: [
        { name: 'siem', trustedPrincipals: [OTHER] },
        { name: 'lambda', attachedTo: [LAMBDA] },
        { name: 'nobody-knows' },
      ],
      replication: { bucket: 'copies', region: 'eu-west-1' },
    },
    [{ roleName: 'splunk' }, { attachedTo: [PIPE] }],
  );
  expect(declaredReaders(context, OWN)).toStrictEqual([
    ANALYSTS,
    roleOf('logs/acme-altr-audit-logs-reader-siem'),
    LAMBDA,
    roleOf('logs/splunk'),
    PIPE,
    roleOf('logs/acme-altr-audit-logs-replication'),
  ]);
});

test('without a path they are in none, and without any there is none', () => {
  expect(
    declaredReaders(declaring({ readers: [{ name: 'siem', trustedPrincipals: [OTHER] }] }), OWN),
  ).toEqual([roleOf('acme-altr-audit-logs-reader-siem')]);
  expect(declaredReaders(declaring(), OWN)).toStrictEqual([]);
});
