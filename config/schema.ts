/** The schema of `altr-exports.yaml`. The JSON Schema for editors is generated from it. */
import * as z from 'zod';
import type { ExportDefinition } from '../contract/contract';
import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  derivedRoleName,
  exportNameFaults,
  regionFaults,
  roleNameFaults,
} from '../contract/names';
import { exportOptionsShape, feedOptionsShape } from './options';
import { accessShape } from './options/access';
import { accessGrantsShape } from './options/access-grants';
import { adoptShape } from './options/adopt';
import { assumptionsSchema } from './options/assumptions';
import { backendSchema } from './options/backend';
import { deliveryShape } from './options/delivery';
import { exceptionKeys } from './options/exceptions';
import { validText } from './options/option';
import { organizationSchema } from './options/organization';
import { replacesShape } from './options/replaces';
import { tagsSchema } from './options/tags';

export const exportSchema = z
  .strictObject({
    name: validText(exportNameFaults, 'Unique name of the export: names the stack and the report section.'),
    clientId: validText(
      clientIdFaults,
      'Client ID in ALTR (Settings → Preferences → Organization), demanded as sts:ExternalId.',
    ),
    bucket: validText(bucketNameFaults, 'Name of the S3 bucket that ALTR writes to.'),
    region: validText(regionFaults, 'AWS region of the bucket.'),
    roleName: validText(
      roleNameFaults,
      'Name of the role that ALTR assumes; ALTR wants the prefix ALTRPublishSIEMData. Without it: the prefix and the export’s name.',
    ).optional(),
    ...accessShape,
    ...replacesShape,
    ...deliveryShape,
    ...accessGrantsShape,
    ...exportOptionsShape,
    ...feedOptionsShape,
    ...adoptShape,
  })
  .transform((entry) => ({ ...entry, roleName: entry.roleName ?? derivedRoleName(entry.name) }))
  .describe('One export: a bucket and the role that writes to it.');

export const configSchema = z.strictObject({
  altr: z
    .strictObject({
      awsAccountId: validText(
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
  organization: organizationSchema.optional(),
  backend: backendSchema.optional(),
  defaultTags: tagsSchema.optional().describe('Tags of everything that is made, for every export.'),
  ...exceptionKeys,
});

/** As a user writes it: what has a default may be missing. */
export type ExportInput = z.input<typeof exportSchema>;
export type ConfigInput = z.input<typeof configSchema>;

export type ExportConfig = z.output<typeof exportSchema>;
export type Config = z.output<typeof configSchema>;

/** The definition of an export, as the contract takes it. */
export function definitionOf(config: Config, entry: ExportConfig): ExportDefinition {
  const { name, clientId, bucket, region, roleName } = entry;
  return { name, clientId, bucket, region, roleName, altrAccountId: config.altr.awsAccountId };
}
