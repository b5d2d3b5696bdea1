import { findingsOf } from './support';

test('the corrected policy names the key and keeps the contract’s statement', () => {
  const [finding] = findingsOf({ kmsKey: {} }).filter(({ rule }) => rule === 'bucket-encryption-delivery');
  expect(finding).toMatchObject({ status: 'fail' });
  const document = finding?.remediation?.document as {
    Statement: { Action: unknown; Resource: string }[];
  };
  const { Statement } = document;
  expect(Statement.map(({ Action }) => Action)).toEqual([
    's3:PutObject',
    ['kms:GenerateDataKey', 'kms:Decrypt'],
  ]);
  expect(Statement[1]?.Resource).toMatch(/^arn:aws:kms:/);
});
