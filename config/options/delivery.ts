/** What an export expects of its delivery. If it says anything, the rule delivery-alive is on. */
import * as z from 'zod';
import { durationFaults, durationMs } from '../duration';
import { validText, whenGiven } from './option';

const KINDS = ['query', 'system', 'custom'] as const;

const interval = validText(
  durationFaults,
  'The longest time without this kind, such as 90m, 24h or 7d.',
).optional();

const kindList = z.array(z.enum(KINDS)).min(1, 'must name at least one kind');

const kindIntervals = z
  .strictObject({ query: interval, system: interval, custom: interval })
  .refine((kinds) => Object.keys(kinds).length > 0, 'must name at least one kind');

const deliverySchema = whenGiven(() =>
  z
    .strictObject({
      expectEvery: validText(
        durationFaults,
        'The longest time without a new log, such as 90m, 24h or 7d; 24h by default.',
      ).optional(),
      kinds: z
        .union([kindList, kindIntervals], {
          error:
            'must list the kinds query, system and custom, or give each its interval, such as system: 24h',
        })
        .optional()
        .describe(
          'The kinds of audit logs that should arrive: a list, or the longest time without each, such as system: 24h.',
        ),
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
    ),
);

/** Keys of an export; spread into its schema. */
export const deliveryShape = { delivery: deliverySchema.optional() };

export type DeliveryConfig = z.output<typeof deliverySchema>;

export type DeliveryKind = (typeof KINDS)[number];

/** What is expected of the delivery to a bucket. */
export interface DeliveryExpectation {
  /** Longest time between two logs, milliseconds. */
  readonly expectEvery: number;
  readonly kinds?: readonly DeliveryKind[];
  /** Longest time without each of these kinds, milliseconds; `expectEvery` for a kind that is not here. */
  readonly every?: Partial<Readonly<Record<DeliveryKind, number>>>;
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
  const longest = durationMs(expectEvery) ?? 0;
  const names = kinds && (Array.isArray(kinds) ? kinds : KINDS.filter((kind) => kinds[kind] !== undefined));
  const own = Array.isArray(kinds) ? {} : (kinds ?? {});
  const every =
    names && Object.fromEntries(names.map((kind) => [kind, durationMs(own[kind] ?? '') ?? longest]));
  return { expectEvery: longest, kinds: names, every, prefix };
}
