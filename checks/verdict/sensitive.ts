/** Keeps the values of sensitive Terraform variables out of reports. */
import type { ExportContract } from '../../contract/contract';

/** A shorter value is found in every text. */
const SHORTEST = 3;

/** The report without the values. What the config itself says is no secret: the contract is in every report. */
export function withoutSensitive<T>(report: T, values: readonly string[], contract: ExportContract): T {
  const declared = JSON.stringify(contract);
  // Commands quote documents, in which a value may be escaped.
  const secrets = [...new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]))]
    .filter((value) => value.length >= SHORTEST && !declared.includes(JSON.stringify(value).slice(1, -1)))
    // A value may contain another.
    .sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return report;
  const hidden = (text: string) =>
    secrets.reduce((left, secret) => left.replaceAll(secret, '(sensitive)'), text);
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return hidden(value);
    if (typeof value === 'number') return secrets.includes(String(value)) ? '(sensitive)' : value;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [hidden(key), walk(entry)]));
  };
  return walk(report) as T;
}
