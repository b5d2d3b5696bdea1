/** Whether two policy documents say the same, so that Terraform leaves the one in place. */
import type { ContractDocument } from '../../contract/statement';
import { isTooDeep } from '../policy';

/**
 * Compares as the AWS provider does: the order of keys doesn't count, a list of one is its element, and an account ID is
 * its root's ARN. What differs only in other ways counts as a change: better one too many announced than one too few.
 */
export function sameDocument(text: string, document: ContractDocument): boolean {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return false;
  }
  if (isTooDeep(parsed)) return false;
  return JSON.stringify(normal(parsed)) === JSON.stringify(normal(document));
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normal);
    return items.length === 1 ? items[0] : items;
  }
  if (typeof value === 'string') return value.replace(/^arn:[a-z-]+:iam::(\d{12}):root$/, '$1');
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, normal(entry)]));
}
