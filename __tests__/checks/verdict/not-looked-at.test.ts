import { observationOf } from '../../../checks/pages/set-up';
import { organizationNotLookedAt } from '../../../checks/verdict/not-looked-at';
import { inOrganization } from '../rules/organization';
import { EXAMPLE } from '../rules/support';

const seen = observationOf(inOrganization({}), EXAMPLE);
const refused = { state: 'unreadable', reason: { message: 'AWS denied organizations:ListRoots' } } as const;
const unreadPath = observationOf(
  inOrganization({}, () => ({ accounts: [{ accountId: '123456789012', path: refused }] })),
  EXAMPLE,
);
const line = 'Organization policies were not looked at: AWS denied organizations:ListRoots.';

test('where nobody looked, the sentence says what to do about it', () => {
  const sentence = organizationNotLookedAt({}, undefined);
  expect(sentence).toMatch(
    /^Organization policies were not looked at: .*organization: \{\}.*--organization\.$/,
  );
});

test('where the config asks for it and the source lacks it, it asks for a copy alone', () => {
  const sentence = organizationNotLookedAt({}, { required: false });
  expect(sentence).toBe(
    'Organization policies were not looked at: neither a plan nor an observation that was saved without them holds them; give a saved copy with --organization.',
  );
});

test('where they could not be read, it says why, unless a finding does', () => {
  expect(organizationNotLookedAt({ organization: refused }, undefined)).toBe(line);
  expect(organizationNotLookedAt({ organization: refused }, { required: true })).toBeUndefined();
  expect(organizationNotLookedAt(unreadPath, { required: false })).toBe(line);
  expect(organizationNotLookedAt(unreadPath, { required: true })).toBeUndefined();
});

test('where they were read, or there is no organization, nothing is left to say', () => {
  expect(organizationNotLookedAt(seen, undefined)).toBeUndefined();
  expect(organizationNotLookedAt({ organization: { state: 'absent' } }, undefined)).toBeUndefined();
});
