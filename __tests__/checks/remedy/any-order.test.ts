/**
 * Corrections compose: what all findings of an export print can be pasted in any order, comes to the same documents, and
 * leaves no violation of these documents. What is nobody's business stays.
 */
import { remembered } from '../../../checks/evidence/lazily';
import type { SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import type { Finding } from '../../../checks/verdict/finding';
import {
  allowAltr,
  beside,
  boundary,
  bucketPolicy,
  deny,
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
  useKey,
} from '../rules/builders';
import { findingsOf } from '../rules/support';
import { afterFixes } from './support';

const fromOffice = { NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } };
const foreignGet = {
  Sid: 'f',
  Effect: 'Allow',
  Principal: { AWS: OTHER },
  Action: 's3:GetObject',
  Resource: OBJECTS,
};
const analyst = {
  Sid: 'analyst',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${OWN}:role/analyst` },
  Action: 's3:GetObject',
  Resource: OBJECTS,
};
const keyPolicy = (...Statement: unknown[]): SetUp => ({
  kmsKeyPolicy: { Version: '2012-10-17', Statement },
});
const keyForeign = {
  Sid: 'foreign',
  Effect: 'Allow',
  Principal: { AWS: OTHER },
  Action: 'kms:Decrypt',
  Resource: '*',
};
const keyAdmin = {
  Sid: 'admin',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${OWN}:role/admin` },
  Action: 'kms:*',
  Resource: '*',
};
const keyRoot = { ...keyAdmin, Sid: 'root', Principal: { AWS: `arn:aws:iam::${OWN}:root` } };
const withKey = policy(put(), useKey);
const wide = put({ Action: ['s3:PutObject', 's3:GetObject'] });

