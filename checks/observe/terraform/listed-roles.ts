/** The roles that Terraform's file holds, as a listing of the account would show them. */

import { partitionOf } from '../../../contract/partition';
import { roleArn } from '../../../contract/policies';
import type { ListedRole } from '../observation';
import { accountsIn, placeOf } from './account';
import { documentOf } from './policy-text';
import { ofType, type TerraformResource, type TerraformWorld } from './resource';

/** In place of a trust policy that is known after apply. */
const NOT_YET = '(known after apply)';

/**
 * The roles of the account; a role is left out if the file does not say that it is in this account.
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
    .flatMap((role): ListedRole[] => {
      const { values } = role;
      if (typeof values.name !== 'string') return unnamed(world, role);
      const path = typeof values.path === 'string' ? values.path : '/';
      const arn =
        typeof values.arn === 'string' ? values.arn : roleArn(partition, accountId, values.name, path);
      const trust = values.assume_role_policy;
      const text = typeof trust === 'string' ? trust : NOT_YET;
      return [
        {
          address: role.address,
          name: values.name,
          arn,
          path,
          trustPolicy: { source: `trust policy of role ${values.name}`, text, address: role.address },
        },
      ];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A role whose name is known after apply: whether the config declares it can't be told. Its trust policy says for whom it is. */
function unnamed(world: TerraformWorld, { address, values }: TerraformResource): ListedRole[] {
  const source = `trust policy of role ${address}`;
  const trust = documentOf(world, source, values.assume_role_policy, address);
  const accounts = trust.state === 'value' ? accountsIn(trust.value.text) : [];
  if (accounts.length === 0) return [];
  const reason = `the role lets in ${[...new Set(accounts)].join(', ')}, and its name is known after apply, says ${world.source}, so whether the config declares it is not known`;
  const text = JSON.stringify({ Statement: [{ NotYetKnown: reason }] });
  return [{ address, name: address, arn: address, path: '/', trustPolicy: { source, text, address } }];
}
