/** From Terraform's resources to an observation of what will exist. Judges nothing. */
import {
  type AccountObservation,
  type ExportObservation,
  known,
  NO_ACCOUNT,
  type Observation,
  type Observed,
  unreadable,
} from '../observation';
import { observeBucket } from './bucket';
import { listedRoles } from './listed-roles';
import { readPlan } from './plan';
import type { TerraformResource, TerraformWorld } from './resource';
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
    stacks.map(({ text, source, target }) =>
      observe(readSynthesised(text, source, target.accountId), target),
    ),
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

/**
 * The account, from ARNs that are known already: the role's own, or all that there are where they agree; else as declared.
 * Before the first apply nobody else knows it: then NO_ACCOUNT stands for it, unless a document names an account, which may
 * or may not be this one.
 */
function accountOf(world: TerraformWorld, target: TerraformTarget): Observed<string> {
  const role = findRole(world, target.roleName);
  const ofRole = 'state' in role ? undefined : accountIn(role);
  if (ofRole) return known(ofRole);
  const seen = new Set(world.resources.map(accountIn).filter((id) => id !== undefined));
  const [only] = seen;
  if (only && seen.size === 1) return known(only);
  if (only) {
    return unreadable({
      message: `${world.source} speaks of several accounts (${[...seen].join(', ')}), and which is the export’s it does not say`,
    });
  }
  if (target.accountId) return known(target.accountId);
  // Who may assume another role is not judged.
  const documents = world.resources.flatMap(({ type, values }) => [
    values.policy,
    ...(type === 'aws_iam_role' && values.name !== target.roleName ? [] : [values.assume_role_policy]),
  ]);
  const named = documents
    .filter((document): document is string => typeof document === 'string')
    .flatMap((document) => document.match(/(?<!\d)\d{12}(?!\d)/g) ?? [])
    .some((accountId) => accountId !== target.altrAccountId && accountId !== NO_ACCOUNT);
  if (!named) return known(NO_ACCOUNT);
  return unreadable({
    message: `${world.source} does not say which account it is for, and a document in it names an account`,
  });
}

/** The account of a resource that is always in the account that Terraform runs in. */
function accountIn({ type, mode, values }: TerraformResource): string | undefined {
  if (type === 'aws_caller_identity' && typeof values.account_id === 'string') return values.account_id;
  const here =
    type === 'aws_iam_role' || (mode === 'managed' && ['aws_iam_policy', 'aws_kms_key'].includes(type));
  return here
    ? /^arn:[a-z-]+:(?:iam|kms):[a-z0-9-]*:(\d{12}):/.exec(String(values.arn ?? ''))?.[1]
    : undefined;
}