/** Each breaks documents; two of them together break the more. */
const FAULTS: Readonly<Record<string, SetUp>> = {
  'anybody is trusted': trust(allowAltr({ Principal: '*' })),
  'any ExternalId, and a Deny that may hit ALTR': trust(
    allowAltr({ Condition: undefined }),
    deny(fromOffice),
  ),
  'a Deny that hits ALTR': trust(allowAltr(), deny(undefined)),
  'anybody is trusted, under a Deny that may hit ALTR': trust(
    allowAltr({ Principal: '*' }),
    deny(fromOffice),
  ),
  'too many actions': policy(wide),
  'too many actions, under a Deny that may hit the role': policy(wide, {
    Effect: 'Deny',
    Action: 's3:*',
    Resource: '*',
    Condition: fromOffice,
  }),
  'too many actions, held back by a Deny that hits the role': policy(put({ Action: 's3:*' }), {
    Effect: 'Deny',
    Action: 's3:*',
    Resource: '*',
  }),
  'the own inline policy grants something else': {
    attachedPolicies: {},
    inlinePolicies: {
      'altr-audit-log-export': { Version: '2012-10-17', Statement: [put({ Action: 's3:GetObject' })] },
    },
  },
  'a Deny in an inline policy': beside({ Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }),
  'no policy': { attachedPolicies: {} },
  'a boundary that leaves nothing': boundary({ Effect: 'Allow', Action: 'logs:*', Resource: '*' }),
  'a boundary with Deny statements': boundary(
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: fromOffice },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
  ),
  'a foreign reader': bucketPolicy(foreignGet, analyst),
  'a foreign reader, and TLS is declared': {
    ...bucketPolicy(foreignGet, analyst),
    declares: { bucketPolicy: { requireTls: true } },
  },
  'a foreign reader, and a Deny that may hit the role': bucketPolicy(
    foreignGet,
    analyst,
    denyAll(fromOffice),
  ),
  'a foreign reader, and a Deny that hits the role': bucketPolicy(foreignGet, analyst, denyAll()),
  'readers are declared': {
    ...bucketPolicy(analyst, denyAll(fromOffice)),
    declares: { bucketPolicy: { requireTls: true, onlyReaders: [`arn:aws:iam::${OWN}:role/analyst`] } },
  },
  'the role may read by the bucket policy': bucketPolicy(
    { ...foreignGet, Principal: { AWS: ROLE } },
    analyst,
  ),
  'everybody may write by the bucket policy': bucketPolicy(
    { ...foreignGet, Principal: '*', Action: 's3:PutObject' },
    analyst,
  ),
  'everybody of the account may read by the bucket policy, so the role, too': bucketPolicy(
    { ...foreignGet, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': OWN } } },
    analyst,
  ),
  'the role, a foreign account and a service write by one statement': bucketPolicy(
    {
      ...foreignGet,
      Principal: { AWS: [ROLE, OTHER], Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
    },
    analyst,
  ),
  'the bucket policy denies all but those named': bucketPolicy(
    denyAll(undefined, {
      Principal: undefined,
      NotPrincipal: { AWS: [`arn:aws:iam::${OWN}:root`, `arn:aws:iam::${OWN}:role/analyst`] },
    }),
    analyst,
  ),
  'everybody uses the key': together(
    withKey,
    keyPolicy(keyAdmin, { ...keyForeign, Principal: '*', Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
  ),
  'a foreign reader of the key': together(withKey, keyPolicy(keyForeign, keyAdmin)),
  'a foreign reader of the key, and a Deny that hits the role': together(
    withKey,
    keyPolicy(keyForeign, keyRoot, {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
    }),
  ),
  'an account reads by the key, of which a role is a declared reader': together(withKey, {
    ...keyPolicy({ ...keyForeign, Principal: { AWS: OTHER } }, keyAdmin),
    declares: { bucketPolicy: { onlyReaders: [`arn:aws:iam::${OTHER}:role/siem`] } },
  }),
  'everybody administers the key': together(
    withKey,
    keyPolicy({ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }),
  ),
  'the role lacks the key': keyPolicy(keyRoot),
  'the role administers the key, held back by a Deny of the key’s policy': together(
    withKey,
    keyPolicy(
      keyRoot,
      { ...keyForeign, Principal: { AWS: ROLE }, Action: 'kms:*' },
      { Effect: 'Deny', Principal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' },
    ),
  ),
  'everybody of the account administers the key, and the role is denied it by its own policy': together(
    policy(put(), { Effect: 'Deny', Action: 'kms:*', Resource: '*' }),
    keyPolicy(keyAdmin, {
      ...keyForeign,
      Principal: '*',
      Action: 'kms:*',
      Condition: { StringEquals: { 'kms:CallerAccount': OWN } },
    }),
  ),
  'the role’s own policy lets it do all with the key, held back by a Deny of the key’s policy': together(
    policy(put(), { Effect: 'Allow', Action: 'kms:*', Resource: KEY }),
    keyPolicy(keyRoot, { Effect: 'Deny', Principal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' }),
  ),
  'the role administers the key, held back by a Deny of everything of its own': together(
    policy(put(), { Effect: 'Deny', Action: '*', Resource: '*' }),
    keyPolicy(keyRoot, { ...keyForeign, Principal: { AWS: ROLE }, Action: 'kms:*' }),
  ),
};

const EXAMPLES = Object.fromEntries(
  RULES.map(({ metadata: { id, examples } }) => [`example of ${id}`, examples.violating.setUp]),
);

/** Rules about documents that the fixes of these set-ups write. */
const ABOUT_DOCUMENTS =
  /^(trust-(?!principal-)|permissions-|bucket-foreign-access|declared-bucket-policy|bucket-encryption-delivery|logs-stay)/;

/** Each set-up is judged once. */
const judged = remembered((setUp: SetUp) => findingsOf(setUp));

function open(setUp: SetUp): Finding[] {
  return judged(setUp).filter(
    ({ rule, status, remediation }) =>
      ABOUT_DOCUMENTS.test(rule) &&
      (status === 'fail' || status === 'unknown') &&
      /policy-document|put-bucket-policy|put-key-policy|delete-bucket-policy|role-policy/.test(
        remediation?.commands?.join() ?? '',
      ),
  );
}

function pairsOf(setUps: Readonly<Record<string, SetUp>>): (readonly [string, SetUp])[] {
  const entries = Object.entries(setUps);
  return entries.flatMap(([name, one], index) =>
    entries
      .slice(index + 1)
      // Two of one document can't both be: the second replaces the first.
      .filter(([, other]) => !Object.keys(one).some((key) => key !== 'bucket' && key in other))
      .map(([second, other]) => [`${name}; ${second}`, together(one, other)] as const),
  );
}

const CASES = [...Object.entries({ ...FAULTS, ...EXAMPLES }), ...pairsOf(FAULTS)].filter(
  ([, setUp]) => open(setUp).length > 0,
);

test.each(CASES)('%s', (_name, setUp) => {
  const findings = open(setUp);
  const forwards = afterFixes(findings, setUp);
  const backwards = afterFixes([...findings].reverse(), setUp);
  expect(backwards).toEqual(forwards);
  expect(open(forwards).map(({ rule, message }) => ({ rule, message }))).toEqual([]);
  const before = judged(setUp).filter(({ status }) => status === 'fail');
  const known = new Set(before.map(({ rule }) => rule));
  const after = judged(forwards).filter(({ status, rule }) => status === 'fail' && !known.has(rule));
  expect(after.map(({ rule, message }) => ({ rule, message }))).toEqual([]);
  for (const bystander of [analyst, keyAdmin, keyRoot]) {
    const text = JSON.stringify(bystander);
    if (JSON.stringify(setUp).includes(text)) expect(JSON.stringify(forwards)).toContain(text);
  }
});

test('there are many cases, and each fault is one', () => {
  expect(CASES.length).toBeGreaterThan(150);
  for (const name of Object.keys(FAULTS)) expect(CASES.map(([each]) => each)).toContain(name);
});
