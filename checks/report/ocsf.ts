/**
 * `ocsf`: a list of Compliance Finding events (class 2003) with the profile `cloud`, one for each finding.
 * Source: Open Cybersecurity Schema Framework 1.9.0, classes `compliance_finding`, `finding` and `base_event`.
 */

import type { RuleMetadata } from '../rules/rule';
import type { ExportReport, Finding, Report, Severity } from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import type { ReportOptions } from './options';
import { cut, json, terminal } from './sanitise';

const OCSF_VERSION = '1.9.0';
const CLASS = 2003;
/** The finding is made anew by every run. */
const CREATE = 1;

const SEVERITY: Readonly<Record<Severity, readonly [number, string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

const PASS = [1, 'Pass'] as const;
const WARNING = [2, 'Warning'] as const;
const FAIL = [3, 'Fail'] as const;

/** Advice is no violation, so its check passed. What is accepted still is what it is: its triage says "suppressed". */
function complianceOf({ status, exception }: Finding): readonly [number, string] {
  const real = status === 'excepted' ? (exception?.covers ?? 'fail') : status;
  if (real === 'fail') return FAIL;
  return real === 'unknown' ? WARNING : PASS;
}

export function ocsf(report: Report, { rules }: ReportOptions): string {
  const ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
  const events = report.exports.flatMap((entry) =>
    entry.findings.map((finding) => event(report, entry, finding, ruleOf.get(finding.rule))),
  );
  return `[${events.map((entry) => `\n${json(entry)}`).join(',')}\n]\n`;
}

function event(
  report: Report,
  entry: ExportReport,
  finding: Finding,
  rule: RuleMetadata | undefined,
): object {
  const { status, remediation, exception } = finding;
  const [status_id, statusText] = complianceOf(finding);
  const [severity_id, severity] = status === 'pass' ? SEVERITY.info : SEVERITY[finding.severity];
  const time = Date.parse(report.finishedAt);
  const message = short(finding.message);
  const age = observationAge(report);
  const triage =
    status === 'excepted'
      ? { status_id: 3, status: 'Suppressed' }
      : status === 'fail' || status === 'unknown'
        ? { status_id: 1, status: 'New' }
        : {};
  return {
    category_uid: 2,
    category_name: 'Findings',
    class_uid: CLASS,
    class_name: 'Compliance Finding',
    activity_id: CREATE,
    activity_name: 'Create',
    type_uid: CLASS * 100 + CREATE,
    type_name: 'Compliance Finding: Create',
    time,
    severity_id,
    severity,
    ...triage,
    message,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      product: {
        name: report.tool.name,
        uid: report.tool.name,
        vendor_name: report.tool.name,
        version: report.tool.version,
      },
    },
    cloud: {
      provider: 'AWS',
      region: short(entry.region),
      ...(entry.accountId ? { account: { uid: entry.accountId, type_id: 10, type: 'AWS Account' } } : {}),
    },
    finding_info: {
      uid: `${short(entry.name)}::${finding.fingerprint}`,
      title: short(rule?.title ?? finding.rule),
      desc: message,
      created_time: time,
      types: ['Software and Configuration Checks'],
      analytic: { type_id: 1, type: 'Rule', uid: finding.rule, name: finding.rule },
    },
    compliance: {
      status_id,
      status: statusText,
      status_code: status,
      status_details: [
        message,
        ...(finding.risk ? [short(finding.risk)] : []),
        ...(age ? [age] : []),
        ...(exception ? [short(`Accepted ${acceptance(exception)}`)] : []),
      ],
      control: finding.rule,
      standards: ['ALTR: Amazon S3 Audit Log Export'],
      ...(rule ? { requirements: [`${rule.requirement.source}: ${rule.requirement.text}`] } : {}),
    },
    resources: [
      {
        uid: short(finding.resource),
        name: short(finding.resource.split(/[:/]/).at(-1) || finding.resource),
        type: typeOf(finding.resource),
        region: short(entry.region),
        ...(entry.accountId ? { owner: { account: { uid: entry.accountId, type_id: 10 } } } : {}),
      },
    ],
    ...(remediation
      ? { remediation: { desc: short([remediation.summary, ...(remediation.commands ?? [])].join('\n')) } }
      : {}),
    unmapped: {
      export: short(entry.name),
      ...(finding.location
        ? { document: short(finding.location.document), pointer: short(finding.location.pointer) }
        : {}),
      cause: finding.cause,
      baseline_state: finding.baselineState,
    },
  };
}

function typeOf(resource: string): string {
  if (/^arn:[^:]*:iam::[^:]*:role\//.test(resource)) return 'AWS::IAM::Role';
  if (/^arn:[^:]*:s3:::/.test(resource)) return 'AWS::S3::Bucket';
  return resource.startsWith('account ') ? 'AWS::Account' : 'AWS::IAM::Role';
}

function short(text: string): string {
  return cut(terminal(text), 2_000);
}
