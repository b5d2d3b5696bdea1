/**
 * `sarif` 2.1.0 for code scanning. Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0";
 * GitHub, "SARIF support for code scanning".
 */
import type { Log, Notification, ReportingDescriptor, Result, Suppression } from 'sarif';
import type { RuleMetadata } from '../rules/rule';
import type { ExportReport, Finding, Notice, Report, Severity } from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import type { ReportOptions } from './options';
import { allByWeight } from './order';
import { cut, json, terminal } from './sanitise';
import { uriOf } from './uri';

/** GitHub accepts at most this many results per run, and shows the first 5,000 by severity. */
const MOST_RESULTS = 25_000;

/** GitHub shows at most this many characters of a description. */
const LONGEST_TEXT = 1024;

/** GitHub sorts by this: above 9.0 is critical, 7.0 high, 4.0 medium, 0.1 low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.0',
  low: '2.0',
  info: '0.0',
};

export function sarif(report: Report, { rules, configFile, exportLines }: ReportOptions): string {
  const uri = uriOf(configFile ?? 'altr-exports.yaml');
  const sorted = allByWeight(report.exports);
  const kept = sorted.slice(0, MOST_RESULTS);
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const results = kept.map(({ entry, finding }) =>
    resultOf(entry, finding, {
      ruleIndex: indexOf.get(finding.rule),
      uri,
      startLine: exportLines?.[entry.name] ?? 1,
    }),
  );
  const notifications = notificationsOf(report, sorted.length - kept.length);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules: rules.map(descriptor),
          },
        },
        // Without it GitHub takes runs of several configs for one, and closes the alerts of the other.
        automationDetails: { id: `altr-export-check/${uri}` },
        invocations: [
          {
            executionSuccessful: report.summary.unknown === 0 && report.partial !== true,
            startTimeUtc: report.startedAt,
            endTimeUtc: report.finishedAt,
            ...(notifications.length > 0 ? { toolConfigurationNotifications: notifications } : {}),
          },
        ],
        results,
      },
    ],
  };
  return `${json(log, 2)}\n`;
}

function descriptor({
  id,
  title,
  risk,
  remediation,
  severity,
  requirement,
}: RuleMetadata): ReportingDescriptor {
  const required = `Required by: ${requirement.source}`;
  return {
    id,
    name: id,
    shortDescription: { text: cut(title, LONGEST_TEXT - 100) },
    fullDescription: { text: cut(risk, LONGEST_TEXT - 100) },
    help: {
      text: `${risk}\n\nHow to fix it: ${remediation}\n\n${required}.`,
      markdown: `${risk}\n\n**How to fix it:** ${remediation}\n\n> ${requirement.text}\n\n${required}. \`altr-export explain ${id}\` shows examples.`,
    },
    defaultConfiguration: { level: levelBySeverity(severity) },
    properties: {
      'security-severity': SECURITY_SEVERITY[severity],
      precision: 'very-high',
      'problem.severity': levelBySeverity(severity) === 'note' ? 'recommendation' : levelBySeverity(severity),
      tags: ['security', 'aws', 'audit-log'],
    },
  };
}

function resultOf(
  entry: ExportReport,
  finding: Finding,
  { ruleIndex, uri, startLine }: { ruleIndex: number | undefined; uri: string; startLine: number },
): Result {
  const { location } = finding;
  const fingerprint = `${short(entry.name)}::${finding.fingerprint}`;
  return {
    ruleId: finding.rule,
    ruleIndex,
    kind: 'fail',
    level: levelOf(finding),
    message: { text: messageOf(entry, finding) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: uri.startsWith('file:') ? { uri } : { uri, uriBaseId: '%SRCROOT%' },
          region: { startLine },
        },
        logicalLocations: [{ fullyQualifiedName: short(finding.resource), kind: 'resource' }],
      },
    ],
    // GitHub tells alerts apart by `primaryLocationLineHash` alone; without it, all findings of an export's line would be one alert.
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'altrFinding/v1': fingerprint },
    ...(finding.status === 'excepted' ? { suppressions: [suppression(finding)] } : {}),
    baselineState: finding.baselineState,
    properties: {
      export: short(entry.name),
      status: finding.status,
      severity: finding.severity,
      ...(location ? { document: short(location.document), pointer: short(location.pointer) } : {}),
    },
  };
}

function messageOf({ name }: ExportReport, { message, risk, remediation }: Finding): string {
  const texts = [`${name}: ${message}`, risk, remediation ? `Fix: ${remediation.summary}` : undefined];
  return short(texts.filter((text) => text !== undefined).join(' '));
}

function suppression({ exception }: Finding): Suppression {
  return {
    kind: 'external',
    status: 'accepted',
    ...(exception ? { justification: short(`Accepted ${acceptance(exception)}`) } : {}),
  };
}

function notificationsOf(report: Report, leftOutCount: number): Notification[] {
  const age = observationAge(report);
  return [
    ...(age ? [warning('observation-old', age)] : []),
    ...(report.notLookedAt ?? []).map((unseen) => warning('not-looked-at', unseen)),
    ...(report.notices ?? []).map(notification),
    ...(leftOutCount > 0 ? [warning('results-left-out', leftOut(leftOutCount))] : []),
  ];
}

function notification({ kind, message, file, line }: Notice): Notification {
  return {
    descriptor: { id: kind },
    level: 'warning',
    message: { text: short(message) },
    locations: [
      { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } },
    ],
  };
}

function warning(id: string, text: string): Notification {
  return { descriptor: { id }, level: 'warning', message: { text } };
}

function leftOut(count: number): string {
  return `${count} results are left out, the least severe: see the whole report in another format.`;
}

/** What needs a look is shown as a warning, though nothing is known to be wrong: code scanning hides other kinds. */
function levelOf({ status, severity }: Finding): Result.level {
  if (status === 'unknown') return 'warning';
  return status === 'advice' ? 'note' : levelBySeverity(severity);
}

function levelBySeverity(severity: Severity): 'error' | 'warning' | 'note' {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}

function short(text: string): string {
  return cut(terminal(text), LONGEST_TEXT - 40);
}
