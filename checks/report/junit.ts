/** `junit`: a suite for each export, a case for each finding. Unknown is an error, a violation a failure. */
import type { ExportReport, Finding, Report } from '../finding';
import { acceptance } from './exception';
import { line, xml } from './sanitise';

export function junit(report: Report): string {
  const suites = report.exports.map(suite).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(report.tool.name)}">\n${suites}</testsuites>\n`;
}

function suite({ name, findings }: ExportReport): string {
  const count = (...statuses: Finding['status'][]) =>
    findings.filter(({ status }) => statuses.includes(status)).length;
  const counts = `tests="${findings.length}" failures="${count('fail')}" errors="${count('unknown')}" skipped="${count('excepted')}"`;
  return `  <testsuite name="${xml(line(name))}" ${counts}>\n${findings.map((finding) => testcase(name, finding)).join('')}  </testsuite>\n`;
}

function testcase(exportName: string, finding: Finding): string {
  const head = `    <testcase classname="${xml(line(exportName))}" name="${xml(finding.rule)} ${xml(line(finding.resource))}"`;
  const message = `message="${xml(line(finding.message))}"`;
  const details = [
    finding.message,
    finding.risk,
    finding.remediation?.summary,
    ...(finding.remediation?.commands ?? []),
  ]
    .filter((text) => text !== undefined)
    .map((text) => xml(line(text)))
    .join('\n');
  switch (finding.status) {
    case 'fail':
      return `${head}>\n      <failure type="${xml(finding.severity)}" ${message}>${details}</failure>\n    </testcase>\n`;
    case 'unknown':
      return `${head}>\n      <error type="unknown" ${message}>${details}</error>\n    </testcase>\n`;
    case 'excepted':
      return `${head}>\n      <skipped message="${xml(line(accepted(finding)))}"/>\n    </testcase>\n`;
    case 'advice':
      return `${head}>\n      <system-out>${xml(line(finding.message))}</system-out>\n    </testcase>\n`;
    default:
      return `${head}/>\n`;
  }
}

function accepted({ message, exception }: Finding): string {
  return exception ? `${message} Accepted ${acceptance(exception)}` : message;
}
