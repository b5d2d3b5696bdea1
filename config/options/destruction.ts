/** What a destroy may do to the buckets. */
import * as z from 'zod';
import type { OptionGroup } from './option';

export const destructionShape = {
  forceDestroy: z
    .boolean()
    .optional()
    .describe('Whether terraform destroy may delete the buckets with the audit logs in them.'),
  preventDestroy: z
    .boolean()
    .optional()
    .describe(
      'Whether Terraform refuses, before it touches anything, each plan that would destroy or replace the buckets that it made, as long as they are in the config. Without it, a destroy takes the settings of a bucket with logs in it away, and leaves the bucket without them.',
    ),
};

const NEVER_DESTROYED = 'the bucket is never destroyed from here';

export const destruction: OptionGroup = {
  clashes: [
    {
      option: 'existingBucket',
      with: 'forceDestroy',
      because: NEVER_DESTROYED,
      when: ({ existingBucket, forceDestroy }) => existingBucket === true && forceDestroy === true,
    },
    {
      option: 'existingBucket',
      with: 'preventDestroy',
      because: NEVER_DESTROYED,
      when: ({ existingBucket, preventDestroy }) => existingBucket === true && preventDestroy === true,
    },
    {
      option: 'preventDestroy',
      with: 'forceDestroy',
      because: 'the one keeps the buckets, the other deletes them with the logs in them',
      when: ({ preventDestroy, forceDestroy }) => preventDestroy === true && forceDestroy === true,
    },
  ],
};
