/** Whether a statement's conditions hold for a request. */
import type { Fact, RequestContext } from '../context';
import type { Clause, Statement } from '../document';
import { globText } from '../glob';
import { expand } from '../variable';
import { matchesAny, mayMatch, type ParsedOperator, parseOperator } from './operators';
import { all, any, not, type Tri, tri } from './tri';

/** The verdict on one clause, and what it hangs on. */
export interface ClauseVerdict {
  readonly verdict: Tri;
  readonly clause: Clause;
  readonly fact: Fact;
  /** Why the clause could not be understood, where that is the reason for `depends`. */
  readonly fault?: string;
}

export interface ConditionVerdict {
  readonly verdict: Tri;
  /** Clauses that are not true: what stands in the way, or what it depends on. */
  readonly open: readonly ClauseVerdict[];
}

const ALWAYS: ConditionVerdict = { verdict: 'true', open: [] };

/** All operators and keys must hold (AND); of several values one is enough, for negated operators none may match. */
export function evaluateConditions(statement: Statement, context: RequestContext): ConditionVerdict {
  if (statement.conditions.length === 0) return ALWAYS;
  const verdicts = statement.conditions.map((clause) =>
    evaluateClause(clause, statement.variables, context, context.fact(clause.key)),
  );
  const verdict = all(verdicts.map((one) => one.verdict));
  return {
    verdict: verdict === 'depends' && contradictsItself(statement, context) ? 'false' : verdict,
    open: verdicts.filter((one) => one.verdict !== 'true'),
  };
}

/** Whether clauses on one key can't hold together, though each may: "the header is there" and "it is none that S3 takes". */
function contradictsItself({ conditions, variables }: Statement, context: RequestContext): boolean {
  const byKey = new Map<string, Clause[]>();
  for (const clause of conditions) {
    const key = clause.key.toLowerCase();
    const known = byKey.get(key);
    if (known) known.push(clause);
    else byKey.set(key, [clause]);
  }
  return [...byKey].some(
    ([key, clauses]) =>
      clauses.length > 1 &&
      casesOf(context.fact(key)).every((fact) =>
        clauses.some((clause) => evaluateClause(clause, variables, context, fact).verdict === 'false'),
      ),
  );
}

/** The cases of what is known of a key: absent or there, and each value that it may have where these are few. */
function casesOf(fact: Fact): readonly Fact[] {
  if (fact.kind !== 'open' && fact.kind !== 'present') return [fact];
  const { domain, why } = fact;
  const present: Fact[] =
    domain?.kind === 'one-of'
      ? domain.values.map((value) => ({ kind: 'value', value, why }))
      : [{ kind: 'present', domain, why }];
  return fact.kind === 'open' ? [{ kind: 'absent', why }, ...present] : present;
}

const operators = new Map<string, ParsedOperator | undefined>();

/** More than IAM has, in any spelling that a sane document uses. */
const MOST_OPERATORS = 1_000;

function operatorOf({ operator }: Clause): ParsedOperator | undefined {
  if (operators.has(operator)) return operators.get(operator);
  const parsed = parseOperator(operator);
  if (operators.size < MOST_OPERATORS) operators.set(operator, parsed);
  return parsed;
}

function evaluateClause(
  clause: Clause,
  variables: boolean,
  context: RequestContext,
  fact: Fact,
): ClauseVerdict {
  const operator = operatorOf(clause);
  if (!operator) {
    return { verdict: 'depends', clause, fact, fault: `${clause.operator} is no condition operator of IAM` };
  }
  if (operator.name === 'null') return { verdict: evaluateNull(clause, fact), clause, fact };
  const hasVariable = (value: string) => variables && value.includes('${');
  // "You can't use a policy variable with other operators, such as Numeric, Date, Boolean, Binary, IP Address, or Null
  // operators" than those of texts and ARNs (IAM User Guide, "IAM policy elements: Variables and tags").
  if (!operator.variables && clause.values.some(hasVariable)) {
    const fault = `what a variable means in ${clause.operator} is not documented`;
    return { verdict: 'depends', clause, fact, fault };
  }
  const operands = clause.values.flatMap((value) =>
    hasVariable(value) ? expandOperand(value, operator, context, fact) : [value],
  );
  const verdict = evaluateFact(operator, operands, fact);
  const senseless = verdict === 'depends' && isSenseless(operator, operands, fact);
  const fault = `what ${clause.operator} means for such a value is not documented`;
  return { verdict, clause, fact, ...(senseless ? { fault } : {}) };
}

