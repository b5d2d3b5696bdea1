import * as z from 'zod';
import { customAuditSchema } from './custom-audit';
import { queryAuditSchema } from './query-audit';
import { systemAuditSchema } from './system-audit';

/** The JSON Schemas of the three kinds of events, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  return {
    'docs/schema/query-audit.schema.json': jsonSchema(queryAuditSchema, 'Query Audit'),
    'docs/schema/system-audit.schema.json': jsonSchema(systemAuditSchema, 'System Audit'),
    'docs/schema/custom-audit.schema.json': jsonSchema(customAuditSchema, 'Custom Audit'),
  };
}

function jsonSchema(schema: z.ZodType, title: string): string {
  const made = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ ...made, title }, null, 2)}\n`;
}
