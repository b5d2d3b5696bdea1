import { findingsOf } from './support';

const statement = (Principal: unknown, Condition?: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) }],
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
    'everybody of an organisation, which ALTR is not in',
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
])('a role with %s', (_why, name, trust, status) => {
  expect(of(name, trust).map((finding) => finding.status)).toEqual([status]);
});
