/**
 * The shape of findings and reports, for the published JSON Schemas, for reading a baseline, and for the types of
 * `finding.ts`, which are inferred from it. Building it takes a while: a check imports it for its types alone.
 */
import * as z from 'zod';
import { SEVERITIES } from './severity';

const fingerprint = z
  .string()
  .describe('Stable across runs, machines and reordered documents; changes when the fact changes.');
const rule = z.string().describe('Id of the rule; `altr-export explain RULE` prints its page.');
export const status = z
  .enum(['pass', 'fail', 'unknown', 'advice', 'excepted'])
  .describe(
    '`unknown`: it could not be decided, never a pass. `advice` is no violation. `excepted`: covered by an exception of the config.',
  );
export const severity = z.enum(SEVERITIES);
const resource = z.string().describe('ARN or name of what the finding is about.');
const message = z.string().describe('What is wrong (or right), one plain sentence.');
export const time = z.iso.datetime().describe('ISO 8601, UTC.');
const count = z.int().min(0);

export const remediation = z
  .strictObject({
    summary: z.string().describe('One sentence.'),
    document: z
      .unknown()
      .describe('The corrected policy document in full, if the fault is in a document.')
      .optional(),
    commands: z
      .array(z.string())
      .describe('AWS CLI commands for a POSIX shell that fix it, in order.')
      .optional(),
    terraform: z.string().describe('The change in Terraform, as HCL.').optional(),
    cdktf: z
      .string()
      .describe('The change if this kit deploys the export: of the config, or a command.')
      .optional(),
  })
  .describe('How to fix it.');

export const location = z.strictObject({
  document: z.string().describe('Name of the document; the export’s `documents` hold it.'),
  pointer: z.string().describe('JSON pointer (RFC 6901) into the document, "" for the whole.'),
  address: z
    .string()
    .describe(
      'The Terraform address of the resource, where a plan, a state or a synthesised stack was judged.',
    )
    .optional(),
});

/**
 * An API that could not be read; a fact that only ALTR knows; a document that was not understood, or was too much to decide
 * about; nothing there that the selected rules judge; or a bug of the rule. An exception can cover `undecidable` alone.
 */
export const cause = z.enum([
  'unreadable',
  'undecidable',
  'not-understood',
  'nothing-to-judge',
  'broken-rule',
]);

export const exception = z.strictObject({
  owner: z.string(),
  reason: z.string(),
  until: z.string().describe('The last day on which it holds, YYYY-MM-DD, UTC.'),
  expired: z.boolean().describe('True where that day has passed: the finding counts again.'),
  covers: z.enum(['fail', 'unknown']).describe('What the finding is without the exception.'),
});

export const finding = z.strictObject({
  rule,
  status,
  severity,
  resource,
  message,
  risk: z.string().describe('What an attacker gains from it, or what log is lost by it.').optional(),
  expected: z.unknown().describe('What the contract wants, as data.'),
  actual: z.unknown().describe('What was found, as data.'),
  location: location.nullable(),
  remediation: remediation.nullable(),
  fingerprint,
  cause: cause.describe('Why a finding is unknown.').optional(),
  causeId: z
    .string()
    .describe('Findings with the same value, in any export of the run, have one cause: fix it once.')
    .optional(),
  waiting: z.array(rule).describe('Rules that have nothing to judge until this is fixed.').optional(),
  exception: exception.describe('Who accepted the finding, why, and for how long.').optional(),
  baselineState: z
    .enum(['new', 'unchanged'])
    .describe('With a baseline: whether that report had the same finding open already.')
    .optional(),
});

export const exported = z.strictObject({
  name: z.string(),
  accountId: z
    .string()
    .nullable()
    .describe('The account that the credentials belong to; null where it could not be read.'),
  region: z.string(),
  status: z.enum(['compliant', 'violating', 'unknown']),
  managedBy: z
    .enum(['kit', 'terraform'])
    .describe('What manages the export, if that is known; `terraform`: this kit or another configuration.')
    .optional(),
  findings: z.array(finding),
  documents: z
    .record(z.string(), z.unknown())
    .describe('The documents that findings point into, by name: as JSON, or as text where they are none.')
    .optional(),
});

/** Something to know about the config. No finding, and never part of a verdict. */
export const notice = z.strictObject({
  /**
   * An exception's day has passed, or will within 30 days; it matches nothing; its fingerprint has the form of an earlier
   * version; or a Terraform output lacks the declared options.
   */
  kind: z.enum([
    'exception-expired',
    'exception-expiring',
    'exception-stale',
    'exception-old-form',
    'options-unknown',
  ]),
  message: z.string(),
  /** The config file as it was given, and the 1-based line. */
  file: z.string(),
  line: z.int(),
});

/** A finding of the baseline that is gone. */
export const resolved = z.strictObject({
  export: z.string(),
  rule,
  status,
  severity,
  resource,
  message,
  fingerprint,
});

/** How a run differs from an earlier one. Counts violations and unknowns. */
export const comparison = z.strictObject({
  startedAt: time,
  new: count,
  unchanged: count,
  resolved: z.array(resolved),
  note: z
    .string()
    .describe('What keeps the comparison from being whole, such as a baseline of an earlier version.')
    .optional(),
});

export const tool = z.strictObject({ name: z.string(), version: z.string() });
export const summary = z.strictObject({ exports: count, compliant: count, violating: count, unknown: count });
export const schemaVersion = z.literal(1);
export const observedAt = time.describe(
  'When AWS was observed, ISO 8601, UTC: earlier than the run with a saved observation. Missing where nothing was observed.',
);
export const organizationObservedAt = time.describe(
  'When the copy of the organization was made that the run judged with, ISO 8601, UTC. Missing without a copy.',
);
export const observationAge = z
  .string()
  .describe(
    'What the report says of an observation or a copy that is more than a day old. Missing for a fresh one.',
  );
export const partial = z
  .boolean()
  .describe('True where the run was cancelled or timed out before everything was judged.')
  .optional();

export const notLookedAt = z
  .array(z.string())
  .describe(
    'What may stop ALTR or let others read logs and was not looked at, a line each. No finding, and never part of a verdict.',
  )
  .optional();

/** What a run that judged something reports. */
export const report = z.strictObject({
  schemaVersion,
  tool,
  startedAt: time,
  finishedAt: time,
  observedAt: observedAt.optional(),
  organizationObservedAt: organizationObservedAt.optional(),
  observationAge: observationAge.optional(),
  partial,
  summary,
  exports: z.array(exported),
  notLookedAt,
  notices: z.array(notice).optional(),
  baseline: comparison.optional(),
});

/** What a comparison needs of an earlier report; a later version may have added fields. */
export const baseline = z.object({
  startedAt: z.string(),
  exports: z.array(
    z.object({
      name: exported.shape.name,
      accountId: exported.shape.accountId,
      findings: z.array(
        z.object({
          ...{ rule, status, severity, resource, message, fingerprint },
          exception: z.object({ covers: exception.shape.covers }).optional(),
        }),
      ),
    }),
  ),
});
