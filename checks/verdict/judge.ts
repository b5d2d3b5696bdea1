/** From observation to verdict: runs every rule over every export. Pure. */

import type { ProvisionedOptions } from '../../config/options';
import type { Assumptions } from '../../config/options/assumptions';
import type { DeliveryExpectation } from '../../config/options/delivery';
import { KIT_DESCRIPTION } from '../../config/options/role';
import type { ExportContract } from '../../contract/contract';
import type { DeclaredHere, RuleContext } from '../evidence/context';
import { lazily } from '../evidence/lazily';
import { organizationDocuments } from '../evidence/organization';
import type { Outcome } from '../evidence/outcome';
import type { DeclaredRole } from '../observe/declared-account';
import type { AccountObservation, Observation } from '../observe/observation';
import { NO_ACCOUNT, unreadable } from '../observe/observation';
import { countWork, limitWork, type WorkLimit, WorkLimitExceeded } from '../policy';
import { RULES } from '../rules';
import { bucketEncryptionDelivery } from '../rules/bucket-encryption-delivery';
import { permissionsPutObject } from '../rules/permissions-put-object';
import type { Rule } from '../rules/rule';
import { causeIdOf, withWaiting } from './causes';
import { type DocumentsByName, documentsIn, documentsOf } from './documents';
import type { FailOn } from './fail-on';
import type { ExportReport, Finding, Verdict } from './finding';
import { digestOf, fingerprintOf, withUniqueFingerprints } from './fingerprint';
import { inTerraform } from './in-terraform';
import { notLookedAtInOneLine } from './not-looked-at';
import { withoutSensitive } from './sensitive';
import { outcomeIfAllSilent, outcomesOfSilence } from './silence';

/** The rules that decide whether ALTR can write its logs. */
export const WRITE_RULES: readonly Rule[] = [permissionsPutObject, bucketEncryptionDelivery];

/** What to judge an observation against. */
export interface JudgeOptions {
  /** The contracts of the exports to judge, in the report's order. */
  readonly contracts: readonly ExportContract[];
  /** Every role that the config declares, judged here or not: none of them is undeclared. */
  readonly declaredRoles: readonly DeclaredRole[];
  readonly assumptions?: Assumptions;
  /** Expected delivery, by the export's name. */
  readonly deliveries?: ReadonlyMap<string, DeliveryExpectation>;
  /** Consumers that read the logs from queues, by the export's name. */
  readonly feeds?: ReadonlyMap<string, readonly string[]>;
  /** What the config declares beyond the contract, by the export's name. */
  readonly declared?: ReadonlyMap<string, ProvisionedOptions>;
  /** What the config says of the organization's policies; missing if it says nothing. */
  readonly organization?: { readonly required: boolean };
  /** What manages the exports, if that is known. */
  readonly managedBy?: ExportReport['managedBy'];
  /** The rules to run; all of them by default. */
  readonly rules?: readonly Rule[];
  /** The time, in milliseconds since 1970, after which nothing more is decided. */
  readonly until?: number;
}

/**
 * How many steps the rules may take to decide about one export, in all. The policies of a real account need less than a
 * hundredth; `npm run bench -- worst` measures the worst ones.
 */
const STEPS = 4_000_000;

