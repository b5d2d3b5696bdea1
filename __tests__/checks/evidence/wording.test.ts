import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import {
  causeOf,
  grantFaults,
  locationOf,
  notUnderstood,
  oneOrAll,
  placesOf,
  restsOn,
  statementsOf,
  wordReasons,
} from '../../../checks/evidence/wording';
import type { ClauseVerdict, Fact, Reason } from '../../../checks/policy';

const BUCKET = 'bucket policy';
const ROLE = 'inline policy logs';
const policyOf = (source: string, ...Statement: readonly unknown[]) =>
  parsedResourcePolicy({ source, text: JSON.stringify({ Version: '2012-10-17', Statement }) });

const reason = (text: string, more: Partial<Reason> = {}): Reason => ({ kind: 'deny', text, ...more });
const clause = (values: readonly string[], fact: Fact, fault?: string): ClauseVerdict => ({
  verdict: 'depends',
  clause: { operator: 'StringEquals', key: 'aws:SourceVpce', values, pointer: '/Statement/0/Condition' },
  fact,
  fault,
});
const OPEN: Fact = { kind: 'open' };
const WHY = 'only ALTR knows which';

test('a statement is at its own place, or at a part of it', () => {
  const statement = { source: BUCKET, pointer: '/Statement/0' };
  expect(locationOf(statement)).toEqual({ document: BUCKET, pointer: '/Statement/0' });
  expect(locationOf(statement, '/Statement/0/Action')).toEqual({
    document: BUCKET,
    pointer: '/Statement/0/Action',
  });
});

describe('the places of reasons', () => {
  test('the first is the location, and the others are named as well', () => {
    const reasons = [
      reason('nothing allows it'),
      reason('a', { source: BUCKET, pointer: '/Statement/1' }),
      reason('b', { source: ROLE }),
    ];
    expect(placesOf(reasons)).toEqual({
      location: { document: BUCKET, pointer: '/Statement/1' },
      also: [{ document: ROLE, pointer: '' }],
    });
  });

  test('a reason that is in no document has no place', () => {
    expect(placesOf([reason('nothing allows it')])).toEqual({});
  });
});

describe('the statements that a decision follows from', () => {
  const allow = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  const other = { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: '*' };
  const bucket = policyOf(BUCKET, allow, deny);
  const role = policyOf(ROLE, other);

  test.each<[what: string, reasons: readonly Reason[], expected: unknown]>([
    ['the one to blame, as it was written', [reason('', { source: BUCKET, pointer: '/Statement/1' })], deny],
    [
      'several in several documents',
      [
        reason('', { source: BUCKET, pointer: '/Statement/0' }),
        reason('', { source: ROLE, pointer: '/Statement/0' }),
      ],
      [allow, other],
    ],
    ['every Allow, if none is to blame', [reason('nothing allows it')], [allow, other]],
    [
      'every Allow, if the document as a whole is',
      [reason('', { source: BUCKET, pointer: '' })],
      [allow, other],
    ],
    [
      'every Allow, if the statement is of a document that was not asked',
      [reason('', { source: 'boundary', pointer: '/Statement/1' })],
      [allow, other],
    ],
  ])('%s', (_what, reasons, expected) => {
    expect(statementsOf(reasons, [bucket, role])).toEqual(expected);
  });

  test('there are none in documents without any', () => {
    expect(statementsOf([], [policyOf(BUCKET)])).toBeNull();
    expect(statementsOf([], [policyOf(BUCKET, deny)])).toBeNull();
  });
});

