import * as z from 'zod';
import { savedOrganization } from './observation-schema';

/** The published JSON Schema of a saved organization, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  const schema = z.toJSONSchema(savedOrganization, { target: 'draft-7' });
  const titled = { ...schema, title: 'altr-export organization save' };
  return { 'docs/schema/organization.schema.json': `${JSON.stringify(titled, null, 2)}\n` };
}
