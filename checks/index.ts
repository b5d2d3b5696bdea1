/** What the package exports as `altr-audit-log-export-kit/judge`: the rules, pure, and the types of what goes in and comes out. */
export type {
  ExportReport,
  Finding,
  FindingLocation,
  FindingStatus,
  Remediation,
  Report,
  Severity,
  Verdict,
} from './finding';
export { exitCodeOf, type JudgeOptions, judge, verdictOf } from './judge';
export type { DeclaredRole } from './observe/declared-account';
export type {
  AccountObservation,
  BucketObservation,
  ExportObservation,
  Observation,
  Observed,
  RoleObservation,
} from './observe/observation';
export { loadObservation, saveObservation } from './observe/saved';
export { observePlan, observeSynthesised } from './observe/terraform';
export { RULES } from './rules';
export type { Rule, RuleMetadata } from './rules/rule';