describe('reasons in words', () => {
  test.each<[what: string, reasons: readonly Reason[], words: string]>([
    ['none', [], ''],
    ['one that is in no document', [reason('no statement allows it')], 'no statement allows it'],
    ['one in a document', [reason('a Deny applies', { source: BUCKET })], 'a Deny applies (bucket policy)'],
    [
      'one in a statement',
      [reason('a Deny applies', { source: BUCKET, pointer: '/Statement/0' })],
      'a Deny applies (bucket policy, /Statement/0)',
    ],
    [
      'one with conditions, each with what is known of its key',
      [
        reason('a Deny may apply', {
          source: BUCKET,
          pointer: '/Statement/0',
          clauses: [clause(['vpce-1', 'vpce-2'], { ...OPEN, why: WHY }), clause(['vpce-3'], OPEN)],
        }),
      ],
      'a Deny may apply: StringEquals aws:SourceVpce vpce-1, vpce-2 (only ALTR knows which); StringEquals aws:SourceVpce vpce-3 (bucket policy, /Statement/0)',
    ],
    [
      'what was not understood comes before what is known',
      [reason('it may', { clauses: [clause(['x'], { ...OPEN, why: WHY }, 'Equals is no operator')] })],
      'it may: StringEquals aws:SourceVpce x (Equals is no operator)',
    ],
    ['the same twice', [reason('a'), reason('b'), reason('a')], 'a; b'],
    ['no more than five', ['a', 'b', 'c', 'd', 'e', 'f'].map((text) => reason(text)), 'a; b; c; d; e'],
  ])('%s', (_what, reasons, words) => {
    expect(wordReasons(reasons)).toBe(words);
  });

  test.each([
    ['200 characters of values are shown', 'v'.repeat(200), 'v'.repeat(200)],
    ['one more is cut off', 'v'.repeat(201), `${'v'.repeat(200)}…`],
  ])('%s', (_what, value, shown) => {
    expect(wordReasons([reason('it may', { clauses: [clause([value], OPEN)] })])).toBe(
      `it may: StringEquals aws:SourceVpce ${shown}`,
    );
  });
});

test('a list of one is shown as its entry', () => {
  expect([oneOrAll(['a']), oneOrAll(['a', 'b']), oneOrAll([])]).toEqual(['a', ['a', 'b'], []]);
});

describe('why a decision is open', () => {
  test.each<[what: string, reasons: readonly Reason[], cause: string]>([
    ['a fact is unknown', [reason('', { clauses: [clause(['x'], OPEN)] })], 'undecidable'],
    ['nothing is known of why', [reason('')], 'undecidable'],
    [
      'a condition was not understood',
      [reason('', { clauses: [clause(['x'], OPEN, 'no operator')] })],
      'not-understood',
    ],
    [
      'one condition of several was not understood',
      [reason(''), reason('', { clauses: [clause(['x'], OPEN), clause(['y'], OPEN, 'no operator')] })],
      'not-understood',
    ],
    ['a statement was not understood', [reason('', { kind: 'fault' })], 'not-understood'],
  ])('%s', (_what, reasons, cause) => {
    expect(causeOf(reasons)).toBe(cause);
  });
});

test('faults count in statements that may grant, not in a Deny', () => {
  const broken = { Principal: '*', Action: 5, Resource: '*' };
  const policy = policyOf(
    BUCKET,
    { Effect: 'Allow', ...broken },
    { Effect: 'Deny', ...broken },
    { Effect: 'Maybe', ...broken },
  );
  const statements = grantFaults(policy).map(({ pointer }) => pointer.split('/')[2]);
  expect([...new Set(statements)]).toEqual(['0', '2']);
});

describe('parts that were not understood', () => {
  const first = { pointer: '/Statement/0/Action', reason: 'this is not a string' };
  const second = { pointer: '/Statement/1', reason: 'this is not a JSON object' };

  test('the sentence names the first, and the data all', () => {
    expect(notUnderstood(BUCKET, [first, second])).toStrictEqual({
      status: 'unknown',
      fact: 'not-understood',
      cause: 'not-understood',
      message: 'It can’t be decided: in the bucket policy, at /Statement/0/Action, this is not a string.',
      actual: ['this is not a string', 'this is not a JSON object'],
      location: { document: BUCKET, pointer: '/Statement/0/Action' },
    });
  });

  test('a document that is none as a whole has no place to point to', () => {
    expect(notUnderstood(BUCKET, [{ pointer: '', reason: 'this is no JSON' }])).toMatchObject({
      message: 'It can’t be decided: in the bucket policy, this is no JSON.',
      location: { document: BUCKET, pointer: '' },
    });
  });
});

describe('the assumptions that a verdict rests on', () => {
  const assumptions = { aclHeader: 'none', organizationId: 'o-exampleorg1', checksumHeader: 'sent' } as const;
  const needs =
    (...keys: readonly (keyof typeof assumptions)[]) =>
    (tried: Partial<typeof assumptions>) =>
      keys.every((key) => tried[key] !== undefined) ? 'allowed' : 'depends';

  test.each([
    ['none', needs(), ''],
    ['one', needs('aclHeader'), ' This rests on altr.assumptions in the config: aclHeader.'],
    [
      'two',
      needs('organizationId', 'aclHeader'),
      ' This rests on altr.assumptions in the config: aclHeader, organizationId.',
    ],
  ])('%s', (_what, judge, sentence) => {
    expect(restsOn(assumptions, 'allowed', (tried) => judge(tried as Partial<typeof assumptions>))).toBe(
      sentence,
    );
  });
});
