/** Rules and fingerprints share what is parsed. */
import {
  parsedIdentityPolicy,
  parsedResourcePolicy,
  parsedTrustPolicy,
} from '../../../checks/evidence/parsed';

const document = { source: 'trust policy', text: '{"Version":"2012-10-17","Statement":[]}' };

test('a trust policy is parsed once, also where its statements are read as those of any resource', () => {
  expect(parsedResourcePolicy(document)).toBe(parsedTrustPolicy(document));
});

test('the same text is another policy as another kind', () => {
  expect(parsedIdentityPolicy(document)).not.toBe(parsedTrustPolicy(document));
});
