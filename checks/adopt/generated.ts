import * as z from 'zod';
import { adoptionSchema } from './schema';

/** The published JSON Schema of what `adopt` prints, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  const schema = z.toJSONSchema(adoptionSchema, { target: 'draft-7' });
  const titled = { ...schema, title: 'altr-export adopt --format json' };
  return { 'docs/schema/adopt.schema.json': `${JSON.stringify(titled, null, 2)}\n` };
}