/** Judges every export. An export that the observation lacks is unknown, never left out. */
export function judge(observation: Observation, options: JudgeOptions): ExportReport[] {
  const reportedAccounts = new Set<string>();
  const observed = new Map(observation.exports.map((entry) => [entry.name, entry]));
  const declared = declaredIn(options.declaredRoles);
  const run: RuleContext[] = [];
  for (const contract of options.contracts) {
    const seen = observed.get(contract.name) ?? notSeen(contract.name);
    const accountId = seen.accountId.state === 'value' ? seen.accountId.value : null;
    let account: AccountObservation | undefined;
    if (accountId !== null && !reportedAccounts.has(accountId)) {
      reportedAccounts.add(accountId);
      account = observation.accounts.find((entry) => entry.accountId === accountId);
    }
    // The roles of an unknown account were not listed. A plan, which names no account of ALTR's, never lists all roles.
    if (seen.accountId.state === 'unreadable' && observation.altrAccountId !== undefined)
      account = { accountId: NO_ACCOUNT, roles: seen.accountId };
    run.push({
      contract,
      delivery: options.deliveries?.get(contract.name),
      feedConsumers: options.feeds?.get(contract.name),
      observation: seen,
      account,
      declaredRoles: declared(accountId),
      assumptions: options.assumptions ?? {},
      declared: options.declared?.get(contract.name),
      organization: observation.organization,
      organizationRequired: options.organization?.required,
      observedAt: observation.observedAt,
      run,
    });
  }
  const rules = options.rules ?? RULES;
  return run.map((context) => {
    const { contract, account, observation: seen } = context;
    const accountId = seen.accountId.state === 'value' ? seen.accountId.value : null;
    const judged = [seen, account, organizationDocuments(context)];
    const documents = documentsIn(judged);
    const judgeRule = limitedTo(
      { steps: STEPS, until: options.until },
      lazily(() => digestOf(judged)),
    );
    const reported = judgeExport(rules, context, documents, judgeRule);
    const isReportedElsewhere =
      account === undefined && observation.accounts.some((entry) => entry.accountId === accountId);
    const findings = inTerraform(
      reported.length > 0 ? reported : findingIfAllSilent(rules, context, isReportedElsewhere),
      context,
    );
    const report = {
      name: contract.name,
      accountId: accountId === NO_ACCOUNT ? null : accountId,
      region: contract.region,
      status: verdictOf(findings),
      managedBy: options.managedBy ?? managerOf(seen, context),
      findings,
      ...documentsOf(findings, documents),
    };
    return withoutSensitive(report, observation.sensitiveValues ?? [], contract);
  });
}

/**
 * What manages the export. Only plans and states have Terraform addresses. In AWS the kit leaves its mark in the role's
 * description: a tag would cost whoever deploys a permission more, and an adopted role a change in its first plan.
 */
function managerOf(
  { role, bucket }: Observation['exports'][number],
  { declared }: RuleContext,
): ExportReport['managedBy'] {
  if ([role, bucket].some((seen) => seen.state === 'value' && seen.value.address !== undefined))
    return 'terraform';
  const description = role.state === 'value' ? role.value.description : undefined;
  // An existing bucket has another owner.
  const isMarked = description?.state === 'value' && description.value === KIT_DESCRIPTION;
  return isMarked && !declared?.existingBucket ? 'kit' : undefined;
}

/** The roles that the config declares in an account, found once per account. */
function declaredIn(roles: JudgeOptions['declaredRoles']): (accountId: string | null) => DeclaredHere {
  const byAccount = new Map<string | null, DeclaredHere>();
  return (accountId) => {
    const known = byAccount.get(accountId);
    if (known) return known;
    const isHere = (role: DeclaredRole) => role.accountId === undefined || role.accountId === accountId;
    const isOpen = (id: string | null | undefined) => id === null || id === NO_ACCOUNT;
    const homeless = roles.filter((role) => !isHere(role) && (isOpen(role.accountId) || isOpen(accountId)));
    const declared: DeclaredHere = {
      surely: new Set(roles.filter(isHere).map(({ roleName }) => roleName.toLowerCase())),
      perhaps: new Map(
        homeless.map(({ roleName, exportName }) => [roleName.toLowerCase(), exportName ?? roleName]),
      ),
    };
    byAccount.set(accountId, declared);
    return declared;
  };
}

/** `violating` if a finding is `fail`, else `unknown` if one is `unknown`, else `compliant`. */
export function verdictOf(findings: readonly Pick<Finding, 'status'>[]): Verdict {
  if (findings.some((finding) => finding.status === 'fail')) return 'violating';
  if (findings.length === 0 || findings.some((finding) => finding.status === 'unknown')) return 'unknown';
  return 'compliant';
}

/**
 * The process's exit code: 2 where something could not be decided, else 1 for a violation, else 0.
 * @param counts which violations count; all by default
 */
export function exitCodeOf(exports: readonly ExportReport[], counts: FailOn = () => true): 0 | 1 | 2 {
  if (
    exports.some((entry) => entry.status === 'unknown' || entry.findings.some((f) => f.status === 'unknown'))
  )
    return 2;
  const violations = exports.flatMap(({ findings }) => findings.filter(({ status }) => status === 'fail'));
  return violations.some(counts) ? 1 : 0;
}

