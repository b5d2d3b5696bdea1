import {
  ANONYMOUS,
  asAskedBy,
  principal,
  sparedBy,
  unnamedIn,
  witness,
} from '../../../checks/evidence/askers';
import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import { UNNAMED } from '../../../checks/policy';

const OWN = '123456789012';
const ROLE = `arn:aws:iam::${OWN}:role/team/Reader`;
const USER = `arn:aws:iam::${OWN}:user/ann`;
const SESSION = `arn:aws:sts::${OWN}:assumed-role/Reader/today`;
const FEDERATED = `arn:aws:sts::${OWN}:federated-user/bob`;
const ROOT = `arn:aws:iam::${OWN}:root`;

const policyOf = (...Statement: readonly unknown[]) =>
  parsedResourcePolicy({
    source: 'bucket policy',
    text: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
const denyReading = { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' };

test.each([
  ['a role', ROLE, { accountId: OWN, roleArn: ROLE, roleName: 'Reader' }, 'AssumedRole'],
  ['a user', USER, { accountId: OWN }, 'User'],
  ['the root user', ROOT, { accountId: OWN }, 'Account'],
  ['a federated user', FEDERATED, { accountId: OWN }, 'FederatedUser'],
])('%s asks as a principal of its account and its kind', (_what, arn, caller, type) => {
  expect(principal(arn)).toEqual({
    caller,
    facts: expect.objectContaining({
      'aws:PrincipalArn': { kind: 'value', value: arn },
      'aws:PrincipalAccount': { kind: 'value', value: OWN },
      'aws:PrincipalType': { kind: 'value', value: type },
      'aws:PrincipalIsAWSService': expect.objectContaining({ kind: 'value', value: 'false' }),
    }),
  });
});

test('of another kind of ARN the type is not known', () => {
  expect(principal(SESSION)).toMatchObject({
    caller: { accountId: OWN },
    facts: { 'aws:PrincipalType': { kind: 'present' } },
  });
});

test('a text that is no ARN names no account', () => {
  expect(principal(witness('*'))).toMatchObject({
    caller: { accountId: '' },
    facts: {
      'aws:PrincipalArn': { kind: 'value', value: UNNAMED },
      'aws:PrincipalAccount': { kind: 'value', value: '' },
      'aws:PrincipalType': { kind: 'present' },
    },
  });
});

test('somebody whom nobody has named is tried as each kind of principal', () => {
  expect(unnamedIn('aws', OWN).map(({ facts }) => facts['aws:PrincipalArn'])).toEqual(
    [
      ROOT,
      `arn:aws:iam::${OWN}:role/${UNNAMED}`,
      `arn:aws:iam::${OWN}:user/${UNNAMED}`,
      `arn:aws:sts::${OWN}:federated-user/${UNNAMED}`,
    ].map((value) => ({ kind: 'value', value })),
  );
});

test('a witness of a pattern has a name in place of each wildcard', () => {
  expect(witness('arn:aws:iam::*:role/log-?-*')).toBe(
    `arn:aws:iam::${UNNAMED}:role/log-${UNNAMED}-${UNNAMED}`,
  );
});

test('a request that nobody signed has no principal', () => {
  const { caller, facts } = ANONYMOUS;
  expect(caller).toEqual({ accountId: UNNAMED });
  expect(facts).toMatchObject({
    'aws:PrincipalArn': { kind: 'absent' },
    'aws:PrincipalIsAWSService': { kind: 'absent' },
    'aws:PrincipalOrgID': { kind: 'absent' },
    'aws:PrincipalOrgPaths': { kind: 'absent' },
    'aws:PrincipalTag/': { kind: 'absent' },
    'aws:PrincipalAccount': { kind: 'value', value: 'anonymous' },
    'aws:PrincipalType': { kind: 'value', value: 'Anonymous' },
  });
});

test.each<[what: string, statement: object, spared: string[]]>([
  [
    'ARNs in a condition, in any spelling of the key',
    { Principal: '*', Condition: { ArnNotLike: { 'AWS:PrincipalARN': [ROLE, `${ROLE}-*`] } } },
    [ROLE, `${ROLE}-*`],
  ],
  [
    'an account in a condition by its roles',
    { Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalAccount': OWN } } },
    [`arn:aws:iam::${OWN}:role/*`],
  ],
  ['a role in NotPrincipal', { NotPrincipal: { AWS: ROLE } }, [ROLE]],
  [
    'an account in NotPrincipal by its roles',
    { NotPrincipal: { AWS: ROOT } },
    [`arn:aws:iam::${OWN}:role/*`],
  ],
  ['nobody in Principal', { Principal: { AWS: ROLE } }, []],
  ['nobody in a statement without a principal', {}, []],
  ['nobody in another condition', { Principal: '*', Condition: { ArnLike: { 'aws:SourceArn': ROLE } } }, []],
])('a policy spares %s', (_what, statement, spared) => {
  expect(sparedBy(policyOf({ ...denyReading, ...statement }), 'aws')).toStrictEqual(spared);
});

const spareArn = (...arns: string[]) => ({
  ...denyReading,
  Principal: '*',
  Condition: { ArnNotLike: { 'aws:PrincipalArn': arns } },
});
const spareAccounts = (...accounts: string[]) => ({
  ...denyReading,
  Principal: '*',
  Condition: { StringNotEquals: { 'aws:PrincipalAccount': accounts } },
});

// Two Denies that each spare some spare together only whom both mean.
test.each<[what: string, statements: readonly unknown[], both: readonly string[]]>([
  [
    'patterns that cross',
    [spareArn(`arn:aws:iam::${OWN}:role/In*`), spareArn(`arn:aws:iam::${OWN}:role/*Prod`)],
    [`arn:aws:iam::${OWN}:role/In*Prod`],
  ],
  [
    'three patterns that cross',
    [
      spareArn(`arn:aws:iam::${OWN}:role/In*`),
      spareArn(`arn:aws:iam::${OWN}:role/*Prod`),
      spareArn(`arn:aws:iam::${OWN}:role/*Team*`),
    ],
    ['In*Prod', 'In*Team*', '*Team*Prod', 'In*Team*Prod'].map((name) => `arn:aws:iam::${OWN}:role/${name}`),
  ],
  [
    'an account, and a user of any account',
    [spareAccounts(OWN), spareArn('arn:aws:iam::*:user/ann?')],
    [`arn:aws:iam::${OWN}:user/ann?`],
  ],
  [
    'patterns of one statement',
    [spareArn(`arn:aws:iam::${OWN}:role/In*`, `arn:aws:iam::${OWN}:role/*Prod`)],
    [],
  ],
  ['accounts that differ', [spareAccounts(OWN), spareAccounts('222222222222')], []],
  [
    'patterns that mean nobody in common',
    [spareArn('arn:aws:iam::*:role/a*'), spareArn('arn:aws:iam::*:role/b*')],
    [],
  ],
])('whom several statements spare together is tried: %s', (_what, statements, both) => {
  const alone = statements.flatMap((statement) => sparedBy(policyOf(statement), 'aws'));
  const together = sparedBy(policyOf(...statements), 'aws').filter((arn) => !alone.includes(arn));
  expect(together.sort()).toEqual([...both].sort());
});

test('thousands of spared accounts are not compared each with each', () => {
  const accounts = Array.from({ length: 2_000 }, (_, index) => String(100_000_000_000 + index));
  const spared = sparedBy(policyOf(spareAccounts(...accounts), spareAccounts(...accounts)), 'aws');
  // Each account by its roles and, as both statements have it, by its other principals.
  expect(spared.length).toBeLessThan(10_000);
});

test('a principal that is named twice is tried once', () => {
  const statement = { ...denyReading, NotPrincipal: { AWS: ROLE } };
  expect(sparedBy(policyOf(statement, statement), 'aws')).toEqual([ROLE]);
});

const OTHER_ROLE = `arn:aws:iam::${OWN}:role/Writer`;
const OTHER_USER = `arn:aws:iam::${OWN}:user/eve`;
const NAMED = [ROLE, OTHER_ROLE, USER, OTHER_USER, SESSION, FEDERATED, ROOT];
const GOV_ROLE = `arn:aws-us-gov:iam::${OWN}:role/Reader`;

test.each<[what: string, arn: string, kinds: readonly string[]]>([
  [
    'a role: other roles and sessions stay, for a decision knows the role that asks',
    ROLE,
    ['anyone', 'role', 'deleted', 'deleted', 'session', 'deleted', 'account'],
  ],
  [
    'a role of another partition',
    GOV_ROLE,
    ['role', 'role', 'deleted', 'deleted', 'session', 'deleted', 'account'],
  ],
  [
    'a user: no role or session is it',
    USER,
    ['deleted', 'deleted', 'anyone', 'deleted', 'deleted', 'deleted', 'account'],
  ],
  [
    'a federated user',
    FEDERATED,
    ['deleted', 'deleted', 'deleted', 'deleted', 'deleted', 'anyone', 'account'],
  ],
  [
    'a user whose path looks like a role',
    `arn:aws:iam::${OWN}:user/arn:aws:iam::${OWN}:role/x`,
    ['deleted', 'deleted', 'deleted', 'deleted', 'deleted', 'deleted', 'account'],
  ],
])('the policy as it is for %s', (_what, arn, kinds) => {
  const policy = policyOf({ ...denyReading, Principal: { AWS: NAMED } });
  const entries = asAskedBy(policy, arn).statements.flatMap(({ principals }) => principals?.entries ?? []);
  expect(entries.map(({ kind }) => kind)).toEqual(kinds);
  expect(entries.map(({ text, pointer }) => [text, pointer])).toEqual(
    NAMED.map((text, index) => [text, `/Statement/0/Principal/AWS/${index}`]),
  );
});

test('NotPrincipal stays one, and a statement without principals stays as it is', () => {
  const policy = policyOf({ ...denyReading, NotPrincipal: { AWS: USER } }, denyReading);
  const [first, second] = asAskedBy(policy, USER).statements;
  expect(first?.principals).toMatchObject({ negated: true, entries: [{ kind: 'anyone' }] });
  expect(second).toBe(policy.statements[1]);
});
