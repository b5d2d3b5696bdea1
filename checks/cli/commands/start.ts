/** `altr-export start`: the whole thing without credentials, network or Terraform. */
import type { Command } from 'commander';

export function registerStart(program: Command): void {
  program
    .command('start')
    .description(
      'Synthesise the exports, check the Terraform offline, print the portal hand-off. Touches no account.',
    )
    .option(
      '-c, --config <file>',
      'config file (default: $ALTR_EXPORTS_CONFIG, altr-exports.yaml, or the example)',
    )
    .action(async (options: { config?: string }) => {
      const { runStart } = await import('../start-run');
      process.exitCode = await runStart(options);
    });
}
