import { createHash } from 'node:crypto';
import type { Finding, FindingLocation } from './finding';

/** What a fingerprint is made of, beside the rule and the resource. */
export interface Fact {
  readonly fact: string;
  readonly actual?: unknown;
  readonly location?: FindingLocation;
  readonly cause?: string;
}

/**
 * The fingerprint of a finding, for example `trust-external-id::extra-value::3f2a9c01d4e5`. It depends on the rule, the
 * fact, the document and what was found there, never on the order of keys, statements or list entries, on a machine or a
 * time. What could not be read is told by the API and the error's code: messages name hosts and requests.
 */
export function fingerprintOf(
  rule: string,
  { fact, actual, location, cause }: Fact,
  resource: string,
): string {
  const found =
    cause === 'unreadable' && typeof actual === 'object' && actual !== null ? pick(actual) : (actual ?? null);
  // A policy's version counts up with every edit, also where the fact stays.
  const document = location?.document.replace(/ version v\d+$/, '') ?? null;
  const hash = createHash('sha256')
    .update(canonical([{ resource }, { document }, { found }]))
    .digest('hex')
    .slice(0, 12);
  return `${rule}::${fact}::${hash}`;
}

/**
 * The findings of an export with a number on every fingerprint that stands there before: facts that are the same in all
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
