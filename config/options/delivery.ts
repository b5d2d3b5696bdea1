/** What an export expects of its delivery. If it says anything, the rule delivery-alive is on. */
import * as z from 'zod';
import { durationFaults, durationMs } from '../duration';
import { validText } from './option';

const deliverySchema = z
  .strictObject({
    expectEvery: validText(
      durationFaults,
      'The longest time without a new log, such as 90m, 24h or 7d; 24h by default.',
    ).optional(),
    kinds: z
      .array(z.enum(['query', 'system', 'custom']))
      .min(1, 'must name at least one kind')
      .optional()
      .describe('The kinds of audit logs that should arrive.'),
    prefix: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('Prefix of the logs’ keys, if the bucket holds other objects too.'),
    sample: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('How many of the newest objects are opened; 10 by default.'),
  })
  .describe(
    'Turns the rule delivery-alive on: logs should arrive. The audit then lists the bucket and reads some objects.',
  );

/** Keys of an export; spread into its schema. */
export const deliveryShape = { delivery: deliverySchema.optional() };

export type DeliveryConfig = z.output<typeof deliverySchema>;

/** What is expected of the delivery to a bucket. */
export interface DeliveryExpectation {
  /** Longest time between two logs, milliseconds. */
  readonly expectEvery: number;
  readonly kinds?: DeliveryConfig['kinds'];
  /** What the keys of the logs begin with. */
  readonly prefix?: string;
}

/** Enough for a tenant on which something happens every day. */
const DEFAULT_INTERVAL = '24h';

/** The expectation of an export, or the usual one. */
export function deliveryExpectation({
  expectEvery = DEFAULT_INTERVAL,
  kinds,
  prefix,
}: DeliveryConfig = {}): DeliveryExpectation {
  return {
    expectEvery: durationMs(expectEvery) ?? 0,
    kinds,
    prefix,
  };
}
