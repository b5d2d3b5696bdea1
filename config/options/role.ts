/** The role that ALTR assumes, beyond what the vendor's page says of it. */
import * as z from 'zod';
import { policyArnFaults } from '../../contract/arn';
import { iamPathFaults, policyNameFaults } from '../../contract/names';
import { judged } from './text';

export const roleOptionsSchema = z
  .strictObject({
    description: z
      .string()
      .max(1000, 'must have at most 1000 characters')
      .regex(/^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/, 'must be Latin characters, which is all that IAM takes')
      .default('Assumed by ALTR to export audit logs to S3.')
      .describe('Description of the role.'),
    path: judged(
      iamPathFaults,
      'IAM path of every role and policy that the export makes, for example /altr/.',
    ).default('/'),
    permissionsBoundary: judged(
      policyArnFaults,
      'ARN of the policy that bounds every role that the export makes; it must let ALTR’s role put objects into the bucket, and the others do what their own policies say.',
    ).optional(),
    maxSessionHours: z
      .int()
      .min(1, 'must be 1 to 12 hours')
      .max(12, 'must be 1 to 12 hours')
      .default(1)
      .describe('Longest session that ALTR may ask for, in hours.'),
    policyName: judged(
      policyNameFaults,
      'Name of the permission policy; that of the role by default.',
    ).optional(),
    exclusive: z
      .boolean()
      .default(true)
      .describe(
        'Makes policies that somebody else adds to the role show up in terraform plan, and takes them off at the next apply.',
      ),
  })
  .describe(
    'The role that ALTR assumes; path and permissionsBoundary are for every role that the export makes.',
  );
