/** How to close a public bucket. */
import type { RuleContext } from '../evidence/context';
import { LOG_DELIVERY } from '../evidence/public-access';
import type { BucketObservation } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { fixBucketPolicy } from './corrected-bucket-policy';
import { redeployBucket, resource } from './hcl';
import { quote, quoteJson } from './shell';

/** Switches on all four blocks. */
export function blockPublicAccess(context: Pick<RuleContext, 'contract' | 'declared'>): Remediation {
  const { contract } = context;
  const all = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];
  return {
    summary: 'Switch on all four public access blocks of the bucket.',
    commands: [
      `aws s3api put-public-access-block --bucket ${quote(contract.bucket)} --public-access-block-configuration ${all.map((name) => `${name}=true`).join(',')}`,
    ],
    terraform: resource('aws_s3_bucket_public_access_block', contract.bucket, {
      bucket: contract.bucket,
      block_public_acls: true,
      ignore_public_acls: true,
      block_public_policy: true,
      restrict_public_buckets: true,
    }),
    cdktf: redeployBucket(context),
  };
}

/** Removes the public statement from the policy, then blocks the next one. */
export function closePolicy(context: RuleContext): Remediation {
  return combined([fixBucketPolicy(context), blockPublicAccess(context)]);
}

/**
 * Takes grants to others than the owner out of the ACL; S3's own log delivery keeps its own. Then ACLs are switched off, unless
 * log delivery needs them.
 */
export function switchAclsOff(bucket: BucketObservation, context: RuleContext): Remediation {
  const { contract } = context;
  const off: Remediation = {
    summary: 'Switch ACLs off: the bucket’s owner owns every object.',
    commands: [
      `aws s3api put-bucket-ownership-controls --bucket ${quote(contract.bucket)} --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`,
    ],
    terraform: resource('aws_s3_bucket_ownership_controls', contract.bucket, {
      bucket: contract.bucket,
      rule: { object_ownership: 'BucketOwnerEnforced' },
    }),
    cdktf: redeployBucket(context),
  };
  const acl = ownAcl(bucket, context);
  return deliversLogs(bucket) ? acl : combined([acl, off]);
}

/** Restricts the ACL to its owner, then blocks the next public one. */
export function closeAcl(bucket: BucketObservation, context: RuleContext): Remediation {
  return combined([ownAcl(bucket, context), blockPublicAccess(context)]);
}

/** The ACL with no grant but to the owner and to S3's own log delivery: the same for every finding. */
function ownAcl({ acl }: BucketObservation, context: RuleContext): Remediation {
  const { bucket } = context.contract;
  const { owner = '', grants = [] } = acl.state === 'value' ? acl.value : {};
  const kept = grants.filter(({ grantee }) => grantee === owner || grantee === LOG_DELIVERY);
  const isPrivate = kept.every(({ grantee }) => grantee === owner);
  const policy = {
    Grants: kept.map(({ grantee, permission }) => ({
      Grantee:
        grantee === LOG_DELIVERY ? { Type: 'Group', URI: grantee } : { Type: 'CanonicalUser', ID: grantee },
      Permission: permission,
    })),
    Owner: { ID: owner },
  };
  return {
    summary: isPrivate
      ? 'Make the bucket’s ACL private.'
      : 'Take every grant out of the bucket’s ACL but those to its owner and to S3’s own log delivery.',
    commands: [
      isPrivate
        ? `aws s3api put-bucket-acl --bucket ${quote(bucket)} --acl private`
        : `aws s3api put-bucket-acl --bucket ${quote(bucket)} --access-control-policy ${quoteJson(policy)}`,
    ],
    terraform: isPrivate
      ? resource('aws_s3_bucket_acl', bucket, { bucket, acl: 'private' })
      : resource('aws_s3_bucket_acl', bucket, {
          bucket,
          access_control_policy: {
            grant: policy.Grants.map(({ Grantee, Permission }) => ({
              permission: Permission,
              grantee: { type: Grantee.Type, id: Grantee.ID, uri: Grantee.URI },
            })),
            owner: { id: owner },
          },
        }),
    // The kit switches ACLs off, which log delivery would lose.
    cdktf: isPrivate ? redeployBucket(context) : undefined,
  };
}

function deliversLogs({ acl }: BucketObservation): boolean {
  return acl.state === 'value' && acl.value.grants.some(({ grantee }) => grantee === LOG_DELIVERY);
}
