/** What `altr-export auditor-policy` does: read the config, print the policy. */

import { auditorPolicy, MANAGED_POLICY_LIMIT } from '../../checks/auditor-policy';
import { auditorPolicyTerraform } from '../../checks/auditor-policy/terraform';
import { writeStdout } from '../../checks/report/output';
import { readConfig } from '../../config/file/read';

export async function runAuditorPolicy(options: {
  readonly config?: string;
  readonly format: 'json' | 'terraform';
  readonly readLogs?: true;
}): Promise<void> {
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
      `this is what the roles that are assumed need; who runs the check needs sts:AssumeRole on ${assumed.join(', ')}\n`,
    );
  }
  await writeStdout(
    options.format === 'terraform'
      ? auditorPolicyTerraform(document)
      : `${JSON.stringify(document, null, 2)}\n`,
  );
}
