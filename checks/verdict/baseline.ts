/** Compares a run with the report of an earlier one. Pure. */
import { speakingFor } from './account-wide';
import type { Baseline, BaselineComparison, ExportReport, Finding, ResolvedFinding } from './finding';

export type { Baseline };

/**
 * Marks each finding as new or unchanged, and names what is resolved.
 *
 * A finding is the same where account and fingerprint are: renaming an export makes nothing new. A finding counts as
 * known only where it was open before: one that was excepted then and counts now is new. It is resolved only where that
 * is proven: the same export of the same account was judged by the same rule, and the rule could decide; for a rule about
 * a whole account, any export of it.
 */
export function compareWithBaseline(
  exports: readonly ExportReport[],
  baseline: Baseline,
): { readonly exports: ExportReport[]; readonly baseline: BaselineComparison } {
  const before = new Map(
    baseline.exports.flatMap(({ accountId, findings }) =>
      findings.map((finding) => [keyOf(accountId, finding), finding.status] as const),
    ),
  );
  const counts = { new: 0, unchanged: 0 };
  const compared = exports.map((entry) => ({
    ...entry,
    findings: entry.findings.map((finding): Finding => {
      if (finding.status === 'pass') return finding;
      const then = before.get(keyOf(entry.accountId, finding));
      const known = isOpen(finding) ? then === 'fail' || then === 'unknown' : then !== undefined;
      const baselineState = known ? 'unchanged' : 'new';
      if (isOpen(finding)) counts[baselineState]++;
      return { ...finding, baselineState };
    }),
  }));
  const resolved = baseline.exports.flatMap((then) =>
    then.findings
      .filter((finding) => isOpen(finding) && isGone(finding, speakingFor(finding.rule, then, exports)))
      .map(({ rule, status, severity, resource, message, fingerprint }) => ({
        export: then.name,
        ...{ rule, status, severity, resource, message, fingerprint },
      })),
  );
  return { exports: compared, baseline: { startedAt: baseline.startedAt, ...counts, resolved } };
}

/**
 * A rule that is unknown now proves nothing. Neither does a rule without any finding, not even a pass: it was not run, or had
 * nothing to judge.
 */
function isGone({ rule, fingerprint }: ResolvedFindingKey, speaking: readonly ExportReport[]): boolean {
  const now = speaking.flatMap(({ findings }) => findings.filter((finding) => finding.rule === rule));
  return (
    now.length > 0 &&
    now.every(
      ({ status, exception, fingerprint: found }) =>
        status === 'pass' ||
        (found !== fingerprint && status !== 'unknown' && exception?.covers !== 'unknown'),
    )
  );
}

type ResolvedFindingKey = Pick<ResolvedFinding, 'rule' | 'fingerprint'>;

function isOpen({ status }: Pick<Finding, 'status'>): boolean {
  return status === 'fail' || status === 'unknown';
}

function keyOf(accountId: string | null, { fingerprint }: Pick<Finding, 'fingerprint'>): string {
  return `${accountId ?? ''} ${fingerprint}`;
}
