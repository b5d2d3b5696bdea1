/**
 * How an export is provisioned, beyond the vendor's page: keys of the config, and props of the construct. Without any of
 * them, what the vendor's page has a person click together comes out.
 */
import * as z from 'zod';
import { bucketPolicySchema } from './bucket-policy';
import { encryptionSchema } from './encryption';
import { readersSchema } from './readers';
import { accessLoggingSchema, replicationSchema } from './replication';
import { retentionSchema } from './retention';
import { roleOptionsSchema } from './role';
import { tagsSchema } from './tags';

/** The keys that an export of the config has for it. */
export const provisioningShape = {
  existingBucket: z
    .boolean()
    .optional()
    .describe(
      'The bucket is there already, owned by somebody else in the account: nothing of it is touched unless existingBucketConfirmed says so.',
    ),
  existingBucketConfirmed: z
    .boolean()
    .optional()
    .describe(
      'The owner of the existing bucket agrees that the versioning, access logging and notification asked for here become Terraform’s: an apply replaces what is set, a destroy takes it away.',
    ),
  forceDestroy: z
    .boolean()
    .optional()
    .describe('Whether terraform destroy may delete the buckets with the audit logs in them.'),
  preventDestroy: z
    .boolean()
    .optional()
    .describe(
      'Whether Terraform refuses, before it touches anything, each plan that would destroy or replace the buckets that it made, as long as they stand in the config. Without it, a destroy takes the settings of a bucket with logs in it away, and leaves the bucket without them.',
    ),
  encryption: encryptionSchema.optional(),
  retention: retentionSchema.optional(),
  bucketPolicy: bucketPolicySchema.optional(),
  accessLogging: accessLoggingSchema.optional(),
  replication: replicationSchema.optional(),
  role: roleOptionsSchema.optional(),
  readers: readersSchema.optional(),
  tags: tagsSchema
    .optional()
    .describe('Tags of everything that the export makes and that can have tags; they win over defaultTags.'),
};

export const provisioningSchema = z.object(provisioningShape);

/** As a user writes it: everything optional. */
export type ProvisioningInput = z.input<typeof provisioningSchema>;

/** With the defaults of every group that was given. */
export type Provisioning = z.output<typeof provisioningSchema>;
