/** `altr-export doctor`: its options. `run.ts` is loaded when it runs. */
import type { Command } from 'commander';
import { format, only } from '../options';
import type { DoctorOptions } from './run';

const NOTES = `
Examples:
  altr-export doctor
  altr-export doctor --config prod.yaml --only 'acme-*' --format json

It looks at a few exports of each account, and judges nothing.

Exit code:
  0  a check would run
  2  something is missing`;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Tell in seconds whether config, endpoints, credentials, accounts and permissions let a check run.',
    )
    .option('-c, --config <file>', 'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .addOption(only())
    .addOption(format())
    .addHelpText('after', NOTES)
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('./run');
      // Calls that were given up may still hold sockets.
      process.exit(await runDoctor(options));
    });
}
