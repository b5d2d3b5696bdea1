/** Rules share what is parsed. */
import {
  parsedAnyPolicy,
  parsedIdentityPolicy,
  parsedKeyPolicy,
  parsedResourcePolicy,
  parsedTrustPolicy,
} from '../../../checks/evidence/parsed';

const document = { source: 'trust policy', text: '{"Version":"2012-10-17","Statement":[]}' };

test.each([parsedAnyPolicy, parsedIdentityPolicy, parsedKeyPolicy, parsedResourcePolicy, parsedTrustPolicy])(
  'a policy is parsed once as its kind',
  (parsed) => {
    expect(parsed(document)).toBe(parsed(document));
  },
);

test('the same text is another policy as another kind', () => {
  expect(parsedIdentityPolicy(document)).not.toBe(parsedTrustPolicy(document));
});
