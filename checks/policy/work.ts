/**
 * A limit on the work of decisions. Comparing two patterns costs at most the product of their lengths, and AWS stores
 * enough text for that to take minutes. A caller sets a limit around its decisions; beyond it they throw, and the caller
 * reports that it could not decide. A step is about one character compared with one character.
 */

/** How much may be done. */
export interface WorkLimit {
  readonly steps: number;
  /** The time, in milliseconds since 1970, at which all work ends. */
  readonly until?: number;
}

/** Thrown by a decision that would take more than its limit. */
export class WorkLimitExceeded extends Error {
  constructor(readonly limit: 'steps' | 'time') {
    super(
      limit === 'steps'
        ? 'the policies are too complex to be decided: they hold too many statements, or long patterns with wildcards'
        : 'the time for the run was over before it could be decided',
    );
  }
}

/** Steps after which the clock is looked at: some milliseconds of work. */
const SLICE = 500_000;

/** What is left: of the present slice, and beyond it. */
let slice = Number.POSITIVE_INFINITY;
let rest = Number.POSITIVE_INFINITY;
let end = Number.POSITIVE_INFINITY;

/**
 * Does work that may take at most these steps, and ends at the given time at the latest. A limit within another counts against both.
 * @throws WorkLimitExceeded where that is not enough
 */
export function limitWork<T>(limit: WorkLimit, work: () => T): T {
  return countWork(limit, work).result;
}

/** The same, and how many steps it took. */
export function countWork<T>(limit: WorkLimit, work: () => T): { readonly result: T; readonly used: number } {
  const outer = { left: slice + rest, end };
  const allowed = Math.min(limit.steps, outer.left);
  end = Math.min(limit.until ?? Number.POSITIVE_INFINITY, outer.end);
  slice = 0;
  rest = allowed;
  try {
    refill();
    const result = work();
    return { result, used: allowed - (slice + rest) };
  } finally {
    const used = allowed - (slice + rest);
    slice = 0;
    rest = outer.left === Number.POSITIVE_INFINITY ? outer.left : outer.left - used;
    end = outer.end;
    if (rest === Number.POSITIVE_INFINITY && end === Number.POSITIVE_INFINITY) slice = rest;
  }
}

/** Counts steps that are about to be done, or were just done. */
export function spend(steps: number): void {
  slice -= steps;
  if (slice < 0) refill();
}

function refill(): void {
  // What does not fit is not done: no more is used than was allowed.
  rest = Math.max(rest + slice, 0);
  slice = 0;
  if (end !== Number.POSITIVE_INFINITY && Date.now() >= end) throw new WorkLimitExceeded('time');
  if (rest === 0) throw new WorkLimitExceeded('steps');
  slice = Math.min(SLICE, rest);
  rest -= slice;
}
