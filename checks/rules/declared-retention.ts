/** Versions, storage classes, deletion and locks of the bucket's logs are as the config declares. */
import { daysInWords } from '../../config/duration';
import { isVersioned, lockedDays, managesLifecycle, type Retention } from '../../config/options/retention';
import { judgeChecksum } from '../evidence/checksum';
import type { DeclaringContext } from '../evidence/context';
import { judged, orAsDeclared } from '../evidence/declared';
import { type Expiry, enabled, expiriesOf, isForAll } from '../evidence/lifecycle';
import type { Outcome } from '../evidence/outcome';
import type { BucketObservation, LifecycleRule, ObjectLock } from '../observe/observation';
import { lockAsDeclared, versionAsDeclared } from '../remedy/declared-bucket';
import { lifecycleAsDeclared } from '../remedy/lifecycle';
import { declaredBucketRule } from './rule';

export const declaredRetention = declaredBucketRule(
  {
    id: 'declared-retention',
    audits: 'retention',
    title: 'Logs are kept, moved and locked as the config declares',
    severity: 'medium',
    requirement: {
      text: 'Versioning, transitions, incomplete uploads, Object Lock and default retention are the declared ones.',
      source: '`retention` in your config',
    },
    risk: 'Audit logs that you declared to be versioned or locked can be overwritten or deleted, by mistake or to hide something.',
    remediation: 'Deploy the export again: that restores versioning, lifecycle and Object Lock.',
    examples: {
      violating: {
        summary: 'Versioning is declared, and somebody suspended it.',
        setUp: {
          declares: { retention: { versioning: true } },
          bucket: { versioning: { state: 'value', value: { status: 'Suspended' } } },
        },
      },
      compliant: {
        summary: 'Versioning is declared, and on.',
        setUp: {
          declares: { retention: { versioning: true } },
          bucket: { versioning: { state: 'value', value: { status: 'Enabled' } } },
        },
      },
    },
  },
  (retention, bucket, context) =>
    orAsDeclared(
      [
        ...judgeVersioning(bucket, context),
        ...judgeLock(retention, bucket, context),
        ...judgeLifecycle(retention, bucket, context),
      ],
      'Logs are kept, moved and locked as declared.',
    ),
);

function judgeVersioning({ versioning }: BucketObservation, context: DeclaringContext): readonly Outcome[] {
  if (!isVersioned(context.declared)) return [];
  return judged(versioning, 'the bucket’s versioning', (found) =>
    found?.status === 'Enabled'
      ? []
      : [
          {
            status: 'fail',
            fact: 'versioning',
            message: `The bucket’s versioning is ${found ? 'suspended' : 'off'}, and the config declares it on: a log that is overwritten or deleted is gone.`,
            expected: 'Enabled',
            actual: found?.status ?? null,
            remediation: versionAsDeclared(context),
          },
        ],
  );
}

function judgeLock(
  { objectLock, defaultRetention }: Retention,
  bucket: BucketObservation,
  context: DeclaringContext,
): readonly Outcome[] {
  if (!objectLock) return [];
  return judged(bucket.objectLock, 'the bucket’s Object Lock', (found) => {
    if (!found)
      return [
        {
          status: 'fail',
          fact: 'object-lock',
          message: 'Object Lock is off, and the config declares it on.',
          expected: 'Enabled',
          actual: null,
          remediation: lockAsDeclared(undefined, context),
        },
      ];
    return [...judgePeriod(defaultRetention, found, context), ...judgeChecksum(found, context.assumptions)];
  });
}

function judgePeriod(
  declared: Retention['defaultRetention'],
  { defaultRetention: found }: ObjectLock,
  context: DeclaringContext,
): Outcome[] {
  if (!declared) return [];
  const isWeaker =
    !found ||
    (declared.mode === 'COMPLIANCE' && found.mode !== 'COMPLIANCE') ||
    lockedDays(found) < lockedDays(declared);
  if (!isWeaker) return [];
  return [
    {
      status: 'fail',
      fact: 'default-retention',
      message: `New logs are ${found ? `locked in the mode ${found.mode} for ${periodOf(found)}` : 'not locked'}, and the config declares the mode ${declared.mode} for ${periodOf(declared)}.`,
      expected: declared,
      actual: found ?? null,
      remediation: lockAsDeclared(found, context),
    },
  ];
}

function periodOf({ days, years }: { readonly days?: number; readonly years?: number }): string {
  return years === undefined ? daysInWords(days ?? 0) : years === 1 ? '1 year' : `${years} years`;
}

function judgeLifecycle(
  retention: Retention,
  { lifecycle }: BucketObservation,
  context: DeclaringContext,
): readonly Outcome[] {
  if (!managesLifecycle({ retention })) return [];
  const { transitions, noncurrentTransitions } = retention;
  const { expireAfterDays, noncurrentExpireAfterDays, abortIncompleteUploadsAfterDays } = retention;
  return judged(lifecycle, 'the bucket’s lifecycle', (found) => {
    const rules = enabled(found?.rules ?? []);
    const remedy = lifecycleAsDeclared(found?.rules ?? [], context);
    return [
      ...keptLonger(rules, 'logs', expireAfterDays),
      ...keptLonger(rules, 'former versions', noncurrentExpireAfterDays),
      ...judgeUploads(rules, abortIncompleteUploadsAfterDays),
      ...judgeTransitions(rules, 'logs', transitions ?? []),
      ...judgeTransitions(rules, 'former versions', noncurrentTransitions ?? []),
    ].map((outcome) => ({
      ...outcome,
      remediation: remedy,
    }));
  });
}

