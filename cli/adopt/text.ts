/** What `altr-export adopt` prints for a person. */
import type { Looked } from '../../checks/adopt/adoption';
import type { Candidate } from '../../checks/adopt/candidate';
import { formatReport } from '../../checks/report/formats';
import { counted } from '../../checks/report/order';
import { line } from '../../checks/report/sanitise';
import { RULES } from '../../checks/rules';
import { wantsColour } from '../colour';
import { waysToName } from '../new-config';

interface Written {
  /** The config that exists. */
  readonly declaredIn?: string;
  /** Whether what is adopted is added to a config. */
  readonly isAppended: boolean;
  /** Whether the config says if ALTR sends a checksum. */
  readonly isChecksumKnown: boolean;
}

export async function adoptionText(looked: Looked, written: Written): Promise<string> {
  const { declaredIn } = written;
  const { accountId, altrAccountId, candidates, left, report, config } = looked;
  const leftOut = left.map(
    ({ role, export: name }) => `${role}: left out, since ${declaredIn} has it as ${name}.`,
  );
  if (candidates.length === 0 && left.length > 0)
    return `${leftOut.join('\n')}\nAccount ${accountId} has no other role for ALTR.\n`;
  if (candidates.length === 0)
    return `Account ${accountId} has no role for ALTR: none has the prefix, and none lets ${altrAccountId} in by name.\n`;
  const verdict = await formatReport(report, 'text', {
    colour: wantsColour(),
    width: process.stdout.columns ?? 100,
    rules: RULES.map(({ metadata }) => metadata),
  });
  return [
    `Found ${counted(candidates.length, 'role')} for ALTR in account ${accountId}. Nothing was changed there.`,
    ...(report.exports.length > 0 ? [`What the audit says of them today:\n\n${verdict.trimEnd()}`] : []),
    ...candidates.map(describe),
    ...(leftOut.length > 0 ? [leftOut.join('\n')] : []),
    ...(config === undefined
      ? []
      : [
          config.file === null
            ? `It would write:\n\n${config.text.trimEnd()}`
            : nextSteps(config.file, written, candidates),
        ]),
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

function nextSteps(
  file: string,
  { isAppended, isChecksumKnown }: Written,
  candidates: readonly Candidate[],
): string {
  const { option, variable } = waysToName(file);
  const names = candidates.flatMap(({ entry }) => (entry ? [entry.name] : []));
  // `cdktf diff` takes one.
  const name = names.length === 1 ? names[0] : '<export>';
  const locked = candidates.flatMap(({ entry }) => (entry?.retention?.defaultRetention ? [entry.name] : []));
  return [
    `${isAppended ? 'Added to' : 'Wrote'} ${file}. Next:`,
    `  ${variable}npx cdktf diff ${name}     # shows the imports, and every change beforehand`,
    `  ${variable}npx cdktf deploy ${name}   # takes it over`,
    `  altr-export check${option}`,
    // Amazon S3 User Guide, "Managing Object Lock": a PutObject into a bucket with a default retention needs a checksum.
    ...(locked.length > 0 && !isChecksumKnown
      ? [
          `The check ends with exit code 2 until altr.assumptions.checksumHeader is declared: ${locked.join(', ')} ${locked.length === 1 ? 'has' : 'have'} a default retention, so ask ALTR whether its PutObject carries a checksum.`,
        ]
      : []),
  ].join('\n');
}
