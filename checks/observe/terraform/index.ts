/** From Terraform's resources to an observation of what will exist. Judges nothing. */
import type { DeclaredOptions } from '../declared-options';
import {
  type AccountObservation,
  type ExportObservation,
  known,
  NO_ACCOUNT,
  type Observation,
} from '../observation';
import { accountOf, type Placed } from './account';
import { observeBucket, observeCopies } from './bucket';
import { keyByArn } from './kms-key';
import { listedRoles } from './listed-roles';
import { type DeclaredKeys, lossesOf } from './losses';
import { readPlan } from './plan';
import { policyNamed } from './policy-text';
import type { TerraformWorld } from './resource';
import { findRole, observeRole } from './role';
import { readSynthesised } from './synthesised';

/** An export to look for. ALTR's account may stand in documents though nobody knows the customer's yet. */
export interface TerraformTarget extends Placed, DeclaredKeys {
  /** What the config declares beyond the vendor's page; nothing by default. */
  readonly declared?: DeclaredOptions;
}

/** Observes a plan or a state. @throws UserError if the text is neither */
export function observePlan(text: string, source: string, targets: readonly TerraformTarget[]): Observation {
  const world = readPlan(text, source);
  const exports = targets.map((target) => observe(world, target, targets));
  const accounts = accountsOf(world, exports, targets);
  // A document is a text in which a value may be escaped.
  const seen = [undefined, withDocuments].map((replacer) => JSON.stringify({ exports, accounts }, replacer));
  const sensitive = (world.sensitiveValues ?? []).filter((value) =>
    seen.some((text) => text.includes(JSON.stringify(value).slice(1, -1))),
  );
  return {
    ...observation(exports),
    accounts,
    ...(sensitive.length > 0 ? { sensitiveValues: sensitive } : {}),
  };
}

function withDocuments(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Observes a synthesised stack for each target, before Terraform has seen it. */
export function observeSynthesised(
  stacks: readonly { readonly text: string; readonly source: string; readonly target: TerraformTarget }[],
): Observation {
  return observation(
    stacks.map(({ text, source, target }) =>
      observe(readSynthesised(text, source, target), target, [target]),
    ),
  );
}

function observation(exports: readonly ExportObservation[]): Observation {
  return { schemaVersion: 1, observedAt: new Date().toISOString(), exports, accounts: [] };
}

/** The accounts of the exports, with the roles that the file holds: of others Terraform knows nothing. */
function accountsOf(
  world: TerraformWorld,
  exports: readonly ExportObservation[],
  targets: readonly TerraformTarget[],
): AccountObservation[] {
  const providers = new Map<string, Set<string>>();
  for (const [index, { accountId }] of exports.entries()) {
    if (accountId.state !== 'value') continue;
    const ofAccount = providers.get(accountId.value) ?? new Set();
    providers.set(accountId.value, ofAccount);
    const role = findRole(world, targets[index]?.roleName ?? '');
    if (!('state' in role) && role.provider !== undefined) ofAccount.add(role.provider);
  }
  const altrAccountIds = [...new Set(targets.map((target) => target.altrAccountId))];
  return [...providers].map(([accountId, ofAccount]) => ({
    accountId,
    roles: known(listedRoles(world, { accountId, providers: ofAccount, altrAccountIds })),
    partial: true,
  }));
}

function observe(
  world: TerraformWorld,
  target: TerraformTarget,
  targets: readonly TerraformTarget[],
): ExportObservation {
  const accountId = accountOf(world, target, targets);
  const own = accountId.state === 'value' ? accountId.value : NO_ACCOUNT;
  const found = findRole(world, target.roleName);
  const role = 'state' in found ? undefined : found;
  const { declared } = target;
  return {
    name: target.name,
    accountId,
    role: observeRole(world, target.roleName, own),
    bucket: observeBucket(world, target.bucket, accountId, role, declared),
    copies: declared?.copies && observeCopies(world, declared.copies, accountId, role),
    readers: declared && readersOf(world, declared, own),
    formerKeys: declared && formerKeysOf(world, declared),
    planLosses: lossesOf(world, target),
  };
}

/** What the declared readers get; `undefined` if none is declared. */
function readersOf(
  world: TerraformWorld,
  { readers, path }: DeclaredOptions,
  accountId: string,
): ExportObservation['readers'] {
  if (readers.length === 0) return undefined;
  return readers.map(({ name, roleName, hasRole }) => {
    if (hasRole) return { name, role: observeRole(world, roleName, accountId) };
    return { name, policy: policyNamed(world, roleName, path) };
  });
}

/** The declared former keys, as far as the file manages them; `undefined` if none is declared. */
function formerKeysOf(
  world: TerraformWorld,
  { formerKeys }: DeclaredOptions,
): ExportObservation['formerKeys'] {
  return formerKeys.length > 0 ? formerKeys.map((arn) => ({ arn, key: keyByArn(world, arn) })) : undefined;
}

/** What a target asks to be looked at, for those who may import this folder alone. */
export { declaredOptions } from '../declared-options';
