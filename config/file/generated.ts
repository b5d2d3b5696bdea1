import * as z from 'zod';
import { configSchema } from '../schema';
import { optionsPage } from './options-page';

/** Files that are generated from the config's schema, by path from the project's root. */
export function generatedFiles(): Record<string, string> {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  const titled = {
    ...schema,
    title: 'altr-exports.yaml',
    description: 'ALTR audit-log exports: what to provision and audit.',
  };
  return {
    'docs/schema/altr-exports.schema.json': `${JSON.stringify(titled, null, 2)}\n`,
    'docs/provisioning-options.md': optionsPage(),
  };
}
