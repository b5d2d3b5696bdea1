/** Compares a run with the report of an earlier one. Pure. */
import { carriersOf } from './account-wide';
import type { Baseline, BaselineComparison, ExportReport, Finding, ResolvedFinding } from './finding';
import { isOldFingerprint } from './fingerprint';

export type { Baseline };

/**
 * Marks each finding as new or unchanged, and names what is resolved.
 *
 * Two findings are the same if account and fingerprint are: renaming an export makes nothing new. A finding is
 * unchanged only if it was open before: one that was excepted before and counts now is new. It is resolved only if that
 * is proven: the same rule judged the same export of the same account, and could decide. For a rule about a whole
 * account, any export of it will do.
 */
export function compareWithBaseline(
  exports: readonly ExportReport[],
  baseline: Baseline,
): { readonly exports: ExportReport[]; readonly baseline: BaselineComparison } {
  const before = new Map(
    baseline.exports.flatMap(({ accountId, findings }) =>
      findings.map((finding) => [findingKeyOf(accountId, finding), finding.status] as const),
    ),
  );
  const counts = { new: 0, unchanged: 0 };
  const compared = exports.map((entry) => ({
    ...entry,
    findings: entry.findings.map((finding): Finding => {
      if (finding.status === 'pass') return finding;
      const statusBefore = before.get(findingKeyOf(entry.accountId, finding));
      const known = isOpen(finding)
        ? statusBefore === 'fail' || statusBefore === 'unknown'
        : statusBefore !== undefined;
      const baselineState = known ? 'unchanged' : 'new';
      if (isOpen(finding)) counts[baselineState]++;
      return { ...finding, baselineState };
    }),
  }));
  const resolved = baseline.exports.flatMap((earlier) =>
    earlier.findings
      // What an earlier version found may have another fingerprint now.
      .filter((finding) => isOpen(finding) && !isOldFingerprint(finding.fingerprint))
      .filter((finding) => isResolved(finding, carriersOf(finding.rule, earlier, exports)))
      .map(({ rule, status, severity, resource, message, fingerprint }) => ({
        export: earlier.name,
        ...{ rule, status, severity, resource, message, fingerprint },
      })),
  );
  const isOld = baseline.exports.some(({ findings }) =>
    findings.some((finding) => isOpen(finding) && isOldFingerprint(finding.fingerprint)),
  );
  const note = isOld ? OLD_FORM : undefined;
  return { exports: compared, baseline: { startedAt: baseline.startedAt, ...counts, resolved, note } };
}

const OLD_FORM =
  'The baseline was written by an earlier version, whose fingerprints did not cover whole statements: its findings count as new, and none as resolved. Look at them once, and keep this run’s report as the new baseline.';

/**
 * Whether a finding no longer holds. An unknown resolves nothing: it was not decided. Nor does a rule without any finding,
 * not even a pass: it was not run, or had nothing to judge.
 */
export function isResolved(
  { rule, fingerprint }: ResolvedFindingKey,
  carriers: readonly Baseline['exports'][number][],
): boolean {
  const now = carriers.flatMap(({ findings }) => findings.filter((finding) => finding.rule === rule));
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

function findingKeyOf(accountId: string | null, { fingerprint }: Pick<Finding, 'fingerprint'>): string {
  return `${accountId ?? ''} ${fingerprint}`;
}
