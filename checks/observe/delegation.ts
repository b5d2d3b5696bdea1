/** Whether a bucket's policy leaves decisions to access points. */

/** The condition keys by which it does (Amazon S3 User Guide, "Configuring IAM policies for using access points"). */
const KEYS = /\bs3:(DataAccessPointAccount|DataAccessPointArn|AccessPointNetworkOrigin)\b/i;

/** A policy that names such a key anywhere; one that only denies by it does no harm to look at. */
export function delegatesToAccessPoints(policy: string): boolean {
  try {
    // Written anew, so that no escape hides a key.
    return KEYS.test(JSON.stringify(JSON.parse(policy)));
  } catch {
    return KEYS.test(policy);
  }
}
