/** The schema of `altr-exports.yaml`. The JSON Schema for editors is generated from it. */
import * as z from 'zod';
import {
  accountIdFaults,
  bucketNameFaults,
  clientIdFaults,
  exportNameFaults,
  regionFaults,
  roleNameFaults,
} from '../names';
import { accessShape } from './access';
import { assumptionsSchema } from './assumptions';
import { exceptionKeys } from './exceptions';
import { judged } from './judged';
import { readersShape } from './readers';

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
      'Name of the role that ALTR assumes; ALTR wants the prefix ALTRPublishSIEMData.',
    ),
    ...accessShape,
    ...readersShape,
  })
  .describe('One export: a bucket and the role that writes to it.');

export const configSchema = z.strictObject({
  altr: z
    .strictObject({
      awsAccountId: judged(
        accountIdFaults,
        'AWS account of ALTR, from your ALTR representative; 12 digits in quotes.',
      ),
      assumptions: assumptionsSchema.exactOptional(),
    })
    .describe('What is true of ALTR.'),
  exports: z
    .array(exportSchema)
    .min(1, 'must name at least one export')
    .describe('The exports, in any order.'),
  ...exceptionKeys,
});

export type ExportConfig = z.output<typeof exportSchema>;
export type Config = z.output<typeof configSchema>;
