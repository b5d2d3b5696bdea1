/** `altr-export auditor-policy`: prints the policy that a check needs. */
import { type Command, Option } from 'commander';

const EXAMPLES = `
Examples:
  altr-export auditor-policy > policy.json
  aws iam create-policy --policy-name altr-auditor --policy-document file://policy.json
  altr-export auditor-policy --format terraform > altr-auditor.tf`;

export function registerAuditorPolicy(program: Command): void {
  program
    .command('auditor-policy')
    .description('Print the least-privilege IAM policy for the principal that runs the check.')
    .option('-c, --config <file>', 'config file (default: $ALTR_EXPORTS_CONFIG or altr-exports.yaml)')
    .addOption(
      new Option('-f, --format <format>', 'json, or terraform for a resource aws_iam_policy')
        .choices(['json', 'terraform'])
        .default('json'),
    )
    .option('--read-logs', 'allow to read the logs, too: for the rule delivery-alive and altr-export logs')
    .addHelpText('after', EXAMPLES)
    .action(async (options: { config?: string; format: 'json' | 'terraform'; readLogs?: true }) => {
      const { runAuditorPolicy } = await import('./run');
      await runAuditorPolicy(options);
    });
}
