/** From an observation to the report of a run: judged, exceptions applied, compared with the baseline. */

import { declaredRoles } from '../checks/observe/declared-account';
import type { Observation } from '../checks/observe/observation';
import type { Rule } from '../checks/rules/rule';
import { type Baseline, compareWithBaseline } from '../checks/verdict/baseline';
import { applyExceptions } from '../checks/verdict/exceptions';
import type { ExportReport, Report } from '../checks/verdict/finding';
import { type JudgeOptions, judge } from '../checks/verdict/judge';
import { notLookedAt } from '../checks/verdict/not-looked-at';
import type { LoadedConfig } from '../config/file/parse';
import type { DeliveryExpectation } from '../config/options/delivery';
import { definitionOf } from '../config/schema';
import { contractFor } from '../contract/contract';
import { declaredBy, dependOnOrganization } from './check/opt-in-rules';
import { TOOL } from './version';

export interface Run {
  readonly loaded: LoadedConfig;
  /** The exports to judge. */
  readonly selected: LoadedConfig['config']['exports'];
  readonly rules: readonly Rule[];
  /** What is expected of the delivery, by the export's name. */
  readonly deliveries?: ReadonlyMap<string, DeliveryExpectation>;
  readonly baseline: Baseline | undefined;
  /** ISO 8601, UTC. Exceptions are held against its day. */
  readonly startedAt: string;
  /** Who reads the logs from queues, by the export's name; empty for a source that does not know. */
  readonly feeds: ReadonlyMap<string, readonly string[]>;
  /** What the config says of the organization's policies. */
  readonly organization?: JudgeOptions['organization'];
  /** What manages the exports, if the run's sources tell it. */
  readonly managedBy?: ExportReport['managedBy'];
  /** Whether the observation was cut short. */
  readonly partial: boolean;
  /** The time, in milliseconds since 1970, after which nothing more is decided. */
  readonly until?: number;
}

/** The report of a run. */
export function reportOfRun(observation: Observation, run: Run): Report {
  const { loaded, selected, rules, startedAt } = run;
  const { config } = loaded;
  const judged = judge(observation, {
    contracts: selected.map((entry) => contractFor(definitionOf(config, entry))),
    declaredRoles: declaredRoles(config.exports, observation),
    assumptions: config.altr.assumptions,
    deliveries: run.deliveries,
    feeds: run.feeds,
    declared: declaredBy(selected),
    rules,
    until: run.until,
    managedBy: run.managedBy,
    organization: run.organization,
  });
  // A run that the user limits to rules that don't need the organization has nothing to say about it.
  const saysOrganization = !run.organization || dependOnOrganization(run.rules);
  const { exports, notices: ofExceptions } = applyExceptions(judged, loaded, startedAt.slice(0, 10));
  const ofFile = (loaded.notices ?? []).map((notice) => ({ kind: 'options-unknown' as const, ...notice }));
  const notices = [...ofFile, ...ofExceptions];
  const compared = run.baseline ? compareWithBaseline(exports, run.baseline) : { exports };
  return {
    ...reportOf(compared.exports, startedAt),
    observedAt: observation.observedAt,
    organizationObservedAt: observation.organizationObservedAt,
    ...(run.partial ? { partial: true } : {}),
    notLookedAt: notLookedAt(observation, run.organization, saysOrganization),
    ...(notices.length > 0 ? { notices } : {}),
    ...('baseline' in compared ? { baseline: compared.baseline } : {}),
  };
}

/** A report of what was judged. */
export function reportOf(exports: readonly ExportReport[], startedAt: string): Report {
  const count = (status: ExportReport['status']) => exports.filter((entry) => entry.status === status).length;
  return {
    schemaVersion: 1,
    tool: TOOL,
    startedAt,
    finishedAt: new Date().toISOString(),
    summary: {
      exports: exports.length,
      compliant: count('compliant'),
      violating: count('violating'),
      unknown: count('unknown'),
    },
    exports,
  };
}
