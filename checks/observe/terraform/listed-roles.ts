/** The roles that Terraform's file holds, as a listing of the account would show them. */

import { partitionOf } from '../../../contract/partition';
import { roleArn } from '../../../contract/policies';
import type { ListedRole } from '../observation';
import { placeOf } from './account';
import { ofType, type TerraformResource, type TerraformWorld } from './resource';

/** What stands for a trust policy that is not known yet. */
const NOT_YET = '(known after apply)';

/**
 * The roles of the account; those whose name is not known yet are left out, and those of which the file does not say that they
 * are in this account.
 * @param providers those of the account's exports, as TerraformResource says them
 */
export function listedRoles(
  world: TerraformWorld,
  accountId: string,
  providers: ReadonlySet<string>,
): ListedRole[] {
  const partition = (world.region && partitionOf(world.region)) || 'aws';
  const isHere = (role: TerraformResource): boolean => {
    const place = placeOf(world, role);
    return place === undefined ? providers.has(role.provider ?? '') : place === accountId;
  };
  return ofType(world, 'aws_iam_role')
    .filter(isHere)
    .flatMap(({ values }): ListedRole[] => {
      if (typeof values.name !== 'string') return [];
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
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
