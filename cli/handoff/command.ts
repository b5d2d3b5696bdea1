/** `altr-export handoff`: its options. `run.ts` is loaded when it runs. */
import { type Command, Option } from 'commander';
import type { HandoffOptions } from './run';

const FORMATS = ['text', 'json', 'markdown'] as const satisfies readonly HandoffOptions['format'][];

const EXAMPLES = `
Examples:
  altr-export handoff --account-id 123456789012
  altr-export handoff 'acme-*' --format markdown > handoff.md`;

export function registerHandoff(program: Command): void {
  program
    .command('handoff')
    .description('Print what to enter in ALTR’s portal, or to send to ALTR’s support. Touches no account.')
    .argument('[name...]', 'names of exports, * and ? allowed; all of them by default')
    .option('-c, --config <file>', 'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .option('--account-id <id>', 'your own AWS account, for the role’s ARN')
    .addOption(new Option('-f, --format <format>', 'how to print it').choices(FORMATS).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: HandoffOptions) => {
      const { runHandoff } = await import('./run');
      await runHandoff(names, options);
    });
}
