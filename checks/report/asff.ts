/**
 * `asff` for Security Hub: a line for each request of `BatchImportFindings`, with at most 100 findings of one account and
 * region. Source: AWS Security Hub User Guide, "AWS Security Finding Format (ASFF)"; Security Hub API Reference,
 * "BatchImportFindings", "AwsSecurityFinding".
 *
 *     while read -r batch; do aws securityhub batch-import-findings --cli-input-json "$batch"; done < report.asff
 */
import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { type Partition, partitionOf } from '../../contract/partition';
import { roleArn } from '../../contract/policies';
import type { RuleMetadata } from '../rules/rule';
import type { ExportReport, Finding, Report, Severity } from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import type { ReportOptions } from './options';
import { groupBy } from './order';
import { json, line } from './sanitise';

/** Findings of one request, and bytes of one finding (Security Hub API Reference, "BatchImportFindings"). */
const BATCH = 100;

/** Longest texts (Security Hub User Guide, "Required top-level ASFF attributes" and "Optional top-level ASFF attributes"). */
const TITLE = 256;
const DESCRIPTION = 1024;
const ID = 512;
const RECOMMENDATION = 512;
const PRODUCT_FIELD = 2048;

const LABEL: Readonly<Record<Severity, 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'>> = {
  info: 'INFORMATIONAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
};

/** Findings whose account is not known can't be imported anywhere, and are left out: the run's exit code tells of them. */
export function asff(report: Report, { rules }: ReportOptions): string {
  const ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
  const importable = report.exports.flatMap((entry) =>
    entry.accountId === null
      ? []
      : entry.findings.map((finding) =>
          convert(report, entry, entry.accountId as string, finding, ruleOf.get(finding.rule)),
        ),
  );
  importable.push(...resolvedOnes(report, ruleOf));
  // Security Hub takes the findings of a request from one account and region only.
  const groups = groupBy(importable, ({ ProductArn }) => ProductArn);
  const batches = [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / BATCH) }, (_, index) =>
      group.slice(index * BATCH, (index + 1) * BATCH),
    ),
  );
  return batches.map((Findings) => `${json({ Findings })}\n`).join('');
}

function convert(
  report: Report,
  { name, region }: ExportReport,
  account: string,
  finding: Finding,
  rule: RuleMetadata | undefined,
): AwsSecurityFinding {
  const partition = partitionOf(region) ?? 'aws';
  const { status, severity, remediation, exception, location } = finding;
  const fields: Record<string, string | undefined> = {
    'altr/export': name,
    'altr/status': status,
    'altr/resource': finding.resource,
    'altr/document': location?.document,
    'altr/pointer': location?.pointer,
    'altr/commands': remediation?.commands?.join('\n'),
    'altr/exception': exception && acceptance(exception),
    'altr/cause': finding.cause,
    'altr/observationAge': observationAge(report),
  };
  return {
    SchemaVersion: '2018-10-08',
    Id: short(`${name}/${finding.fingerprint}`, ID),
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'Default',
    CompanyName: 'Personal',
    GeneratorId: finding.rule,
    AwsAccountId: account,
    Region: region,
    Types: ['Software and Configuration Checks/AWS Security Best Practices'],
    CreatedAt: report.startedAt,
    UpdatedAt: report.finishedAt,
    Severity: { Label: status === 'pass' ? 'INFORMATIONAL' : LABEL[severity] },
    Title: short(rule?.title ?? finding.rule, TITLE),
    Description: short([finding.message, finding.risk].filter(Boolean).join(' '), DESCRIPTION),
    ...(remediation
      ? { Remediation: { Recommendation: { Text: short(remediation.summary, RECOMMENDATION) } } }
      : {}),
    ProductFields: Object.fromEntries(
      Object.entries(fields).flatMap(([key, value]) => (value ? [[key, short(value, PRODUCT_FIELD)]] : [])),
    ),
    Resources: [resourceOf(finding.resource, account, partition, region)],
    Compliance: { Status: complianceOf(finding) },
    // Security Hub keeps what its users set later; this is for a finding that it does not know yet.
    Workflow: { Status: status === 'excepted' ? 'SUPPRESSED' : status === 'pass' ? 'RESOLVED' : 'NEW' },
    RecordState: 'ACTIVE',
  };
}

/** Findings of the baseline that are gone: Security Hub would show them for another 90 days. */
function resolvedOnes(report: Report, ruleOf: ReadonlyMap<string, RuleMetadata>): AwsSecurityFinding[] {
  return (report.baseline?.resolved ?? []).flatMap(({ export: name, ...resolved }) => {
    const entry = report.exports.find((exported) => exported.name === name);
    if (!entry?.accountId) return [];
    const finding: Finding = { ...resolved, expected: null, actual: null, location: null, remediation: null };
    const closed = convert(report, entry, entry.accountId, finding, ruleOf.get(finding.rule));
    return [
      {
        ...closed,
        ProductFields: { ...closed.ProductFields, 'altr/status': 'resolved' },
        Compliance: { Status: 'PASSED' },
        Workflow: { Status: 'RESOLVED' },
        RecordState: 'ARCHIVED',
      },
    ];
  });
}

function complianceOf({ status, exception }: Finding): 'PASSED' | 'WARNING' | 'FAILED' {
  const real = status === 'excepted' ? (exception?.covers ?? 'fail') : status;
  if (real === 'fail') return 'FAILED';
  return real === 'unknown' ? 'WARNING' : 'PASSED';
}

function resourceOf(
  resource: string,
  account: string,
  partition: Partition,
  region: string,
): NonNullable<AwsSecurityFinding['Resources']>[number] {
  const common = { Partition: partition as 'aws', Region: region };
  if (resource.startsWith('account '))
    return { Type: 'AwsAccount', Id: `AWS::::Account:${account}`, ...common };
  if (/^arn:[^:]*:s3:::/.test(resource)) return { Type: 'AwsS3Bucket', Id: short(resource, ID), ...common };
  const arn = resource.startsWith('arn:') ? resource : roleArn(partition, account, resource);
  return { Type: 'AwsIamRole', Id: short(arn, ID), ...common };
}

/** Cuts to this many bytes: Security Hub refuses the whole finding for one text that is too long. */
function short(text: string, longest: number): string {
  const plain = line(text);
  if (Buffer.byteLength(plain) <= longest) return plain;
  const bytes = Buffer.from(plain).subarray(0, longest - 3);
  return `${new TextDecoder().decode(bytes).replace(/\uFFFD+$/, '')}…`;
}
