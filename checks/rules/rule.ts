/** What a rule is: metadata that users see, and a pure function that reports facts. */

import type { Assumptions } from '../../contract/config/assumptions';
import type { DeliveryExpectation } from '../../contract/config/delivery';
import type { ExportContract } from '../../contract/contract';
import type { FindingLocation, FindingStatus, Remediation, Severity, UnknownCause } from '../finding';
import type {
  AccountObservation,
  BucketObservation,
  ExportObservation,
  Observed,
  RoleObservation,
  Unreadable,
} from '../observe/observation';
import type { SetUp } from './set-up';

/** All that a user sees of a rule. The pages under `docs/rules/` are generated from it. */
export interface RuleMetadata {
  /** Stable; the name of the rule's file, test and page. */
  readonly id: string;
  /** What holds when the rule passes, as a sentence. */
  readonly title: string;
  readonly severity: Severity;
  /** When the rule is on, where it is not always. */
  readonly optIn?: string;
  /** The demand that the rule comes from. */
  readonly requirement: { readonly text: string; readonly source: string };
  /** The attack or failure that the rule stops. */
  readonly risk: string;
  /** How to mend a violation, in general. */
  readonly remediation: string;
  /** Set-ups that the tests judge: the first fails this rule, the second passes it. */
  readonly examples: { readonly violating: Example; readonly compliant: Example };
}

/** A set-up that differs from the vendor page's own only in what is named. */
export interface Example {
  readonly summary: string;
  readonly setUp: SetUp;
  /** Other rules that fail too, because one change honestly breaks both. */
  readonly alsoFails?: readonly string[];
}

/** The roles that the config declares in an account; names are in lower case. */
export interface DeclaredHere {
  readonly surely: ReadonlySet<string>;
  /** Those that are declared for an account which nobody knows, perhaps this one, with the export that declares them. */
  readonly perhaps: ReadonlyMap<string, string>;
}

/** All that a rule may look at. */
export interface RuleContext {
  readonly contract: ExportContract;
  readonly observation: ExportObservation;
  /** The export's account as a whole; `undefined` where another export of the account speaks for it. */
  readonly account: AccountObservation | undefined;
  readonly declaredRoles: DeclaredHere;
  readonly assumptions: Assumptions;
  /** What the config expects of the delivery; `undefined` where it does not say. */
  readonly delivery?: DeliveryExpectation;
  /** Who reads the logs from queues, as the config declares; `undefined` where it declares nobody. */
  readonly feedConsumers?: readonly string[];
  /** When the observation was made, ISO 8601: what `aws:CurrentTime` is compared with. */
  readonly observedAt: string;
}

/** One thing that a rule has to say. `expected`, `actual` and the rest are data for the finding. */
export interface Outcome {
  readonly status: Exclude<FindingStatus, 'excepted'>;
  /** Which of the rule's facts this is: a few words with hyphens, part of the fingerprint. */
  readonly fact: string;
  readonly message: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly location?: FindingLocation;
  readonly remediation?: Remediation;
  /** Where it differs from the rule's. */
  readonly resource?: string;
  readonly risk?: string;
  readonly severity?: Severity;
  /** Why an outcome is unknown. */
  readonly cause?: UnknownCause;
}

export interface Rule {
  readonly metadata: RuleMetadata;
  /** ARN or name of what the rule is about. */
  resource(context: RuleContext): string;
  /** Empty where the subject does not exist: `role-exists` or `bucket-exists` speaks for it. */
  judge(context: RuleContext): readonly Outcome[];
}

/** A rule about an existing role. */
export function roleRule(
  metadata: RuleMetadata,
  judge: (role: RoleObservation, context: RuleContext) => readonly Outcome[],
): Rule {
  return {
    metadata,
    resource: roleName,
    judge: (context) => needing(context.observation.role, (role) => judge(role, context)),
  };
}

/** A rule about an existing bucket of the audited account. */
export function bucketRule(
  metadata: RuleMetadata,
  judge: (bucket: BucketObservation, context: RuleContext) => readonly Outcome[],
): Rule {
  return {
    metadata,
    resource: (context) => context.contract.bucketArn,
    judge: (context) =>
      needing(context.observation.bucket, (bucket) =>
        // Settings of somebody else's bucket are theirs: bucket-exists says that it is the wrong bucket.
        bucket.owner.state === 'value' && bucket.owner.value === 'another-account'
          ? []
          : judge(bucket, context),
      ),
  };
}

/** Judges a value that exists; silent where it doesn't, unknown where it could not be read. */
export function needing<T>(
  observed: Observed<T>,
  judge: (value: T) => readonly Outcome[],
): readonly Outcome[] {
  if (observed.state === 'absent') return [];
  return observed.state === 'unreadable' ? [unread(observed.reason)] : judge(observed.value);
}

/** The outcome where something that the rule needs could not be read. */
export function unread(reason: Unreadable): Outcome {
  const permission = reason.permission
    ? { remediation: { summary: `Allow ${reason.permission} to the principal that runs the check.` } }
    : {};
  return {
    status: 'unknown',
    fact: `unreadable-${reason.api ?? 'attribute'}`,
    cause: reason.undecided ? 'undecidable' : 'unreadable',
    message: `It can’t be decided: ${reason.message}.`,
    actual: reason,
    ...permission,
  };
}

function roleName({ contract, observation }: RuleContext): string {
  return observation.role.state === 'value' ? observation.role.value.arn : contract.roleName;
}
