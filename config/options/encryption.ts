/** How the bucket encrypts what ALTR writes. */
import * as z from 'zod';
import { keyArnFaults, principalPatternFaults } from '../../contract/arn';
import { judged } from './text';

export const encryptionSchema = z
  .strictObject({
    type: z
      .enum(['s3', 'kms'])
      .default('s3')
      .describe(
        's3: S3’s own keys (SSE-S3), what the vendor’s page leaves in place. kms: a customer-managed KMS key.',
      ),
    kmsKeyArn: judged(
      keyArnFaults,
      'ARN of a KMS key that exists, in the bucket’s region and account. Without it, type kms makes a key.',
    ).optional(),
    bucketKeys: z
      .boolean()
      .optional()
      .describe(
        'S3 bucket keys, which save requests to KMS; without a KMS key they do nothing. Default: on with type kms, left out with s3. The AWS console switches them on for either.',
      ),
    keyAdministrators: z
      .array(judged(principalPatternFaults, 'ARN of a role or user; * allowed in its name.'))
      .min(1, 'must name at least one')
      .optional()
      .describe(
        'Who may administer the key that is made; by default, whoever the account’s IAM policies let. Whoever deploys must be among them: KMS refuses a policy that its maker could not change.',
      ),
    keyDeletionWindowDays: z
      .int()
      .min(7, 'must be 7 to 30 days')
      .max(30, 'must be 7 to 30 days')
      .optional()
      .describe('Days between the deletion of the key that is made and its end; 30 by default.'),
    keyAlias: z
      .string()
      .regex(
        /^(?!aws\/)[A-Za-z0-9/_-]{1,250}$/,
        'must be letters, digits, / _ and -, without "alias/" before it, and not begin with aws/',
      )
      .optional()
      .describe('Alias of the key that is made, without “alias/”.'),
  })
  .describe('Encryption of the bucket.');
