import type { BucketObservation, Observation } from '../../../checks/observe/observation';
import { observationOf } from '../../../checks/pages/set-up';
import { notLookedAt } from '../../../checks/verdict/not-looked-at';
import { inOrganization } from '../rules/organization';
import { EXAMPLE } from '../rules/support';

const seen = observationOf(inOrganization({}), EXAMPLE);
const refused = { state: 'unreadable', reason: { message: 'AWS denied organizations:ListRoots' } } as const;
const unreadPath = observationOf(
  inOrganization({}, () => ({ accounts: [{ accountId: '123456789012', path: refused }] })),
  EXAMPLE,
);
const GRANTS =
  'S3 Access Grants were not looked at: a grant may let others read logs; audit the account with accessGrants: true in each export.';
const NOTHING: Pick<Observation, 'exports'> = { exports: [] };
const line = `Organization policies were not looked at: AWS denied organizations:ListRoots. ${GRANTS}`;

test('where nobody looked, the sentence says what to do about it', () => {
  const [sentence = ''] = notLookedAt(NOTHING, undefined);
  expect(sentence).toMatch(
    /^Organization policies were not looked at: .*organization: \{\}.*--organization\. S3 Access Grants /,
  );
  expect(sentence.endsWith(GRANTS)).toBe(true);
});

test('where the config asks for it and the source lacks it, it asks for a copy alone', () => {
  expect(notLookedAt(NOTHING, { required: false })).toEqual([
    `Organization policies were not looked at: neither a plan nor an observation that was saved without them holds them; give a saved copy with --organization. ${GRANTS}`,
  ]);
});

test('a run of rules that need no organization says nothing of it', () => {
  expect(notLookedAt(NOTHING, { required: false }, false)).toEqual([GRANTS]);
});

test('where they could not be read, it says why, unless a finding does', () => {
  expect(notLookedAt({ ...NOTHING, organization: refused }, undefined)).toEqual([line]);
  expect(notLookedAt({ ...NOTHING, organization: refused }, { required: true })).toEqual([GRANTS]);
  expect(notLookedAt(unreadPath, { required: false })).toEqual([line]);
  expect(notLookedAt(unreadPath, { required: true })).toEqual([GRANTS]);
});

test('where they were read, or there is no organization, only S3 Access Grants are left to say', () => {
  expect(notLookedAt(seen, undefined)).toEqual([GRANTS]);
  expect(notLookedAt({ ...NOTHING, organization: { state: 'absent' } }, undefined)).toEqual([GRANTS]);
});

test('where S3 Access Grants were read for every bucket, nothing is left to say', () => {
  const reading = (...all: readonly BucketObservation['accessGrants'][]): Pick<Observation, 'exports'> => ({
    exports: all.flatMap((accessGrants) => observationOf({ bucket: { accessGrants } }, EXAMPLE).exports),
  });
  const absent = { state: 'absent' } as const;
  expect(notLookedAt({ ...seen, ...reading(absent, { state: 'value', value: [] }) }, undefined)).toEqual([]);
  expect(notLookedAt({ ...seen, ...reading(absent, undefined) }, undefined)).toEqual([GRANTS]);
});
