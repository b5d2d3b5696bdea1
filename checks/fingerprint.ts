import { createHash } from 'node:crypto';

/**
 * The fingerprint of a finding, for example `trust-external-id::extra-value::3f2a9c01d4e5`. It depends on the
 * rule, the fact and what was found, never on the order of keys, statements or list entries, on a machine or a time.
 */
export function fingerprintOf(rule: string, fact: string, resource: string, actual: unknown): string {
  const hash = createHash('sha256')
    .update(canonical([resource, actual]))
    .digest('hex')
    .slice(0, 12);
  return `${rule}::${fact}::${hash}`;
}

/** JSON with sorted keys and sorted lists. `pointer` and `requestId` are left out: they differ though the fact is the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([key, entry]) => entry !== undefined && key !== 'pointer' && key !== 'requestId')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
