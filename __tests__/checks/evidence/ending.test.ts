import type { RuleContext } from '../../../checks/evidence/context';
import { withEnding } from '../../../checks/evidence/ending';
import type { Outcome } from '../../../checks/evidence/outcome';
import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import { seconds } from '../rules/builders';

const NOW = '2026-01-01T00:00:00.000Z';
const JAN_5 = '2026-01-05T00:00:00Z';
const JAN_9 = '2026-01-09T00:00:00Z';

// Only the time of the observation is read here.
const context = { observedAt: NOW } as RuleContext;
const outcome = (status: Outcome['status'], more: Partial<Outcome> = {}): Outcome => ({
  status,
  fact: 'usable',
  message: 'ALTR can do it.',
  ...more,
});
const PASSES = [outcome('pass')];
const statement = (Condition: unknown) => ({ Effect: 'Allow', Action: '*', Resource: '*', Condition });
const policyOf = (source: string, ...conditions: readonly unknown[]) =>
  parsedResourcePolicy({
    source,
    text: JSON.stringify({ Version: '2012-10-17', Statement: conditions.map(statement) }),
  });
const before = (date: string, key = 'aws:CurrentTime') => ({ DateLessThan: { [key]: date } });

/** A rule that passes until a time, with outcomes of its own from then on. */
const passesUntil =
  (time: string, outcomesFromThen: readonly Outcome[] = [outcome('fail')]) =>
  ({ observedAt }: RuleContext) =>
    Date.parse(observedAt) < Date.parse(time) ? PASSES : outcomesFromThen;

function ending(
  policies: readonly Parameters<typeof withEnding>[2][number][],
  judge: Parameters<typeof withEnding>[4],
): Outcome | undefined {
  const [first, second, ...more] = withEnding(PASSES, 'ALTR can do it', policies, context, judge);
  expect([first, more]).toEqual([PASSES[0], []]);
  return second;
}

test('advice names the date, the condition, the place and what to do before then', () => {
  const remediation = { summary: 'Restore the trust policy.', commands: ['aws iam get-role'] };
  expect(
    ending(
      [policyOf('trust policy', before(JAN_5))],
      passesUntil(JAN_5, [
        outcome('unknown', { remediation: { summary: 'Ask.' } }),
        outcome('fail', { remediation }),
      ]),
    ),
  ).toEqual({
    status: 'advice',
    fact: 'ends-soon',
    message:
      'ALTR can do it only until 2026-01-05T00:00:00Z: DateLessThan aws:CurrentTime 2026-01-05T00:00:00Z (trust policy, /Statement/0).',
    expected: 'no date at which it ends',
    actual: ['DateLessThan aws:CurrentTime 2026-01-05T00:00:00Z'],
    location: { document: 'trust policy', pointer: '/Statement/0' },
    also: [],
    remediation: {
      summary:
        'Before then, if the export is to go on, set a later date, or do this: Restore the trust policy.',
      commands: ['aws iam get-role'],
    },
  });
});

test.each<[what: string, outcomesAtEnd: readonly Outcome[], summary: string]>([
  [
    'is unknown',
    [outcome('pass'), outcome('unknown', { remediation: { summary: 'Declare the addresses.' } })],
    'Before then, if the export is to go on, set a later date, or do this: Declare the addresses.',
  ],
  [
    'is unknown, and nothing helps',
    [outcome('unknown')],
    'Before then, if the export is to go on, set a later date.',
  ],
  ['is silent', [], 'Before then, if the export is to go on, set a later date.'],
])('what %s from a date on is certain only until then', (_what, outcomesAtEnd, summary) => {
  const found = ending([policyOf('trust policy', before(JAN_5))], passesUntil(JAN_5, outcomesAtEnd));
  expect(found?.message).toMatch(/^ALTR can do it certain only until 2026-01-05T00:00:00Z: /);
  expect(found?.remediation).toEqual({ summary });
});

test.each<[what: string, outcomes: readonly Outcome[]]>([
  ['fails now', [outcome('pass'), outcome('fail')]],
  ['is unknown now', [outcome('unknown')]],
  ['is silent now', []],
])('what %s does not end later', (_what, outcomes) => {
  const policies = [policyOf('p', before(JAN_5))];
  expect(withEnding(outcomes, 'ALTR can do it', policies, context, passesUntil(NOW))).toBe(outcomes);
});

