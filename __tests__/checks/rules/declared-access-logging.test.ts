/** The set-ups in which declared-access-logging decides the outcome, each with the outcome of every rule. */
import type { BucketObservation } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { refused, value } from './builders';
import { findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-access-logging'] };
const logging = (found: BucketObservation['logging']): SetUp => ({
  declares: { accessLogging: { bucket: 'acme-access', prefix: 'altr/' } },
  bucket: { logging: found },
});
const to = (targetBucket: string, targetPrefix: string) => logging(value({ targetBucket, targetPrefix }));

table('access logging is declared', [
  ['and as declared', to('acme-access', 'altr/'), COMPLIANT],
  ['and off', logging({ state: 'absent' }), WEAKER],
  ['and to another bucket', to('elsewhere', 'altr/'), WEAKER],
  ['and under another prefix', to('acme-access', ''), WEAKER],
  [
    'and could not be read',
    logging(refused('s3:GetBucketLogging')),
    { unknown: ['declared-access-logging'] },
  ],
  ['and was not looked at', logging(undefined), { advice: ['declared-access-logging'] }],
]);

test('the fix logs to where it is declared', () => {
  const found = findingsOf(logging({ state: 'absent' })).find(
    ({ rule }) => rule === 'declared-access-logging',
  );
  expect(found?.remediation?.commands?.[0]).toContain(
    '{"TargetBucket":"acme-access","TargetPrefix":"altr/"}',
  );
  expect(found?.remediation?.cdktf).toBe('npx cdktf deploy acme-prod');
});
