import { needing, type Outcome, unread } from '../../../checks/evidence/outcome';
import { ABSENT, known, type Unreadable, unreadable } from '../../../checks/observe/observation';

const DENIED: Unreadable = {
  message: 'AWS denied s3:GetBucketPolicy (AccessDenied)',
  api: 's3:GetBucketPolicy',
  permission: 's3:GetBucketPolicy',
  caller: 'arn:aws:iam::123456789012:role/Auditor',
};

test('what AWS refuses to show can’t be decided, and the finding says what to allow', () => {
  expect(unread(DENIED)).toStrictEqual({
    status: 'unknown',
    fact: 'unreadable-s3:GetBucketPolicy',
    cause: 'unreadable',
    message: 'It can’t be decided: AWS denied s3:GetBucketPolicy (AccessDenied).',
    actual: DENIED,
    remediation: {
      summary:
        'Allow s3:GetBucketPolicy to arn:aws:iam::123456789012:role/Auditor. altr-export auditor-policy prints the whole policy that a check needs.',
    },
  });
});

test('what no API shows can’t be decided, and no permission helps', () => {
  const reason: Unreadable = { message: 'the plan does not know it before it is applied', undecided: true };
  expect(unread(reason)).toStrictEqual({
    status: 'unknown',
    fact: 'unreadable-attribute',
    cause: 'undecidable',
    message: 'It can’t be decided: the plan does not know it before it is applied.',
    actual: reason,
  });
});

const judged: Outcome = { status: 'pass', fact: 'fine', message: 'It is fine.' };

test.each([
  ['a value is judged', known('a'), [judged]],
  ['what does not exist is not', ABSENT, []],
  ['what could not be read is unknown', unreadable(DENIED), [unread(DENIED)]],
])('%s', (_what, observed, outcomes) => {
  const seen: string[] = [];
  const judge = (value: string) => {
    seen.push(value);
    return [judged];
  };
  expect(needing(observed, judge)).toEqual(outcomes);
  expect(seen).toEqual(observed.state === 'value' ? ['a'] : []);
});
