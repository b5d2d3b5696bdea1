/** What the config declares for an export, compared with what was found: outcomes that several rules share. */
import type { Observed } from '../observe/observation';
import { type Outcome, unread } from './outcome';

/** The fact of an attribute that an older observation lacks: neither absent nor unreadable. */
export const NOT_LOOKED_AT = 'not-looked-at';

/**
 * Judges an attribute that not every observation has. One that was not looked at is no violation and nothing unknown: the
 * report says so.
 * @param what the attribute, for example `the bucket’s versioning`
 */
export function judged<T>(
  observed: Observed<T> | undefined,
  what: string,
  judge: (value: T | undefined) => readonly Outcome[],
): readonly Outcome[] {
  if (!observed) return [notLookedAt(what)];
  if (observed.state === 'unreadable') return [unread(observed.reason)];
  return judge(observed.state === 'value' ? observed.value : undefined);
}

/** @param advice what to do, as a sentence */
export function notLookedAt(what: string, advice = 'Observe again.'): Outcome {
  return {
    status: 'advice',
    fact: NOT_LOOKED_AT,
    message: `Not looked at when the observation was made: ${what}. ${advice}`,
    actual: what,
  };
}

/** The outcomes, or that all is as declared if there is neither a violation, an unknown nor something that was not looked at. */
export function orAsDeclared(outcomes: readonly Outcome[], message: string): readonly Outcome[] {
  const isOpen = ({ status, fact }: Outcome) => status !== 'advice' || fact === NOT_LOOKED_AT;
  return outcomes.some(isOpen) ? outcomes : [{ status: 'pass', fact: 'as-declared', message }, ...outcomes];
}
