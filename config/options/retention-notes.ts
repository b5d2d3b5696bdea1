/**
 * What a lifecycle costs beyond what it says, or leaves undone: a sentence each. Source: Amazon S3 User Guide, "Transitioning
 * objects using Amazon S3 Lifecycle", "Constraints and considerations for transitions".
 */
import type { Provisioning } from './provisioning';
import { isVersioned } from './retention-faults';
import { SMALLEST_MOVED_KB, STORAGE_CLASSES, type StorageClass, transitionsFrom } from './storage-classes';

export function retentionNotes(options: Provisioning): string[] {
  const { retention, replication } = options;
  if (!retention) return [];
  const copies = replication?.existingBucket === false ? replication.storageClass : undefined;
  return [
    ...(retention.transitions
      ? [
          `retention.transitions moves no log smaller than ${SMALLEST_MOVED_KB} KB: S3 leaves those where they are, and they are charged there.`,
        ]
      : []),
    ...earlyDepartures('Logs', 'STANDARD', options),
    ...(copies ? earlyDepartures('Copies', copies, options) : []),
  ];
}

/** Storage that is charged for and not used: of classes that objects leave before the end of their least duration. */
function earlyDepartures(what: string, written: StorageClass, options: Provisioning): string[] {
  const { transitions = [] } = options.retention ?? {};
  const stays = [{ afterDays: 0, storageClass: written }, ...transitionsFrom(written, transitions)];
  const end = daysKept(options);
  return stays.flatMap(({ afterDays, storageClass }, index) => {
    const left = stays[index + 1]?.afterDays ?? end;
    const { leastDays } = STORAGE_CLASSES[storageClass];
    return left - afterDays < leastDays
      ? [
          `${what} leave ${storageClass} after ${left - afterDays} days, and S3 charges for ${leastDays} days there at least.`,
        ]
      : [];
  });
}

/** Days until S3 deletes a log for good; with versioning its expiry only makes a former version of it. */
function daysKept(options: Provisioning): number {
  const { expireAfterDays, noncurrentExpireAfterDays } = options.retention ?? {};
  const former = isVersioned(options) ? noncurrentExpireAfterDays : 0;
  return expireAfterDays === undefined || former === undefined ? Infinity : expireAfterDays + former;
}
