/** A copy of the logs in a second region, and the log of who accessed the bucket. */
import * as z from 'zod';
import { keyArnFaults } from '../../contract/arn';
import { bucketNameFaults, regionFaults, roleNameFaults } from '../../contract/names';
import { TRANSITION_CLASSES } from './storage-classes';
import { judged } from './text';

export const accessLoggingSchema = z
  .strictObject({
    bucket: judged(
      bucketNameFaults,
      'Bucket that S3 writes its access logs to: same region and account, and its policy lets logging.s3.amazonaws.com put objects.',
    ),
    prefix: z
      .string()
      .max(512, 'must have at most 512 characters')
      .default('')
      .describe('Begin of their keys.'),
  })
  .describe('S3 server access logging.');

export const replicationSchema = z
  .strictObject({
    bucket: judged(
      bucketNameFaults,
      'Bucket that logs are copied to, in the same account. It gets the retention and the bucketPolicy of the export’s bucket, too.',
    ),
    region: judged(regionFaults, 'Region of that bucket; another one than the export’s.'),
    existingBucket: z
      .boolean()
      .default(false)
      .describe(
        'The bucket is there already, with versioning on (and Object Lock, if the export has it); nothing of it is touched.',
      ),
    accessLogging: accessLoggingSchema
      .optional()
      .describe('S3 server access logging of that bucket, to one in its own region.'),
    kmsKeyArn: judged(
      keyArnFaults,
      'KMS key in that region which copies are encrypted with. Needed where the export’s bucket has encryption.type kms.',
    ).optional(),
    storageClass: z
      .enum(['STANDARD', ...TRANSITION_CLASSES])
      .optional()
      .describe('Storage class of the copies; that of the original by default.'),
    replicateDeletes: z
      .boolean()
      .default(false)
      .describe('Whether a deletion is copied, too. Not by default: the copy outlives an attacker’s delete.'),
    roleName: judged(roleNameFaults, 'Name of the role that S3 copies with; derived by default.').optional(),
  })
  .describe('Replication to a second region.');
