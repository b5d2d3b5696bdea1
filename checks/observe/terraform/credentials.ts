/** Whether two configurations of the AWS provider lead to one account. */

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
  const telling = Object.entries(providerArguments).filter(([name]) => !HARMLESS.includes(name));
  return JSON.stringify(telling.sort(([a], [b]) => (a < b ? -1 : 1)));
}
