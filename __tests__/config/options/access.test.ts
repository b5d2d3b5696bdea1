/** How exports may name the account that they lie in, and what of it is refused. */

import { ConfigError, parseConfig } from '../../../config/file/parse';
import { declaredAccount } from '../../../config/options/access';

const ROLE = 'arn:aws:iam::123456789012:role/audit/reader';

const entry = (name: string, more: object = {}) => ({
  name,
  clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
  bucket: `${name}-logs`,
  region: 'eu-west-1',
  roleName: `ALTRPublishSIEMData${name}`,
  ...more,
});

function faults(...exports: object[]): string[] {
  try {
    parseConfig(JSON.stringify({ altr: { awsAccountId: '111122223333' }, exports }), 'f.json', 'audit');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
  return [];
}

describe('accepted', () => {
  test.each<[string, ...object[]]>([
    ['an account', { accountId: '123456789012' }],
    ['a role and its external ID', { assumeRoleArn: ROLE, externalId: 'of-the-auditor' }],
    ['a role in the account', { accountId: '123456789012', assumeRoleArn: ROLE }],
    ['a profile', { profile: 'audit prod' }],
    ['a role that a profile assumes', { profile: 'hub', assumeRoleArn: ROLE }],
    ['one account twice, reached in the same way', { assumeRoleArn: ROLE }, { assumeRoleArn: ROLE }],
    ['two accounts', { assumeRoleArn: ROLE }, { assumeRoleArn: ROLE.replace('1234', '9999') }],
    ['two profiles', { profile: 'a' }, { profile: 'b' }],
    ['two accounts of the usual credentials', { accountId: '123456789012' }, { accountId: '999956789012' }],
    [
      'a role in another partition beside a region there',
      { assumeRoleArn: ROLE.replace('aws', 'aws-cn'), region: 'cn-north-1' },
    ],
    [
      'the same role name in two accounts',
      { roleName: 'ALTRPublishSIEMDataX', assumeRoleArn: ROLE },
      { roleName: 'ALTRPublishSIEMDataX', assumeRoleArn: ROLE.replace('1234', '9999') },
    ],
  ])('%s', (_why, ...accesses) => {
    expect(faults(...accesses.map((access, index) => entry(`e${index}`, access)))).toEqual([]);
  });
});

describe('refused', () => {
  const other = 'arn:aws:iam::123456789012:role/other';
  test.each<[string, readonly object[], ...string[]]>([
    [
      'an account with hyphens',
      [{ accountId: '1234-5678-9012' }],
      'exports[0].accountId "1234-5678-9012" must be written without hyphens',
    ],
    [
      'an account and a role in another',
      [{ accountId: '999956789012', assumeRoleArn: ROLE }],
      `exports[0].assumeRoleArn "${ROLE}" is in account 123456789012, but accountId is 999956789012; correct one of them`,
    ],
    [
      'ALTR’s account as one’s own',
      [{ accountId: '111122223333' }],
      'exports[0].accountId "111122223333" is in the account of altr.awsAccountId, which must be ALTR’s; correct one of them',
    ],
    [
      'a role in ALTR’s account',
      [{ assumeRoleArn: 'arn:aws:iam::111122223333:role/other' }],
      'exports[0].assumeRoleArn "arn:aws:iam::111122223333:role/other" is in the account of altr.awsAccountId, which must be ALTR’s; correct one of them',
    ],
    [
      'a role in another partition',
      [{ assumeRoleArn: ROLE.replace('aws', 'aws-us-gov') }],
      'exports[0].assumeRoleArn "arn:aws-us-gov:iam::123456789012:role/audit/reader" is in partition aws-us-gov, but region eu-west-1 is in aws; correct one of them',
    ],
    [
      'a session',
      [{ assumeRoleArn: 'arn:aws:sts::123456789012:assumed-role/reader/me' }],
      'exports[0].assumeRoleArn "arn:aws:sts::123456789012:assumed-role/reader/me" is the ARN of a session; give that of the role itself, arn:aws:iam::<account>:role/<name>',
    ],
    [
      'a role name alone',
      [{ assumeRoleArn: 'reader' }],
      'exports[0].assumeRoleArn "reader" is no ARN of a role; write it like arn:aws:iam::123456789012:role/auditor',
    ],
    [
      'a partition that is none of AWS’s',
      [{ assumeRoleArn: 'arn:other:iam::123456789012:role/reader' }],
      'exports[0].assumeRoleArn "arn:other:iam::123456789012:role/reader" is no ARN of a role; write it like arn:aws:iam::123456789012:role/auditor',
    ],
    [
      'white space in a role’s ARN',
      [{ assumeRoleArn: `${ROLE} ` }],
      `exports[0].assumeRoleArn "${ROLE} " has characters or a length that IAM allows in no role’s ARN`,
    ],
    [
      'an external ID without a role',
      [{ externalId: 'of-the-auditor' }],
      'exports[0].externalId "of-the-auditor" is for the role of assumeRoleArn, which is missing; add it, or remove externalId',
    ],
    [
      'an external ID that STS does not allow',
      [{ assumeRoleArn: ROLE, externalId: 'x' }],
      'exports[0].externalId "x" has 1 character; STS wants 2 to 1224',
    ],
    ['an empty profile', [{ profile: ' ' }], 'exports[0].profile " " must not be empty'],
    [
      'one account under two roles',
      [{ assumeRoleArn: ROLE }, { assumeRoleArn: other }],
      `exports[1].assumeRoleArn "${other}" reaches account 123456789012 by the role ${other}, and exports[0] reaches it by the role ${ROLE}; reach one account in one way`,
    ],
    [
      'one account with two external IDs',
      [
        { assumeRoleArn: ROLE, externalId: 'one' },
        { assumeRoleArn: ROLE, externalId: 'two' },
      ],
      `exports[1].externalId "two" reaches account 123456789012 by the role ${ROLE} with the external ID two, and exports[0] reaches it by the role ${ROLE} with the external ID one; reach one account in one way`,
    ],
    [
      'one account under two profiles',
      [
        { accountId: '123456789012', profile: 'a' },
        { accountId: '123456789012', profile: 'b' },
      ],
      'exports[1].profile "b" reaches account 123456789012 with the profile b, and exports[0] reaches it with the profile a; reach one account in one way',
    ],
    [
      'one account by a role and with the usual credentials',
      [{ assumeRoleArn: ROLE }, { accountId: '123456789012' }],
      `exports[1].accountId "123456789012" reaches account 123456789012 with the usual credentials, and exports[0] reaches it by the role ${ROLE}; reach one account in one way`,
    ],
    [
      'the same role name twice in one account, once named by its role',
      [
        { roleName: 'ALTRPublishSIEMDataX', assumeRoleArn: ROLE, accountId: '123456789012' },
        { roleName: 'altrPublishSIEMDataX', assumeRoleArn: ROLE },
      ],
      'exports[1].roleName "altrPublishSIEMDataX" is already that of exports[0]; each export needs its own',
    ],
  ])('%s', (_why, accesses, ...expected) => {
    expect(faults(...accesses.map((access, index) => entry(`e${index}`, access)))).toEqual(expected);
  });
});

test('an account is declared by itself or by the role that is assumed', () => {
  expect([
    declaredAccount({ accountId: '123456789012' }),
    declaredAccount({ assumeRoleArn: ROLE }),
    declaredAccount({ profile: 'p' }),
  ]).toEqual(['123456789012', '123456789012', undefined]);
});
