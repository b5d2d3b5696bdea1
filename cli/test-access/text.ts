/** A test of access as text. */
import pc from 'picocolors';
import { line } from '../../checks/report/sanitise';
import { type AccessReport, STEPS, type StepStatus } from './steps';

const VERDICT: Readonly<Record<StepStatus, string>> = {
  pass: 'ALTR can deliver, and nothing more.',
  fail: 'Not everything is as it should be: altr-export check says how to fix it.',
  unknown: 'Not everything could be decided.',
};

export function accessText(report: AccessReport, colour: boolean): string {
  const colours = pc.createColors(colour);
  const badge: Readonly<Record<StepStatus, string>> = {
    pass: colours.green('pass   '),
    fail: colours.red('FAIL   '),
    unknown: colours.yellow('UNKNOWN'),
  };
  const steps = report.steps.map(
    ({ id, status, basis, message }) =>
      `  ${badge[status]} ${STEPS[id]}\n          ${colours.dim(`${basis}:`)} ${line(message)}`,
  );
  const probes = report.probes.map(({ bucket, key, removed, reason }) =>
    removed
      ? `The probe s3://${line(bucket)}/${key} was removed again, with your own rights.`
      : `The probe s3://${line(bucket)}/${key} is still there: ${line(reason ?? '')}. Have it deleted.`,
  );
  return `${[
    `${colours.bold(line(report.export))}: ${line(report.roleArn)}, as ${line(report.caller)}`,
    steps.join('\n'),
    ...(probes.length > 0 ? [probes.join('\n')] : []),
    VERDICT[report.status],
  ].join('\n\n')}\n`;
}
