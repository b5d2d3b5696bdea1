/** Under which key the ledger remembers an event. */
import { createHash } from 'node:crypto';

/**
 * A hash of the event's ID: whoever writes the event sets its length, and DynamoDB takes keys of 2,048 bytes at most
 * (Amazon DynamoDB Developer Guide, "Quotas", partition key length).
 */
export function ledgerKey(eventId: string): string {
  return createHash('sha256').update(eventId).digest('hex');
}
