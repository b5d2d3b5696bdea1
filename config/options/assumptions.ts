/** Facts about ALTR's requests that only ALTR knows. Once declared they are used, and the report says so. */
import * as z from 'zod';
import { validText, whenGiven } from './option';

/** Every encryption that S3 takes in the header of a PutObject to a general purpose bucket (S3 API Reference, PutObject). */
export const SSE_HEADERS = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;

export const assumptionsSchema = whenGiven(() =>
  z
    .strictObject({
      sourceIpRanges: z
        .array(validText(rangeFaults, 'CIDR range, for example 198.51.100.0/24.'))
        .min(1, 'must name at least one range')
        .optional()
        .describe('Addresses that ALTR’s requests come from.'),
      serverSideEncryptionHeader: z
        .enum([...SSE_HEADERS, 'none'])
        .optional()
        .describe(
          'The x-amz-server-side-encryption header that ALTR sends with PutObject; none for no header about encryption at all.',
        ),
      aclHeader: z
        .enum(['bucket-owner-full-control', 'none'], {
          error:
            'must be bucket-owner-full-control or none: a bucket with S3’s defaults, which the vendor’s page asks for, refuses a PutObject with any other ACL, so ALTR sends no other',
        })
        .optional()
        .describe(
          'The x-amz-acl header that ALTR sends with PutObject; none for no header about access at all.',
        ),
      checksumHeader: z
        .enum(['sent', 'none'])
        .optional()
        .describe(
          'Whether ALTR’s PutObject carries Content-MD5 or another checksum, which S3 demands in a bucket with a default retention.',
        ),
      organizationId: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'must be the ID of an organization, for example o-exampleorgid')
        .optional()
        .describe(
          'ID of your own AWS organization, for conditions on aws:PrincipalOrgID in your bucket policy.',
        ),
    })
    .describe('Facts that a verdict may rest on, though AWS does not tell them.'),
);

export type Assumptions = z.output<typeof assumptionsSchema>;

/** An IPv4 or IPv6 range in CIDR notation. */
function rangeFaults(text: string): string[] {
  const v4 =
    /^(\d{1,3}\.){3}\d{1,3}(\/([0-9]|[12][0-9]|3[0-2]))?$/.test(text) &&
    !/\d{3}/.test(text.replace(/\b(1\d\d|2[0-4]\d|25[0-5])\b/g, ''));
  const v6 = /^[0-9a-f:]+(\/\d{1,3})?$/i.test(text) && text.includes(':');
  return v4 || v6 ? [] : ['is no address range in CIDR notation, for example 198.51.100.0/24'];
}
