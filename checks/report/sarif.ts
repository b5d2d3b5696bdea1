/** `sarif` 2.1.0 for code scanning. Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". */
import type { Finding, Notice, Report, Severity } from '../finding';
import { acceptance } from './exception';
import type { ReportOptions } from './options';
import { terminal } from './sanitise';

/** GitHub sorts by this: 9.0 and above is critical, 7.0 high, 4.0 medium. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.0',
  low: '2.0',
  info: '0.0',
};

export function sarif(report: Report, { rules, configFile, exportLines }: ReportOptions): string {
  const uri = uriOf(configFile ?? 'altr-exports.yaml');
  // What is resolved is left out, though SARIF has `baselineState: absent` for it: GitHub's code scanning does not know
  // that property, and would show it as an open alert.
  const results = report.exports.flatMap(({ name, findings }) =>
    findings
      .filter(({ status }) => status !== 'pass')
      .map((finding) => ({
        ruleId: finding.rule,
        ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
        ...kindOf(finding),
        message: {
          text: terminal(`${name}: ${finding.message}${finding.risk ? ` ${finding.risk}` : ''}`),
        },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri }, region: { startLine: exportLines?.[name] ?? 1 } },
            logicalLocations: [{ fullyQualifiedName: terminal(finding.resource), kind: 'resource' }],
          },
        ],
        partialFingerprints: { 'altrFinding/v1': `${name}::${finding.fingerprint}` },
        ...(finding.baselineState ? { baselineState: finding.baselineState } : {}),
        ...(finding.status === 'excepted' ? { suppressions: [suppression(finding)] } : {}),
        properties: {
          export: name,
          status: finding.status,
          severity: finding.severity,
          resource: finding.resource,
        },
      })),
  );
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules: rules.map(({ id, title, risk, remediation, severity, requirement }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: risk },
              help: { text: `${risk}\n\n${remediation}\n\nRequired by: ${requirement.source}.` },
              defaultConfiguration: { level: levelOf(severity) },
              properties: { 'security-severity': SECURITY_SEVERITY[severity], tags: ['security'] },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: report.summary.unknown === 0,
            startTimeUtc: report.startedAt,
            endTimeUtc: report.finishedAt,
            ...(report.notices ? { toolConfigurationNotifications: report.notices.map(notification) } : {}),
          },
        ],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function suppression({ exception }: Finding): object {
  return {
    kind: 'external',
    status: 'accepted',
    ...(exception ? { justification: terminal(`Accepted ${acceptance(exception)}`) } : {}),
  };
}

function notification({ kind, message, file, line }: Notice): object {
  return {
    descriptor: { id: kind },
    level: 'warning',
    message: { text: terminal(message) },
    locations: [
      { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } },
    ],
  };
}

function uriOf(file: string): string {
  return encodeURI(file.replaceAll('\\', '/'));
}

/** SARIF wants the level `none` for every kind but `fail`; what needs a look is shown as a warning all the same. */
function kindOf({ status, severity }: Finding): { kind: string; level: string } {
  if (status === 'fail' || status === 'excepted') return { kind: 'fail', level: levelOf(severity) };
  if (status === 'unknown') return { kind: 'fail', level: 'warning' };
  return status === 'advice' ? { kind: 'fail', level: 'note' } : { kind: 'pass', level: 'none' };
}

function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}
