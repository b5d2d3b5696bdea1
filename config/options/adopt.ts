/** What of an export exists already and is taken over by Terraform. `altr-export adopt` writes it. */
import * as z from 'zod';
import { judged } from './text';

/** Settings of a bucket that are resources of their own in Terraform, and so are imported by themselves. */
export const BUCKET_SETTINGS = [
  'publicAccessBlock',
  'ownershipControls',
  'encryption',
  'versioning',
  'objectLock',
] as const;
export type BucketSetting = (typeof BUCKET_SETTINGS)[number];

export const adoptedSchema = z
  .strictObject({
    policyArn: judged(
      ownPolicyArnFaults,
      'ARN of the managed policy that is attached to the role. Without it one is made and attached, before inline policies are taken off.',
    ).optional(),
    bucketSettings: z
      .array(z.enum(BUCKET_SETTINGS))
      .describe('Settings that the bucket has; the others are made where the config asks for them.'),
  })
  .describe(
    'The bucket and the role exist already, and the policy that is named here: Terraform imports them at the next apply. It may stay afterwards.',
  );

export type Adopted = z.output<typeof adoptedSchema>;

/** IAM User Guide, "IAM identifiers": `arn:partition:iam::account:policy/path/name`. AWS's own policies have no account. */
function ownPolicyArnFaults(arn: string): string[] {
  return /^arn:[a-z-]+:iam::\d{12}:policy\/([\u0021-\u007e]+\/)?[\w+=,.@-]{1,128}$/.test(arn)
    ? []
    : ['is no ARN of a policy of yours; write it like arn:aws:iam::123456789012:policy/acme.s3.policy'];
}
