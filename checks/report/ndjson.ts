/** `ndjson`: a finding a line, with its export. For streams. */
import type { Report } from '../finding';

export function ndjson(report: Report): string {
  return report.exports
    .flatMap(({ name, accountId, region, findings }) =>
      findings.map((finding) => `${JSON.stringify({ export: name, accountId, region, ...finding })}\n`),
    )
    .join('');
}
