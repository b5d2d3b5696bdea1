/** Condition keys that a policy names, and that make more worth observing. */
import type { ExportObservation, Observation, Observed, PolicyText } from './observation';

/** Keys by which a bucket's policy delegates (Amazon S3 User Guide, "Configuring IAM policies for using access points"). */
const DELEGATION = /\bs3:(DataAccessPointAccount|DataAccessPointArn|AccessPointNetworkOrigin)\b/i;

/** Keys that hold a bucket's tags (Service Authorization Reference, "Amazon S3"). */
const BUCKET_TAG = /\b(aws:ResourceTag|s3:BucketTag)\//i;

/** Whether a bucket's policy leaves decisions to access points. One that only denies by such a key does no harm to look at. */
export function delegatesToAccessPoints(policy: string): boolean {
  return DELEGATION.test(spelledOut(policy));
}

/** Whether a policy may depend on a bucket's tags. `aws:ResourceTag/` may mean those of something else. */
function namesBucketTags(policy: string): boolean {
  return BUCKET_TAG.test(spelledOut(policy));
}

/** Whether a policy of the organization may depend on a bucket's tags. */
export function organizationNamesTags(organization: Observation['organization']): boolean {
  return (
    organization?.state === 'value' && organization.value.policies.some(({ document }) => namesTags(document))
  );
}

/** Whether a policy of the role or of the bucket may depend on the bucket's tags. */
export function exportNamesTags({ bucket, role }: ExportObservation): boolean {
  if (bucket.state === 'value' && namesTags(bucket.value.policy)) return true;
  if (role.state !== 'value') return false;
  const { inlinePolicies, attachedPolicies, permissionsBoundary } = role.value;
  if (permissionsBoundary.state === 'value' && namesTags(permissionsBoundary.value.document)) return true;
  return [inlinePolicies, attachedPolicies].some(
    (listed) => listed.state === 'value' && listed.value.some(({ document }) => namesTags(document)),
  );
}

function namesTags(document: Observed<PolicyText>): boolean {
  return document.state === 'value' && namesBucketTags(document.value.text);
}

/** The policy written anew, so that no escape hides a key. */
function spelledOut(policy: string): string {
  if (!policy.includes('\\')) return policy;
  try {
    return JSON.stringify(JSON.parse(policy));
  } catch {
    return policy;
  }
}
