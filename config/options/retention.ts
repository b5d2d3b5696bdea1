/** How long logs are kept, and where. */
import * as z from 'zod';
import { TRANSITION_CLASSES } from './storage-classes';

const days = (description: string) =>
  z.int().min(1, 'must be at least 1 day').max(36_500, 'must be at most 36500 days').describe(description);

export const retentionSchema = z
  .strictObject({
    versioning: z
      .boolean()
      .optional()
      .describe('Keep former versions of overwritten and deleted logs. Object Lock and replication need it.'),
    transitions: z
      .array(
        z.strictObject({
          afterDays: days('Days after which logs are moved.'),
          storageClass: z.enum(TRANSITION_CLASSES).describe('Storage class that they are moved to.'),
        }),
      )
      .min(1, 'must name at least one')
      .optional()
      .describe('Moves logs to cheaper storage as they age.'),
    expireAfterDays: days(
      'Days after which logs are deleted; never by default. With versioning they become former versions, which noncurrentExpireAfterDays deletes.',
    ).optional(),
    noncurrentExpireAfterDays: days(
      'Days after which former versions are deleted; never by default.',
    ).optional(),
    abortIncompleteUploadsAfterDays: days(
      'Days after which the parts of an upload that was never completed are deleted; never by default.',
    ).optional(),
    objectLock: z
      .boolean()
      .optional()
      .describe(
        'Write once, read many; may be switched on later, for the same bucket. Can’t be switched off again; retains nothing by itself.',
      ),
    defaultRetention: z
      .strictObject({
        mode: z
          .enum(['GOVERNANCE', 'COMPLIANCE'])
          .describe('GOVERNANCE can be lifted by whoever has the permission, COMPLIANCE by nobody.'),
        days: days('Days that every log is locked.').optional(),
        years: z
          .int()
          .min(1, 'must be at least 1 year')
          .max(100, 'must be at most 100 years')
          .optional()
          .describe('Years that every log is locked.'),
      })
      .optional()
      .describe(
        'Locks every log as it is written. S3 then refuses a writer that sends no checksum, and only ALTR knows whether it does: test it first.',
      ),
  })
  .describe('How long logs are kept.');
