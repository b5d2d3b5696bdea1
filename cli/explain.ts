/** `altr-export explain RULE`: prints the rule's page. */
import type { Command } from 'commander';

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('Print the page of a rule: what it demands, why, an example of each kind, how to fix it.')
    .addHelpText(
      'after',
      "\nExamples:\n  altr-export explain trust-external-id\n  altr-export explain 'bucket-*'      the pages of several rules",
    )
    .argument('<rule>', 'id of the rule, for example trust-external-id')
    .action(async (id: string) => {
      const { RULES } = await import('../checks/rules');
      const { rulePage } = await import('../checks/pages/page');
      const { selectByName } = await import('./select-by-name');
      const named = RULES.map((rule) => ({ name: rule.metadata.id, rule }));
      const { writeStdout } = await import('../checks/report/output');
      const pages = selectByName(named, [id], 'rule').map(({ rule }) => rulePage(rule.metadata));
      await writeStdout(pages.join('\n'));
    });
}
