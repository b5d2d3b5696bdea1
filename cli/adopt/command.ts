/** `altr-export adopt`: its options. `run.ts` is loaded when it runs. */
import { type Command, Option } from 'commander';
import { collect } from '../options';
import type { AdoptOptions } from './run';

const FORMATS = ['text', 'json'] as const satisfies readonly AdoptOptions['format'][];

const NOTES = `
Examples:
  altr-export adopt --altr-account-id 111122223333 --dry-run    only look
  altr-export adopt --altr-account-id 111122223333 --dry-run --format json
  altr-export adopt --config altr-exports.yaml --role '*Prod' --output adopted.yaml

It only reads. What it writes makes Terraform import the bucket, the role and the policy at the next apply, instead of
making them anew. Roles that the config has already are left out. A set-up that does not tell its bucket or client ID is refused with the reason, never guessed.

Exit code:
  0  all that was found can be adopted
  1  something was refused, or nothing was found
  2  the account could not be looked into`;

export function registerAdopt(program: Command): void {
  program
    .command('adopt')
    .description('Find what exists in the account, and write the config by which Terraform takes it over.')
    .option(
      '-c, --config <file>',
      'a config to take ALTR’s account from; its exports are left out (default: altr-exports.yaml if there is one)',
    )
    .option('-o, --output <file>', 'the config file to write (default: altr-exports.yaml)')
    .option('--altr-account-id <id>', 'ALTR’s AWS account, 12 digits')
    .option('--partition-confirmed', 'ALTR has confirmed that its account is in this partition, outside aws')
    .option('--client-id <id>', 'your client ID in ALTR, for a role whose trust policy demands no ExternalId')
    .addOption(
      new Option('--role <name>', 'only roles with a matching name; * and ? allowed')
        .argParser(collect)
        .default([]),
    )
    .option('--region <region>', 'a region of the partition to look in (default: $AWS_REGION or us-east-1)')
    .addOption(
      new Option('-f, --format <format>', 'how to print what was found').choices(FORMATS).default('text'),
    )
    .option('--dry-run', 'print what was found, and write nothing')
    .option('--append', 'add to the config that exists')
    .addOption(new Option('--force', 'overwrite a file that exists').conflicts('append'))
    .addHelpText('after', NOTES)
    .action(async (options: AdoptOptions) => {
      const { runAdopt } = await import('./run');
      process.exitCode = await runAdopt(options);
    });
}
