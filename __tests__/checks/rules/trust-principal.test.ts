import { observationOf } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import { contractFor } from '../../../contract/contract';
import { EXAMPLE, findingsOf } from './support';

const of = (trustPolicy: unknown) =>
  findingsOf({ trustPolicy }).filter(({ rule }) => rule === 'trust-principal');

test('the principals of a statement that should not be there are one finding', () => {
  const findings = of({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: ['111122223333', '222222222222', '333333333333'] },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' } },
      },
    ],
  });
  expect(findings).toMatchObject([
    {
      status: 'fail',
      message: 'The role can be assumed by 222222222222, 333333333333, not by ALTR’s account alone.',
      actual: ['222222222222', '333333333333'],
      location: { pointer: '/Statement/0' },
    },
  ]);
});

test.each([
  ['the audited account itself', '123456789012', 'fail'],
  ['another account', '111122223333', 'pass'],
])('with %s as ALTR’s account', (_what, altrAccountId, status) => {
  const contract = contractFor({ ...EXAMPLE, altrAccountId });
  const [report] = judge(observationOf({}, contract), { contracts: [contract], declaredRoles: [contract] });
  const found = report?.findings.filter(({ rule }) => rule === 'trust-principal') ?? [];
  expect(found.map((finding) => finding.status)).toEqual([status]);
});
