/** When each violation came and went, from the reports of many runs. Pure. */
import { carriersOf } from './account-wide';
import { isResolved } from './baseline';
import type { Baseline, ExportReport } from './finding';
import { SEVERITIES } from './severity';

type PastFinding = Baseline['exports'][number]['findings'][number];

/** A time during which a violation was there. All times are starts of runs. */
export interface Spell {
  /** The first run that found it. */
  readonly from: string;
  /** The run before that, which did not; `null` if there is none. */
  readonly after: string | null;
  /** The last run that found it. */
  readonly last: string;
  /** The run that proved it gone; `null` while none has. */
  readonly gone: string | null;
}

export interface PastViolation {
  readonly export: string;
  readonly accountId: string | null;
  readonly rule: string;
  readonly severity: ExportReport['findings'][number]['severity'];
  readonly resource: string;
  readonly message: string;
  readonly fingerprint: string;
  /** `accepted`: there, and covered by an exception of the config. */
  readonly status: 'open' | 'accepted' | 'gone';
  readonly spells: readonly Spell[];
}

type Open = Omit<PastViolation, 'status' | 'spells'> & { status: PastViolation['status']; spells: Spell[] };

/**
 * @param reports in the order of their runs
 * @returns open violations first, then accepted ones and those that are gone; the most severe of each first
 */
export function historyOf(reports: readonly Baseline[]): PastViolation[] {
  const violations = new Map<string, Open>();
  let before: string | null = null;
  for (const { startedAt, exports } of reports) {
    const found = new Set<string>();
    for (const entry of exports) {
      for (const finding of entry.findings.filter(isViolation)) {
        const key = `${entry.accountId ?? ''} ${finding.fingerprint}`;
        found.add(key);
        see(violations, key, { entry, finding, startedAt, before });
      }
    }
    for (const [key, violation] of violations) {
      const spell = violation.spells.at(-1);
      if (found.has(key) || !spell || spell.gone !== null) continue;
      const subject = { name: violation.export, accountId: violation.accountId };
      // An export that this run left out, or could not judge, proves nothing.
      if (!isResolved(violation, carriersOf(violation.rule, subject, exports))) continue;
      violation.spells[violation.spells.length - 1] = { ...spell, gone: startedAt };
      violation.status = 'gone';
    }
    before = startedAt;
  }
  const order: readonly PastViolation['status'][] = ['open', 'accepted', 'gone'];
  return [...violations.values()].sort(
    (a, b) =>
      order.indexOf(a.status) - order.indexOf(b.status) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
}

interface Sighting {
  readonly entry: Baseline['exports'][number];
  readonly finding: PastFinding;
  readonly startedAt: string;
  readonly before: string | null;
}

function see(
  violations: Map<string, Open>,
  key: string,
  { entry: { name, accountId }, finding, startedAt, before }: Sighting,
): void {
  const { rule, severity, resource, message, fingerprint } = finding;
  const spells = violations.get(key)?.spells ?? [];
  const spell = spells.at(-1);
  const isSame = spell !== undefined && spell.gone === null;
  violations.set(key, {
    export: name,
    accountId,
    ...{ rule, severity, resource, message, fingerprint },
    status: finding.status === 'excepted' ? 'accepted' : 'open',
    spells: isSame
      ? [...spells.slice(0, -1), { ...spell, last: startedAt }]
      : [...spells, { from: startedAt, after: before, last: startedAt, gone: null }],
  });
}

/** A violation, whether it counts or is accepted. */
function isViolation({ status, exception }: PastFinding): boolean {
  return status === 'fail' || (status === 'excepted' && exception?.covers !== 'unknown');
}
