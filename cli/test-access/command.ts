/** `altr-export test-access NAME`: its options. `run.ts` is loaded when it runs. */
import { type Command, Option } from 'commander';
import type { TestAccessOptions } from './run';

const EXAMPLES = `
Examples:
  altr-export test-access acme-prod                          asks before it writes a probe
  altr-export test-access acme-prod --profile admin --yes --format json

Exit code:
  0  ALTR can deliver, and nothing more
  1  something is not as it should be
  2  something could not be decided

It enters the role with the right ExternalId, a wrong one and none, puts a probe object into the bucket, tries to read, list,
delete and write elsewhere, and deletes the probe with your own rights. Only ALTR's account can really enter the role: from
another account the answers are those of the rules and of IAM's policy simulator, and it says so. The simulator does not know the
organization's policies that matter here, so only a real attempt from ALTR's account proves that none of them stops ALTR.`;

export function registerTestAccess(program: Command): void {
  program
    .command('test-access')
    .description('Do what ALTR’s “Test Access” does, and more: writes a probe object, and asks first.')
    .argument('<name>', 'name of the export in the config')
    .option('-c, --config <file>', 'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .addOption(new Option('-f, --format <format>', 'how to report').choices(['text', 'json']).default('text'))
    .option('--profile <name>', 'test with the credentials of this AWS profile')
    .option('--assume-role-arn <arn>', 'assume this role first, and test with its credentials')
    .option('--assume-role-external-id <id>', 'what that role demands as ExternalId')
    .option('--other-bucket <name>', 'a bucket that the role must not reach (default: another export’s)')
    .option('-y, --yes', 'don’t ask before the probe is written')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: TestAccessOptions) => {
      const { runTestAccess } = await import('./run');
      process.exitCode = await runTestAccess(name, options);
    });
}
