/** An export that takes the place of another one: another role for the same bucket, without a gap in delivery. */
import { exportNameFaults } from '../../contract/names';
import { accessOf, accountKey } from './access';
import { validText } from './option';

/** Keys of an export; spread into its schema. */
export const replacesShape = {
  replaces: validText(
    exportNameFaults,
    'Name of the export whose place this one takes. The two may share a bucket, which one of them leaves to the other by existingBucket, and a key that is made lets both roles write.',
  ).optional(),
};

/** An export of a config that need not be valid. */
type Entry = Readonly<Record<string, unknown>>;

/** The keys by which one export names another. */
interface Named {
  readonly name?: unknown;
  readonly replaces?: unknown;
}

/** Whether two exports may share a bucket: one replaces the other. */
export function isReplacement(one: Named, other: Named): boolean {
  return (
    (one.replaces !== undefined && one.replaces === other.name) ||
    (other.replaces !== undefined && other.replaces === one.name)
  );
}

/** A fault of `replaces`, which only the other exports reveal. */
export interface ReplacesFault {
  /** Index of the export. */
  readonly index: number;
  /** What is wrong, to follow the value. */
  readonly message: string;
}

/** Faults of `replaces` among the exports of a config, which need not be valid. */
export function replacesFaults(entries: readonly Entry[]): ReplacesFault[] {
  return entries.flatMap((entry, index) => {
    const { replaces } = entry;
    if (typeof replaces !== 'string') return [];
    const fault = (message: string): ReplacesFault => ({ index, message });
    const former = entries.findIndex(({ name }) => name === replaces);
    const replaced = entries[former];
    if (!replaced) return [fault('is the name of no export; leave replaces out once that export is gone')];
    if (former === index) return [fault('is the export itself; name the one whose place it takes')];
    const place = `exports[${former}]`;
    if (replaced.replaces !== undefined)
      return [fault(`is ${place}, which replaces another export itself; finish that first`)];
    const first = entries.findIndex((other) => other.replaces === replaces);
    if (first < index) return [fault(`is ${place}, which exports[${first}] replaces already`)];
    if (entry.bucket !== replaced.bucket)
      return [
        fault(
          `is ${place}, which has another bucket; leave replaces out, since neither has to leave the other its bucket`,
        ),
      ];
    if (entry.region !== replaced.region || accountKey(accessOf(entry)) !== accountKey(accessOf(replaced)))
      return [fault(`is ${place}, which is in another account or region; correct one of them`)];
    if (entry.existingBucket !== true && replaced.existingBucket !== true)
      return [
        fault(
          `is ${place}, and both would make the bucket; set existingBucket to true in the one that leaves it to the other`,
        ),
      ];
    return [];
  });
}
