import type { DeclaredRole } from '../../../checks/observe/declared-account';
import { known, NO_ACCOUNT } from '../../../checks/observe/observation';
import { observationOf } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import { EXAMPLE, findingsOf } from './support';

const statement = (Principal: unknown, Condition?: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) }],
});
const altrWhen = (Condition: unknown) => statement({ AWS: '111122223333' }, Condition);
const WITH_MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
/** Everybody with MFA, under a Deny. */
const denying = (Condition: unknown) => ({
  Statement: [
    ...statement('*', WITH_MFA).Statement,
    { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Condition },
  ],
});
const of = (name: string, trust: unknown) =>
  findingsOf({ otherRoles: { [name]: trust } }).filter(({ rule }) => rule === 'undeclared-altr-role');

test.each([
  ['the prefix', 'ALTRPublishSIEMDataOld', statement({ Service: 'ec2.amazonaws.com' }), 'fail'],
  ['ALTR’s account', 'SomethingElse', statement({ AWS: '111122223333' }), 'fail'],
  [
    'ALTR’s account with an ExternalId',
    'SomethingElse',
    statement({ AWS: '111122223333' }, { StringEquals: { 'sts:ExternalId': 'x' } }),
    'fail',
  ],
  [
    'a role of ALTR’s account',
    'SomethingElse',
    statement({ AWS: 'arn:aws:iam::111122223333:role/x' }),
    'fail',
  ],
  ['everybody', 'SomethingElse', statement('*'), 'fail'],
  [
    'everybody of an organization, which ALTR is not in',
    'SomethingElse',
    statement('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    'pass',
  ],
  ['another account', 'SomethingElse', statement({ AWS: '222222222222' }), 'pass'],
  ['a service', 'SomethingElse', statement({ Service: 'ec2.amazonaws.com' }), 'pass'],
  [
    'the prefix in another case, which ALTR does not assume',
    'altrpublishsiemdata',
    statement({ Service: 'ec2.amazonaws.com' }),
    'pass',
  ],
  ['the declared role itself', 'ALTRPublishSIEMDataAcmeProd', statement({ AWS: '111122223333' }), 'pass'],
  [
    'ALTR’s account in a document that is not understood',
    'SomethingElse',
    '{"Statement": "111122223333"',
    'unknown',
  ],
  [
    'ALTR’s account with MFA',
    'SomethingElse',
    altrWhen({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    'fail',
  ],
  [
    'ALTR’s account within an organization',
    'SomethingElse',
    altrWhen({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    'fail',
  ],
  [
    'ALTR’s account through a VPC endpoint',
    'SomethingElse',
    altrWhen({ StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }),
    'fail',
  ],
  [
    'ALTR’s account from a later date on',
    'SomethingElse',
    altrWhen({ DateGreaterThan: { 'aws:CurrentTime': '2031-01-01T00:00:00Z' } }),
    'fail',
  ],
  [
    'ALTR’s account until an earlier date',
    'SomethingElse',
    altrWhen({ DateLessThan: { 'aws:CurrentTime': '2025-01-01T00:00:00Z' } }),
    'pass',
  ],
  [
    'ALTR’s account with a session tag',
    'SomethingElse',
    altrWhen({ StringEquals: { 'aws:RequestTag/team': 'logs' } }),
    'fail',
  ],
  [
    'ALTR’s account with a source identity',
    'SomethingElse',
    altrWhen({ StringEquals: { 'sts:SourceIdentity': 'logs' } }),
    'fail',
  ],
  [
    'ALTR’s account as an AWS service, which it is not',
    'SomethingElse',
    altrWhen({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }),
    'pass',
  ],
  [
    'everybody of ALTR’s account, by a condition',
    'SomethingElse',
    statement('*', { StringEquals: { 'aws:PrincipalAccount': '111122223333' } }),
    'fail',
  ],
  [
    'everybody of ALTR’s account with MFA, by a condition',
    'SomethingElse',
    statement('*', {
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' },
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    }),
    'fail',
  ],
  [
    'everybody of another account, by a condition',
    'SomethingElse',
    statement('*', { StringEquals: { 'aws:PrincipalAccount': '222222222222' } }),
    'pass',
  ],
  [
    'everybody who sends the client ID',
    'SomethingElse',
    statement('*', { StringEquals: { 'sts:ExternalId': EXAMPLE.clientId } }),
    'fail',
  ],
  [
    'everybody who sends the client ID, with MFA',
    'SomethingElse',
    statement('*', { ...WITH_MFA, StringEquals: { 'sts:ExternalId': EXAMPLE.clientId } }),
    'fail',
  ],
  [
    'everybody who sends another ID',
    'SomethingElse',
    statement('*', { StringEquals: { 'sts:ExternalId': 'another' } }),
    'pass',
  ],
  ['everybody with MFA', 'SomethingElse', statement('*', WITH_MFA), 'pass'],
  [
    'everybody of accounts like ALTR’s, with MFA',
    'SomethingElse',
    statement('*', { ...WITH_MFA, StringLike: { 'aws:PrincipalAccount': '11112222333?' } }),
    'fail',
  ],
  [
    'everybody of accounts like another, with MFA',
    'SomethingElse',
    statement('*', { ...WITH_MFA, StringLike: { 'aws:PrincipalAccount': '22222222222?' } }),
    'pass',
  ],
  [
    'principals of accounts like ALTR’s, with MFA',
    'SomethingElse',
    statement('*', { ...WITH_MFA, ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::11112222333?:*' } }),
    'fail',
  ],
  [
    'principals with ALTR’s account somewhere in their ARN, with MFA',
    'SomethingElse',
    statement('*', { ...WITH_MFA, StringLike: { 'aws:PrincipalArn': '*:111122223333:*' } }),
    'fail',
  ],
  [
    'everybody with MFA, where a Deny spares ALTR’s account alone',
    'SomethingElse',
    denying({ StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } }),
    'fail',
  ],
  [
    'everybody with MFA, where a Deny spares another account alone',
    'SomethingElse',
    denying({ StringNotEquals: { 'aws:PrincipalAccount': '222222222222' } }),
    'pass',
  ],
  [
    'everybody with MFA, where a Deny shuts out another account',
    'SomethingElse',
    denying({ StringEquals: { 'aws:PrincipalAccount': '222222222222' } }),
    'pass',
  ],
  [
    'roles of a name within an organization',
    'SomethingElse',
    statement('*', {
      StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy' },
    }),
    'pass',
  ],
  [
    'roles of a name within an organization, as a text',
    'SomethingElse',
    statement('*', {
      StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
      StringLike: { 'aws:PrincipalArn': '*:role/deploy-*' },
    }),
    'pass',
  ],
  [
    'everybody but the account itself',
    'SomethingElse',
    { Statement: { Effect: 'Allow', NotPrincipal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' } },
    'fail',
  ],
  ['a document that is not understood and does not name ALTR', 'SomethingElse', '{"Statement": ', 'pass'],
  [
    'everybody in a statement that is not understood',
    'SomethingElse',
    {
      Statement: {
        Effect: 'Allow',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Extra: 1,
      },
    },
    'unknown',
  ],
  [
    'all but some in a statement that is not understood',
    'SomethingElse',
    {
      Statement: {
        Effect: 'Allow',
        NotPrincipal: { AWS: '123456789012' },
        Action: 'sts:AssumeRole',
        Extra: 1,
      },
    },
    'unknown',
  ],
  [
    'ALTR’s account, its digits escaped, in a statement that is not understood',
    'SomethingElse',
    '{"Statement":{"Effect":"Allow","Principal":{"AWS":"\\u003111122223333"},"Action":"sts:AssumeRole","Extra":1}}',
    'unknown',
  ],
  [
    'another account in a statement that is not understood',
    'SomethingElse',
    {
      Statement: { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sts:AssumeRole', Extra: 1 },
    },
    'pass',
  ],
])('a role with %s', (_why, name, trust, status) => {
  expect(of(name, trust).map((finding) => finding.status)).toEqual([status]);
});

test.each([
  [{ state: 'value', value: '2025-12-24T08:00:00.000Z' }, 'It was last used at 2025-12-24T08:00:00.000Z.'],
  [{ state: 'absent' }, 'Nobody used it in the last 400 days, which is as long as AWS remembers.'],
  [
    { state: 'unreadable', reason: { message: 'AWS denied iam:GetRole (AccessDenied)' } },
    'When it was last used is not known: AWS denied iam:GetRole (AccessDenied).',
  ],
  [undefined, 'and the config does not declare it.'],
] as const)('says when the role was last used: %j', (lastUsed, said) => {
  const other = 'ALTRPublishSIEMDataOther';
  const found = observationOf({ otherRoles: { [other]: statement({ AWS: '111122223333' }) } }, EXAMPLE);
  const accounts = found.accounts.map((account) => ({
    ...account,
    roles:
      account.roles.state === 'value'
        ? known(account.roles.value.map((role) => ({ ...role, lastUsed })))
        : account.roles,
  }));
  const [report] = judge({ ...found, accounts }, { contracts: [EXAMPLE], declaredRoles: [EXAMPLE] });
  const findings = report?.findings.filter(({ rule }) => rule === 'undeclared-altr-role') ?? [];
  expect(findings.map(({ status, message }) => [status, message.endsWith(said)])).toEqual([['fail', true]]);
});

describe('a role that is declared', () => {
  const other = 'ALTRPublishSIEMDataOther';
  const found = observationOf({ otherRoles: { [other]: statement({ AWS: '111122223333' }) } }, EXAMPLE);
  const [account] = found.exports.flatMap(({ accountId }) =>
    accountId.state === 'value' ? [accountId.value] : [],
  );
  const judged = (...declared: DeclaredRole[]) => {
    const declaredRoles = [EXAMPLE, ...declared];
    const [report] = judge(found, { contracts: [EXAMPLE], declaredRoles });
    const findings = report?.findings.filter(({ rule }) => rule === 'undeclared-altr-role') ?? [];
    return findings.map(({ status, message }) => [status, message]);
  };

  test.each<[string, DeclaredRole, string]>([
    ['for this account is excused', { roleName: other, accountId: account ?? '' }, 'pass'],
    ['in another case is excused', { roleName: other.toUpperCase(), accountId: account ?? '' }, 'pass'],
    ['for another account is not', { roleName: other, accountId: '999999999999' }, 'fail'],
    ['for an account that nobody knows is undecided', { roleName: other, accountId: null }, 'unknown'],
  ])('%s', (_what, declared, status) => {
    expect(judged(declared).map(([is]) => is)).toEqual([status]);
  });

  test('for some account is undecided where nobody knows which one this is, as before the first apply', () => {
    const here = known(NO_ACCOUNT);
    const planned = {
      ...found,
      exports: found.exports.map((seen) => ({ ...seen, accountId: here })),
      accounts: found.accounts.map((seen) => ({ ...seen, accountId: NO_ACCOUNT })),
    };
    const declaredRoles = [EXAMPLE, { roleName: other, accountId: '222222222222' }];
    const [report] = judge(planned, { contracts: [EXAMPLE], declaredRoles });
    const own = report?.findings.filter(({ rule }) => rule === 'undeclared-altr-role') ?? [];
    expect(own.map(({ status }) => status)).toEqual(['unknown']);
  });

  test('for an account that nobody knows says so, unless it is declared for this one, too', () => {
    const unknown = { roleName: other, accountId: null, exportName: 'other' };
    expect(judged(unknown)).toEqual([
      [
        'unknown',
        `It can’t be decided: the role ${other} has the prefix ALTRPublishSIEMData, and the export other declares a role of that name in an account which this run does not know.`,
      ],
    ]);
    expect(judged(unknown, { roleName: other, accountId: account ?? '' }).map(([is]) => is)).toEqual([
      'pass',
    ]);
  });
});