/** logs-kept reports deletions that come too soon. */
function keptLonger(
  rules: readonly LifecycleRule[],
  of: Expiry['of'],
  declared: number | undefined,
): Outcome[] {
  if (declared === undefined) return [];
  const days = expiriesOf(rules.filter(isForAll))
    .filter((expiry) => expiry.of === of && !expiry.rule.noncurrentVersionExpiration?.newerNoncurrentVersions)
    .map((expiry) => expiry.days);
  const soonest = Math.min(...days);
  if (soonest <= declared) return [];
  return [
    {
      status: 'advice',
      fact: of === 'logs' ? 'kept-longer' : 'versions-kept-longer',
      message: `The bucket’s lifecycle deletes ${of} ${days.length === 0 ? 'never' : after(soonest)}, and the config declares ${after(declared)}: they are kept longer.`,
      expected: declared,
      actual: days.length === 0 ? null : soonest,
    },
  ];
}

function judgeUploads(rules: readonly LifecycleRule[], declared: number | undefined): Outcome[] {
  if (declared === undefined) return [];
  const daysIn = (some: readonly LifecycleRule[]) =>
    some.flatMap((rule) => rule.abortIncompleteMultipartUpload?.daysAfterInitiation ?? []);
  const soonest = Math.min(...daysIn(rules));
  const isLate = Math.min(...daysIn(rules.filter(isForAll))) > declared;
  if (soonest >= declared && !isLate) return [];
  const isEarly = soonest < declared;
  return [
    {
      status: isEarly ? 'fail' : 'advice',
      fact: isEarly ? 'uploads-aborted-early' : 'uploads-kept-longer',
      message: `The bucket’s lifecycle ends incomplete uploads ${Number.isFinite(soonest) ? after(soonest) : 'never'}, and the config declares ${after(declared)}.`,
      expected: declared,
      actual: Number.isFinite(soonest) ? soonest : null,
    },
  ];
}

interface Move {
  readonly days: number;
  readonly storageClass: string;
  /** Whether it leaves the newest former versions where they are. */
  readonly sparesSome: boolean;
}

function movesIn(rules: readonly LifecycleRule[], of: Expiry['of']): Move[] {
  return rules.flatMap(({ transitions, noncurrentVersionTransitions }) =>
    of === 'logs'
      ? transitions.map(({ days, date, storageClass }) => ({
          days: date === undefined ? (days ?? 0) : 0,
          storageClass,
          sparesSome: false,
        }))
      : noncurrentVersionTransitions.map(({ noncurrentDays, newerNoncurrentVersions, storageClass }) => ({
          days: noncurrentDays ?? 0,
          storageClass,
          sparesSome: (newerNoncurrentVersions ?? 0) > 0,
        })),
  );
}

/** A move that comes too soon makes logs slower or dearer to read; a later one costs storage alone. */
function judgeTransitions(
  rules: readonly LifecycleRule[],
  of: Expiry['of'],
  declared: NonNullable<Retention['transitions']>,
): Outcome[] {
  const all = movesIn(rules, of);
  const ofAll = movesIn(rules.filter(isForAll), of).filter(({ sparesSome }) => !sparesSome);
  const factOf = (fact: string) => (of === 'logs' ? fact : `versions-${fact}`);
  const known = declared.flatMap(({ afterDays, storageClass }): Outcome[] => {
    const to = (move: Move) => move.storageClass === storageClass;
    const soonest = Math.min(...all.filter(to).map(({ days }) => days));
    const surely = Math.min(...ofAll.filter(to).map(({ days }) => days));
    const isEarly = soonest < afterDays;
    if (!isEarly && surely <= afterDays) return [];
    const when = isEarly ? soonest : surely;
    return [
      {
        status: isEarly ? 'fail' : 'advice',
        fact: factOf(isEarly ? 'moved-early' : 'moved-late'),
        message: `The bucket’s lifecycle moves ${of} to ${storageClass} ${Number.isFinite(when) ? after(when) : 'never'}, and the config declares ${after(afterDays)}.`,
        expected: { afterDays, storageClass },
        actual: Number.isFinite(when) ? when : null,
      },
    ];
  });
  const others = all.filter(
    (move) => !declared.some(({ storageClass }) => storageClass === move.storageClass),
  );
  return [
    ...known,
    ...others.map(
      ({ days, storageClass }): Outcome => ({
        status: 'advice',
        fact: factOf('undeclared-move'),
        message: `The bucket’s lifecycle moves ${of} to ${storageClass} ${after(days)}, which the config does not declare.`,
        expected: null,
        actual: { days, storageClass },
      }),
    ),
  ];
}

function after(days: number): string {
  return `after ${daysInWords(days)}`;
}
