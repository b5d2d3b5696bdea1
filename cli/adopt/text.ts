/** What `altr-export adopt` prints for a person. */
import type { Looked } from '../../checks/adopt/adoption';
import type { Candidate } from '../../checks/adopt/candidate';
import { formatReport } from '../../checks/report/formats';
import { line } from '../../checks/report/sanitise';
import { RULES } from '../../checks/rules';
import { wantsColour } from '../colour';

export async function adoptionText(looked: Looked): Promise<string> {
  const { accountId, altrAccountId, candidates, report, config } = looked;
  if (candidates.length === 0)
    return `Account ${accountId} has no role for ALTR: none has the prefix, and none lets ${altrAccountId} in by name.\n`;
  const verdict = await formatReport(report, 'text', {
    colour: wantsColour(),
    width: process.stdout.columns ?? 100,
    rules: RULES.map(({ metadata }) => metadata),
  });
  return [
    `Found ${candidates.length} ${candidates.length === 1 ? 'role' : 'roles'} for ALTR in account ${accountId}. Nothing was changed there.`,
    ...(report.exports.length > 0 ? [`What the audit says of them today:\n\n${verdict.trimEnd()}`] : []),
    ...candidates.map(describe),
    ...(config === undefined
      ? []
      : [config.file === null ? `It would write:\n\n${config.text.trimEnd()}` : nextSteps(config.file)]),
    '',
  ].join('\n\n');
}

function describe({ role, entry, found, changes, reasons }: Candidate): string {
  if (!entry) {
    return [`${role}: can’t be adopted, because`, ...reasons.map((reason) => `  - ${line(reason)}`)].join(
      '\n',
    );
  }
  const policy = entry.adopt?.policyArn ?? `${found.policy?.name} (inline)`;
  const what = `${role}: adopted as ${entry.name}, with the bucket ${entry.bucket} (${entry.region}) and the policy ${policy}.`;
  if (changes.length === 0) return `${what}\n  Terraform imports them, and changes nothing in AWS.`;
  return [what, '  Terraform imports them, and then', ...changes.map((change) => `  - ${line(change)}`)].join(
    '\n',
  );
}

function nextSteps(file: string): string {
  return [
    `Wrote ${file}. Next:`,
    '  npx cdktf diff <export>     # shows the imports, and every change beforehand',
    '  npx cdktf deploy <export>   # takes it over',
    '  npx altr-export check',
  ].join('\n');
}
