/**
 * Whether the policies of the AWS organization are read, and as whom: a top-level key of the config. Only the organization's
 * management account and its delegated administrators may read them (AWS Organizations API Reference, ListPoliciesForTarget).
 */
import * as z from 'zod';
import { parseArn } from '../../contract/arn';
import { partitionOf } from '../../contract/partition';
import { type Access, type AccessFault, accessFaults, accessOf, accessShape } from './access';
import { whenGiven } from './option';

export const organizationSchema = whenGiven(() =>
  z
    .strictObject({
      profile: accessShape.profile.describe(
        'Profile of your AWS configuration files whose credentials are used, or assume assumeRoleArn.',
      ),
      assumeRoleArn: accessShape.assumeRoleArn.describe(
        'ARN of a role in the management account or a delegated administrator’s account, which this tool assumes to read the policies.',
      ),
      externalId: accessShape.externalId.describe('External ID that assumeRoleArn demands of this tool.'),
      required: z
        .boolean()
        .optional()
        .describe(
          'true: exports are unknown if the policies can’t be read. Without it the report only says so.',
        ),
    })
    .describe(
      'Reads the service and resource control policies of your AWS organization, which can stop ALTR. {} reads them with your usual credentials.',
    ),
);

export type OrganizationOption = z.output<typeof organizationSchema>;

/** Faults that only other keys reveal. Neither need be valid. @param regions of the exports */
export function organizationFaults(
  organization: Readonly<Record<string, unknown>>,
  regions: readonly unknown[],
): Omit<AccessFault, 'index'>[] {
  const access = accessOf(organization);
  return accessFaults([{ ...access, region: organizationRegion(access, regions) }]);
}

/** A region in which the organization is asked: the first export's in the partition of the role, else the first export's. */
export function organizationRegion<R>({ assumeRoleArn = '' }: Access, regions: readonly R[]): R | undefined {
  const partition = parseArn(assumeRoleArn)?.partition;
  return (
    regions.find((region) => typeof region === 'string' && partitionOf(region) === partition) ?? regions[0]
  );
}
