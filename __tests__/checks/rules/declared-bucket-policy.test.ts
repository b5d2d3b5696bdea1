/** The set-ups in which declared-bucket-policy decides the outcome, each with the outcome of every rule. */

import type { SetUp } from '../../../checks/pages/set-up';
import type { ExportOptionsInput } from '../../../config/options';
import { bucketPolicyDocument } from '../../../config/options/bucket-policy';
import { BUCKET, bucketPolicy, denyAll, OBJECTS, OTHER, OWN, ROLE, refused } from './builders';
import { EXAMPLE, findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-bucket-policy'] };
const UNKNOWN: Expected = { unknown: ['declared-bucket-policy'] };
const declaring = (policy: ExportOptionsInput['bucketPolicy'], setUp: SetUp = {}): SetUp => ({
  declares: { bucketPolicy: policy },
  ...setUp,
});
const plain = { Bool: { 'aws:SecureTransport': 'false' } };
const tls = (...Statement: readonly unknown[]) => declaring({ requireTls: true }, bucketPolicy(...Statement));

// Source: Amazon S3 User Guide, "Managing access based on HTTP or HTTPS requests".
table('TLS is declared to be demanded', [
  ['and is', tls(denyAll(plain)), COMPLIANT],
  [
    'and is, in another spelling',
    tls(denyAll({ BoolIfExists: { 'AWS:securetransport': ['false'] } })),
    COMPLIANT,
  ],
  [
    'and is, in two statements',
    tls(denyAll(plain, { Resource: BUCKET }), denyAll(plain, { Resource: OBJECTS })),
    COMPLIANT,
  ],
  ['and the bucket has no policy', declaring({ requireTls: true }), WEAKER],
  [
    'and perhaps is, by a Deny that is not understood',
    tls({ ...denyAll(plain), Condition: { Boool: { 'aws:SecureTransport': 'false' } } }),
    { unknown: ['declared-bucket-policy', 'permissions-put-object'] },
  ],
  ['and is for objects alone', tls(denyAll(plain, { Resource: OBJECTS })), WEAKER],
  [
    'and is for a part of the objects',
    tls(denyAll(plain, { Resource: [BUCKET, `${BUCKET}/year=2026/*`] })),
    WEAKER,
  ],
  ['and is for reading alone', tls(denyAll(plain, { Action: 's3:Get*' })), WEAKER],
  ['and is for another account alone', tls(denyAll(plain, { Principal: { AWS: OTHER } })), WEAKER],
  [
    'and is for some actions alone',
    tls(denyAll(plain, { Action: ['s3:Get*', 's3:Put*', 's3:List*'] })),
    WEAKER,
  ],
  ['and is for the account alone', tls(denyAll(plain, { Principal: { AWS: OWN } })), WEAKER],
  [
    'and is for the account alone, by a condition',
    tls(denyAll({ ...plain, StringEquals: { 'aws:PrincipalAccount': OWN } })),
    WEAKER,
  ],
  [
    'and is for roles alone',
    tls(denyAll({ ...plain, StringEquals: { 'aws:PrincipalType': 'AssumedRole' } })),
    WEAKER,
  ],
  [
    'and is but for one role',
    tls(denyAll({ ...plain, ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/admin` } })),
    WEAKER,
  ],
  [
    'and is but for ALTR’s role',
    tls(denyAll({ ...plain, ArnNotEquals: { 'aws:PrincipalArn': ROLE } })),
    WEAKER,
  ],
  [
    'and is but for one account',
    tls(denyAll({ ...plain, StringNotEquals: { 'aws:PrincipalAccount': OTHER } })),
    WEAKER,
  ],
  [
    'and is but for one role, by NotPrincipal, which may spare its sessions',
    tls(denyAll(plain, { Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${OWN}:role/admin` } })),
    UNKNOWN,
  ],
  [
    'and is but for one role, whom a second statement denies',
    tls(
      denyAll({ ...plain, ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/admin` } }),
      denyAll({ ...plain, ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/a*` } }),
    ),
    COMPLIANT,
  ],
  [
    'and is, but for AWS services, and so for requests that nobody signed',
    tls(denyAll({ Bool: { ...plain.Bool, 'aws:PrincipalIsAWSService': 'false' } })),
    WEAKER,
  ],
  [
    'and is under one more condition',
    tls(denyAll({ ...plain, StringLike: { 'aws:UserAgent': 'curl*' } })),
    UNKNOWN,
  ],
  [
    'and could not be read',
    declaring({ requireTls: true }, { bucket: { policy: refused('s3:GetBucketPolicy') } }),
    {
      unknown: [
        'bucket-foreign-access',
        'declared-bucket-policy',
        'permissions-action-scope',
        'permissions-put-object',
        'permissions-resource-scope',
      ],
    },
  ],
]);

