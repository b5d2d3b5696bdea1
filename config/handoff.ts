/** The portal hand-off of an export of the config, with what its options leave to others. */
import type { ExportContract } from '../contract/contract';
import { ACCOUNT_PLACEHOLDER, type Handoff, handoffFor } from '../contract/handoff';
import { roleArn } from '../contract/policies';
import { feedReaders, optionNotes, type ProvisionedOptions } from './options';

/**
 * The hand-off of an export in an account.
 * @param accountId the customer's account; by default a placeholder, which the notes explain
 * @param options how the export is provisioned: the role's path, and what is left to others
 */
export function exportHandoff(
  contract: ExportContract,
  accountId: string = ACCOUNT_PLACEHOLDER,
  options: ProvisionedOptions = {},
): Handoff {
  const { partition, bucket, region, roleName } = contract;
  const arn = roleArn(partition, accountId, roleName, options.role?.path);
  const notes = optionNotes(options, {
    contract,
    writer: { accountId, roleArn: arn },
    otherReaders: options.otherReaders ?? feedReaders(contract.name, options),
  });
  return handoffFor({ bucket, region, roleArn: arn, notes });
}
