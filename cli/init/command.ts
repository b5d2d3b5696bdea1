/** `altr-export init`: its options. `run.ts` is loaded when it runs. */
import { type Command, Option } from 'commander';
import type { App, InitOptions } from './questions';

const APPS: readonly App[] = ['cdktf', 'cdktn'];

const NOTES = `
Examples:
  altr-export init
  altr-export init --name acme-prod --altr-account-id 111122223333 --client-id 1c42465e-4bf2-4e83-90d6-f6fbcac03634 \\
    --bucket acme-altr-audit-logs --region us-east-1
  altr-export init --app cdktn    a project of its own, in an empty folder

On a terminal it asks for every answer that no flag gives. Elsewhere every flag is needed, but --role-name, which is
made from the export's name, and --partition-confirmed, which regions outside the partition aws need. A file that exists is
never overwritten without --force; --append adds the export to it, and takes ALTR's account from it.`;

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('Write a config file: asks for each value and checks it. Touches no account.')
    .option('-c, --config <file>', 'the file to write (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .option('--altr-account-id <id>', 'ALTR’s AWS account, 12 digits')
    .option('--name <name>', 'name of the export')
    .option('--client-id <id>', 'your client ID in ALTR')
    .option('--bucket <name>', 'name of the S3 bucket')
    .option('--region <region>', 'AWS region of the bucket')
    .option('--role-name <name>', 'name of the role that ALTR assumes')
    .option(
      '--partition-confirmed',
      'ALTR has confirmed that its account is in the region’s partition, outside aws',
    )
    .addOption(
      new Option(
        '--app <library>',
        'write the project that deploys it too: cdktf (archived by HashiCorp) or cdktn (CDK Terrain, its maintained fork)',
      ).choices(APPS),
    )
    .option('--append', 'add to the config that exists')
    .addOption(new Option('--force', 'overwrite a file that exists').conflicts('append'))
    .addHelpText('after', NOTES)
    .action(async (options: InitOptions) => {
      const { runInit } = await import('./run');
      await runInit(options);
    });
}
