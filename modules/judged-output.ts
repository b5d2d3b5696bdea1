/** The auditor's rules, run on Terraform that is about to be written. */
import type { TerraformStack } from 'cdktf';
import { judge } from '../checks/judge';
import { observeSynthesised } from '../checks/observe/terraform';
import type { ExportContract } from '../contract/contract';

/**
 * What of the stack violates the contract of an export, or can't be decided for a condition in it: a sentence each. What
 * the stack does not hold, such as an existing bucket's policy or a permissions boundary, is left to `altr-export check`.
 */
export function contractViolations(
  stack: TerraformStack,
  contract: ExportContract,
  accountId: string | undefined,
): string[] {
  const source = `stack ${stack.node.id}`;
  const observation = observeSynthesised([
    {
      text: JSON.stringify(stack.toTerraform()),
      source,
      target: { ...contract, ...(accountId ? { accountId } : {}) },
    },
  ]);
  const reports = judge(observation, { contracts: [contract], declaredRoles: [contract] });
  return reports.flatMap(({ findings }) =>
    findings
      .filter(({ status, cause }) => status === 'fail' || (status === 'unknown' && cause === 'undecidable'))
      .map(
        ({ rule, message, status }) =>
          `export ${contract.name}: what would be deployed ${status === 'fail' ? 'violates' : 'may violate'} the contract (${rule}): ${message}`,
      ),
  );
}
