/** The auditor's rules, run on Terraform that is about to be written. */
import type { TerraformStack } from 'cdktf';
import { observeSynthesised } from '../../checks/observe/terraform';
import { unbounded } from '../../checks/observe/terraform/unbounded';
import { judge } from '../../checks/verdict/judge';
import type { ExportContract } from '../../contract/contract';

/** Rules about whether ALTR can write. A boundary can only take rights away, so a failure without one is a failure with any. */
const DELIVERY_RULES: readonly string[] = ['permissions-put-object', 'bucket-encryption-delivery'];

/**
 * What in the stack violates the contract of an export, or can't be decided because of a condition: one sentence each. What
 * the stack does not contain, such as an existing bucket's policy or a permissions boundary, is left to `altr-export check`.
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
      target: { ...contract, accountId },
    },
  ]);
  const options = { contracts: [contract], declaredRoles: [contract] };
  const findings = judge(observation, options).flatMap((report) => report.findings);
  // An unread boundary leaves delivery unknown, which would hide what the stack itself says of it.
  const free = unbounded(observation);
  const ofDelivery = judge(free, options)
    .flatMap((report) => report.findings)
    .filter(({ rule }) => free.exports.length > 0 && DELIVERY_RULES.includes(rule));
  const violations = [...findings, ...ofDelivery]
    .filter(
      ({ status, cause }) =>
        status === 'fail' ||
        (status === 'unknown' && (cause === 'undecidable' || cause === 'not-understood')),
    )
    .map(
      ({ rule, message, status }) =>
        `export ${contract.name}: what would be deployed ${status === 'fail' ? 'violates' : 'may violate'} the contract (${rule}): ${message}`,
    );
  return [...new Set(violations)];
}
