/**
 * Every condition operator, against every kind of knowledge of the key. Source: IAM User Guide, "IAM JSON policy elements:
 * Condition operators", "Multivalued context keys", "IAM policy elements: Variables and tags".
 */
import { evaluateConditions, type Fact, parsePolicy, RequestContext } from '../../../../checks/policy';
import { parseOperator } from '../../../../checks/policy/condition/operators';

type Verdict = 'true' | 'false' | 'depends';
type Case = readonly [operator: string, operand: unknown, fact: Fact, expected: Verdict];

const is = (value: string): Fact => ({ kind: 'value', value });
const are = (...values: string[]): Fact => ({ kind: 'values', values });
const absent: Fact = { kind: 'absent' };
const open: Fact = { kind: 'open' };
const present: Fact = { kind: 'present' };
type Domain = Extract<Fact, { kind: 'present' }>['domain'];
const some = (domain: Domain): Fact => (domain ? { kind: 'present', domain } : present);
const perhaps = (domain: Domain): Fact => (domain ? { kind: 'open', domain } : open);

function clause(operator: string, operand: unknown, fact: Fact, Version = '2012-10-17') {
  const Condition = { [operator]: { 'a:Key': operand } };
  const [statement] = parsePolicy({
    source: 'p',
    text: JSON.stringify({ Version, Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition } }),
  }).statements;
  if (!statement) throw new Error('no statement');
  const context = new RequestContext({
    'A:KEY': fact,
    'aws:username': absent,
    'aws:userid': open,
    'aws:PrincipalAccount': is('123456789012'),
    'aws:star': is('*'),
  });
  return evaluateConditions(statement, context);
}

function table(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    for (const [operator, operand, fact, expected] of cases) {
      test(`${operator} ${JSON.stringify(operand)} of ${JSON.stringify(fact)} is ${expected}`, () => {
        expect(clause(operator, operand, fact).verdict).toBe(expected);
      });
    }
  });
}

/** Positive and negated operators are each other's opposite for a known value, and for a key with a domain. */
function both(
  positive: string,
  negated: string,
  cases: readonly (readonly [unknown, Fact, Verdict])[],
): void {
  const opposite = { true: 'false', false: 'true', depends: 'depends' } as const;
  table(
    `${positive} and ${negated}`,
    cases.flatMap(([operand, fact, expected]): Case[] => [
      [positive, operand, fact, expected],
      [negated, operand, fact, opposite[expected]],
    ]),
  );
}

