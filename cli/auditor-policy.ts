/** `altr-export auditor-policy`: prints the policy that a check needs. */
import { type Command, Option } from 'commander';

interface AuditorPolicyOptions {
  readonly config?: string;
  readonly format: 'json' | 'terraform';
  readonly readLogs?: true;
}

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
    .option('--read-logs', 'also allow reading the logs: for the rule delivery-alive and altr-export logs')
    .addHelpText('after', EXAMPLES)
    .action(printAuditorPolicy);
}

async function printAuditorPolicy(options: AuditorPolicyOptions): Promise<void> {
  const { auditorPolicy, MANAGED_POLICY_LIMIT } = await import('../checks/auditor-policy');
  const { auditorPolicyTerraform } = await import('../checks/auditor-policy/terraform');
  const { writeStdout } = await import('../checks/report/output');
  const { readConfig } = await import('../config/file/read');
  const { config } = readConfig('audit', options.config);
  const { document, widened } = auditorPolicy(config.exports, { readLogs: options.readLogs === true });
  if (widened) {
    process.stderr.write(
      `the ${config.exports.length} exports by name would not fit into a managed policy of ${MANAGED_POLICY_LIMIT} characters, so it reads the settings of every role and bucket of the account\n`,
    );
  }
  const assumed = [...new Set(config.exports.flatMap(({ assumeRoleArn }) => assumeRoleArn ?? []))];
  if (assumed.length > 0) {
    process.stderr.write(
      `the roles that the check assumes need this policy; the principal that runs the check needs sts:AssumeRole on ${assumed.join(', ')}\n`,
    );
  }
  await writeStdout(
    options.format === 'terraform'
      ? auditorPolicyTerraform(document)
      : `${JSON.stringify(document, null, 2)}\n`,
  );
}
