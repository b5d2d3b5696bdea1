/** The one place that parses observed policy documents: each is parsed once, whichever rule or remedy asks. */
import type { PolicyText } from '../observe/observation';
import { type Policy, parsePolicy } from '../policy';
import { remembered } from './lazily';

/** Parses a policy of the role itself, inline or attached. */
export const parsedIdentityPolicy = parser();

export const parsedBoundary = parser();

export const parsedTrustPolicy = parser();

/** Parses the policy of a bucket, key, topic or queue. */
export const parsedResourcePolicy = parser();

/** One managed policy may be both an identity policy and a boundary, so each kind remembers for itself. */
function parser(): (document: PolicyText) => Policy {
  return remembered((document: PolicyText) => parsePolicy(document));
}
