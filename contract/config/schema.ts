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
} from '../names';
import { accessShape } from './access';
import { adoptedSchema } from './adopted';
import { assumptionsSchema } from './assumptions';
import { backendSchema } from './backend';
import { deliveryShape } from './delivery';
import { exceptionKeys } from './exceptions';
import { judged } from './judged';
import { provisioningShape } from './provisioning';
import { readersShape } from './readers';
import { tagsSchema } from './tags';

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
    ).exactOptional(),
    ...accessShape,
    ...deliveryShape,
    ...provisioningShape,
    ...readersShape,
    adopt: adoptedSchema.exactOptional(),
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
        .exactOptional()
        .describe(
          'ALTR has confirmed that awsAccountId is an account in the partition of your regions. Needed to provision outside the partition aws.',
        ),
      assumptions: assumptionsSchema.exactOptional(),
    })
    .describe('What is true of ALTR.'),
  exports: z
    .array(exportSchema)
    .min(1, 'must name at least one export')
    .describe('The exports, in any order.'),
  backend: backendSchema.exactOptional(),
  defaultTags: tagsSchema.exactOptional().describe('Tags of everything that is made, for every export.'),
  ...exceptionKeys,
});

/** As a user writes it: what has a default may be missing. */
export type ExportInput = z.input<typeof exportSchema>;
export type ConfigInput = z.input<typeof configSchema>;

export type ExportConfig = z.output<typeof exportSchema>;
export type Config = z.output<typeof configSchema>;
