/** How to close a public bucket. */
import type { ExportContract } from '../../contract/contract';
import type { RuleContext } from '../evidence/context';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { fixBucketPolicy } from './corrected-bucket-policy';
import { redeploy, resource } from './hcl';
import { quote } from './shell';

/** Switches on all four blocks. */
export function blockPublicAccess(contract: ExportContract): Remediation {
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
    cdktf: redeploy(contract),
  };
}

/** Removes the public statement from the policy, then blocks the next one. */
export function closePolicy(context: RuleContext): Remediation {
  return combined([fixBucketPolicy(context), blockPublicAccess(context.contract)]);
}

/** Makes the bucket's owner the owner of every object, whatever an ACL says. */
export function switchAclsOff(contract: ExportContract): Remediation {
  return {
    summary: 'Switch ACLs off: the bucket’s owner owns every object.',
    commands: [
      `aws s3api put-bucket-ownership-controls --bucket ${quote(contract.bucket)} --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`,
    ],
    terraform: resource('aws_s3_bucket_ownership_controls', contract.bucket, {
      bucket: contract.bucket,
    }).replace(/}$/, '\n  rule {\n    object_ownership = "BucketOwnerEnforced"\n  }\n}'),
    cdktf: redeploy(contract),
  };
}

/** Restricts the bucket to its owner, then blocks the next public ACL. */
export function closeAcl(contract: ExportContract): Remediation {
  const acl: Remediation = {
    summary: 'Make the bucket’s ACL private.',
    commands: [`aws s3api put-bucket-acl --bucket ${quote(contract.bucket)} --acl private`],
    terraform: resource('aws_s3_bucket_acl', contract.bucket, { bucket: contract.bucket, acl: 'private' }),
    cdktf: redeploy(contract),
  };
  return combined([acl, blockPublicAccess(contract)]);
}
