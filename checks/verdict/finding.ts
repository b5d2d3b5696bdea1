/** What rules find and reports show. The JSON report carries these objects as they are; `finding-schema.ts` describes them. */
import type { Shape } from '../observe/observation';
import type * as schema from './finding-schema';

export { SEVERITIES, type Severity } from './severity';

export type FindingStatus = Shape<typeof schema.status>;
export type FindingLocation = Shape<typeof schema.location>;
export type Remediation = Shape<typeof schema.remediation>;
export type UnknownCause = Shape<typeof schema.cause>;
export type FindingException = Shape<typeof schema.exception>;
export type Finding = Shape<typeof schema.finding>;
export type Verdict = Shape<typeof schema.exported>['status'];
export type ExportReport = Shape<typeof schema.exported>;
export type Notice = Shape<typeof schema.notice>;
export type ResolvedFinding = Shape<typeof schema.resolved>;
export type BaselineComparison = Shape<typeof schema.comparison>;

/** A whole run: what `--format json` prints. */
export type Report = Shape<typeof schema.report>;

/** What a comparison needs of an earlier report. */
export type Baseline = Shape<typeof schema.baseline>;
