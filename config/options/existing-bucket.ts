/** A bucket that exists already and has another owner in the account. */
import * as z from 'zod';
import type { OptionGroup } from './option';

export const existingBucketShape = {
  existingBucket: z
    .boolean()
    .optional()
    .describe(
      'The bucket is there already, owned by somebody else in the account: its settings are left alone unless existingBucketConfirmed is true.',
    ),
  existingBucketConfirmed: z
    .boolean()
    .optional()
    .describe(
      'The owner of the existing bucket agrees that the versioning, access logging and notification asked for here become Terraform’s: an apply replaces what is set, a destroy takes it away.',
    ),
};

export const existingBucket: OptionGroup = {
  needs: [
    {
      option: 'existingBucketConfirmed',
      needs: 'existingBucket',
      because: 'without it the bucket is made, and has no other owner who could agree',
      when: ({ existingBucket, existingBucketConfirmed }) =>
        existingBucketConfirmed === true && !existingBucket,
    },
  ],
  notes: ({ existingBucket }, { contract }) =>
    existingBucket
      ? [
          `The bucket ${contract.bucket} stays its owner’s: its policy must not deny the role s3:PutObject, and its key, if it ` +
            'has one of its own, must be named by encryption.kmsKeyArn.',
        ]
      : [],
};
