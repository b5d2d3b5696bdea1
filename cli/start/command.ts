/** `altr-export start`: the whole thing without credentials, network or Terraform. */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  altr-export start                        the config of this folder, or the example where there is none
  altr-export start --config prod.yaml`;

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
    .addHelpText('after', EXAMPLES)
    .action(async (options: { config?: string }) => {
      const { runStart } = await import('./run');
      process.exitCode = await runStart(options);
    });
}
