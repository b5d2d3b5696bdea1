/** `json`: the report as it is, in one document, and its age if it is an old one. Its schema is `docs/schema/report.schema.json`. */
import type { Report } from '../verdict/finding';
import { observationAge } from './age';
import { json as text } from './sanitise';

export function json(report: Report): string {
  return `${text({ ...report, observationAge: observationAge(report) }, 2)}\n`;
}
