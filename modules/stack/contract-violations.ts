/** The auditor's rules, run on Terraform that is about to be written. */
import type { TerraformStack } from 'cdktf';
import { declaredOptions, observeSynthesised } from '../../checks/observe/terraform';
import { unbounded } from '../../checks/observe/terraform/unbounded';
import { type JudgeOptions, judge, WRITE_RULES } from '../../checks/verdict/judge';
import type { ProvisionedOptions } from '../../config/options';
import type { ExportContract } from '../../contract/contract';

/**
 * What in the stack violates the contract of an export or its own options, or can't be decided because of a condition: one sentence each. What
 * the stack does not contain, such as an existing bucket's policy or a permissions boundary, is left to `altr-export check`.
 */
export function contractViolations(
  stack: TerraformStack,
  contract: ExportContract,
  accountId: string | undefined,
  declared: ProvisionedOptions,
): string[] {
  const source = `stack ${stack.node.id}`;
  const observation = observeSynthesised([
    {
      text: JSON.stringify(stack.toTerraform()),
      source,
      target: { ...contract, accountId, declared: declaredOptions({ ...contract, ...declared }) },
    },
  ]);
  const options: JudgeOptions = {
    contracts: [contract],
    declaredRoles: [contract],
    declared: new Map([[contract.name, declared]]),
    // Only ALTR knows, and the hand-off asks it.
    assumptions: { checksumHeader: 'sent' },
  };
  const findings = judge(observation, options).flatMap((report) => report.findings);
  // An unread boundary makes every write undecided, and so hides what the stack itself refuses. A boundary can only take
  // away, so a write that is refused without one is refused with any.
  const free = unbounded(observation);
  const ofWrites =
    free.exports.length > 0
      ? judge(free, { ...options, rules: WRITE_RULES }).flatMap((report) => report.findings)
      : [];
  const violations = [...findings, ...ofWrites]
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
