/** What the package exports as `altr-audit-log-export-kit/judge`: the rules, pure, and the types of what goes in and comes out. */

export type { DeclaredRole } from '../checks/observe/declared-account';
export type {
  AccountObservation,
  BucketObservation,
  ExportObservation,
  Observation,
  Observed,
  RoleObservation,
} from '../checks/observe/observation';
export { loadObservation, saveObservation } from '../checks/observe/saved';
export { observePlan, observeSynthesised } from '../checks/observe/terraform';
export { RULES } from '../checks/rules';
export type { Rule, RuleMetadata } from '../checks/rules/rule';
export type {
  ExportReport,
  Finding,
  FindingLocation,
  FindingStatus,
  Remediation,
  Report,
  Severity,
  Verdict,
} from '../checks/verdict/finding';
export { exitCodeOf, type JudgeOptions, judge, verdictOf } from '../checks/verdict/judge';
