/** Whether the audit also asks S3 Access Grants who may get at the logs. */
import * as z from 'zod';

/** Keys of an export; spread into its schema. */
export const accessGrantsShape = {
  accessGrants: z
    .boolean()
    .optional()
    .describe(
      'true: the audit also lists the S3 Access Grants of the account that reach the bucket. Without it reports say that nobody looked.',
    ),
};
