/** Terraform's language, as far as what we print and write needs it. */

/**
 * A string of HCL that is plain text. HCL's escapes are JSON's, but for `\b`, `\f` and `\/`, and a template begins with `${` or
 * `%{`.
 */
export function hclString(value: string): string {
  return JSON.stringify(value)
    .replaceAll(/\\\\|\\[bf]/g, (found) =>
      found === '\\b' ? '\\u0008' : found === '\\f' ? '\\u000c' : found,
    )
    .replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}
