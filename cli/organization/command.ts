/** `altr-export organization`: its subcommand and options. `save.ts` is loaded when it runs. */
import type { Command } from 'commander';
import type { SaveOptions } from './save';

const EXAMPLES = `
Examples:
  altr-export organization save --output organization.json
  altr-export check --organization organization.json
  altr-export check --plan plan.json --organization organization.json
  altr-export auditor-policy --organization    what the credentials need

It reads the service and resource control policies from the root of the AWS organization down to the account of each export,
with the credentials that the key organization of the config names, else with your usual ones. They must be those of the
management account or of a delegated administrator.

Exit code:
  0  the organization was saved whole
  2  it, or a part of it, could not be read`;

export function registerOrganization(program: Command): void {
  const organization = program
    .command('organization')
    .description('Read the policies of the AWS organization that can stop ALTR.')
    .addHelpText('after', EXAMPLES);

  organization
    .command('save')
    .description('Save a copy for check --organization.')
    .option('-c, --config <file>', 'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .option('-o, --output <file>', 'the file to write (default: stdout)')
    .action(async (options: SaveOptions) => {
      const { runSave } = await import('./save');
      process.exitCode = await runSave(options);
    });
}
