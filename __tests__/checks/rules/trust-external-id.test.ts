import { findingsOf } from './support';

const trust = (Condition: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole', Condition }],
});
const of = (Condition: unknown) =>
  findingsOf({ trustPolicy: trust(Condition) }).filter(({ rule }) => rule === 'trust-external-id');
const CLIENT = '1c42465e-4bf2-4e83-90d6-f6fbcac03634';

test('a second value is named, at its condition, with the corrected document', () => {
  expect(of({ StringEquals: { 'sts:ExternalId': [CLIENT, 'someone-else'] } })[0]).toMatchObject({
    status: 'fail',
    severity: 'critical',
    message:
      'The trust policy accepts the ExternalId someone-else, which is not your client ID, from 111122223333.',
    actual: { StringEquals: { 'sts:ExternalId': [CLIENT, 'someone-else'] } },
    location: { pointer: '/Statement/0/Condition/StringEquals/sts:ExternalId' },
    remediation: { document: { Statement: [{ Condition: { StringEquals: { 'sts:ExternalId': CLIENT } } }] } },
  });
});

test('the fingerprint does not depend on the order of values, and changes with the value', () => {
  const print = (values: string[]) => of({ StringEquals: { 'sts:ExternalId': values } })[0]?.fingerprint;
  expect(print([CLIENT, 'other'])).toBe(print(['other', CLIENT]));
  expect(print([CLIENT, 'other'])).not.toBe(print([CLIENT, 'another']));
  expect(print([CLIENT, 'other'])).toMatch(/^trust-external-id::extra-value::[0-9a-f]{16}$/);
});

test.each([
  ['no condition', undefined, 'every call, with any ExternalId or none'],
  ['StringLike *', { StringLike: { 'sts:ExternalId': '*' } }, 'a call with any ExternalId'],
  ['a pattern', { StringLike: { 'sts:ExternalId': '1c42*' } }, 'every ExternalId that begins with 1c42'],
  [
    'another pattern',
    { StringLike: { 'sts:ExternalId': ['*4', '*-x-*', 'a?b'] } },
    'every ExternalId that ends with 4, and every ExternalId that contains -x-, and every ExternalId that matches a?b',
  ],
  ['IfExists', { StringEqualsIfExists: { 'sts:ExternalId': CLIENT } }, 'a call without any ExternalId'],
  [
    'no case',
    { StringEqualsIgnoreCase: { 'sts:ExternalId': CLIENT } },
    'your client ID also in upper or lower case',
  ],
])(
  '%s is one finding, which says what follows and shows what is in the document',
  (_what, Condition, words) => {
    const Principal = { AWS: ['111122223333', 'arn:aws:iam::111122223333:role/x'] };
    const statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition };
    const found = findingsOf({ trustPolicy: { Version: '2012-10-17', Statement: [statement] } }).filter(
      ({ rule, status }) => rule === 'trust-external-id' && status === 'fail',
    );
    expect(found.map(({ message, actual }) => ({ message, actual }))).toEqual([
      {
        message: `The trust policy accepts ${words}, from either principal (111122223333, arn:aws:iam::111122223333:role/x).`,
        actual: Condition ?? null,
      },
    ]);
  },
);

test('two statements are two findings', () => {
  const way = (Condition: unknown) => trust(Condition).Statement[0];
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: [
      way({ StringEquals: { 'sts:ExternalId': 'a' } }),
      way({ StringLike: { 'sts:ExternalId': 'b*' } }),
    ],
  };
  const found = findingsOf({ trustPolicy }).filter(({ rule }) => rule === 'trust-external-id');
  expect(found.map(({ location }) => location?.pointer.slice(0, 12))).toEqual([
    '/Statement/0',
    '/Statement/1',
  ]);
});

test('who is let in without the client ID is named, not the account whose own statement demands it', () => {
  const user = 'arn:aws:iam::111122223333:user/bob';
  const way = (AWS: string, Condition: unknown) => ({
    Effect: 'Allow',
    Principal: { AWS },
    Action: 'sts:AssumeRole',
    Condition,
  });
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: [
      way('111122223333', { StringEquals: { 'sts:ExternalId': CLIENT } }),
      way(user, { 'ForAllValues:StringEquals': { 'sts:ExternalId': CLIENT } }),
    ],
  };
  const found = findingsOf({ trustPolicy }).filter(({ rule }) => rule === 'trust-external-id');
  expect(found.map(({ message }) => message)).toEqual([
    `The trust policy accepts a call without any ExternalId, from ${user}.`,
  ]);
  expect(found[0]?.location?.pointer).toMatch(/^\/Statement\/1\//);
});