test('advice is no end, and none begins with it', () => {
  const advice = [outcome('pass'), outcome('advice')];
  const policies = [policyOf('p', before(JAN_5))];
  expect(withEnding(advice, 'ALTR can do it', policies, context, () => advice)).toBe(advice);
  expect(withEnding(advice, 'ALTR can do it', policies, context, passesUntil(JAN_5))).toHaveLength(3);
});

test('only the date at which it ends is named, the soonest of those at which it does not pass', () => {
  const policies = [policyOf('boundary', before(JAN_9)), policyOf('trust policy', before(JAN_5))];
  expect(ending(policies, passesUntil(JAN_9))?.message).toBe(
    'ALTR can do it only until 2026-01-09T00:00:00Z: DateLessThan aws:CurrentTime 2026-01-09T00:00:00Z (boundary, /Statement/0).',
  );
  expect(ending(policies, passesUntil(JAN_5))).toMatchObject({
    actual: ['DateLessThan aws:CurrentTime 2026-01-05T00:00:00Z'],
    location: { document: 'trust policy' },
    also: [],
  });
});

test('every place of the date is told, and equal conditions once', () => {
  const found = ending(
    [
      policyOf('trust policy', before(JAN_5), before(JAN_9)),
      policyOf('boundary', before(JAN_5), { DateLessThan: { 'aws:EpochTime': seconds(JAN_5) } }),
    ],
    passesUntil(JAN_5),
  );
  expect(found?.message).toBe(
    'ALTR can do it only until 2026-01-05T00:00:00Z: DateLessThan aws:CurrentTime 2026-01-05T00:00:00Z; DateLessThan aws:EpochTime 1767571200 (trust policy, /Statement/0).',
  );
  expect(found?.also).toEqual([
    { document: 'boundary', pointer: '/Statement/0' },
    { document: 'boundary', pointer: '/Statement/1' },
  ]);
});

test('a date that the operator includes ends it a second later', () => {
  const judge = passesUntil('2026-01-05T00:00:01Z');
  expect(
    ending([policyOf('p', { DateLessThanEquals: { 'aws:CurrentTime': JAN_5 } })], judge)?.message,
  ).toMatch(/only until 2026-01-05T00:00:00Z: DateLessThanEquals/);
});

test.each<[what: string, condition: unknown, ends: boolean]>([
  ['the current time', before(JAN_5), true],
  ['the current time, in another spelling', before(JAN_5, 'AWS:currenttime'), true],
  ['the seconds since 1970', { NumericLessThan: { 'aws:EpochTime': seconds(JAN_5) } }, true],
  ['the issue time of a token', before(JAN_5, 'aws:TokenIssueTime'), true],
  ['a tag that tells a date', before(JAN_5, 'aws:PrincipalTag/until'), false],
  ['no date', before('soon'), false],
  ['a date among others', { DateNotEquals: { 'aws:CurrentTime': ['soon', JAN_5] } }, true],
  ['now', before('2026-01-01T00:00:00Z'), false],
  ['a second from now', before('2026-01-01T00:00:01Z'), true],
  ['30 days from now', before('2026-01-31T00:00:00Z'), true],
  ['a second later', before('2026-01-31T00:00:01Z'), false],
  ['the past', before('2025-12-31T00:00:00Z'), false],
])('whether a date is tried: %s', (_what, condition, ends) => {
  expect(ending([policyOf('p', condition)], passesUntil(NOW)) !== undefined).toBe(ends);
});

test('at most 20 dates are tried', () => {
  const dates = Array.from(
    { length: 21 },
    (_, day) => `2026-01-${String(day + 2).padStart(2, '0')}T00:00:00Z`,
  );
  const policies = [policyOf('p', ...dates.map((date) => before(date)))];
  expect(ending(policies, passesUntil('2026-01-21T00:00:00Z'))?.message).toMatch(/until 2026-01-21/);
  expect(ending(policies, passesUntil('2026-01-22T00:00:00Z'))).toBeUndefined();
});
