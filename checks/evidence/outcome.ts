/** What a rule reports, and its outcomes if something could not be read. */
import type { Observed, Unreadable } from '../observe/observation';
import type { FindingLocation, FindingStatus, Remediation, Severity, UnknownCause } from '../verdict/finding';
import { accessAdvice } from './access-advice';

/** One result of a rule. `expected`, `actual` and the rest are data for the finding. */
export interface Outcome {
  readonly status: Exclude<FindingStatus, 'excepted'>;
  /** Which of the rule's facts this is: a few words with hyphens, part of the fingerprint. */
  readonly fact: string;
  readonly message: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly location?: FindingLocation;
  /** The other places that it follows from. The fingerprint covers the statements at all of them. */
  readonly also?: readonly FindingLocation[];
  /** What it is about, for the fingerprint, if those statements and `actual` don't tell it all. */
  readonly about?: unknown;
  readonly remediation?: Remediation;
  /** If it differs from the rule's. */
  readonly resource?: string;
  readonly risk?: string;
  readonly severity?: Severity;
  /** Shared by outcomes of one cause, if it is no unreadable API. */
  readonly causeId?: string;
  /** Why an outcome is unknown. */
  readonly cause?: UnknownCause;
}

/** Judges a value that exists; silent if it doesn't, unknown if it could not be read. */
export function needing<T>(
  observed: Observed<T>,
  judge: (value: T) => readonly Outcome[],
): readonly Outcome[] {
  if (observed.state === 'absent') return [];
  return observed.state === 'unreadable' ? [unread(observed.reason)] : judge(observed.value);
}

/** The outcome if something that the rule needs could not be read. */
export function unread(reason: Unreadable): Outcome {
  const advice = accessAdvice(reason);
  return {
    status: 'unknown',
    fact: `unreadable-${reason.api ?? 'attribute'}`,
    cause: reason.undecided ? 'undecidable' : 'unreadable',
    message: `It can’t be decided: ${reason.message}.`,
    actual: reason,
    ...(advice ? { remediation: { summary: advice } } : {}),
  };
}
