/** The page of a rule, from its metadata and from the rule's own finding on its violating example. */

import { RULES } from '../rules';
import { auditedOptions, type RuleMetadata } from '../rules/rule';
import type { Finding } from '../verdict/finding';
import { findingsOf } from './example';

/** Markdown for `docs/rules/<id>.md` and `altr-export explain`. */
export function rulePage(rule: RuleMetadata): string {
  const { violating, compliant } = rule.examples;
  const finding = findingsOf(violating.setUp).find(
    ({ rule: id, status }) => id === rule.id && status === 'fail',
  );
  return `${[
    `# ${rule.id}`,
    `${rule.title}. Severity: **${rule.severity}**.${onWhen(rule)}`,
    '## Where it comes from',
    `> ${rule.requirement.text}\n\n${capital(rule.requirement.source)}.`,
    '## What it stops',
    rule.risk,
    '## A set-up that violates it',
    example(violating.summary, violating.setUp, violating.alsoFails),
    ...(finding ? [quotedFinding(finding)] : []),
    '## A set-up that complies',
    example(compliant.summary, compliant.setUp),
    '## How to fix it',
    rule.remediation,
    ...(finding?.remediation?.commands ? [commands(finding.remediation.commands)] : []),
    '## See also',
    seeAlso(rule),
  ].join('\n\n')}\n`;
}

function onWhen(rule: RuleMetadata): string {
  const { optIn } = rule;
  const options = auditedOptions(rule).map((option) => `\`${option}\``);
  if (options.length > 0) return ` It is on for exports with ${options.join(' or ')} in the config.`;
  return optIn ? ` ${optIn}` : '';
}

function example(summary: string, setUp: object, alsoFails: readonly string[] = []): string {
  const also =
    alsoFails.length > 0
      ? `\n\nThis change also breaks ${alsoFails.map((id) => `\`${id}\``).join(', ')}.`
      : '';
  if (Object.keys(setUp).length === 0) return `${summary} Everything is as on the vendor’s page.`;
  return `${summary} Everything else is as on the vendor’s page:\n\n\`\`\`json\n${JSON.stringify(setUp, null, 2)}\n\`\`\`${also}`;
}

/** The finding's own words. */
function quotedFinding({ message, location }: Finding): string {
  const where = location
    ? `\n\nWhere: ${location.document}${location.pointer ? `, at \`${location.pointer}\`` : ''}.`
    : '';
  return `The audit reports:\n\n> ${message}${where}`;
}

function commands(lines: readonly string[]): string {
  return `For the example above:\n\n\`\`\`sh\n${lines.join('\n')}\n\`\`\``;
}

/** Rules about the same thing, which the first word of their ids names. */
function seeAlso({ id, needs }: RuleMetadata): string {
  const about = id.split('-')[0];
  const related = RULES.map(({ metadata }) => metadata.id).filter(
    (other) => other !== id && other.split('-')[0] === about,
  );
  return [
    ...related.map((other) => `- [${other}](${other}.md)`),
    `- This rule alone: \`altr-export check --rule ${id}${needs === 'plan' ? ' --plan plan.json' : ''}\``,
    '- [Accept a risk for a while](../accept-a-risk.md)',
  ].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
