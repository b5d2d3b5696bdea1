/** The schema of `altr-exports.yaml`. The JSON Schema for editors is generated from it. */
import * as z from 'zod';
import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  derivedRoleName,
  exportNameFaults,
  regionFaults,
  roleNameFaults,
} from '../contract/names';
import { accessShape } from './options/access';
import { adoptedSchema } from './options/adopt';
import { assumptionsSchema } from './options/assumptions';
import { backendSchema } from './options/backend';
import { deliveryShape } from './options/delivery';
import { exceptionKeys } from './options/exceptions';
import { readersShape } from './options/feed-schemas';
import { provisioningShape } from './options/provisioning';
import { tagsSchema } from './options/tags';
import { judged } from './options/text';

export const exportSchema = z
  .strictObject({
    name: judged(exportNameFaults, 'Unique name of the export: names the stack and the report section.'),
    clientId: judged(
      clientIdFaults,
      'Client ID in ALTR (Settings → Preferences → Organization), demanded as sts:ExternalId.',
    ),
    bucket: judged(bucketNameFaults, 'Name of the S3 bucket that ALTR writes to.'),
    region: judged(regionFaults, 'AWS region of the bucket.'),
    roleName: judged(
      roleNameFaults,
      'Name of the role that ALTR assumes; ALTR wants the prefix ALTRPublishSIEMData. Without it: the prefix and the export’s name.',
    ).optional(),
    ...accessShape,
    ...deliveryShape,
    ...provisioningShape,
    ...readersShape,
    adopt: adoptedSchema.optional(),
  })
  .transform((entry) => ({ ...entry, roleName: entry.roleName ?? derivedRoleName(entry.name) }))
  .describe('One export: a bucket and the role that writes to it.');

export const configSchema = z.strictObject({
  altr: z
    .strictObject({
      awsAccountId: judged(
        accountIdFaults,
        'AWS account of ALTR, from your ALTR representative; 12 digits in quotes.',
      ),
      partitionConfirmed: z
        .boolean()
        .optional()
        .describe(
          'ALTR has confirmed that awsAccountId is an account in the partition of your regions. Needed to provision outside the partition aws.',
        ),
      assumptions: assumptionsSchema.optional(),
    })
    .describe('What is true of ALTR.'),
  exports: z
    .array(exportSchema)
    .min(1, 'must name at least one export')
    .describe('The exports, in any order.'),
  backend: backendSchema.optional(),
  defaultTags: tagsSchema.optional().describe('Tags of everything that is made, for every export.'),
  ...exceptionKeys,
});

/** As a user writes it: what has a default may be missing. */
export type ExportInput = z.input<typeof exportSchema>;
export type ConfigInput = z.input<typeof configSchema>;

export type ExportConfig = z.output<typeof exportSchema>;
export type Config = z.output<typeof configSchema>;