type Judge = (rule: Rule, context: RuleContext) => readonly Outcome[];

function judgeExport(
  rules: readonly Rule[],
  context: RuleContext,
  documents: DocumentsByName,
  judgeRule: Judge,
): Finding[] {
  const silent: Rule[] = [];
  const all = rules.flatMap((rule) => {
    const reported = judgeRule(rule, context);
    const outcomes = reported.length > 0 ? reported : outcomesOfSilence(rule, context, rules, judgeRule);
    if (outcomes.length === 0) silent.push(rule);
    return outcomes.map((outcome) => ({ rule, outcome }));
  });
  const findings = notLookedAtInOneLine(all).map(({ rule, outcome }) =>
    finding(rule, outcome, context, documents),
  );
  return withUniqueFingerprints(withWaiting(findings, silent, context));
}

/** The one finding of an export on which no rule reported anything. */
function findingIfAllSilent(
  rules: readonly Rule[],
  context: RuleContext,
  isReportedElsewhere: boolean,
): Finding[] {
  const [rule] = rules;
  if (!rule) return [];
  const outcome = outcomeIfAllSilent(rules, context, isReportedElsewhere);
  return withUniqueFingerprints([finding(rule, outcome, context)]);
}

/**
 * Judges rule after rule within one limit. A rule may take half of what is left, so that documents that are too much for
 * one rule leave the others enough.
 * @param about tells apart what there was to judge
 */
function limitedTo({ steps, until }: WorkLimit, about: () => string): Judge {
  let left = steps;
  return (rule, context) => {
    const { result, used } = countWork({ steps: left / 2 }, () => outcomesOf(rule, context, about, until));
    left -= used;
    return result;
  };
}

/** A rule that throws proves nothing: its outcome is unknown, and the other rules are still judged. */
function outcomesOf(
  rule: Rule,
  context: RuleContext,
  about: () => string,
  until: number | undefined,
): readonly Outcome[] {
  try {
    // Within the `try`, since it throws at once if the time is over.
    return limitWork({ steps: Number.POSITIVE_INFINITY, until }, () => rule.judge(context));
  } catch (error) {
    if (error instanceof WorkLimitExceeded) {
      return [
        {
          status: 'unknown',
          fact: 'work-limit',
          // Nobody knows what it hides, so no exception covers it, and it is another finding once anything has changed.
          cause: 'not-understood',
          about: about(),
          message: `The rule can’t be decided: ${error.message}.`,
        },
      ];
    }
    const message = error instanceof Error ? error.message : String(error);
    return [
      {
        status: 'unknown',
        fact: 'broken-rule',
        cause: 'broken-rule',
        message: `The rule failed, which is a bug in this tool; please report it: ${message}`,
      },
    ];
  }
}

function finding(rule: Rule, outcome: Outcome, context: RuleContext, documents?: DocumentsByName): Finding {
  const resource = outcome.resource ?? rule.resource(context);
  const { id, severity, risk, remediation } = rule.metadata;
  const bad = outcome.status === 'fail';
  const open = bad || outcome.status === 'unknown';
  return {
    rule: id,
    status: outcome.status,
    severity: outcome.severity ?? (outcome.status === 'advice' ? 'info' : severity),
    resource,
    message: outcome.message,
    ...(outcome.status === 'pass'
      ? {}
      : { risk: outcome.risk ?? (open ? risk : `No violation as it is. If it got worse: ${risk}`) }),
    expected: outcome.expected ?? null,
    actual: outcome.actual ?? null,
    location: outcome.location ?? null,
    remediation: outcome.remediation ?? (bad ? { summary: remediation } : null),
    fingerprint: fingerprintOf(id, outcome, resource, documents),
    cause: outcome.cause,
    causeId: causeIdOf(rule, outcome, context),
  };
}

function notSeen(name: string): Observation['exports'][number] {
  const missing = unreadable({ message: `the observation holds nothing of export ${name}` });
  return { name, accountId: missing, role: missing, bucket: missing };
}