/** Whether a known value and known operands were no help: a number is demanded of a text, for example. */
function isSenseless(
  { name }: ParsedOperator,
  operands: readonly (string | undefined)[],
  fact: Fact,
): boolean {
  if (name === 'null' || operands.includes(undefined)) return false;
  const values = fact.kind === 'value' ? [fact.value] : fact.kind === 'values' ? fact.values : [];
  return values.some((value) => matchesAny(name, operands, value) === 'depends');
}

/**
 * An operand with its variables replaced; `undefined` where the value of one is open, none where one has no value, for no
 * text equals it. A wildcard's character that a variable brings along is literal: it becomes a character of no name, which
 * stands for it where no value has it.
 */
function expandOperand(
  value: string,
  operator: ParsedOperator,
  context: RequestContext,
  fact: Fact,
): (string | undefined)[] {
  const { text, widest, isNull } = expand(value, context);
  if (isNull) return [];
  if (text === undefined || !operator.wildcards) return [text];
  const mayMean = fact.kind === 'value' && /[*?]/.test(fact.value);
  if (!mayMean) return [globText(widest)];
  return [globText(widest) === text ? text : undefined];
}

/** `Null: true` holds where the key is absent, `Null: false` where it is there. */
function evaluateNull(clause: Clause, fact: Fact): Tri {
  return any(
    clause.values.map((value) => {
      if (!/^(true|false)$/i.test(value)) return 'depends';
      if (fact.kind === 'open') return 'depends';
      return tri((fact.kind === 'absent') === (value.toLowerCase() === 'true'));
    }),
  );
}

function evaluateFact(parsed: ParsedOperator, operands: readonly (string | undefined)[], fact: Fact): Tri {
  // Certain only if every case gives the same.
  const [first, ...others] = casesOf(fact).map((one) =>
    one.kind === 'absent' ? whenAbsent(parsed) : whenPresent(parsed, operands, one),
  );
  return first === undefined || others.some((other) => other !== first) ? 'depends' : first;
}

/** A missing key fails an operator, but for negated ones, `…IfExists` and `ForAllValues:`. */
function whenAbsent({ name, set, ifExists }: ParsedOperator): Tri {
  // "ForAnyValue … returns false" and "IfExists … evaluates to true" for a missing key: no page says which of them wins
  // (IAM User Guide, "Set operators for multivalued context keys", "IAM JSON policy elements: Condition operators").
  if (set === 'ForAnyValue') return ifExists ? 'depends' : 'false';
  if (ifExists || set === 'ForAllValues') return 'true';
  return tri(name !== 'null' && name.negated);
}

function whenPresent(parsed: ParsedOperator, operands: readonly (string | undefined)[], fact: Fact): Tri {
  const { name: operator, set } = parsed;
  if (operator === 'null') return 'depends';
  const one = (matched: Tri): Tri => (operator.negated ? not(matched) : matched);
  if (fact.kind === 'value') return one(matchesAny(operator, operands, fact.value));
  if (fact.kind === 'values') {
    if (fact.values.length === 0 && set) return whenAbsent(parsed);
    const verdicts = fact.values.map((value) => one(matchesAny(operator, operands, value)));
    // Without a set operator IAM compares a key with several values in no documented way.
    return set === 'ForAllValues' ? all(verdicts) : set === 'ForAnyValue' ? any(verdicts) : 'depends';
  }
  const domain = 'domain' in fact ? fact.domain : undefined;
  return one(mayMatch(operator, operands, domain));
}
