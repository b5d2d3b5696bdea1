/** `altr-export rules`: lists the rules. */
import { type Command, Option } from 'commander';

const EXAMPLES = `
Examples:
  altr-export rules
  altr-export rules --format json    everything that a rule’s page shows, as data`;

export function registerRules(program: Command): void {
  program
    .command('rules')
    .description('List the rules of the audit.')
    .addOption(
      new Option('-f, --format <format>', 'how to print them').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const { RULES } = await import('../checks/rules');
      const { writeStdout } = await import('../checks/report/output');
      const metadata = RULES.map((rule) => rule.metadata);
      if (format === 'json') return writeStdout(`${JSON.stringify(metadata, null, 2)}\n`);
      const width = Math.max(...metadata.map((rule) => rule.id.length));
      const lines = metadata.map(
        (rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.title}\n`,
      );
      return writeStdout(lines.join(''));
    });
}
