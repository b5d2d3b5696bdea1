import * as z from 'zod';
import { lineSchema, reportSchema } from './schema';

/** The published JSON Schemas of reports, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  const file = (schema: z.ZodType, title: string) =>
    `${JSON.stringify({ ...z.toJSONSchema(schema, { target: 'draft-7' }), title }, null, 2)}\n`;
  return {
    'docs/schema/report.schema.json': file(reportSchema, 'altr-export check --format json'),
    'docs/schema/report-line.schema.json': file(lineSchema, 'A line of altr-export check --format ndjson'),
  };
}
