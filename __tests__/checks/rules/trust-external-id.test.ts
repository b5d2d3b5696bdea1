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
    actual: 'someone-else',
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

test('no condition at all accepts no ExternalId and any', () => {
  expect(of({}).map(({ fingerprint }) => fingerprint.split('::')[1])).toEqual(
    expect.arrayContaining(['absent-accepted', 'any-value']),
  );
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
    `The role can be assumed by ${user} without any ExternalId.`,
  ]);
  expect(found[0]?.location?.pointer).toMatch(/^\/Statement\/1\//);
});
