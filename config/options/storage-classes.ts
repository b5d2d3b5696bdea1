/**
 * S3's storage classes, and the moves between them that AWS allows. Source: Amazon S3 User Guide, "Transitioning objects using
 * Amazon S3 Lifecycle" (supported transitions, constraints) and "Understanding and managing Amazon S3 storage classes"
 * (minimum storage duration).
 */

/** Classes that a lifecycle rule can move objects to. */
export const TRANSITION_CLASSES = [
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
] as const;

export type TransitionClass = (typeof TRANSITION_CLASSES)[number];
export type StorageClass = 'STANDARD' | TransitionClass;

interface Constraints {
  /** Minimum days in S3 before an object may be moved there: S3 refuses a rule with fewer days. */
  readonly fewestDaysBefore: number;
  /**
   * Minimum storage duration in days. S3 refuses a rule that moves objects on sooner, and charges for the full duration if
   * they are deleted sooner.
   */
  readonly leastDays: number;
  readonly movesTo: readonly TransitionClass[];
}

/** From Intelligent-Tiering it depends on the tier: logs, which are read now and then, can go to each of these. */
export const STORAGE_CLASSES: Readonly<Record<StorageClass, Constraints>> = {
  STANDARD: { fewestDaysBefore: 0, leastDays: 0, movesTo: TRANSITION_CLASSES },
  STANDARD_IA: {
    fewestDaysBefore: 30,
    leastDays: 30,
    movesTo: ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  },
  INTELLIGENT_TIERING: {
    fewestDaysBefore: 0,
    leastDays: 0,
    movesTo: ['ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'],
  },
  // The odd one: not to GLACIER_IR.
  ONEZONE_IA: { fewestDaysBefore: 30, leastDays: 30, movesTo: ['GLACIER', 'DEEP_ARCHIVE'] },
  GLACIER_IR: { fewestDaysBefore: 0, leastDays: 90, movesTo: ['GLACIER', 'DEEP_ARCHIVE'] },
  GLACIER: { fewestDaysBefore: 0, leastDays: 90, movesTo: ['DEEP_ARCHIVE'] },
  DEEP_ARCHIVE: { fewestDaysBefore: 0, leastDays: 180, movesTo: [] },
};

/** Whether a lifecycle rule can move objects of one class to another. */
export function canMove(from: StorageClass, to: TransitionClass): boolean {
  return STORAGE_CLASSES[from].movesTo.includes(to);
}

/**
 * The transitions that have an effect on objects written in a class: S3 ignores moves that are not possible from an object's
 * current class. Keeps the order.
 */
export function transitionsFrom<T extends { readonly storageClass: TransitionClass }>(
  written: StorageClass,
  transitions: readonly T[],
): T[] {
  let current = written;
  return transitions.filter(({ storageClass }) => {
    const moves = canMove(current, storageClass);
    if (moves) current = storageClass;
    return moves;
  });
}

/** Smallest object that S3 moves by default (since September 2024), in KB. */
export const SMALLEST_MOVED_KB = 128;
