/** What the rules of a bucket's lifecycle do to logs. */
import type { ProvisionedOptions } from '../../config/options';
import { isVersioned } from '../../config/options/retention';
import type { LifecycleRule } from '../observe/observation';

/** A deletion by a lifecycle rule. */
export interface Expiry {
  readonly rule: LifecycleRule;
  /** Whether it deletes logs, or former versions of them. */
  readonly of: 'logs' | 'former versions';
  /** The age of what it deletes; 0 for a date, from which on S3 deletes every object as soon as it is written. */
  readonly days: number;
  readonly date?: string;
}

/** Every deletion by the rules that are enabled. */
export function expiriesOf(rules: readonly LifecycleRule[]): Expiry[] {
  return enabled(rules).flatMap((rule): Expiry[] => {
    const { expiration, noncurrentVersionExpiration: noncurrent } = rule;
    const { date } = expiration ?? {};
    const days = date === undefined ? expiration?.days : 0;
    return [
      ...(days === undefined ? [] : [{ rule, of: 'logs' as const, days, date }]),
      // S3 demands days here; a rule without them is judged by its worst reading.
      ...(noncurrent ? [{ rule, of: 'former versions' as const, days: noncurrent.noncurrentDays ?? 0 }] : []),
    ];
  });
}

export function enabled(rules: readonly LifecycleRule[]): LifecycleRule[] {
  return rules.filter(({ status }) => status === 'Enabled');
}

/** Days after which the config has logs, or former versions, deleted; `undefined` if it declares no such deletion. */
export function declaredDays(declared: ProvisionedOptions | undefined, of: Expiry['of']): number | undefined {
  const { expireAfterDays, noncurrentExpireAfterDays } = declared?.retention ?? {};
  return of === 'logs' ? expireAfterDays : noncurrentExpireAfterDays;
}

/** Whether the config promises former versions. */
export function keepsVersions(declared: ProvisionedOptions | undefined): boolean {
  return declared !== undefined && isVersioned(declared);
}

/** Whether a rule is about every object. */
export function isForAll({ filter }: LifecycleRule): boolean {
  return (
    !filter.prefix &&
    (filter.tags ?? []).length === 0 &&
    // Every log has at least one byte.
    (filter.objectSizeGreaterThan ?? 0) === 0 &&
    filter.objectSizeLessThan === undefined
  );
}

/** The rule's name in a sentence, and the objects that it is about. */
export function nameOf({ id, filter }: LifecycleRule): string {
  const { prefix, tags = [], objectSizeGreaterThan, objectSizeLessThan } = filter;
  const narrowed = [
    ...(prefix ? [`keys that begin with ${prefix}`] : []),
    ...tags.map(({ key, value }) => `the tag ${key}=${value}`),
    ...(objectSizeGreaterThan === undefined ? [] : [`more than ${objectSizeGreaterThan} bytes`]),
    ...(objectSizeLessThan === undefined ? [] : [`less than ${objectSizeLessThan} bytes`]),
  ];
  const rule = id ? `The lifecycle rule ${id}` : 'A lifecycle rule';
  return narrowed.length > 0 ? `${rule} (for objects with ${narrowed.join(', ')})` : rule;
}
