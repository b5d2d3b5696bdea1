/** Which account a configuration of the AWS provider leads to, and whether two lead to one. */
import { parseArn } from '../../../contract/arn';

/** Arguments of the provider that change neither its credentials nor its account. */
const HARMLESS: readonly string[] = [
  'alias',
  'region',
  'default_tags',
  'ignore_tags',
  's3_use_path_style',
  'max_retries',
  'retry_mode',
];

/** What the arguments of a provider tell of credentials and account, as text that is the same for the same. */
export function credentialsIn(providerArguments: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(accountArguments(providerArguments).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Only the arguments that do. */
export function accountArguments(providerArguments: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(providerArguments).filter(([name]) => !HARMLESS.includes(name));
}

/**
 * The account that a provider can't leave: the only one of `allowed_account_ids`, else that of the last role it assumes
 * (AWS provider documentation, "Provider Configuration": a chain of `assume_role` blocks is assumed in order).
 * @param constant gives an argument's value if it is constant
 */
export function boundAccount(
  { allowed_account_ids: allowed, assume_role: roles }: Readonly<Record<string, unknown>>,
  constant: (expression: unknown) => unknown,
): string | undefined {
  const ids = [constant(allowed)].flat();
  if (ids.length === 1 && typeof ids[0] === 'string' && /^\d{12}$/.test(ids[0])) return ids[0];
  const last = [roles].flat().at(-1) as { readonly role_arn?: unknown } | undefined;
  const role = parseArn(String(constant(last?.role_arn)));
  return role?.service === 'iam' && role.resource.startsWith('role/') ? role.accountId : undefined;
}
