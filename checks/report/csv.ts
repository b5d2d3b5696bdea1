/** `csv` (RFC 4180): a row for each finding, for an auditor's spreadsheet. Formulas come out as text. */
import type { Report } from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import { csv as cell } from './sanitise';

/** Spreadsheets take a file without it for one in their system's old encoding. */
const BYTE_ORDER_MARK = '\ufeff';

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
  'observation age',
] as const;

export function csv(report: Report): string {
  const age = observationAge(report) ?? '';
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
      age,
    ]),
  );
  return BYTE_ORDER_MARK + [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function data(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
