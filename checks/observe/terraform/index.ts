/** From Terraform's resources to an observation of what will exist. Judges nothing. */
import {
  type AccountObservation,
  type ExportObservation,
  known,
  NO_ACCOUNT,
  type Observation,
} from '../observation';
import { accountOf } from './account';
import { observeBucket } from './bucket';
import { listedRoles } from './listed-roles';
import { readPlan } from './plan';
import type { TerraformWorld } from './resource';
import { findRole, observeRole } from './role';
import { readSynthesised } from './synthesised';

/** An export to look for. */
export interface TerraformTarget {
  readonly name: string;
  readonly bucket: string;
  readonly roleName: string;
  /** ALTR's account, which may stand in documents though nobody knows the customer's yet. */
  readonly altrAccountId: string;
  /** The customer's account, where the config declares it. */
  readonly accountId?: string;
}

/** Observes a plan or a state. @throws UserError where the text is neither */
export function observePlan(text: string, source: string, targets: readonly TerraformTarget[]): Observation {
  const world = readPlan(text, source);
  const exports = targets.map((target) => observe(world, target));
  return { ...observation(exports), accounts: accountsOf(world, exports) };
}

/** Observes a synthesised stack for each target, before Terraform has seen it. */
export function observeSynthesised(
  stacks: readonly { readonly text: string; readonly source: string; readonly target: TerraformTarget }[],
): Observation {
  return observation(
    stacks.map(({ text, source, target }) => observe(readSynthesised(text, source, target), target)),
  );
}

function observation(exports: readonly ExportObservation[]): Observation {
  return { schemaVersion: 1, observedAt: new Date().toISOString(), exports, accounts: [] };
}

/** The accounts of the exports, with the roles that the file holds: of others Terraform knows nothing. */
function accountsOf(world: TerraformWorld, exports: readonly ExportObservation[]): AccountObservation[] {
  const ids = exports.flatMap(({ accountId }) => (accountId.state === 'value' ? [accountId.value] : []));
  return [...new Set(ids)].map((accountId) => ({
    accountId,
    roles: known(listedRoles(world, accountId)),
    partial: true,
  }));
}

function observe(world: TerraformWorld, target: TerraformTarget): ExportObservation {
  const accountId = accountOf(world, target);
  const own = accountId.state === 'value' ? accountId.value : NO_ACCOUNT;
  const role = findRole(world, target.roleName);
  const provider = 'state' in role ? undefined : role.provider;
  return {
    name: target.name,
    accountId,
    role: observeRole(world, target.roleName, own),
    bucket: observeBucket(world, target.bucket, accountId, provider),
  };
}
