import { createHash } from 'node:crypto';
import type { DocumentsByName } from './documents';
import type { Finding, FindingLocation } from './finding';
import { statementsIn } from './statements';

/** What a fingerprint is made of, beside the rule and the resource. */
export interface Fact {
  readonly fact: string;
  /** What the finding is about, if the statements at its locations don't tell it all. */
  readonly about?: unknown;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly location?: FindingLocation;
  /** The other places that the finding follows from. */
  readonly also?: readonly FindingLocation[];
  readonly cause?: string;
}

/** Digits of a fingerprint's hash; 12 in the form of earlier versions, which left out what was accepted. */
const DIGITS = 16;

/**
 * The fingerprint of a finding, for example `trust-external-id::extra-value::3f2a9c01d4e5b687`. It depends on the rule, the
 * fact and the whole statements that the finding is about, or on what was found if that is no statement; never on the order
 * of keys, statements or list entries, on Sids, on case where IAM ignores it, on a machine or a time. What could not be read
 * is told by the API and the error's code: messages name hosts and requests.
 */
export function fingerprintOf(
  rule: string,
  { fact, about, expected, actual, location, also = [], cause }: Fact,
  resource: string,
  documents: DocumentsByName = new Map(),
): string {
  const locations = location ? [location, ...also] : also;
  const statements = [...new Set(statementsIn(locations, documents).map(canonical))];
  const found =
    cause === 'unreadable' && typeof actual === 'object' && actual !== null ? pick(actual) : actual;
  // Of what is missing, only the expectation tells what it is.
  const otherwise = found === null ? { missing: expected ?? null } : (found ?? null);
  const hash = digestOf([
    { resource },
    { documents: [...new Set(locations.map(({ document }) => withoutVersion(document)))] },
    { statements },
    { about: about ?? (statements.length > 0 ? null : otherwise) },
  ]);
  return `${rule}::${fact}::${hash}`;
}

/** Tells data apart, whatever the order of keys and lists. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, DIGITS);
}

/** Whether a fingerprint, or a pattern of one, has the form of earlier versions. None of the present form matches it. */
export function isOldFingerprint(text: string): boolean {
  return /::[0-9a-f]{12}(::\d+)?$/.test(text);
}

/** A policy's version counts up with every edit, even if the fact stays. */
function withoutVersion(document: string): string {
  return document.replace(/ version v\d+$/, '');
}

/**
 * The findings of an export with a number on every fingerprint that occurred before: facts that are the same in all
 * that counts, such as a statement that is written twice, are still two findings, and it does not matter which is which.
 */
export function withUniqueFingerprints(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const count = (seen.get(finding.fingerprint) ?? 0) + 1;
    seen.set(finding.fingerprint, count);
    return count === 1 ? finding : { ...finding, fingerprint: `${finding.fingerprint}::${count}` };
  });
}

function pick(reason: object): unknown {
  const { api, code, permission } = reason as Readonly<Record<string, unknown>>;
  return { api, code, permission };
}

/** JSON with sorted keys and sorted lists. A list of one is its entry, as IAM reads it. Pointers are left out: they move. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length === 1) return canonical(value[0]);
    return `[${value.map(canonical).sort().join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([key, entry]) => entry !== undefined && key !== 'pointer')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
