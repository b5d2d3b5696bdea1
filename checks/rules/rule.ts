/** What a rule is: metadata that users see, and a pure function that reports facts. */

import type { ProvisionedOptions } from '../../config/options';
import type { DeclaringContext, RuleContext } from '../evidence/context';
import { isOrganizationJudged } from '../evidence/organization';
import { needing, type Outcome } from '../evidence/outcome';
import type { BucketObservation, RoleObservation } from '../observe/observation';
import type { SetUp } from '../pages/set-up';
import type { Severity } from '../verdict/finding';

/** All that a user sees of a rule. The pages under `docs/rules/` are generated from it. */
export interface RuleMetadata {
  /** Stable; the name of the rule's file, test and page. */
  readonly id: string;
  /** What holds when the rule passes, as a sentence. */
  readonly title: string;
  readonly severity: Severity;
  /** When the rule is on, if it is not always. */
  readonly optIn?: string;
  /** The option group that the rule audits: it is on for exports that declare the group, and silent for others. */
  readonly audits?: keyof ProvisionedOptions;
  /** Another option that the rule audits, also where the group is not declared. */
  readonly alsoAudits?: keyof ProvisionedOptions;
  /**
   * What has to be observed for the rule beside the role and the bucket. `organization`: its outcome may depend on the
   * organization, if the config asks for it.
   */
  readonly needs?: 'delivery' | 'feed' | 'account-roles' | 'plan' | 'organization';
  /** `account` if the rule judges a whole account, so that one of the account's exports carries its findings. */
  readonly scope?: 'account';
  /** The subject whose absence this rule reports, so that every other rule about it can be silent. */
  readonly reportsMissing?: 'role' | 'bucket';
  /** The demand that the rule enforces. */
  readonly requirement: { readonly text: string; readonly source: string };
  /** The attack or failure that the rule prevents. */
  readonly risk: string;
  /** How to fix a violation, in general. */
  readonly remediation: string;
  /** Set-ups that the tests judge: the first fails this rule, the second passes it. */
  readonly examples: { readonly violating: Example; readonly compliant: Example };
}

/** A set-up, by its differences from the vendor page's own. */
export interface Example {
  readonly summary: string;
  readonly setUp: SetUp;
  /** Other rules that the same change breaks. */
  readonly alsoFails?: readonly string[];
}

/** The options that a rule audits; none if it judges every export. */
export function auditedOptions({
  audits,
  alsoAudits,
}: Pick<RuleMetadata, 'audits' | 'alsoAudits'>): readonly (keyof ProvisionedOptions)[] {
  return [audits ?? [], alsoAudits ?? []].flat();
}

export interface Rule {
  readonly metadata: RuleMetadata;
  /** Without which there is nothing to judge. */
  readonly subject?: 'role' | 'bucket';
  /** ARN or name of what the rule is about. */
  resource(context: RuleContext): string;
  /** Empty if the subject does not exist: a rule with `reportsMissing` reports that. */
  judge(context: RuleContext): readonly Outcome[];
}

/** A rule about an existing role. */
export function roleRule(
  metadata: RuleMetadata,
  judge: (role: RoleObservation, context: RuleContext) => readonly Outcome[],
): Rule {
  return {
    metadata,
    subject: 'role',
    resource: roleName,
    judge: (context) =>
      needing(context.observation.role, (role) => spoken(judge(role, context), metadata, context)),
  };
}

/** A rule about an existing bucket of the audited account. */
export function bucketRule(
  metadata: RuleMetadata,
  judge: (bucket: BucketObservation, context: RuleContext) => readonly Outcome[],
): Rule {
  return {
    metadata,
    subject: 'bucket',
    resource: (context) => context.contract.bucketArn,
    judge: (context) =>
      needing(context.observation.bucket, (bucket) =>
        isAnothersBucket(bucket) ? [] : spoken(judge(bucket, context), metadata, context),
      ),
  };
}

/** A rule about a bucket whose config declares an option group. */
export function declaredBucketRule<K extends keyof ProvisionedOptions>(
  metadata: RuleMetadata & { readonly audits: K },
  judge: (
    declared: NonNullable<ProvisionedOptions[K]>,
    bucket: BucketObservation,
    context: DeclaringContext,
  ) => readonly Outcome[],
): Rule {
  return whereDeclared(metadata, (declared, context) =>
    bucketRule(metadata, (bucket) => judge(declared, bucket, context)).judge(context),
  );
}

/** A rule about a role whose config declares something about it. */
export function declaredRoleRule(
  metadata: RuleMetadata & { readonly audits: keyof ProvisionedOptions },
  judge: (role: RoleObservation, context: DeclaringContext) => readonly Outcome[],
): Rule {
  return {
    metadata,
    resource: roleName,
    judge: (context) => {
      const { declared } = context;
      if (!declared || auditedOptions(metadata).every((option) => !declared[option])) return [];
      return roleRule(metadata, (role) => judge(role, { ...context, declared })).judge(context);
    },
  };
}

/** A rule that is silent unless the config declares the option group that it audits. */
export function whereDeclared<K extends keyof ProvisionedOptions>(
  metadata: RuleMetadata & { readonly audits: K },
  judge: (declared: NonNullable<ProvisionedOptions[K]>, context: DeclaringContext) => readonly Outcome[],
): Rule {
  return {
    metadata,
    resource: (context) => context.contract.bucketArn,
    judge: (context) => {
      const { declared } = context;
      const group = declared?.[metadata.audits];
      return declared && group ? spoken(judge(group, { ...context, declared }), metadata, context) : [];
    },
  };
}

/** The rule, silent unless the organization's policies were looked at: so it waits for no role and no bucket. */
export function whereOrganizationIsJudged({ subject: _whereJudged, ...rule }: Rule): Rule {
  return { ...rule, judge: (context) => (isOrganizationJudged(context) ? rule.judge(context) : []) };
}

/**
 * The outcomes of a rule, of which there must be one where role and bucket exist: silence would be a pass.
 * @throws Error, which makes the rule unknown, if there is none
 */
function spoken(
  outcomes: readonly Outcome[],
  { optIn }: RuleMetadata,
  { observation: { role, bucket } }: RuleContext,
): readonly Outcome[] {
  const exists = role.state === 'value' && bucket.state === 'value' && !isAnothersBucket(bucket.value);
  if (outcomes.length === 0 && exists && optIn === undefined)
    throw new Error('it reported nothing about what exists');
  return outcomes;
}

/** Settings of another account's bucket are that account's business: bucket-exists reports the wrong bucket. */
export function isAnothersBucket({ owner }: BucketObservation): boolean {
  return owner.state === 'value' && owner.value === 'another-account';
}

function roleName({ contract, observation }: RuleContext): string {
  return observation.role.state === 'value' ? observation.role.value.arn : contract.roleName;
}
