/** What stands for a config where a plan is judged and there is none: the calls of the kit's Terraform module. */
import { exportsOfModules } from '../../checks/observe/terraform/module-calls';
import { DEFAULT_CONFIG_FILE, foundConfigFile, namedConfigFile } from '../../config/file/find';
import { type LoadedConfig, parseConfig } from '../../config/file/parse';
import { UserError } from '../../contract/user-error';

/** Whether no config is named and none is found. */
export function isWithoutConfig(given: string | undefined): boolean {
  return given === undefined && namedConfigFile() === undefined && foundConfigFile() === undefined;
}

/** @throws UserError if the plan does not say which exports it should make */
export function configOfPlan(text: string, source: string): LoadedConfig {
  const called = exportsOfModules(text, source);
  const [first] = called;
  if (!first) {
    throw new UserError(
      `there is no config file ${DEFAULT_CONFIG_FILE}, and ${source} calls no module with the variables altr_account_id, client_id, bucket and role_name, so nothing says what the exports should be; name a config with --config, or give --terraform-output for what is deployed`,
    );
  }
  const other = called.find(({ altrAccountId }) => altrAccountId !== first.altrAccountId);
  if (other) {
    throw new UserError(
      `${source} is for ALTR’s accounts ${first.altrAccountId} and ${other.altrAccountId}; write altr-exports.yaml for each, and check one after the other`,
    );
  }
  const exports = called.map(({ altrAccountId: _same, ...entry }) => entry);
  return parseConfig(
    JSON.stringify({ altr: { awsAccountId: first.altrAccountId }, exports }),
    source,
    'audit',
  );
}
