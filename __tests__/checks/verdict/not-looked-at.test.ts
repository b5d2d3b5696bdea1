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
  'S3 Access Grants were not looked at: a grant may let others read logs; aws s3control list-access-grants shows them.';
const line = `Organization policies were not looked at: AWS denied organizations:ListRoots. ${GRANTS}`;

test('where nobody looked, the sentence says what to do about it', () => {
  const sentence = notLookedAt({}, undefined);
  expect(sentence).toMatch(
    /^Organization policies were not looked at: .*organization: \{\}.*--organization\. S3 Access Grants /,
  );
  expect(sentence.endsWith(GRANTS)).toBe(true);
});

test('where the config asks for it and the source lacks it, it asks for a copy alone', () => {
  expect(notLookedAt({}, { required: false })).toBe(
    `Organization policies were not looked at: neither a plan nor an observation that was saved without them holds them; give a saved copy with --organization. ${GRANTS}`,
  );
});

test('a run of rules that need no organization says nothing of it', () => {
  expect(notLookedAt({}, { required: false }, false)).toBe(GRANTS);
});

test('where they could not be read, it says why, unless a finding does', () => {
  expect(notLookedAt({ organization: refused }, undefined)).toBe(line);
  expect(notLookedAt({ organization: refused }, { required: true })).toBe(GRANTS);
  expect(notLookedAt(unreadPath, { required: false })).toBe(line);
  expect(notLookedAt(unreadPath, { required: true })).toBe(GRANTS);
});

test('where they were read, or there is no organization, only S3 Access Grants are left to say', () => {
  expect(notLookedAt(seen, undefined)).toBe(GRANTS);
  expect(notLookedAt({ organization: { state: 'absent' } }, undefined)).toBe(GRANTS);
});
