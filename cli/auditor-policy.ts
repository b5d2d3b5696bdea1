/** `altr-export auditor-policy`: prints the policies that a check needs. */
import { type Command, Option } from 'commander';
import type { Config } from '../config/schema';
import type { ContractDocument } from '../contract/statement';

interface AuditorPolicyOptions {
  readonly config?: string;
  readonly format: 'json' | 'terraform';
  readonly readLogs?: true;
  readonly organization?: true;
  readonly delegateTo?: string;
}

/** A policy, and how it is written as Terraform. */
interface Printed {
  readonly document: ContractDocument;
  readonly terraform: (document: ContractDocument) => string;
}

const EXAMPLES = `
Examples:
  altr-export auditor-policy > policy.json
  aws iam create-policy --policy-name altr-auditor --policy-document file://policy.json
  altr-export auditor-policy --format terraform > altr-auditor.tf
  altr-export auditor-policy --organization > organization-policy.json
  altr-export auditor-policy --organization --delegate-to 210987654321 > delegation-policy.json`;

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
    .addOption(
      new Option(
        '--organization',
        'instead, the policy of the role that reads the AWS organization, in the management account or a delegated administrator’s',
      ).conflicts('readLogs'),
    )
    .option(
      '--delegate-to <account>',
      'with --organization: the organization’s delegation policy, which lets this member account read it',
    )
    .addHelpText('after', EXAMPLES)
    .action(printAuditorPolicy);
}

async function printAuditorPolicy(options: AuditorPolicyOptions): Promise<void> {
  const { writeStdout } = await import('../checks/report/output');
  const { readConfig } = await import('../config/file/read');
  const { config } = readConfig('audit', options.config);
  const { document, terraform } = options.organization
    ? await ofOrganization(config, options)
    : await ofAccounts(config, options);
  await writeStdout(
    options.format === 'terraform' ? terraform(document) : `${JSON.stringify(document, null, 2)}\n`,
  );
}

async function ofAccounts(config: Config, { readLogs, delegateTo }: AuditorPolicyOptions): Promise<Printed> {
  const { auditorPolicy, MANAGED_POLICY_LIMIT } = await import('../checks/auditor-policy');
  const { auditorPolicyTerraform } = await import('../checks/auditor-policy/terraform');
  const { UserError } = await import('../contract/user-error');
  if (delegateTo !== undefined) throw new UserError('--delegate-to needs --organization; add that');
  const { document, widened } = auditorPolicy(config.exports, { readLogs: readLogs === true });
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
  return { document, terraform: auditorPolicyTerraform };
}

async function ofOrganization(config: Config, { delegateTo }: AuditorPolicyOptions): Promise<Printed> {
  const { delegationPolicy, organizationPolicy } = await import('../checks/auditor-policy/organization');
  const { delegationPolicyTerraform, organizationPolicyTerraform } = await import(
    '../checks/auditor-policy/terraform'
  );
  const { organizationRegion } = await import('../config/options/organization');
  const { accountIdFaults } = await import('../contract/names');
  const { partitionOf } = await import('../contract/partition');
  const { UserError } = await import('../contract/user-error');
  if (delegateTo === undefined) {
    process.stderr.write(
      'the role of the organization’s management account needs this policy; in another account the role needs it too, and the organization must delegate to that account: add --delegate-to and its ID\n',
    );
    return { document: organizationPolicy(), terraform: organizationPolicyTerraform };
  }
  const [fault] = accountIdFaults(delegateTo);
  if (fault !== undefined) throw new UserError(`--delegate-to ${JSON.stringify(delegateTo)} ${fault}`);
  process.stderr.write(
    'an organization has one delegation policy: if there is one already (aws organizations describe-resource-policy), add this statement to it instead of replacing it\n',
  );
  const regions = config.exports.map(({ region }) => region);
  const region = organizationRegion(config.organization ?? {}, regions);
  return {
    document: delegationPolicy(partitionOf(region ?? '') ?? 'aws', delegateTo),
    terraform: delegationPolicyTerraform,
  };
}
