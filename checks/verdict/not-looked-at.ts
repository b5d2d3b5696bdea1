/** What an older observation lacks, in one line for all rules that would have judged it. */
import { NOT_LOOKED_AT } from '../evidence/declared';
import type { Outcome } from '../evidence/outcome';
import type { Rule } from '../rules/rule';

interface Reported {
  readonly rule: Rule;
  readonly outcome: Outcome;
}

/** The same outcomes; those of what was not looked at become one, reported by the first rule that has one. */
export function notLookedAtInOneLine(reported: readonly Reported[]): Reported[] {
  const isLine = ({ outcome }: Reported) => outcome.fact === NOT_LOOKED_AT;
  const lines = reported.filter(isLine);
  const [first] = lines;
  if (!first) return [...reported];
  const what = [...new Set(lines.map(({ outcome }) => String(outcome.actual)))];
  const rules = [...new Set(lines.map(({ rule }) => rule.metadata.id))];
  const message =
    `Not looked at when the observation was made: ${what.join(', ')}. ${rules.join(', ')} ` +
    `${rules.length === 1 ? 'does' : 'do'} not judge it. Observe again.`;
  const line = { rule: first.rule, outcome: { ...first.outcome, message, actual: what } };
  return reported.flatMap((entry) => (entry === first ? [line] : isLine(entry) ? [] : [entry]));
}
