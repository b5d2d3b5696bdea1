/** The page of a rule, from its metadata alone. */
import type { RuleMetadata } from './rule';

/** Markdown for `docs/rules/<id>.md` and `altr-export explain`. */
export function rulePage(rule: RuleMetadata): string {
  const { violating, compliant } = rule.examples;
  return `${[
    `# ${rule.id}`,
    `${rule.title}. Severity: **${rule.severity}**.`,
    '## Where it comes from',
    `> ${rule.requirement.text}\n\n${capital(rule.requirement.source)}.`,
    '## What it stops',
    rule.risk,
    '## A set-up that violates it',
    example(violating.summary, violating.setUp, violating.alsoFails),
    '## A set-up that complies',
    example(compliant.summary, compliant.setUp),
    '## How to mend it',
    rule.remediation,
  ].join('\n\n')}\n`;
}

function example(summary: string, setUp: object, alsoFails: readonly string[] = []): string {
  const also =
    alsoFails.length > 0
      ? `\n\nThis change also breaks ${alsoFails.map((id) => `\`${id}\``).join(', ')}.`
      : '';
  if (Object.keys(setUp).length === 0) return `${summary} Everything is as on the vendor’s page.`;
  return `${summary} Everything else is as on the vendor’s page:\n\n\`\`\`json\n${JSON.stringify(setUp, null, 2)}\n\`\`\`${also}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
