/** A role can't be assumed across AWS partitions: outside `aws` somebody must know that ALTR has an account there. */
import { partitionOf } from './partition';

/** What is wrong with provisioning in this region, or `undefined`. A sentence that can stand behind the region. */
export function unconfirmedPartition(region: string, confirmed: boolean): string | undefined {
  const partition = partitionOf(region);
  if (confirmed || partition === undefined || partition === 'aws') return undefined;
  return (
    `is in the partition ${partition}, and a role can’t be assumed from another partition: ask ALTR for an account in ` +
    `${partition}, set altr.awsAccountId to it and altr.partitionConfirmed to true`
  );
}
