/** The roles that Terraform's file holds, as a listing of the account would show them. */

import { partitionOf } from '../../../contract/partition';
import { roleArn } from '../../../contract/policies';
import type { ListedRole } from '../observation';
import type { TerraformWorld } from './resource';

/** What stands for a trust policy that is not known yet. */
const NOT_YET = '(known after apply)';

/** The roles of the account; those whose name is not known yet are left out. */
export function listedRoles(world: TerraformWorld, accountId: string): ListedRole[] {
  const partition = (world.region && partitionOf(world.region)) || 'aws';
  return world.resources
    .flatMap(({ type, values }): ListedRole[] => {
      if (type !== 'aws_iam_role' || typeof values.name !== 'string') return [];
      const path = typeof values.path === 'string' ? values.path : '/';
      const arn =
        typeof values.arn === 'string' ? values.arn : roleArn(partition, accountId, values.name, path);
      const trust = values.assume_role_policy;
      const text = typeof trust === 'string' ? trust : NOT_YET;
      return [
        {
          name: values.name,
          arn,
          path,
          trustPolicy: { source: `trust policy of role ${values.name}`, text },
        },
      ];
    })
    .filter(({ arn }) => arn.includes(`:${accountId}:`))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
