/**
 * Combinations of versioning, lifecycle and Object Lock that S3 refuses, or that don't do what they say. Source: Amazon S3
 * User Guide, "Locking objects with Object Lock"; for transitions see storage-classes.ts. What only costs money is noted
 * (retention-notes.ts).
 */

import type { OptionFault } from './option-fault';
import type { Provisioning } from './provisioning';
import { canMove, STORAGE_CLASSES, type TransitionClass } from './storage-classes';

/** Whether former versions are kept: asked for, or needed by Object Lock or replication. */
export function isVersioned({ retention, replication }: Provisioning): boolean {
  return retention?.versioning === true || retention?.objectLock === true || replication !== undefined;
}

/** Every fault of the retention, each with both options that it is about. */
export function retentionFaults(options: Provisioning): OptionFault[] {
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
    fault('noncurrentExpireAfterDays', 'needs retention.versioning: without it there are no former versions');
  if (defaultRetention && (defaultRetention.days === undefined) === (defaultRetention.years === undefined))
    fault(
      'defaultRetention',
      'needs either retention.defaultRetention.days or retention.defaultRetention.years',
    );
  const locked = (defaultRetention?.days ?? 0) || (defaultRetention?.years ?? 0) * 365;
  // Former versions need no such test: they are counted from when they were replaced, and S3 deletes no locked version.
  if (expireAfterDays !== undefined && expireAfterDays < locked)
    fault(
      'expireAfterDays',
      `${expireAfterDays} can’t go with retention.defaultRetention, which locks logs for ${locked} days`,
    );
  return [...faults, ...transitionFaults(retention)];
}

function transitionFaults({
  transitions = [],
  expireAfterDays,
}: NonNullable<Provisioning['retention']>): OptionFault[] {
  return transitions.flatMap(({ afterDays, storageClass }, index) => {
    const option = `retention.transitions.${index}.afterDays`;
    const faults: OptionFault[] = [];
    const fewest = STORAGE_CLASSES[storageClass].fewestDaysBefore;
    if (afterDays < fewest)
      faults.push({
        option,
        message: `${afterDays} is too early for ${storageClass}: S3 wants ${fewest} days at least`,
      });
    if (expireAfterDays !== undefined && expireAfterDays <= afterDays)
      faults.push({
        option,
        message: `${afterDays} can’t go with retention.expireAfterDays ${expireAfterDays}: logs would be deleted before they are moved`,
      });
    const before = transitions[index - 1];
    if (!before) return faults;
    // Two transitions on one day are refused, too.
    const stay = Math.max(STORAGE_CLASSES[before.storageClass].leastDays, 1);
    if (!canMove(before.storageClass, storageClass))
      faults.push({
        option: `retention.transitions.${index}.storageClass`,
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
