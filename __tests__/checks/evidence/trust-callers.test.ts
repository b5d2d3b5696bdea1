import { parsedTrustPolicy } from '../../../checks/evidence/parsed';
import { fromNowOn, principalArns } from '../../../checks/evidence/request-context';
import {
  type Attempt,
  accountOf,
  anyCallOfAltr,
  attemptsOf,
  distinct,
  entryStatements,
  letsAltrIn,
  letsInByName,
  MOST_CALLERS,
  namedIn,
  narrowedBy,
} from '../../../checks/evidence/trust-callers';
import { type Fact, UNNAMED } from '../../../checks/policy';
import { ALTR, allowAltr, CLIENT, deny, ID, type Json, OTHER } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

const NOW = '2026-01-01T00:00:00.000Z';
const ALTR_ACCOUNT = EXAMPLE.altrAccountId;
const OTHER_ROLE = `arn:aws:iam::${OTHER}:role/team/Exporter`;

const trustOf = (...Statement: readonly unknown[]) =>
  parsedTrustPolicy({ source: 'trust policy', text: JSON.stringify({ Version: '2012-10-17', Statement }) });

/** All attempts that a policy makes possible by its first statement. */
function attemptsIn(...statements: readonly Json[]): Attempt[] {
  const policy = trustOf(...statements);
  const [first] = policy.statements;
  if (!first) throw new Error('no statement');
  return namedIn(first).flatMap((named) => attemptsOf(named, first, policy, EXAMPLE, NOW));
}

const anyoneIf = (Condition: unknown) => allowAltr({ Principal: '*', Condition });

describe('ways in', () => {
  test.each<[what: string, changes: Json, opens: boolean]>([
    ['AssumeRole', {}, true],
    ['AssumeRole in another case', { Action: 'STS:assumerole' }, true],
    ['AssumeRoleWithSAML', { Action: 'sts:AssumeRoleWithSAML' }, true],
    ['one of several actions', { Action: ['sts:TagSession', 'sts:AssumeRole'] }, true],
    ['every action', { Action: '*' }, true],
    ['every action but some', { Action: undefined, NotAction: 'sts:TagSession' }, true],
    ['no other action', { Action: ['sts:TagSession', 'sts:SetSourceIdentity'] }, false],
    ['no Deny', { Effect: 'Deny' }, false],
    ['no statement that was not understood', { Principal: { AWS: 5 } }, false],
  ])('%s', (_what, changes, opens) => {
    expect(entryStatements(trustOf(allowAltr(changes)))).toHaveLength(opens ? 1 : 0);
  });
});

describe('who is let in by name', () => {
  test.each<[what: string, changes: Json, byName: boolean]>([
    ['the account', {}, true],
    ['the account by its bare ID', { Principal: { AWS: ALTR_ACCOUNT } }, true],
    ['a role of the account', { Principal: { AWS: `arn:aws:iam::${ALTR_ACCOUNT}:role/x` } }, true],
    ['the account beside others', { Principal: { AWS: [OTHER, ALTR] } }, true],
    ['another account', { Principal: { AWS: OTHER } }, false],
    ['anyone', { Principal: '*' }, false],
    ['a service', { Principal: { Service: 'ec2.amazonaws.com' } }, false],
    ['nobody', { Principal: undefined }, false],
    ['the account, but not to enter', { Action: 'sts:TagSession' }, false],
  ])('%s', (_what, changes, byName) => {
    expect(letsInByName(trustOf(allowAltr(changes)), ALTR_ACCOUNT)).toBe(byName);
  });
});

