/** The one place that parses observed policy documents: each is parsed once as its kind, whichever rule or remedy asks. */
import type { PolicyText } from '../observe/observation';
import { type DocumentKind, type Policy, parsePolicy, type Statement } from '../policy';
import { remembered } from './lazily';

/** IAM completes short ARNs in identity policies and boundaries only, so the kind counts. */
function parser(kind?: DocumentKind): (document: PolicyText) => Policy {
  return remembered((document: PolicyText) => parsePolicy(document, kind));
}

/** Parses a policy of the role itself, inline or attached. */
export const parsedIdentityPolicy = parser('identity');

export const parsedBoundary = parsedIdentityPolicy;

/** Parses the policy of a bucket, topic or queue. */
export const parsedResourcePolicy = parser('resource');

export const parsedKeyPolicy = parser('key');

export const parsedTrustPolicy = parser('trust');

export const parsedResourceControlPolicy = parser('resource-control');

export const parsedServiceControlPolicy = parser('service-control');

/** Parses a policy of any kind, for what it says and not for what it allows. */
export const parsedAnyPolicy = parser();

/** The statements of a document that JSON pointers lead to, or into; all of them for the document as a whole, which is ''. */
export function statementsAt({ statements }: Policy, pointers: readonly string[]): Statement[] {
  if (pointers.includes('')) return [...statements];
  const outer = new Set(pointers.flatMap(beginnings));
  return statements.filter(({ pointer }) => outer.has(pointer));
}

/** A pointer and all that it leads through, for example `/Statement` and `/Statement/0`. */
function beginnings(pointer: string): string[] {
  const steps = pointer.split('/');
  return steps.slice(1).map((_, i) => steps.slice(0, i + 2).join('/'));
}
