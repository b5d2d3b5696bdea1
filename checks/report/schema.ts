/** What `--format json` and `--format ndjson` print, for the published JSON Schemas. */
import * as z from 'zod';
import {
  comparison,
  exported,
  finding,
  notice,
  notLookedAt,
  observationAge,
  observedAt,
  organizationObservedAt,
  partial,
  report,
  schemaVersion,
  summary,
  time,
  tool,
} from '../verdict/finding-schema';

/** What `--format json` prints. */
export const reportSchema = report.extend({
  error: z.string().describe('Why there is nothing to report, where the run failed.').optional(),
});

/** A line of `--format ndjson`: what kind it is says `type`. */
export const lineSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('run'),
      schemaVersion,
      tool,
      startedAt: time,
      observedAt: observedAt.optional(),
      organizationObservedAt: organizationObservedAt.optional(),
      observationAge: observationAge.optional(),
      notLookedAt,
    })
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
      baseline: comparison.optional(),
    })
    .describe('The last line: where it is missing, the report was cut off.'),
]);
