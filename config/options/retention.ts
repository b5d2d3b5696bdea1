/** How long logs are kept, and in which storage class. */
import * as z from 'zod';
import { daysInWords } from '../duration';
import type { ExportOptions } from '.';
import { KEEPS_OWNERS_SETTINGS, type OptionFault, type OptionGroup, whenGiven } from './option';
import {
  canMove,
  SMALLEST_MOVED_KB,
  STORAGE_CLASSES,
  type StorageClass,
  TRANSITION_CLASSES,
  type TransitionClass,
  transitionsFrom,
} from './storage-classes';

const days = (description: string) =>
  z.int().min(1, 'must be at least 1 day').max(36_500, 'must be at most 36500 days').describe(description);

const transitionsOf = (what: string) =>
  z
    .array(
      z.strictObject({
        afterDays: days(`Days after which ${what} are moved.`),
        storageClass: z.enum(TRANSITION_CLASSES).describe('Storage class that they are moved to.'),
      }),
    )
    .min(1, 'must name at least one')
    .optional();

const retentionSchema = whenGiven(() =>
  z
    .strictObject({
      versioning: z
        .boolean()
        .optional()
        .describe(
          'Keep former versions of overwritten and deleted logs. Object Lock and replication need it.',
        ),
      transitions: transitionsOf('logs').describe('Moves logs to cheaper storage as they age.'),
      noncurrentTransitions: transitionsOf('former versions').describe(
        'Moves former versions to cheaper storage, counted from the day on which they were replaced or deleted.',
      ),
      expireAfterDays: days(
        'Days after which logs are deleted; never by default. With versioning they become former versions, which noncurrentExpireAfterDays deletes.',
      ).optional(),
      noncurrentExpireAfterDays: days(
        'Days after which former versions are deleted; never by default.',
      ).optional(),
      abortIncompleteUploadsAfterDays: days(
        'Days after which the parts of an upload that was never completed are deleted; never by default.',
      ).optional(),
      objectLock: z
        .boolean()
        .optional()
        .describe(
          'Write once, read many; may be switched on later, for the same bucket. Can’t be switched off again; retains nothing by itself.',
        ),
      defaultRetention: z
        .strictObject({
          mode: z
            .enum(['GOVERNANCE', 'COMPLIANCE'])
            .describe('GOVERNANCE can be lifted by principals with the permission, COMPLIANCE by nobody.'),
          days: days('Days that every log is locked.').optional(),
          years: z
            .int()
            .min(1, 'must be at least 1 year')
            .max(100, 'must be at most 100 years')
            .optional()
            .describe('Years that every log is locked.'),
        })
        .optional()
        .describe(
          'Locks every log as it is written. S3 then refuses a writer that sends no checksum, and only ALTR knows whether it does: test it first.',
        ),
    })
    .describe('How long logs are kept.'),
);

export const retentionShape = { retention: retentionSchema.optional() };

export type Retention = z.output<typeof retentionSchema>;

/** The options that Terraform writes into the bucket's lifecycle configuration. */
const LIFECYCLE_OPTIONS = [
  'transitions',
  'noncurrentTransitions',
  'expireAfterDays',
  'noncurrentExpireAfterDays',
  'abortIncompleteUploadsAfterDays',
] as const satisfies readonly (keyof Retention)[];

/** Whether Terraform writes the bucket's lifecycle, and so replaces every rule that it has. */
export function managesLifecycle({ retention }: ExportOptions): boolean {
  return LIFECYCLE_OPTIONS.some((option) => retention?.[option] !== undefined);
}

export const retention: OptionGroup = {
  clashes: [
    {
      option: 'existingBucket',
      with: 'retention (a lifecycle)',
      because: KEEPS_OWNERS_SETTINGS,
      when: (options) => options.existingBucket === true && managesLifecycle(options),
    },
    {
      option: 'existingBucket',
      with: 'retention.objectLock',
      because: 'Object Lock can’t be switched off again, so the bucket’s owner must switch it on',
      when: ({ existingBucket, retention }) => existingBucket === true && retention?.objectLock === true,
    },
  ],
  takesOver: [
    {
      option: 'retention.versioning',
      when: ({ retention }) => retention?.versioning === true,
      fate: 'a destroy suspends its versioning, even if its owner had it on before',
    },
  ],
  faults: retentionFaults,
  notes: (options) => [
    // Amazon S3 User Guide, "Managing Object Lock": a PutObject into a bucket with a default retention needs a checksum.
    ...(options.retention?.defaultRetention
      ? [
          'With retention.defaultRetention S3 refuses a PutObject that carries neither Content-MD5 nor another checksum, and only ' +
            'ALTR knows whether its requests do: ask, set altr.assumptions.checksumHeader to its answer, and watch the first deliveries.',
        ]
      : []),
    ...retentionNotes(options),
  ],
};

/** Whether former versions are kept: asked for, or needed by Object Lock or replication. */
export function isVersioned({ retention, replication }: ExportOptions): boolean {
  return retention?.versioning === true || retention?.objectLock === true || replication !== undefined;
}

/** The length of a lock in days, to compare two of them. */
export function lockedDays({ days = 0, years = 0 }: { days?: number; years?: number }): number {
  return days + years * 365;
}

const NO_FORMER_VERSIONS = 'needs retention.versioning: without it there are no former versions';

