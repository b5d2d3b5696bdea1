/** What a destroy may do to the buckets. */
import * as z from 'zod';
import type { ProvisionedOptions } from '.';
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
      'Whether Terraform refuses every plan that would destroy or replace a bucket or key that it made, as long as they are in the config. Default: true if retention is declared or the export was adopted, and forceDestroy is not written. Without it, a destroy removes the settings of a bucket with logs in it, and leaves the bucket without them.',
    ),
};

const NEVER_DESTROYED = 'the bucket is never destroyed from here';

/**
 * Whether Terraform refuses to destroy buckets and keys: as the config says, by default if the export declares how long logs
 * are kept, or was adopted and so holds logs already.
 */
export function preventsDestroy({
  preventDestroy,
  forceDestroy,
  retention,
  adopt,
}: Pick<ProvisionedOptions, 'preventDestroy' | 'forceDestroy' | 'retention' | 'adopt'>): boolean {
  return preventDestroy ?? (forceDestroy === undefined && (retention !== undefined || adopt !== undefined));
}

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
