/** `altr-export rules`: lists the rules. */
import type { Command } from 'commander';

export function registerRules(program: Command): void {
  program
    .command('rules')
    .description('List the rules of the audit.')
    .option('--format <format>', 'text or json', 'text')
    .action(async (options: { format: string }) => {
      const { RULES } = await import('../../rules');
      const { UserError } = await import('../../../contract/user-error');
      const metadata = RULES.map((rule) => rule.metadata);
      if (options.format === 'json') {
        process.stdout.write(`${JSON.stringify(metadata, null, 2)}\n`);
        return;
      }
      if (options.format !== 'text') {
        throw new UserError(`unknown format ${JSON.stringify(options.format)}; rules prints text or json`);
      }
      const width = Math.max(...metadata.map((rule) => rule.id.length));
      for (const rule of metadata) {
        process.stdout.write(`${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.title}\n`);
      }
    });
}