describe('a policy lets ALTR in', () => {
  const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  const named = (pattern: string) => ({ StringLike: { 'aws:PrincipalArn': pattern } });
  test.each<[what: string, statements: readonly Json[], lets: boolean]>([
    ['as the vendor’s page has it', [allowAltr()], true],
    ['with any external ID', [allowAltr({ Condition: undefined })], true],
    [
      'with another external ID',
      [allowAltr({ Condition: { StringEquals: { 'sts:ExternalId': 'x' } } })],
      true,
    ],
    [
      'without an external ID alone',
      [allowAltr({ Condition: { Null: { 'sts:ExternalId': 'true' } } })],
      true,
    ],
    ['under a condition that it may fulfil', [allowAltr({ Condition: mfa })], true],
    ['by one of its roles', [allowAltr({ Principal: { AWS: `arn:aws:iam::${ALTR_ACCOUNT}:role/x` } })], true],
    ['by anyone with the client ID', [anyoneIf({ StringEquals: ID })], true],
    [
      'by anyone of its account',
      [anyoneIf({ StringEquals: { 'aws:PrincipalAccount': ALTR_ACCOUNT } })],
      true,
    ],
    ['by a role whose ARN names its account', [anyoneIf(named(`arn:aws:iam::${ALTR_ACCOUNT}:role/*`))], true],
    ['by anyone at all', [anyoneIf(undefined)], true],
    [
      'by anyone with an ID like its own',
      [anyoneIf({ StringLike: { 'sts:ExternalId': `${CLIENT.slice(0, 8)}*` } })],
      true,
    ],
    ['by anyone with the client ID, if it has MFA', [anyoneIf({ StringEquals: ID, ...mfa })], true],
    [
      'by anyone of its account, if it has MFA',
      [anyoneIf({ StringEquals: { 'aws:PrincipalAccount': ALTR_ACCOUNT }, ...mfa })],
      true,
    ],
    ['by a principal that has its account in its name', [anyoneIf(named(`*${ALTR_ACCOUNT}*/x`))], true],
    [
      'not where perhaps anybody comes in without an external ID',
      [anyoneIf({ Null: { 'sts:ExternalId': 'true' }, ...mfa })],
      false,
    ],
    [
      'not where anybody of a name comes in by an ARN operator',
      [anyoneIf({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Exporter' } })],
      false,
    ],
    ['not another account', [allowAltr({ Principal: { AWS: OTHER } })], false],
    ['not if a Deny shuts everybody out', [allowAltr(), deny(undefined)], false],
    ['not for another action', [allowAltr({ Action: 'sts:TagSession' })], false],
    ['not as an AWS service', [anyoneIf({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })], false],
    ['not where perhaps anybody comes in', [anyoneIf(mfa)], false],
    ['not where anybody of a name comes in', [anyoneIf(named('*:role/Exporter'))], false],
    [
      'not where anybody of a pattern of names comes in',
      [anyoneIf(named('arn:aws:iam::*:role/Exp*-?'))],
      false,
    ],
  ])('%s', (_what, statements, lets) => {
    expect(letsAltrIn(trustOf(...statements), EXAMPLE, NOW)).toBe(lets);
  });
});

describe('principals of a statement', () => {
  const namedBy = (changes: Json) => trustOf(allowAltr(changes)).statements.flatMap((one) => namedIn(one));

  test('those that it names', () => {
    expect(namedBy({ Principal: { AWS: [ALTR, OTHER] } })).toMatchObject([
      { kind: 'account', text: ALTR },
      { kind: 'account', text: OTHER },
    ]);
  });

  test('everyone but those that it excludes', () => {
    expect(namedBy({ Principal: undefined, NotPrincipal: { AWS: [ALTR, OTHER] } })).toEqual(['everyone-but']);
  });

  test('none', () => {
    expect(namedBy({ Principal: undefined })).toEqual([]);
  });
});

describe('attempts', () => {
  const facts = ({ context }: Attempt) => ({
    account: context.fact('aws:PrincipalAccount'),
    arn: context.fact('aws:PrincipalArn'),
  });
  const is = (value: string): Fact => ({ kind: 'value', value });
  const anyOf = (accountId: string) => ({
    account: is(accountId),
    arn: { kind: 'present', domain: { kind: 'matching', patterns: principalArns('aws', accountId) } },
  });

  test.each<[what: string, principal: string, caller: object, expected: object]>([
    ['an account', OTHER, { accountId: OTHER }, anyOf(OTHER)],
    [
      'a session, which is only one way to use its role',
      `arn:aws:sts::${OTHER}:assumed-role/Exporter/today`,
      { accountId: OTHER },
      anyOf(OTHER),
    ],
    ['a federated user', `arn:aws:sts::${OTHER}:federated-user/bob`, { accountId: OTHER }, anyOf(OTHER)],
    [
      'a role',
      OTHER_ROLE,
      { accountId: OTHER, roleArn: OTHER_ROLE },
      { account: is(OTHER), arn: is(OTHER_ROLE) },
    ],
    [
      'a user',
      `arn:aws:iam::${OTHER}:user/ann`,
      { accountId: OTHER },
      { account: is(OTHER), arn: is(`arn:aws:iam::${OTHER}:user/ann`) },
    ],
  ])('of %s', (_what, principal, caller, expected) => {
    const [attempt, ...others] = attemptsIn(allowAltr({ Principal: { AWS: principal } }));
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({ who: principal, action: 'sts:AssumeRole' });
    expect(attempt?.caller).toStrictEqual(caller);
    expect(attempt && facts(attempt)).toEqual(expected);
    expect(attempt?.context.fact('aws:CurrentTime')).toEqual(fromNowOn(NOW)['aws:CurrentTime']);
    expect(attempt?.statements).toHaveLength(1);
  });

  test.each([
    ['a service', { Service: 'ec2.amazonaws.com' }],
    ['an identity provider', { Federated: 'arn:aws:iam::222222222222:saml-provider/x' }],
    ['a principal that was deleted', { AWS: 'AROAEXAMPLEEXAMPLE12' }],
  ])('there are none of %s', (_what, Principal) => {
    expect(attemptsIn(allowAltr({ Principal }))).toEqual([]);
  });

  const others: Fact = { kind: 'present', domain: { kind: 'other-than', values: [ALTR_ACCOUNT] } };

  test.each([
    ['anyone', { Principal: '*' }],
    ['everyone but one', { Principal: undefined, NotPrincipal: { AWS: OTHER_ROLE } }],
  ])('%s is ALTR, or a stranger', (_what, changes) => {
    const attempts = attemptsIn(allowAltr(changes));
    expect(attempts.map(({ who, caller }) => [who, caller])).toEqual([
      ['ALTR’s account', { accountId: ALTR_ACCOUNT }],
      ['anyone in any AWS account', { accountId: UNNAMED }],
    ]);
    expect(attempts.map(facts)).toEqual([
      anyOf(ALTR_ACCOUNT),
      {
        account: others,
        arn: { kind: 'present', domain: { kind: 'arn-outside-accounts', accountIds: [ALTR_ACCOUNT] } },
      },
    ]);
  });

  test.each<[what: string, condition: unknown, accounts: readonly string[]]>([
    ['an account', { StringEquals: { 'aws:PrincipalAccount': OTHER } }, [OTHER]],
    [
      'an account in another spelling of the key',
      { StringEquals: { 'AWS:principalaccount': OTHER } },
      [OTHER],
    ],
    ['an account by the ARN of a role', { ArnLike: { 'aws:PrincipalArn': OTHER_ROLE } }, [OTHER]],
    [
      'an account by the start of an ARN',
      { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}` } },
      [OTHER],
    ],
    [
      'two accounts, each once',
      { StringEquals: { 'aws:PrincipalAccount': [OTHER, '333333333333', OTHER] } },
      [OTHER, '333333333333'],
    ],
    [
      'ALTR’s own account, which is tried anyway',
      { StringEquals: { 'aws:PrincipalAccount': ALTR_ACCOUNT } },
      [],
    ],
    ['an account of something else', { StringEquals: { 'aws:SourceAccount': OTHER } }, []],
    ['a key that ends like one', { StringEquals: { 'x-aws:PrincipalAccount': OTHER } }, []],
    ['a key that begins like one', { StringEquals: { 'aws:PrincipalAccountX': OTHER } }, []],
    ['thirteen digits', { StringEquals: { 'aws:PrincipalAccount': `${OTHER}2` } }, []],
    ['a role that has a number for its name', { ArnLike: { 'aws:PrincipalArn': `*:role/${OTHER}` } }, []],
  ])('of anyone, where a condition names %s', (_what, condition, accounts) => {
    const attempts = attemptsIn(anyoneIf(condition));
    expect(attempts.map(({ who }) => who)).toEqual([
      'ALTR’s account',
      'anyone in any AWS account',
      ...accounts.map((account) => `account ${account}`),
    ]);
    expect(attempts.slice(2).map(facts)).toEqual(accounts.map(anyOf));
    expect(attempts[1] && facts(attempts[1]).account).toEqual({
      kind: 'present',
      domain: { kind: 'other-than', values: [ALTR_ACCOUNT, ...accounts] },
    });
  });

  test('each goes every way that the statement opens', () => {
    const ways = attemptsIn(allowAltr({ Action: ['sts:AssumeRole*', 'sts:TagSession'] }));
    expect(ways.map(({ action }) => action)).toEqual([
      'sts:AssumeRole',
      'sts:AssumeRoleWithSAML',
      'sts:AssumeRoleWithWebIdentity',
    ]);
  });

  test('ALTR chooses what a caller can choose', () => {
    const context = anyCallOfAltr(EXAMPLE, NOW);
    expect(context.fact('aws:PrincipalAccount')).toEqual(is(ALTR_ACCOUNT));
    expect(
      ['sts:ExternalId', 'aws:SourceIp', 'aws:MultiFactorAuthPresent'].map((key) => context.fact(key)),
    ).toEqual(Array(3).fill({ kind: 'open' }));
  });
});

describe('the Deny statements that narrow attempts', () => {
  const narrowing = (...denies: readonly Json[]) => {
    const statements = [allowAltr(), ...denies];
    return narrowedBy(attemptsIn(...statements), trustOf(...statements)).map(({ document, pointer }) => [
      document,
      pointer,
    ]);
  };
  test.each<[what: string, denies: readonly Json[], pointers: readonly string[]]>([
    ['none', [], []],
    ['one that applies', [deny(undefined)], ['/Statement/1']],
    ['one that may apply', [deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } })], ['/Statement/1']],
    ['none for others', [deny(undefined, { Principal: { AWS: OTHER } })], []],
    ['none that never applies', [deny({ StringEquals: { 'aws:PrincipalAccount': OTHER } })], []],
    [
      'those of several, in their order',
      [deny(undefined), deny(undefined, { Principal: { AWS: OTHER } }), deny({ StringEquals: ID })],
      ['/Statement/1', '/Statement/3'],
    ],
  ])('%s', (_what, denies, pointers) => {
    expect(narrowing(...denies)).toEqual(pointers.map((pointer) => ['trust policy', pointer]));
  });

  test('each once, for however many attempts', () => {
    const statements = [allowAltr({ Principal: { AWS: [ALTR, OTHER] } }), deny(undefined)];
    expect(narrowedBy(attemptsIn(...statements), trustOf(...statements))).toHaveLength(1);
  });
});

test.each([
  ['the root ARN of an account', ALTR, ALTR_ACCOUNT],
  ['its ID', ALTR_ACCOUNT, ALTR_ACCOUNT],
  ['a role', OTHER_ROLE, OTHER_ROLE],
  ['a root of another service', `arn:aws:sts::${OTHER}:root`, `arn:aws:sts::${OTHER}:root`],
  ['a root without an account', 'arn:aws:iam:::root', 'arn:aws:iam:::root'],
  ['anyone', '*', '*'],
])('%s has one spelling', (_what, principal, spelling) => {
  expect(accountOf(principal)).toBe(spelling);
});

const accounts = (count: number) => Array.from({ length: count }, (_, i) => String(300000000000 + i));

describe('different attempts', () => {
  test('of the accounts that conditions name, the first 100 are tried', () => {
    const condition = { StringEquals: { 'aws:PrincipalAccount': accounts(MOST_CALLERS + 1) } };
    expect(attemptsIn(anyoneIf(condition))).toHaveLength(2 + MOST_CALLERS);
  });

  const attemptsBy = (...principals: readonly string[]) =>
    principals.flatMap((AWS) => attemptsIn(allowAltr({ Principal: { AWS } })));

  test('the same caller by the same way is one, through every statement', () => {
    const { attempts, more } = distinct(attemptsBy(OTHER, ALTR, OTHER));
    expect(attempts.map(({ who, statements }) => [who, statements.length])).toEqual([
      [OTHER, 2],
      [ALTR, 1],
    ]);
    expect(more).toBe(false);
  });

  test('the same caller by two ways is two', () => {
    const { attempts } = distinct(
      attemptsIn(allowAltr({ Action: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML'] })),
    );
    expect(attempts.map(({ action }) => action)).toEqual(['sts:AssumeRole', 'sts:AssumeRoleWithSAML']);
  });

  test.each([
    ['as many as are tried', MOST_CALLERS, false],
    ['one more', MOST_CALLERS + 1, true],
  ])('%s', (_what, count, more) => {
    const tried = distinct(attemptsBy(...accounts(count)));
    expect([tried.attempts.length, tried.more]).toEqual([MOST_CALLERS, more]);
  });
});