const old = { NumericLessThan: { 's3:TlsVersion': '1.2' } };
table('a version of TLS is declared', [
  ['and demanded', declaring({ minimumTlsVersion: '1.2' }, bucketPolicy(denyAll(old))), COMPLIANT],
  [
    'and an older one demanded',
    declaring(
      { minimumTlsVersion: '1.2' },
      bucketPolicy(denyAll({ NumericLessThan: { 's3:TlsVersion': '1.1' } })),
    ),
    WEAKER,
  ],
  [
    'and a newer one demanded for reading, which is stricter',
    declaring(
      { minimumTlsVersion: '1.2' },
      bucketPolicy(
        denyAll({ NumericLessThan: { 's3:TlsVersion': '1.3' } }, { Action: 's3:Get*' }),
        denyAll(old),
      ),
    ),
    COMPLIANT,
  ],
  [
    'and demanded for some actions',
    declaring(
      { minimumTlsVersion: '1.2' },
      bucketPolicy(denyAll(old, { Action: ['s3:Get*', 's3:List*', 's3:Delete*', 's3:PutObject'] })),
    ),
    WEAKER,
  ],
  [
    'and demanded of all but some roles',
    declaring(
      { minimumTlsVersion: '1.2' },
      bucketPolicy(
        denyAll({ ...old, ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*admin*` } }),
      ),
    ),
    WEAKER,
  ],
]);

const ANALYSTS = `arn:aws:iam::${OWN}:role/Analyst*`;
const reading = (Condition: object, changes: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:GetObject*',
  Resource: OBJECTS,
  Condition,
  ...changes,
});
const butFor = (...arns: readonly string[]) => ({
  ArnNotLike: { 'aws:PrincipalArn': arns },
  Bool: { 'aws:PrincipalIsAWSService': 'false' },
});
const readers = (...Statement: readonly unknown[]) =>
  declaring({ onlyReaders: [ANALYSTS] }, bucketPolicy(...Statement));

table('the only readers are declared', [
  ['and are', readers(reading(butFor(ANALYSTS))), COMPLIANT],
  ['and fewer are', readers(reading(butFor(`arn:aws:iam::${OWN}:role/Analyst1`))), COMPLIANT],
  ['and another one is', readers(reading(butFor(ANALYSTS, `arn:aws:iam::${OWN}:role/Intern`))), WEAKER],
  ['and every role is', readers(reading(butFor(`arn:aws:iam::${OWN}:role/*`))), WEAKER],
  ['and a wider pattern is', readers(reading(butFor(`arn:aws:iam::${OWN}:role/A*`))), WEAKER],
  [
    'and another one is, whom a second statement shuts out',
    readers(reading(butFor(ANALYSTS, `arn:aws:iam::${OWN}:role/Intern`)), reading(butFor(ANALYSTS))),
    COMPLIANT,
  ],
  [
    'and former versions are left out',
    readers(reading(butFor(ANALYSTS), { Action: 's3:GetObject' })),
    WEAKER,
  ],
  [
    'and some objects are left out',
    readers(reading(butFor(ANALYSTS), { Resource: `${BUCKET}/a/*` })),
    WEAKER,
  ],
  ['and the bucket has no policy', declaring({ onlyReaders: [ANALYSTS] }), WEAKER],
  [
    'and users are left out',
    readers(reading({ ...butFor(ANALYSTS), ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } })),
    WEAKER,
  ],
  [
    'and reading by replication is left out',
    readers(reading(butFor(ANALYSTS), { Action: ['s3:GetObject', 's3:GetObjectVersion'] })),
    WEAKER,
  ],
  [
    'and another account is left out',
    readers(reading({ ...butFor(ANALYSTS), StringNotEquals: { 'aws:PrincipalAccount': OTHER } })),
    WEAKER,
  ],
  [
    'and are shut out, too',
    readers(reading({ Bool: { 'aws:PrincipalIsAWSService': 'false' } })),
    { advice: ['declared-bucket-policy'] },
  ],
  [
    'and are told by their IDs, which nobody can see',
    readers(reading({ StringNotLike: { 'aws:userid': 'AROAEXAMPLE:*' } })),
    UNKNOWN,
  ],
]);

test('the fix keeps the policy and adds what is declared, with the readers and replication', () => {
  const declares: ExportOptionsInput = {
    bucketPolicy: { requireTls: true, onlyReaders: [ANALYSTS] },
    readers: [{ name: 'splunk', attachedTo: [`arn:aws:iam::${OWN}:role/Splunk`] }],
  };
  const statement = { Sid: 'Mine', ...denyAll(old) };
  const [finding] = findingsOf({ declares, ...bucketPolicy(statement) }).filter(
    ({ rule }) => rule === 'declared-bucket-policy',
  );
  const own = bucketPolicyDocument('aws', EXAMPLE.bucket, {
    requireTls: true,
    onlyReaders: [ANALYSTS, `arn:aws:iam::${OWN}:role/Splunk`],
  });
  expect(finding?.remediation?.document).toEqual({
    Version: '2012-10-17',
    Statement: [statement, ...(own?.Statement ?? [])],
  });
  expect(finding?.remediation?.summary).toMatch(/can’t read logs from then on/);
  // A deploy would replace the statement that is not the kit's.
  expect(finding?.remediation?.cdktf).toBeUndefined();
});

test('a deploy restores a policy that holds nothing but what is declared', () => {
  const [finding] = findingsOf(declaring({ requireTls: true })).filter(
    ({ rule }) => rule === 'declared-bucket-policy',
  );
  expect(finding?.remediation?.cdktf).toBe('npx cdktf deploy acme-prod');
});

test('a reader who is shut out is exempted by hand: a deploy would replace statements that are not its own', () => {
  const advice = findingsOf(readers(reading(butFor(`arn:aws:iam::${OWN}:role/Nobody`)))).find(
    ({ rule, status }) => rule === 'declared-bucket-policy' && status === 'advice',
  );
  expect(advice?.message).toContain('whom the config declares as a reader');
  expect(advice?.remediation?.summary).toMatch(/^Exempt the reader/);
  expect(advice?.remediation?.cdktf).toBeUndefined();
});
