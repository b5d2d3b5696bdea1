/**
 * `junit`: a suite for each export, a case for each rule. Unknown is an error, a violation a failure, advice passes with a
 * note, an accepted finding is skipped. Written by hand, since builders on npm give a skipped case no message; the tests
 * hold it to Jenkins's schema.
 */
import type { ExportReport, Finding, Report } from '../verdict/finding';
import { observationAge } from './age';
import { acceptance } from './exception';
import { groupBy } from './order';
import { placeOf } from './place';
import { line, xml } from './sanitise';

export function junit(report: Report): string {
  const suites = report.exports.map((entry) => suite(entry, report));
  const sum = (key: 'tests' | 'failures' | 'errors') =>
    suites.reduce((total, { counts }) => total + counts[key], 0);
  const totals = `tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(report.tool.name)}" ${totals}>\n${suites.map(({ text }) => text).join('')}</testsuites>\n`;
}

function suite({ name, findings }: ExportReport, report: Report) {
  const { startedAt, notLookedAt = [] } = report;
  const byRule = groupBy(findings, ({ rule }) => rule);
  const statuses = [...byRule.values()].map(statusOf);
  const count = (status: Finding['status']) => statuses.filter((entry) => entry === status).length;
  const counts = { tests: byRule.size, failures: count('fail'), errors: count('unknown') };
  const attributes = `name="${xml(line(name))}" tests="${counts.tests}" failures="${counts.failures}" errors="${counts.errors}" skipped="${count('excepted')}" timestamp="${xml(startedAt)}"`;
  const cases = [...byRule].map(([rule, list]) => testcase(name, rule, list));
  const notes = [observationAge(report) ?? [], notLookedAt].flat();
  const note = notes.length > 0 ? `    <system-out>${xml(line(notes.join(' ')))}</system-out>\n` : '';
  return { counts, text: `  <testsuite ${attributes}>\n${cases.join('')}${note}  </testsuite>\n` };
}

/** The status of a test case: readers count it once, and an error beside a failure would count as either. */
function statusOf(findings: readonly Finding[]): Finding['status'] {
  const worst = ['fail', 'unknown', 'excepted', 'advice'] as const;
  return worst.find((status) => findings.some((finding) => finding.status === status)) ?? 'pass';
}

function testcase(exportName: string, rule: string, findings: readonly Finding[]): string {
  const head = `    <testcase classname="${xml(line(exportName))}" name="${xml(rule)}" time="0"`;
  const status = statusOf(findings);
  const shown = findings.filter((finding) => finding.status === status);
  const [first] = shown;
  if (status === 'pass' || !first) return `${head}/>\n`;
  const rest = findings.filter((finding) => finding.status !== 'pass' && !shown.includes(finding));
  const note = (list: readonly Finding[]) =>
    list.length > 0 ? `      <system-out>${list.map(noteOf).join('\n')}</system-out>\n` : '';
  const elements = {
    fail: () => shown.map((finding) => problem('failure', finding.severity, finding)).join(''),
    unknown: () => shown.map((finding) => problem('error', finding.cause ?? 'unknown', finding)).join(''),
    // Readers take only one; the others are in the note.
    excepted: () => `      <skipped message="${xml(line(accepted(first)))}"/>\n${note(shown.slice(1))}`,
    advice: () => note(shown),
  };
  return `${head}>\n${elements[status]()}${note(rest)}    </testcase>\n`;
}

function problem(element: 'failure' | 'error', type: string, finding: Finding): string {
  const { message, risk, resource, location, remediation } = finding;
  const where = location && `Where: ${placeOf(location)}`;
  const details = [
    message,
    risk,
    `Resource: ${resource}`,
    where,
    remediation && `Fix: ${remediation.summary}`,
    ...(remediation?.commands ?? []),
  ];
  const text = details.flatMap((detail) => (detail ? [xml(line(detail))] : [])).join('\n');
  return `      <${element} type="${xml(type)}" message="${xml(line(message))}">${text}</${element}>\n`;
}

function noteOf({ status, message }: Finding): string {
  return xml(line(`${status}: ${message}`));
}

function accepted({ message, exception }: Finding): string {
  return exception ? `${message} Accepted ${acceptance(exception)}` : message;
}
