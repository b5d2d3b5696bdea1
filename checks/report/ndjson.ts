/** `ndjson`, for streams: a line for the run, each export, each finding, and the summary at the end. */
import type { Report } from '../verdict/finding';
import { observationAge as ageOf } from './age';
import { json } from './sanitise';

export function ndjson({
  schemaVersion,
  tool,
  startedAt,
  observedAt,
  organizationObservedAt,
  notLookedAt,
  ...report
}: Report): string {
  const { finishedAt, partial, summary, baseline } = report;
  const observationAge = ageOf({ startedAt, observedAt, organizationObservedAt });
  const run = {
    schemaVersion,
    tool,
    startedAt,
    observedAt,
    organizationObservedAt,
    observationAge,
    notLookedAt,
  };
  const lines: object[] = [{ type: 'run', ...run }];
  for (const { name, accountId, region, status, findings } of report.exports) {
    lines.push({ type: 'export', name, accountId, region, status });
    for (const finding of findings) lines.push({ type: 'finding', export: name, ...finding });
  }
  for (const notice of report.notices ?? []) lines.push({ type: 'notice', ...notice });
  lines.push({ type: 'summary', finishedAt, partial, summary, baseline });
  return lines.map((line) => `${json(line)}\n`).join('');
}
