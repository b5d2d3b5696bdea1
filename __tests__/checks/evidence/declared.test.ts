import { judged, notLookedAt, orAsDeclared } from '../../../checks/evidence/declared';
import { type Outcome, unread } from '../../../checks/evidence/outcome';
import { ABSENT, known, unreadable } from '../../../checks/observe/observation';

const VERSIONING = 'the bucket’s versioning';
const reason = { message: 'AWS denied s3:GetBucketVersioning (AccessDenied)', api: 's3:GetBucketVersioning' };
const outcome = (status: Outcome['status'], fact: string): Outcome => ({ status, fact, message: '' });
const told = (value: string | undefined): Outcome[] => [
  { status: 'fail', fact: 'other', message: `found ${value}` },
];

test('what nobody looked at is advice: the report names it, and says what to do', () => {
  const message = 'Not looked at when the observation was made: the bucket’s versioning. Observe again.';
  const expected = { status: 'advice', fact: 'not-looked-at', message, actual: VERSIONING };
  expect(judged(undefined, VERSIONING, told)).toStrictEqual([expected]);
  expect(notLookedAt(VERSIONING)).toStrictEqual(expected);
});

test('other advice may be given on what nobody looked at', () => {
  expect(notLookedAt('the former key', 'Audit the account, too.').message).toBe(
    'Not looked at when the observation was made: the former key. Audit the account, too.',
  );
});

test('what could not be read is unknown, and nothing is judged', () => {
  expect(judged(unreadable(reason), VERSIONING, told)).toStrictEqual([unread(reason)]);
});

test('a value is judged, and so is that there is none', () => {
  expect(judged(known('Suspended'), VERSIONING, told)).toStrictEqual(told('Suspended'));
  expect(judged<string>(ABSENT, VERSIONING, told)).toStrictEqual(told(undefined));
});

const PASS: Outcome = { status: 'pass', fact: 'as-declared', message: 'The bucket encrypts as declared.' };

test.each<[what: string, outcomes: readonly Outcome[]]>([
  ['nothing was found', []],
  ['there is only advice', [outcome('advice', 'bucket-keys')]],
])('all is as declared if %s', (_what, outcomes) => {
  expect(orAsDeclared(outcomes, PASS.message)).toStrictEqual([PASS, ...outcomes]);
});

test.each<[what: string, open: Outcome]>([
  ['a violation', outcome('fail', 'no-key')],
  ['an unknown', outcome('unknown', 'unreadable-attribute')],
  ['something that was not looked at', notLookedAt(VERSIONING)],
])('nothing passes beside %s', (_what, open) => {
  const outcomes = [outcome('advice', 'bucket-keys'), open];
  expect(orAsDeclared(outcomes, PASS.message)).toStrictEqual(outcomes);
});
