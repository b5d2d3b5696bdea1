/** `altr-export logs health`: whether delivery is alive, with what the verdict rests on. The same rule as the check's. */

import type { DeliveryObservation, Observed } from '../../checks/observe/observation';
import { writeStdout } from '../../checks/report/output';
import { json, line } from '../../checks/report/sanitise';
import { deliveryAlive } from '../../checks/rules/delivery-alive';
import type { ExportReport } from '../../checks/verdict/finding';
import { exitCodeOf, judge } from '../../checks/verdict/judge';
import { inWords } from '../../config/duration';
import { readConfig } from '../../config/file/read';
import { deliveryExpectation } from '../../config/options/delivery';
import { definitionOf } from '../../config/schema';
import { contractFor } from '../../contract/contract';
import { observeAws } from '../check/observe-aws';
import { declaredBy, targetsOf } from '../check/opt-in-rules';
import { exportNamed } from './bucket';

export interface HealthOptions {
  readonly config?: string;
  readonly format: 'text' | 'json';
}

/** @returns the exit code of a check with this rule alone */
export async function runHealth(name: string, options: HealthOptions): Promise<number> {
  const { config } = readConfig('audit', options.config);
  const entry = exportNamed(name, options.config);
  const observation = await observeAws(
    targetsOf([entry], () => true),
    { altrAccountId: config.altr.awsAccountId, listRoles: false, quiet: true },
  );
  const [report] = judge(observation, {
    contracts: [contractFor(definitionOf(config, entry))],
    declaredRoles: config.exports,
    deliveries: new Map([[entry.name, deliveryExpectation(entry.delivery)]]),
    declared: declaredBy([entry]),
    assumptions: config.altr.assumptions,
    rules: [deliveryAlive],
  });
  const [seen] = observation.exports;
  if (!report) throw new Error(`no report of ${entry.name}`);
  const text =
    options.format === 'json'
      ? json({ schemaVersion: 1, observedAt: observation.observedAt, ...report, delivery: seen?.delivery }, 2)
      : healthText(report, seen?.delivery, Date.parse(observation.observedAt));
  await writeStdout(`${text}\n`);
  return observation.partial ? 2 : exitCodeOf([report]);
}

const WORDS = { compliant: 'alive', violating: 'not as it should be', unknown: 'unknown' } as const;

function healthText(report: ExportReport, delivery: DeliveryObservation | undefined, now: number): string {
  return [
    `${line(report.name)}: ${WORDS[report.status]}`,
    '',
    ...report.findings.map(({ status, message }) => `${status.padEnd(8)} ${line(message)}`),
    ...(delivery ? ['', ...facts(delivery, now)] : []),
  ].join('\n');
}

/** Objects from which a missing kind is worth a guess. */
const ENOUGH = 5;

function facts({ newest, sample, roleLastUsed }: DeliveryObservation, now: number): string[] {
  const rows: [string, string][] = [];
  if (newest.state === 'value') {
    const { key, lastModified, layout, listCalls } = newest.value;
    rows.push(['newest log', `${inWords(Math.max(0, now - lastModified))} ago, ${key}`]);
    for (const { template, keys, partitions } of layout.layouts.slice(0, 3)) {
      rows.push(['partitions', `${template} (${keys} keys in ${partitions} partitions were seen)`]);
    }
    rows.push([
      '',
      `confidence ${layout.confidence}; ${layout.undated.count} objects without a date in their key`,
    ]);
    rows.push(['list calls', String(listCalls)]);
  }
  if (sample.state === 'value') {
    const found = (kind: 'query' | 'system') => sample.value.some(({ kinds }) => kinds[kind] > 0);
    // A few objects prove nothing about a rare kind.
    const missing = sample.value.length < ENOUGH ? 'not seen' : 'off?';
    rows.push([
      'switches',
      `“Query Audits” ${found('query') ? 'on' : missing}, “Alerts” ${found('system') ? 'on' : missing}: a guess from the kinds in ${sample.value.length} objects`,
    ]);
  }
  rows.push(['role used', spoken(roleLastUsed)]);
  return rows.map(([name, value]) => `${name.padEnd(10)}  ${line(value)}`);
}

function spoken(used: Observed<string>): string {
  if (used.state === 'value') return used.value;
  return used.state === 'absent' ? 'not in the last 400 days' : used.reason.message;
}