both('StringEquals', 'StringNotEquals', [
  ['x', is('x'), 'true'],
  ['x', is('X'), 'false'],
  ['*', is('x'), 'false'],
  [['x', 'y'], is('y'), 'true'],
  [['x', 'y'], is('z'), 'false'],
  [true, is('true'), 'true'],
  [12, is('12'), 'true'],
  ['x', present, 'depends'],
  ['x', some({ kind: 'other-than', values: ['x'] }), 'false'],
  ['y', some({ kind: 'other-than', values: ['x'] }), 'depends'],
  ['o-a/x', some({ kind: 'not-beginning', prefix: 'o-a/' }), 'false'],
  ['o-b/x', some({ kind: 'not-beginning', prefix: 'o-a/' }), 'depends'],
  ['x', some({ kind: 'unnamed', example: 'o-\u{E000}' }), 'false'],
  ['arn:aws:iam::1:role/x', some({ kind: 'matching', patterns: ['arn:aws:iam::1:*'] }), 'depends'],
  ['arn:aws:iam::2:role/x', some({ kind: 'matching', patterns: ['arn:aws:iam::1:*'] }), 'false'],
  ['arn:aws:iam::1:*', some({ kind: 'matching', patterns: ['arn:aws:iam::1:role/*'] }), 'false'],
  ['one', some({ kind: 'matching', patterns: ['one'] }), 'true'],
  [['one', 'two'], some({ kind: 'matching', patterns: ['one', 'two'] }), 'true'],
  ['one', some({ kind: 'matching', patterns: ['one', 'two'] }), 'depends'],
  ['arn:aws:iam::1:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'false'],
  ['arn:aws:iam::2:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:aws:iam::*:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['no arn', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:aws:s3:::x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:aws:s3:::x', some({ kind: 'arn-outside-accounts', accountIds: ['1', ''] }), 'false'],
]);

both('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', [
  ['x', is('X'), 'true'],
  ['x', is('y'), 'false'],
  ['x', some({ kind: 'other-than', values: ['x'] }), 'depends'],
  ['12', some({ kind: 'other-than', values: ['12'] }), 'false'],
  ['X', some({ kind: 'unnamed', example: 'x' }), 'true'],
  ['y', some({ kind: 'unnamed', example: 'x' }), 'false'],
  ['ARN:aws:iam::1:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'false'],
  ['arn:aws:iam::2:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
]);

both('StringLike', 'StringNotLike', [
  ['a*', is('abc'), 'true'],
  ['a?c', is('abc'), 'true'],
  ['a?', is('abc'), 'false'],
  ['A*', is('abc'), 'false'],
  ['*', present, 'true'],
  ['a*', present, 'depends'],
  ['a', some({ kind: 'other-than', values: ['a'] }), 'false'],
  ['a*', some({ kind: 'other-than', values: ['a'] }), 'depends'],
  ['o-a/*', some({ kind: 'not-beginning', prefix: 'o-a/' }), 'false'],
  ['o-a/', some({ kind: 'not-beginning', prefix: 'o-a/' }), 'false'],
  ['o-b/*', some({ kind: 'not-beginning', prefix: 'o-a/' }), 'depends'],
  ['o-*', some({ kind: 'not-beginning', prefix: 'o-a/' }), 'depends'],
  ['*', some({ kind: 'not-beginning', prefix: 'o-a/' }), 'true'],
  ['o-*', some({ kind: 'unnamed', example: 'o-\u{E000}' }), 'true'],
  ['o-a*', some({ kind: 'unnamed', example: 'o-\u{E000}' }), 'false'],
  ['arn:aws:iam::1:*', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'false'],
  ['*', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'true'],
  // A path may hold colons, and a star of a text crosses them: "arn:aws:iam::2:role/a:iam::1:b/x" is outside.
  ['arn:*:iam::1:*', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:aws:iam:*:1:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:aws:iam::*:1:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:aws:iam:?:1:role/x', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:aws:iam::1:role/*:*', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'false'],
  // An account's root has no path.
  ['arn:*:iam::1:root', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'false'],
  ['arn:*:iam::2:root', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['arn:*:iam::1:r/*:root', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ['ab*', some({ kind: 'matching', patterns: ['abc*', 'abd'] }), 'true'],
  ['abc*', some({ kind: 'matching', patterns: ['ab*'] }), 'depends'],
  ['b*', some({ kind: 'matching', patterns: ['ab*'] }), 'false'],
]);

both('NumericEquals', 'NumericNotEquals', [
  ['10', is('10.0'), 'true'],
  ['10', is('11'), 'false'],
  ['-1', is('-1'), 'true'],
  ['x', is('1'), 'depends'],
  ['1', is('x'), 'depends'],
  ['1', some({ kind: 'at-least', number: 2 }), 'false'],
  ['2', some({ kind: 'at-least', number: 2 }), 'depends'],
  ['3', some({ kind: 'at-least', number: 2 }), 'depends'],
  ['x', some({ kind: 'at-least', number: 2 }), 'depends'],
]);

const NOW = '2026-01-01T00:00:00Z';
const later: Domain = { kind: 'not-before', time: NOW };
const seconds = (more: number) => String(Date.parse(NOW) / 1000 + more);
table('numbers that are ordered', [
  ['NumericLessThan', '1.2', is('1.2'), 'false'],
  ['NumericLessThan', '1.2', is('1.1'), 'true'],
  ['NumericLessThanEquals', '1.2', is('1.2'), 'true'],
  ['NumericLessThanEquals', '1.2', is('1.3'), 'false'],
  ['NumericGreaterThan', '1.2', is('1.2'), 'false'],
  ['NumericGreaterThan', '1.2', is('1.3'), 'true'],
  ['NumericGreaterThanEquals', '1.2', is('1.2'), 'true'],
  ['NumericGreaterThanEquals', '1.2', is('1.1'), 'false'],
  ['NumericLessThan', '1.2', some({ kind: 'at-least', number: 1.2 }), 'false'],
  ['NumericLessThan', '1.3', some({ kind: 'at-least', number: 1.2 }), 'depends'],
  ['NumericLessThanEquals', '1.2', some({ kind: 'at-least', number: 1.2 }), 'depends'],
  ['NumericLessThanEquals', '1.1', some({ kind: 'at-least', number: 1.2 }), 'false'],
  ['NumericGreaterThan', '1.1', some({ kind: 'at-least', number: 1.2 }), 'true'],
  ['NumericGreaterThan', '1.2', some({ kind: 'at-least', number: 1.2 }), 'depends'],
  ['NumericGreaterThanEquals', '1.2', some({ kind: 'at-least', number: 1.2 }), 'true'],
  ['NumericGreaterThanEquals', '1.3', some({ kind: 'at-least', number: 1.2 }), 'depends'],
  ['NumericLessThan', '1', present, 'depends'],
  ['NumericLessThan', seconds(-1), some(later), 'false'],
  ['NumericLessThan', seconds(1), some(later), 'depends'],
  ['NumericGreaterThan', seconds(-1), some(later), 'true'],
  ['NumericLessThan', ' 7 ', is('6'), 'true'],
  ['NumericLessThan', '1e3', is('6'), 'depends'],
]);

table('times', [
  ['DateEquals', '2026-01-01', is(NOW), 'true'],
  ['DateNotEquals', '2026-01-01', is(NOW), 'false'],
  ['DateEquals', seconds(0), is(NOW), 'true'],
  ['DateEquals', '2026-01-01T01:00:00+01:00', is(NOW), 'true'],
  ['DateLessThan', '2026-01-01T00:00:01Z', is(NOW), 'true'],
  ['DateLessThan', NOW, is(NOW), 'false'],
  ['DateLessThanEquals', NOW, is(NOW), 'true'],
  ['DateGreaterThan', NOW, is(NOW), 'false'],
  ['DateGreaterThan', '2025-12-31T23:59:59Z', is(NOW), 'true'],
  ['DateGreaterThanEquals', NOW, is(NOW), 'true'],
  ['DateLessThan', '2026-01-01T00:00:00', is(NOW), 'depends'],
  ['DateLessThan', 'tomorrow', is(NOW), 'depends'],
  // A year, or seconds since 1970.
  ['DateLessThan', '2027', is(NOW), 'depends'],
  ['DateGreaterThan', 2025, is(NOW), 'depends'],
  ['DateLessThan', '2027-01-01', is(NOW), 'true'],
  ['DateLessThan', '2026-13-45T00:00:00Z', is(NOW), 'depends'],
  ['DateLessThan', '2025-01-01', some(later), 'false'],
  ['DateLessThan', '2027-01-01', some(later), 'depends'],
  ['DateGreaterThan', '2025-01-01', some(later), 'true'],
  ['DateGreaterThan', '2027-01-01', some(later), 'depends'],
  ['DateEquals', '2025-01-01', some(later), 'false'],
  ['DateLessThan', '2025-01-01', some({ kind: 'at-least', number: 1 }), 'depends'],
]);

table('Bool', [
  ['Bool', 'true', is('true'), 'true'],
  ['Bool', 'TRUE', is('true'), 'true'],
  ['Bool', true, is('true'), 'true'],
  ['Bool', 'false', is('true'), 'false'],
  ['Bool', 'yes', is('true'), 'depends'],
  ['Bool', 'true', absent, 'false'],
  ['BoolIfExists', 'true', absent, 'true'],
  ['Bool', 'true', some({ kind: 'other-than', values: ['true'] }), 'false'],
  ['Bool', 'false', some({ kind: 'other-than', values: ['true'] }), 'true'],
  ['Bool', 'true', some({ kind: 'other-than', values: ['FALSE'] }), 'true'],
  ['Bool', 'true', some({ kind: 'other-than', values: ['x'] }), 'depends'],
  ['Bool', 'yes', some({ kind: 'other-than', values: ['true'] }), 'depends'],
  ['Bool', 'untrue', some({ kind: 'other-than', values: ['true'] }), 'depends'],
  ['Bool', 'true', present, 'depends'],
]);

table('BinaryEquals, which is not documented for texts', [
  ['BinaryEquals', 'x', is('x'), 'depends'],
  ['BinaryEquals', 'x', present, 'depends'],
  ['BinaryEquals', 'x', absent, 'false'],
]);

const addresses = (...ranges: string[]): Domain => ({ kind: 'addresses', ranges });
both('IpAddress', 'NotIpAddress', [
  ['10.0.0.0/8', is('10.1.2.3'), 'true'],
  ['10.0.0.0/8', is('11.1.2.3'), 'false'],
  ['10.1.2.3', is('10.1.2.3'), 'true'],
  [['1.0.0.0/8', '10.0.0.0/8'], is('10.1.2.3'), 'true'],
  ['10.0.0.0/33', is('10.1.2.3'), 'depends'],
  ['10.0.0/8', is('10.1.2.3'), 'depends'],
  ['10.0.0.256', is('10.1.2.3'), 'depends'],
  ['10.0.0.0/8/8', is('10.1.2.3'), 'depends'],
  ['10.0.0.0/x', is('10.1.2.3'), 'depends'],
  ['10.0.0.0/8x', is('10.1.2.3'), 'depends'],
  ['10.0.0.1x', is('10.1.2.3'), 'depends'],
  // The same number, of the other family.
  ['::a00:0/104', is('10.1.2.3'), 'false'],
  ['::3400:0/104', some(addresses('52.1.0.0/16')), 'false'],
  [['52.1.128.0/17', '52.1.0.0/17'], some(addresses('52.1.0.0/16')), 'true'],
  ['52.1.0.0', some(addresses('52.1.0.0/16')), 'depends'],
  [['52.1.0.0/16', '10.0.0.0/8'], some(addresses('52.0.0.0/8')), 'depends'],
  ['2001:db8::/32', is('2001:db8::1'), 'true'],
  ['2001:db8::/32', is('2001:db9::1'), 'false'],
  ['2001:db8:0:0:0:0:0:1', is('2001:db8::1'), 'true'],
  ['2001:db8::1::2', is('2001:db8::1'), 'depends'],
  ['2001:db8:1', is('2001:db8::1'), 'depends'],
  ['1:2:3:4:5:6:7:8:9', is('2001:db8::1'), 'depends'],
  ['1:2:3:4:5:6:7:8::', is('2001:db8::1'), 'depends'],
  ['g::1', is('2001:db8::1'), 'depends'],
  ['0.0.0.0/0', is('2001:db8::1'), 'false'],
  ['10.0.0.0/8', some({ kind: 'public-address' }), 'false'],
  [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'], some({ kind: 'public-address' }), 'false'],
  ['8.0.0.0/7', some({ kind: 'public-address' }), 'depends'],
  ['52.0.0.0/8', some({ kind: 'public-address' }), 'depends'],
  [['0.0.0.0/0', '::/0'], some({ kind: 'public-address' }), 'true'],
  [['0.0.0.0/1', '128.0.0.0/1', '::/0'], some({ kind: 'public-address' }), 'true'],
  [['0.0.0.0/1', '129.0.0.0/1', '::/1'], some({ kind: 'public-address' }), 'depends'],
  ['x', some({ kind: 'public-address' }), 'depends'],
  ['52.0.0.0/8', some(addresses('52.1.0.0/16')), 'true'],
  ['52.1.0.0/24', some(addresses('52.1.0.0/16')), 'depends'],
  ['53.0.0.0/8', some(addresses('52.1.0.0/16')), 'false'],
  [['52.1.0.0/17', '52.1.128.0/17'], some(addresses('52.1.0.0/16')), 'true'],
  [['52.1.0.0/17', '52.1.192.0/18'], some(addresses('52.1.0.0/16')), 'depends'],
  ['52.1.0.0/16', some(addresses('52.1.0.0/16', '53.1.0.0/16')), 'depends'],
  [['52.1.0.0/16', 'x'], some(addresses('52.1.0.0/16')), 'true'],
  [['53.1.0.0/16', 'x'], some(addresses('52.1.0.0/16')), 'depends'],
  ['52.0.0.0/8', present, 'depends'],
]);

for (const [equals, notEquals] of [
  ['ArnEquals', 'ArnNotEquals'],
  ['ArnLike', 'ArnNotLike'],
] as const) {
  both(equals, notEquals, [
    ['arn:aws:iam::1:role/x', is('arn:aws:iam::1:role/x'), 'true'],
    ['arn:aws:iam::1:role/*', is('arn:aws:iam::1:role/x'), 'true'],
    ['arn:aws:iam::*:role/?', is('arn:aws:iam::1:role/x'), 'true'],
    ['arn:aws:iam::1:role/x', is('arn:aws:iam::2:role/x'), 'false'],
    // A star stays within its part here.
    ['arn:aws:iam::*', is('arn:aws:iam::1:role/x'), 'depends'],
    ['arn:aws:*:role/x', is('arn:aws:iam::1:role/x'), 'depends'],
    ['*', is('arn:aws:iam::1:role/x'), 'true'],
    ['arn:aws:iam::1:role/x', is('no arn'), 'false'],
    ['arn:aws:iam::1:role/x', some({ kind: 'other-than', values: ['arn:aws:iam::1:role/x'] }), 'false'],
    ['arn:aws:iam::1:role/x', some({ kind: 'other-than', values: ['arn:aws:iam::1:role/y'] }), 'depends'],
    ['arn:aws:iam::1:role/*', some({ kind: 'other-than', values: ['arn:aws:iam::1:role/*'] }), 'depends'],
    ['arn:aws:s3:::b/*', is('arn:aws:s3:::b/x:y'), 'true'],
    ['*', present, 'true'],
    ['arn:aws:iam::1:role/x', present, 'depends'],
    [
      'arn:aws:iam::1:*',
      some({ kind: 'matching', patterns: ['arn:aws:iam::1:role/*', 'arn:aws:iam::1:user/*'] }),
      'true',
    ],
    [
      'arn:aws:iam::1:role/*',
      some({ kind: 'matching', patterns: ['arn:aws:iam::1:role/*', 'arn:aws:iam::1:user/*'] }),
      'depends',
    ],
    [
      'arn:aws:iam::1:root',
      some({ kind: 'matching', patterns: ['arn:aws:iam::1:role/*', 'arn:aws:iam::1:user/*'] }),
      'false',
    ],
    ['*', some({ kind: 'matching', patterns: ['x'] }), 'true'],
    ['x', some({ kind: 'matching', patterns: ['x'] }), 'false'],
    ['arn:aws:iam::1:*', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'false'],
    // ARNs are compared part by part.
    ['arn:*:iam::1:*', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'false'],
    ['arn:aws:iam::2:*', some({ kind: 'arn-outside-accounts', accountIds: ['1'] }), 'depends'],
  ]);
}

table('Null', [
  ['Null', 'true', absent, 'true'],
  ['Null', 'false', absent, 'false'],
  ['Null', 'true', is(''), 'false'],
  ['Null', false, is('x'), 'true'],
  ['Null', 'true', present, 'false'],
  ['Null', 'false', present, 'true'],
  ['Null', 'true', open, 'depends'],
  ['Null', ['true', 'false'], is('x'), 'true'],
  ['Null', 'perhaps', absent, 'depends'],
  ['NullIfExists', 'true', absent, 'depends'],
  ['ForAnyValue:Null', 'true', absent, 'depends'],
]);

table('the absent key', [
  ['StringEquals', 'x', absent, 'false'],
  ['StringNotEquals', 'x', absent, 'true'],
  ['StringEqualsIfExists', 'x', absent, 'true'],
  ['StringNotEqualsIfExists', 'x', absent, 'true'],
  ['ForAllValues:StringEquals', 'x', absent, 'true'],
  ['ForAllValues:StringNotEquals', 'x', absent, 'true'],
  ['ForAnyValue:StringEquals', 'x', absent, 'false'],
  ['ForAnyValue:StringNotEquals', 'x', absent, 'false'],
  // ForAnyValue says false, IfExists says true, and no page which of them wins.
  ['ForAnyValue:StringEqualsIfExists', 'x', absent, 'depends'],
  ['ForAnyValue:StringNotEqualsIfExists', 'x', absent, 'depends'],
  ['ForAnyValue:StringEqualsIfExists', 'x', are(), 'depends'],
  ['ForAnyValue:StringEqualsIfExists', 'x', is('x'), 'true'],
  ['ForAnyValue:StringEqualsIfExists', 'x', is('y'), 'false'],
  ['ForAllValues:StringEqualsIfExists', 'x', absent, 'true'],
  ['NumericLessThan', '1', absent, 'false'],
  ['NumericNotEquals', '1', absent, 'true'],
  ['DateLessThan', NOW, absent, 'false'],
  ['DateLessThanIfExists', NOW, absent, 'true'],
  ['IpAddress', '10.0.0.0/8', absent, 'false'],
  ['NotIpAddress', '10.0.0.0/8', absent, 'true'],
  ['ArnLike', 'arn:*:*:*:*:*', absent, 'false'],
  ['ArnNotLike', 'arn:*:*:*:*:*', absent, 'true'],
  ['StringSounds', 'x', absent, 'depends'],
]);

table('a key that is there or not', [
  ['StringEquals', 'x', open, 'depends'],
  ['StringEquals', 'x', perhaps({ kind: 'unnamed', example: 'y' }), 'false'],
  ['StringNotEquals', 'x', perhaps({ kind: 'unnamed', example: 'y' }), 'true'],
  ['StringEqualsIfExists', 'x', perhaps({ kind: 'unnamed', example: 'y' }), 'depends'],
  ['StringEqualsIfExists', 'y', perhaps({ kind: 'unnamed', example: 'y' }), 'true'],
  ['StringLike', '*', open, 'depends'],
  ['StringLikeIfExists', '*', open, 'true'],
  ['StringNotLike', '*', open, 'depends'],
  ['Bool', 'true', perhaps({ kind: 'other-than', values: ['true'] }), 'false'],
  ['Bool', 'false', perhaps({ kind: 'other-than', values: ['true'] }), 'depends'],
  ['BoolIfExists', 'false', perhaps({ kind: 'other-than', values: ['true'] }), 'true'],
]);

table('several values', [
  ['ForAllValues:StringEquals', ['x', 'y'], are('x', 'y'), 'true'],
  ['ForAllValues:StringEquals', ['x', 'y'], are('x', 'z'), 'false'],
  ['ForAllValues:StringEquals', ['x'], are(), 'true'],
  ['ForAnyValue:StringEquals', ['x'], are('y', 'x'), 'true'],
  ['ForAnyValue:StringEquals', ['x'], are('y', 'z'), 'false'],
  ['ForAnyValue:StringEquals', ['x'], are(), 'false'],
  ['ForAnyValue:StringNotEquals', ['x'], are('x', 'y'), 'true'],
  ['ForAnyValue:StringNotEquals', ['x'], are('x'), 'false'],
  ['ForAllValues:StringNotEquals', ['x'], are('y', 'z'), 'true'],
  ['ForAllValues:StringNotEquals', ['x'], are('x', 'y'), 'false'],
  ['StringEquals', ['x'], are('x'), 'depends'],
  ['ForAllValues:StringLike', 'x*', is('xy'), 'true'],
]);

table('variables', [
  ['StringEquals', '${aws:PrincipalAccount}', is('123456789012'), 'true'],
  ['StringEquals', '${AWS:principalaccount}', is('123456789012'), 'true'],
  ['StringEquals', 'x-${aws:PrincipalAccount}-y', is('x-123456789012-y'), 'true'],
  ['StringEquals', "${aws:username, 'nobody'}", is('nobody'), 'true'],
  ['StringEquals', "${aws:PrincipalAccount, 'nobody'}", is('nobody'), 'false'],
  // A key that is absent leaves the variable without a value, which nothing equals.
  ['StringEquals', '${aws:username}', is('x'), 'false'],
  ['StringLike', '${aws:username}*', is('x'), 'false'],
  ['ArnLike', 'arn:aws:iam::1:user/${aws:username}', is('arn:aws:iam::1:user/x'), 'false'],
  ['StringEquals', ['x', '${aws:username}'], is('x'), 'true'],
  ['StringNotEquals', '${aws:username}', is('x'), 'true'],
  ['StringNotEquals', ['x', '${aws:username}'], is('x'), 'false'],
  ['StringEquals', '${aws:username}', present, 'false'],
  ['StringEquals', '${aws:username}-${aws:userid}', is('x'), 'false'],
  ['StringEquals', '${not a key}', is('x'), 'depends'],
  // Other operators take no variables.
  ['Bool', '${aws:PrincipalAccount}', is('true'), 'depends'],
  ['NumericEquals', '${aws:PrincipalAccount}', is('123456789012'), 'depends'],
  ['NumericEquals', '${aws:PrincipalAccount}', absent, 'depends'],
  ['DateLessThan', '${aws:CurrentTime}', is('2026-01-01'), 'depends'],
  ['IpAddress', ['10.0.0.0/8', '${aws:SourceIp}'], is('10.1.2.3'), 'depends'],
  ['Null', '${aws:username}', is('x'), 'depends'],
  ['StringEquals', '${aws:userid}', is('x'), 'depends'],
  ['StringEquals', '${aws:userid}', absent, 'false'],
  ['StringNotEquals', '${aws:userid}', absent, 'true'],
  ['StringEquals', ['x', '${aws:userid}'], is('x'), 'true'],
  ['StringEquals', ['x', '${aws:userid}'], is('y'), 'depends'],
  ['StringEquals', ['x', '${aws:userid}'], some({ kind: 'unnamed', example: 'y' }), 'depends'],
  ['StringEquals', ['x', '${aws:userid}'], some({ kind: 'unnamed', example: 'x' }), 'true'],
  ['StringEquals', '${*}', is('*'), 'true'],
  ['StringEquals', '${$}{x}', is('${x}'), 'true'],
  ['StringLike', 'a${*}', is('ab'), 'false'],
  ['StringLike', 'a${?}*', is('a?b'), 'depends'],
  ['StringLike', '${aws:star}', is('ab'), 'false'],
  ['StringLike', '${aws:PrincipalAccount}*', is('123456789012x'), 'true'],
  ['StringEquals', '${aws:PrincipalAccount', is('${aws:PrincipalAccount'), 'true'],
]);

test('Version 2008 has no variables', () => {
  expect(clause('StringEquals', '${aws:PrincipalAccount}', is('123456789012'), '2008-10-17').verdict).toBe(
    'false',
  );
  const text = is('${aws:PrincipalAccount}');
  expect(clause('StringEquals', '${aws:PrincipalAccount}', text, '2008-10-17').verdict).toBe('true');
});

test('what is open is named with its reason, and what makes no sense too', () => {
  const why = { ...open, why: 'nobody knows' };
  const [doubt] = clause('StringEquals', 'x', why).open;
  expect(doubt).toMatchObject({
    verdict: 'depends',
    clause: { key: 'a:Key', operator: 'StringEquals' },
    fact: why,
  });
  expect(doubt).not.toHaveProperty('fault');
  expect(clause('StringSounds', 'x', is('x')).open[0]?.fault).toMatch(
    /StringSounds is no condition operator/,
  );
  expect(clause('NumericEquals', 'x', is('x')).open[0]?.fault).toMatch(/not documented/);
  expect(clause('StringEquals', '${aws:userid}', is('x')).open[0]).not.toHaveProperty('fault');
  expect(clause('StringEquals', 'x', is('x')).open).toEqual([]);
});

test('all operators and keys must hold', () => {
  const of = (Condition: unknown) => {
    const text = JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Condition } });
    const [statement] = parsePolicy({ source: 'p', text }).statements;
    const context = new RequestContext({ a: is('1'), b: is('2'), 'c:Tag/': is('3') });
    return statement && evaluateConditions(statement, context).verdict;
  };
  expect(of({ StringEquals: { a: '1', b: '2' } })).toBe('true');
  expect(of({ StringEquals: { a: '1', b: '1' } })).toBe('false');
  expect(of({ StringEquals: { a: '1' }, StringLike: { B: '*' } })).toBe('true');
  expect(of({ StringEquals: { a: '1', d: '1' } })).toBe('depends');
  expect(of({ StringEquals: { a: '2', d: '1' } })).toBe('false');
  expect(of({ StringEquals: { 'c:tag/anything': '3' } })).toBe('true');
  expect(of({ StringEquals: { 'c:other/anything': '3' } })).toBe('depends');
});

test.each([
  '',
  'string',
  'Equals',
  'ForAllValues',
  'ForAllValues:',
  'ForSomeValues:StringEquals',
  'StringEqualsIfExistsIfExists',
  'x:StringEquals',
  'IfExists',
  'StringEquals ',
])('%j is no operator', (name) => expect(parseOperator(name)).toBeUndefined());

test('keys that such a request never carries are absent', () => {
  const carried = new Set(['s3:prefix', 'aws:principaltag/', 'kms:encryptioncontext:']);
  const context = new RequestContext({ 'ec2:Known': is('x'), 's3:Family/': is('z') }, carried);
  expect(context.fact('S3:prefix').kind).toBe('open');
  expect(context.fact('aws:PrincipalTag/team').kind).toBe('open');
  expect(context.fact('kms:EncryptionContext:aws:s3:arn').kind).toBe('open');
  expect(context.fact('s3:family/any')).toEqual(is('z'));
  expect(context.fact('s3:prefix/team').kind).toBe('absent');
  expect(context.fact('aws:ResourceTag/team').kind).toBe('absent');
  expect(context.fact('s3:delimiter').kind).toBe('absent');
  expect(context.fact('EC2:known')).toEqual(is('x'));
  expect(context.fact('nothing').kind).toBe('absent');
  expect(context.with({ 'S3:Delimiter': is('y') }).fact('s3:delimiter')).toEqual(is('y'));
  expect(context.with({}).fact('ec2:Region').kind).toBe('absent');
  expect(new RequestContext({}).fact('nothing').kind).toBe('open');
});
