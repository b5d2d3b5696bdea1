/** Permissions that end by a date: what passes today is judged again at every date that its documents name. */
import { type Clause, type Policy, parseTime, type Statement } from '../policy';
import type { RuleContext } from './context';
import type { Outcome } from './outcome';
import { locationOf } from './wording';

const DAY = 24 * 3_600_000;
const DAYS = 30;

/** How many dates are tried; a document that ends a permission names one. */
const MOST_DATES = 20;

/** Condition keys that tell a time. */
const CLOCKS = new Set(['aws:currenttime', 'aws:epochtime', 'aws:tokenissuetime']);

interface Dated {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly statement: Statement;
  readonly clause: Clause;
  readonly value: string;
}

/**
 * The outcomes, and advice if what passes now no longer passes within 30 days.
 * @param what what ends, as a sentence without a full stop
 * @param policies the documents whose dates are tried
 * @param judge the rule, as if the observation were made at another time
 */
export function withEnding(
  outcomes: readonly Outcome[],
  what: string,
  policies: readonly Policy[],
  context: RuleContext,
  judge: (later: RuleContext) => readonly Outcome[],
): readonly Outcome[] {
  if (!allPass(outcomes)) return outcomes;
  const dates = datesIn(policies, Date.parse(context.observedAt));
  for (const time of [...new Set(dates.map((date) => date.time))].slice(0, MOST_DATES)) {
    // Some operators include the date itself.
    for (const observedAt of [time, time + 1_000].map((at) => new Date(at).toISOString())) {
      const outcomesAtEnd = judge({ ...context, observedAt });
      if (!allPass(outcomesAtEnd))
        return [
          ...outcomes,
          ending(
            what,
            time,
            dates.filter((date) => date.time === time),
            outcomesAtEnd,
          ),
        ];
    }
  }
  return outcomes;
}

function allPass(outcomes: readonly Outcome[]): boolean {
  return outcomes.length > 0 && outcomes.every(({ status }) => status === 'pass' || status === 'advice');
}

/** The dates of the next 30 days, the soonest first. */
function datesIn(policies: readonly Policy[], now: number): Dated[] {
  return policies
    .flatMap(({ statements }) => statements)
    .flatMap((statement) =>
      statement.conditions
        .filter(({ key }) => CLOCKS.has(key.toLowerCase()))
        .flatMap((clause) =>
          clause.values.flatMap((value) => {
            const time = parseTime(value);
            return time === undefined ? [] : [{ time, statement, clause, value }];
          }),
        ),
    )
    .filter(({ time }) => time > now && time <= now + DAYS * DAY)
    .sort((a, b) => a.time - b.time);
}

function ending(
  what: string,
  time: number,
  dates: readonly Dated[],
  outcomesAtEnd: readonly Outcome[],
): Outcome {
  const fault =
    outcomesAtEnd.find(({ status }) => status === 'fail') ??
    outcomesAtEnd.find(({ status }) => status === 'unknown');
  const at = new Date(time).toISOString().replace('.000Z', 'Z');
  const conditions = dates.map(({ clause: { operator, key }, value }) => `${operator} ${key} ${value}`);
  const places = dates.map(({ statement }) => locationOf(statement));
  const [location, ...also] = places;
  const where = location ? ` (${location.document}, ${location.pointer})` : '';
  const fix = fault?.remediation?.summary;
  const until = fault?.status === 'fail' ? 'only until' : 'certain only until';
  return {
    status: 'advice',
    fact: 'ends-soon',
    message: `${what} ${until} ${at}: ${[...new Set(conditions)].join('; ')}${where}.`,
    expected: 'no date at which it ends',
    actual: conditions,
    location,
    also,
    remediation: {
      ...fault?.remediation,
      // Never “remove the condition”: it may be that of a Deny.
      summary: fix
        ? `Before then, if the export is to go on, set a later date, or do this: ${fix}`
        : 'Before then, if the export is to go on, set a later date.',
    },
  };
}
