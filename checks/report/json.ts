/** `json`: the report as it is, in one document. Its schema is `docs/schema/report.schema.json`. */
import type { Report } from '../verdict/finding';
import { json as text } from './sanitise';

export function json(report: Report): string {
  return `${text(report, 2)}\n`;
}
