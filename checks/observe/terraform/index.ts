/** From Terraform's resources to an observation of what will exist. Judges nothing. */
import {
  type ExportObservation,
  known,
  NO_ACCOUNT,
  type Observation,
  type Observed,
  unreadable,
} from '../observation';
import { observeBucket } from './bucket';
import { readPlan } from './plan';
import type { TerraformWorld } from './resource';
import { observeRole } from './role';
import { readSynthesised } from './synthesised';

/** An export to look for. */
export interface TerraformTarget {
  readonly name: string;
  readonly bucket: string;
  readonly roleName: string;
  /** ALTR's account, which may stand in documents though nobody knows the customer's yet. */
  readonly altrAccountId: string;
}

/** Observes a plan or a state. @throws UserError where the text is neither */
export function observePlan(text: string, source: string, targets: readonly TerraformTarget[]): Observation {
  return observation(targets.map((target) => observe(readPlan(text, source), target)));
}

/** Observes a synthesised stack for each target, before Terraform has seen it. */
export function observeSynthesised(
  stacks: readonly { readonly text: string; readonly source: string; readonly target: TerraformTarget }[],
): Observation {
  return observation(
    stacks.map(({ text, source, target }) => observe(readSynthesised(text, source), target)),
  );
}

function observation(exports: readonly ExportObservation[]): Observation {
  // Of the account's other roles Terraform knows nothing.
  return { schemaVersion: 1, observedAt: new Date().toISOString(), exports, accounts: [] };
}

function observe(world: TerraformWorld, target: TerraformTarget): ExportObservation {
  const accountId = accountOf(world, target);
  const own = accountId.state === 'value' ? accountId.value : NO_ACCOUNT;
  return {
    name: target.name,
    accountId,
    role: observeRole(world, target.roleName, own),
    bucket: observeBucket(world, target.bucket),
  };
}

/**
 * The account, from ARNs that are known already. Before the first apply nobody knows it: then NO_ACCOUNT stands for it,
 * unless a document names an account, which may or may not be this one.
 */
function accountOf(world: TerraformWorld, target: TerraformTarget): Observed<string> {
  for (const { type, values } of world.resources) {
    if (type === 'aws_caller_identity' && typeof values.account_id === 'string')
      return known(values.account_id);
    const [, accountId] =
      /^arn:[a-z-]+:(?:iam|kms):[a-z0-9-]*:(\d{12}):/.exec(String(values.arn ?? '')) ?? [];
    if (accountId && ['aws_iam_role', 'aws_iam_policy', 'aws_kms_key'].includes(type))
      return known(accountId);
  }
  const documents = world.resources.flatMap(({ values }) => [values.policy, values.assume_role_policy]);
  const named = documents
    .filter((document): document is string => typeof document === 'string')
    .flatMap((document) => document.match(/(?<!\d)\d{12}(?!\d)/g) ?? [])
    .some((accountId) => accountId !== target.altrAccountId);
  if (!named) return known(NO_ACCOUNT);
  return unreadable({
    message: `${world.source} does not say which account it is for, and a document in it names an account`,
  });
}
