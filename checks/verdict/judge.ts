/** From observation to verdict: runs every rule over every export. Pure. */

import type { Assumptions } from '../../config/options/assumptions';
import type { DeliveryExpectation } from '../../config/options/delivery';
import type { ExportContract } from '../../contract/contract';
import type { DeclaredHere, RuleContext } from '../evidence/context';
import type { Outcome } from '../evidence/outcome';
import type { DeclaredRole } from '../observe/declared-account';
import type { AccountObservation, Observation } from '../observe/observation';
import { NO_ACCOUNT, unreadable } from '../observe/observation';
import { RULES } from '../rules';
import type { Rule } from '../rules/rule';
import { documentsOf } from './documents';
import type { FailOn } from './fail-on';
import type { ExportReport, Finding, Verdict } from './finding';
import { fingerprintOf, withUniqueFingerprints } from './fingerprint';
import { withoutSensitive } from './sensitive';
import { allSilent, unsaid } from './silence';

/** What to judge an observation against. */
export interface JudgeOptions {
  /** The contracts of the exports to judge, in the order of the report. */
  readonly contracts: readonly ExportContract[];
  /** Role names that the config declares in each account, judged here or not: those are not undeclared. */
  readonly declaredRoles: readonly DeclaredRole[];
  readonly assumptions?: Assumptions;
  /** What is expected of the delivery, by the export's name. */
  readonly deliveries?: ReadonlyMap<string, DeliveryExpectation>;
  /** Who reads the logs from queues, by the export's name. */
  readonly feeds?: ReadonlyMap<string, readonly string[]>;
  /** The rules to run; all of them by default. */
  readonly rules?: readonly Rule[];
}

/** Judges every export. An export that the observation lacks is unknown, never left out. */
export function judge(observation: Observation, options: JudgeOptions): ExportReport[] {
  const spokenFor = new Set<string>();
  const observed = new Map(observation.exports.map((entry) => [entry.name, entry]));
  const declared = declaredIn(options.declaredRoles);
  return options.contracts.map((contract) => {
    const seen = observed.get(contract.name) ?? notSeen(contract.name);
    const accountId = seen.accountId.state === 'value' ? seen.accountId.value : null;
    let account: AccountObservation | undefined;
    if (accountId !== null && !spokenFor.has(accountId)) {
      spokenFor.add(accountId);
      account = observation.accounts.find((entry) => entry.accountId === accountId);
    }
    // The roles of an account that nobody knows were not listed. Plans, which name no account of ALTR's, never list all.
    if (seen.accountId.state === 'unreadable' && observation.altrAccountId !== undefined)
      account = { accountId: NO_ACCOUNT, roles: seen.accountId };
    const delivery = options.deliveries?.get(contract.name);
    const feedConsumers = options.feeds?.get(contract.name);
    const rules = options.rules ?? RULES;
    const context: RuleContext = {
      contract,
      delivery,
      feedConsumers,
      observation: seen,
      account,
      declaredRoles: declared(accountId),
      assumptions: options.assumptions ?? {},
      observedAt: observation.observedAt,
    };
    const judged = judgeExport(rules, context);
    const isSpokenFor =
      account === undefined && observation.accounts.some((entry) => entry.accountId === accountId);
    const findings = judged.length > 0 ? judged : nothingJudged(rules, context, isSpokenFor);
    const report = {
      name: contract.name,
      accountId: accountId === NO_ACCOUNT ? null : accountId,
      region: contract.region,
      status: verdictOf(findings),
      findings,
      ...documentsOf(findings, [seen, account]),
    };
    return withoutSensitive(report, observation.sensitiveValues ?? [], contract);
  });
}

/** Which roles an account may hold for the config. Worked out once an account. */
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

function judgeExport(rules: readonly Rule[], context: RuleContext): Finding[] {
  const findings = rules.flatMap((rule) => {
    const said = outcomesOf(rule, context);
    const outcomes = said.length > 0 ? said : unsaid(rule, context, rules, outcomesOf);
    return outcomes.map((outcome) => finding(rule, outcome, outcome.resource ?? rule.resource(context)));
  });
  return withUniqueFingerprints(findings);
}

/** The one finding of an export of which no rule had anything to say. */
function nothingJudged(rules: readonly Rule[], context: RuleContext, isSpokenFor: boolean): Finding[] {
  const [rule] = rules;
  if (!rule) return [];
  return withUniqueFingerprints([finding(rule, allSilent(rules, isSpokenFor), rule.resource(context))]);
}

/** A rule that breaks down proves nothing: its outcome is unknown, and the other rules are still judged. */
function outcomesOf(rule: Rule, context: RuleContext): readonly Outcome[] {
  try {
    return rule.judge(context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      {
        status: 'unknown',
        fact: 'broken-rule',
        cause: 'broken-rule',
        message: `The rule broke down, which is a bug of this tool; please report it: ${message}`,
      },
    ];
  }
}

function finding(rule: Rule, outcome: Outcome, resource: string): Finding {
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
    fingerprint: fingerprintOf(id, outcome, resource),
    cause: outcome.cause,
  };
}

function notSeen(name: string): Observation['exports'][number] {
  const missing = unreadable({ message: `the observation holds nothing of export ${name}` });
  return { name, accountId: missing, role: missing, bucket: missing };
}
