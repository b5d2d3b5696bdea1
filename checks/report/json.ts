/** `json`: the report as it is, in one document. Its schema is `docs/schema/report.schema.json`. */
import type { Report } from '../finding';

export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
