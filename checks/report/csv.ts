/** `csv` (RFC 4180): a finding a row, for the auditor who lives in a spreadsheet. Formulas come out as text. */
import type { Report } from '../verdict/finding';
import { acceptance } from './exception';
import { csv as cell } from './sanitise';

const COLUMNS = [
  'export',
  'account',
  'region',
  'rule',
  'status',
  'severity',
  'resource',
  'message',
  'expected',
  'actual',
  'document',
  'pointer',
  'remediation',
  'fingerprint',
  'risk',
  'commands',
  'cause',
  'exception',
  'baseline',
] as const;

export function csv(report: Report): string {
  const rows = report.exports.flatMap(({ name, accountId, region, findings }) =>
    findings.map((finding) => [
      name,
      accountId ?? '',
      region,
      finding.rule,
      finding.status,
      finding.severity,
      finding.resource,
      finding.message,
      data(finding.expected),
      data(finding.actual),
      finding.location?.document ?? '',
      finding.location?.pointer ?? '',
      finding.remediation?.summary ?? '',
      finding.fingerprint,
      finding.risk ?? '',
      finding.remediation?.commands?.join('\n') ?? '',
      finding.cause ?? '',
      finding.exception ? acceptance(finding.exception) : '',
      finding.baselineState ?? '',
    ]),
  );
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function data(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