/** Every fault of the retention, each with both options that it is about. */
export function retentionFaults(options: ExportOptions): OptionFault[] {
  const { retention } = options;
  if (!retention) return [];
  const { objectLock, versioning, defaultRetention, expireAfterDays, noncurrentExpireAfterDays } = retention;
  const faults: OptionFault[] = [];
  const fault = (option: string, message: string) => faults.push({ option: `retention.${option}`, message });
  if (objectLock && versioning === false)
    fault('objectLock', 'can’t go with retention.versioning false: S3 locks versions');
  if (defaultRetention && !objectLock)
    fault('defaultRetention', 'needs retention.objectLock: without it nothing is locked');
  if (noncurrentExpireAfterDays !== undefined && !isVersioned(options))
    fault('noncurrentExpireAfterDays', NO_FORMER_VERSIONS);
  if (retention.noncurrentTransitions && !isVersioned(options))
    fault('noncurrentTransitions', NO_FORMER_VERSIONS);
  if (defaultRetention && (defaultRetention.days === undefined) === (defaultRetention.years === undefined))
    fault(
      'defaultRetention',
      'needs either retention.defaultRetention.days or retention.defaultRetention.years',
    );
  const locked = lockedDays(defaultRetention ?? {});
  // Former versions need no such test: they are counted from when they were replaced, and S3 deletes no locked version.
  if (expireAfterDays !== undefined && expireAfterDays < locked)
    fault(
      'expireAfterDays',
      `${expireAfterDays} can’t go with retention.defaultRetention, which locks logs for ${daysInWords(locked)}`,
    );
  return [
    ...faults,
    ...transitionFaults(retention, 'transitions', 'expireAfterDays'),
    ...transitionFaults(retention, 'noncurrentTransitions', 'noncurrentExpireAfterDays'),
  ];
}

function transitionFaults(
  retention: Retention,
  name: 'transitions' | 'noncurrentTransitions',
  end: 'expireAfterDays' | 'noncurrentExpireAfterDays',
): OptionFault[] {
  const { [name]: transitions = [], [end]: expireAfterDays } = retention;
  return transitions.flatMap(({ afterDays, storageClass }, index) => {
    const option = `retention.${name}.${index}.afterDays`;
    const faults: OptionFault[] = [];
    const fewest = STORAGE_CLASSES[storageClass].fewestDaysBefore;
    if (afterDays < fewest)
      faults.push({
        option,
        message: `${afterDays} is too early for ${storageClass}: S3 wants ${daysInWords(fewest)} at least`,
      });
    if (expireAfterDays !== undefined && expireAfterDays <= afterDays)
      faults.push({
        option,
        message: `${afterDays} can’t go with retention.${end} ${expireAfterDays}: ${end === 'expireAfterDays' ? 'logs' : 'former versions'} would be deleted before they are moved`,
      });
    const before = transitions[index - 1];
    if (!before) return faults;
    // Two transitions on one day are refused, too.
    const stay = Math.max(STORAGE_CLASSES[before.storageClass].leastDays, 1);
    if (!canMove(before.storageClass, storageClass))
      faults.push({
        option: `retention.${name}.${index}.storageClass`,
        message: `${storageClass} can’t follow ${before.storageClass}: ${waysFrom(before.storageClass)}`,
      });
    else if (before.afterDays + stay > afterDays)
      faults.push({
        option,
        message: `${afterDays} is too early after the transition to ${before.storageClass} at ${before.afterDays}: S3 wants ${stay} more ${stay === 1 ? 'day' : 'days'} at least`,
      });
    return faults;
  });
}

function waysFrom(storageClass: TransitionClass): string {
  const { movesTo } = STORAGE_CLASSES[storageClass];
  return movesTo.length > 0
    ? `from there S3 moves objects to ${movesTo.join(', ')} only`
    : 'from there S3 moves objects nowhere';
}

/**
 * Costs and gaps of a lifecycle that its settings don't show: one sentence each. Source: Amazon S3 User Guide, "Transitioning
 * objects using Amazon S3 Lifecycle", "Constraints and considerations for transitions".
 */
export function retentionNotes(options: ExportOptions): string[] {
  const { retention, replication } = options;
  if (!retention) return [];
  const copies = replication?.existingBucket === false ? replication.storageClass : undefined;
  return [
    ...(retention.transitions
      ? [
          `retention.transitions moves no log smaller than ${SMALLEST_MOVED_KB} KB: S3 leaves those where they are, and they are charged there.`,
        ]
      : []),
    ...(retention.noncurrentTransitions
      ? [
          `retention.noncurrentTransitions moves no former version smaller than ${SMALLEST_MOVED_KB} KB: S3 leaves those where they are.`,
        ]
      : []),
    ...earlyDepartures('Logs', 'STANDARD', options),
    ...(copies ? earlyDepartures('Copies', copies, options) : []),
  ];
}

/** Storage that is charged for and not used: of classes that objects leave before the end of their least duration. */
function earlyDepartures(what: string, written: StorageClass, options: ExportOptions): string[] {
  const { transitions = [] } = options.retention ?? {};
  const stays = [{ afterDays: 0, storageClass: written }, ...transitionsFrom(written, transitions)];
  const end = daysKept(options);
  return stays.flatMap(({ afterDays, storageClass }, index) => {
    const left = stays[index + 1]?.afterDays ?? end;
    const { leastDays } = STORAGE_CLASSES[storageClass];
    return left - afterDays < leastDays
      ? [
          `${what} leave ${storageClass} after ${daysInWords(left - afterDays)}, and S3 charges for ${daysInWords(leastDays)} there at least.`,
        ]
      : [];
  });
}

/** Days until S3 deletes a log for good; with versioning its expiry only makes a former version of it. */
function daysKept(options: ExportOptions): number {
  const { expireAfterDays, noncurrentExpireAfterDays } = options.retention ?? {};
  const former = isVersioned(options) ? noncurrentExpireAfterDays : 0;
  return expireAfterDays === undefined || former === undefined ? Infinity : expireAfterDays + former;
}
