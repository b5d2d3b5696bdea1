/**
 * The JSON report's shape, for its published JSON Schema. The compiler holds it to the types in `checks/verdict/finding.ts`: a
 * field that only one of them has is an error here.
 */
import * as z from 'zod';
import type { BaselineComparison, ExportReport, Finding, Report } from '../verdict/finding';

const fingerprint = z
  .string()
  .describe('Stable across runs, machines and reordered documents; changes when the fact changes.');
const rule = z.string().describe('Id of the rule; `altr-export explain RULE` prints its page.');
const status = z
  .enum(['pass', 'fail', 'unknown', 'advice', 'excepted'])
  .describe(
    '`unknown`: it could not be decided, never a pass. `advice` is no violation. `excepted`: covered by an exception of the config.',
  );
const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
const resource = z.string().describe('ARN or name of what the finding is about.');
const message = z.string().describe('What is wrong (or right), one plain sentence.');
const time = z.iso.datetime().describe('ISO 8601, UTC.');
const count = z.int().min(0);

const remediation = z
  .strictObject({
    summary: z.string().describe('One sentence.'),
    document: z
      .unknown()
      .describe('The corrected policy document in full, where the fault lies in a document.')
      .optional(),
    commands: z
      .array(z.string())
      .describe('AWS CLI commands for a POSIX shell that mend it, in order.')
      .optional(),
    terraform: z.string().describe('The change in Terraform, as HCL.').optional(),
    cdktf: z
      .string()
      .describe('The change for whoever deploys with this kit: of the config, or a command.')
      .optional(),
  })
  .describe('How to mend it.');

const finding = z.strictObject({
  rule,
  status,
  severity,
  resource,
  message,
  risk: z.string().describe('What an attacker gains from it, or what log is lost by it.').optional(),
  expected: z.unknown().describe('What the contract wants, as data.'),
  actual: z.unknown().describe('What was found, as data.'),
  location: z
    .strictObject({
      document: z.string().describe('Name of the document; the export’s `documents` hold it.'),
      pointer: z.string().describe('JSON pointer (RFC 6901) into the document, "" for the whole.'),
    })
    .nullable(),
  remediation: remediation.nullable(),
  fingerprint,
  cause: z
    .enum(['unreadable', 'undecidable', 'not-understood', 'nothing-to-judge', 'broken-rule'])
    .describe('Why a finding is unknown.')
    .optional(),
  exception: z
    .strictObject({
      owner: z.string(),
      reason: z.string(),
      until: z.string().describe('The last day on which it holds, YYYY-MM-DD, UTC.'),
      expired: z.boolean().describe('True where that day has passed: the finding counts again.'),
      covers: z.enum(['fail', 'unknown']).describe('What the finding is without the exception.'),
    })
    .describe('Who accepted the finding, why, and for how long.')
    .optional(),
  baselineState: z
    .enum(['new', 'unchanged'])
    .describe('With a baseline: whether that report had the same finding open already.')
    .optional(),
});

const exported = z.strictObject({
  name: z.string(),
  accountId: z
    .string()
    .nullable()
    .describe('The account that the credentials belong to; null where it could not be read.'),
  region: z.string(),
  status: z.enum(['compliant', 'violating', 'unknown']),
  findings: z.array(finding),
  documents: z
    .record(z.string(), z.unknown())
    .describe('The documents that findings point into, by name: as JSON, or as text where they are none.')
    .optional(),
});

const notice = z.strictObject({
  kind: z.enum(['exception-expired', 'exception-expiring', 'exception-stale']),
  message: z.string(),
  file: z.string(),
  line: z.int(),
});

const baseline = z.strictObject({
  startedAt: time,
  new: count,
  unchanged: count,
  resolved: z.array(
    z.strictObject({ export: z.string(), rule, status, severity, resource, message, fingerprint }),
  ),
});

const tool = z.strictObject({ name: z.string(), version: z.string() });
const summary = z.strictObject({ exports: count, compliant: count, violating: count, unknown: count });
const schemaVersion = z.literal(1);
const partial = z
  .boolean()
  .describe('True where the run was cancelled or timed out before everything was judged.')
  .optional();

/** What `--format json` prints. */
export const reportSchema = z.strictObject({
  schemaVersion,
  tool,
  startedAt: time,
  finishedAt: time,
  partial,
  summary,
  exports: z.array(exported),
  notices: z.array(notice).optional(),
  baseline: baseline.optional(),
  error: z.string().describe('Why there is nothing to report, where the run failed.').optional(),
});

/** A line of `--format ndjson`: what kind it is says `type`. */
export const lineSchema = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('run'), schemaVersion, tool, startedAt: time })
    .describe('The first line.'),
  exported
    .omit({ findings: true, documents: true })
    .extend({ type: z.literal('export') })
    .describe('Before an export’s findings.'),
  finding.extend({ type: z.literal('finding'), export: z.string() }).describe('A finding of the export.'),
  notice.extend({ type: z.literal('notice') }),
  z
    .strictObject({
      type: z.literal('summary'),
      finishedAt: time,
      partial,
      summary,
      baseline: baseline.optional(),
    })
    .describe('The last line: where it is missing, the report was cut off.'),
]);

type Keys<T> = keyof T & string;
type Same<A, B> = [A, B] extends [B, A] ? true : never;
/** Where a list differs from its schema in its fields, the field's name stands in the compiler's error. */
const sameFields: readonly [
  Same<Keys<z.infer<typeof finding>>, Keys<Finding>>,
  Same<Keys<z.infer<typeof exported>>, Keys<ExportReport>>,
  Same<Keys<z.infer<typeof baseline>>, Keys<BaselineComparison>>,
  Same<Exclude<Keys<z.infer<typeof reportSchema>>, 'error'>, Keys<Report>>,
  Same<Keys<z.infer<typeof remediation>>, Keys<NonNullable<Finding['remediation']>>>,
] = [true, true, true, true, true];
void sameFields;
