/** What `altr-export adopt --format json` prints, for its published JSON Schema. */
import * as z from 'zod';
import type { Shape } from '../observe/observation';
import { reportSchema } from '../report/schema';

const count = z.int().min(0);

const role = z.strictObject({
  role: z.string().describe('Name of the role.'),
  status: z.enum(['adopted', 'refused']),
  export: z
    .string()
    .nullable()
    .describe('Name of its export in `report` and in the config; null if too little is known to judge it.'),
  found: z
    .strictObject({
      clientId: z.string().optional(),
      bucket: z.string().optional(),
      region: z.string().optional(),
      policy: z
        .strictObject({
          name: z.string(),
          arn: z.string().describe('Missing for an inline policy.').optional(),
        })
        .optional(),
    })
    .describe('What the role and its bucket tell of the export. What nothing tells for certain is missing.'),
  entry: z
    .unknown()
    .describe(
      'The export as the config gets it, by altr-exports.schema.json; null for a role that is refused.',
    ),
  imports: z
    .array(z.strictObject({ type: z.string(), id: z.string() }))
    .describe('Terraform resources that the first apply imports: type, and ID in the AWS provider.'),
  changes: z
    .array(z.string())
    .describe('What the first apply changes in AWS beyond that, a sentence each; empty if nothing changes.'),
  reasons: z.array(z.string()).describe('Why it can’t be adopted, a sentence each; empty if it is adopted.'),
});

export const adoptionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  accountId: z.string().describe('The account that was looked into.'),
  altrAwsAccountId: z.string(),
  summary: z.strictObject({ found: count, adopted: count, refused: count }),
  roles: z.array(role).describe('Every role for ALTR that the config does not have.'),
  left: z
    .array(z.strictObject({ role: z.string(), export: z.string() }))
    .describe('Roles that are left out, since the config has them already, each with its export.'),
  report: reportSchema.describe('The auditor’s verdict on the roles about which enough is known.'),
  config: z
    .strictObject({
      file: z.string().nullable().describe('The file that was written; null with --dry-run.'),
      text: z.string(),
    })
    .nullable()
    .describe('The config with every export that is adopted; null if there is none.'),
});

export type Adoption = Shape<typeof adoptionSchema>;
