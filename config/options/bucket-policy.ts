/** What the bucket's policy denies. It allows nothing: ALTR writes by its role. */
import * as z from 'zod';
import { principalPatternFaults } from '../../contract/arn';
import { judged } from './text';

export const bucketPolicySchema = z
  .strictObject({
    requireTls: z.boolean().optional().describe('Deny every request without TLS.'),
    // ALTR says nowhere that it speaks TLS 1.3: to demand it might stop the delivery.
    minimumTlsVersion: z
      .enum(['1.2'])
      .optional()
      .describe(
        'Deny requests with an older TLS. S3 itself takes no older one. 1.3 is not offered: ALTR does not say that it speaks it.',
      ),
    onlyReaders: z
      .array(judged(principalPatternFaults, 'ARN of a role or user; * allowed in its name.'))
      .min(1, 'must name at least one')
      .optional()
      .describe(
        'Deny the reading of logs to everybody but these, the declared readers and replication. Their own policies must still allow it.',
      ),
  })
  .describe('The bucket policy; none by default.');
