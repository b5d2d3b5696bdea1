/**
 * The permissions that reading the organization needs, made from the table of its APIs: for a role in the management account
 * or a delegated administrator's account, and for the policy by which the management account delegates them.
 *
 * Source: AWS Organizations User Guide, "Delegated administrator for AWS Organizations" and its "Resource-based policy
 * examples": any read-only action can be delegated, and only the minimum should be.
 */
import type { Partition } from '../../contract/partition';
import { accountRootArn } from '../../contract/policies';
import type { ContractDocument } from '../../contract/statement';
import { ORGANIZATION_APIS } from '../observe/live/api';

/** Every permission that reading the organization needs, sorted. */
export function organizationPermissions(): string[] {
  return Object.values(ORGANIZATION_APIS)
    .map(({ permission }) => permission)
    .sort();
}

/** The policy of the role that reads the organization. */
export function organizationPolicy(): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ReadOrganization', Effect: 'Allow', Action: organizationPermissions(), Resource: ['*'] },
    ],
  };
}

/** The organization's resource-based policy that lets a member account read what `organizationPolicy` allows there. */
export function delegationPolicy(partition: Partition, accountId: string): ContractDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'LetAltrAuditorReadOrganization',
        Effect: 'Allow',
        Principal: { AWS: accountRootArn(partition, accountId) },
        Action: organizationPermissions(),
        Resource: ['*'],
      },
    ],
  };
}
