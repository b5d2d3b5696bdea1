/** The roles that Terraform's file holds, as a listing of the account would show them. */

import { hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../../../contract/names';
import { partitionOf } from '../../../contract/partition';
import { roleArn } from '../../../contract/policies';
import type { ListedRole } from '../observation';
import { accountsIn, placeOf } from './account';
import { mayNameAnyOf } from './policy-document';
import { visibleDocument } from './policy-text';
import { KnownAfterApply, ofType, type TerraformResource, type TerraformWorld } from './resource';

/** Where and for whom roles are looked for. */
interface Account {
  readonly accountId: string;
  /** Those of the account's exports, as TerraformResource says them. */
  readonly providers: ReadonlySet<string>;
  /** ALTR's accounts, as the exports declare them. */
  readonly altrAccountIds: readonly string[];
}

/** The roles of the account; a role is left out if the file does not say that it is in this account. */
export function listedRoles(
  world: TerraformWorld,
  { accountId, providers, altrAccountIds }: Account,
): ListedRole[] {
  const partition = (world.region && partitionOf(world.region)) || 'aws';
  const isHere = (role: TerraformResource): boolean => {
    const place = placeOf(world, role);
    return place === undefined ? providers.has(role.provider ?? '') : place === accountId;
  };
  const here = ofType(world, 'aws_iam_role').filter(isHere);
  // A data source may find a role that the plan makes: it is listed once, as it is made.
  const made = new Set(here.filter(({ mode }) => mode === 'managed').map(({ values }) => values.name));
  return here
    .filter(({ mode, values }) => mode === 'managed' || !made.has(values.name))
    .flatMap((role): ListedRole[] => {
      const { address, values } = role;
      if (typeof values.name !== 'string') return unnamed(world, role, altrAccountIds);
      const path = typeof values.path === 'string' ? values.path : '/';
      const arn =
        typeof values.arn === 'string' ? values.arn : roleArn(partition, accountId, values.name, path);
      const source = `trust policy of role ${values.name}`;
      return [
        {
          address,
          name: values.name,
          arn,
          path,
          trustPolicy: { source, text: trustOf(world, role, altrAccountIds), address },
        },
      ];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A role's trust policy; of one that is not known as a whole, what is certain, and whether the rest may be for ALTR. */
function trustOf(
  world: TerraformWorld,
  { values }: TerraformResource,
  altrAccountIds: readonly string[],
): string {
  const { assume_role_policy: trust } = values;
  if (typeof trust === 'string') return trust;
  const document = trust instanceof KnownAfterApply ? visibleDocument(world, trust) : undefined;
  const certain = document?.statements ?? [];
  if (document && !mayNameAnyOf(altrAccountIds, document.values)) return documentText(certain);
  const reason = `whether the role lets in ${altrAccountIds.join(', ')} is known after apply, says ${world.source}`;
  return documentText([...certain, { NotYetKnown: reason }]);
}

/** A role whose name is known after apply: whether the config declares it can't be told. What is known of it says for whom it is. */
function unnamed(
  world: TerraformWorld,
  role: TerraformResource,
  altrAccountIds: readonly string[],
): ListedRole[] {
  const { address, values } = role;
  const why = whyForAltr(values.name_prefix, trustOf(world, role, altrAccountIds), altrAccountIds);
  if (!why) return [];
  const reason = `${why}, and its name is known after apply, says ${world.source}, so whether the config declares it is not known`;
  const source = `trust policy of role ${address}`;
  const text = documentText([{ NotYetKnown: reason }]);
  return [{ address, name: address, arn: address, path: '/', trustPolicy: { source, text, address } }];
}

function whyForAltr(prefix: unknown, trust: string, altrAccountIds: readonly string[]): string | undefined {
  const ids = altrAccountIds.join(', ');
  if (typeof prefix === 'string' && hasRoleNamePrefix(prefix))
    return `the role has the prefix ${ROLE_NAME_PREFIX}, as those for ${ids} have`;
  const text = withoutEscapes(trust);
  const named = [...new Set(accountsIn(text))].filter((id) => altrAccountIds.includes(id));
  if (named.length > 0 && !text.includes('"NotYetKnown"')) return `the role lets in ${named.join(', ')}`;
  if (named.length > 0 || /"\*"|"NotPrincipal"/i.test(text)) return `the role may let in ${ids}`;
  return undefined;
}

function withoutEscapes(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

function documentText(Statement: readonly unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
