/** Whether a statement's conditions hold for a request. */
import type { Fact, RequestContext } from '../context';
import type { Clause, Statement } from '../document';
import { expand } from '../variable';
import { matchesAny, type ParsedOperator, parseOperator } from './operators';
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
  const verdicts = statement.conditions.map((clause) => evaluateClause(clause, statement.variables, context));
  return {
    verdict: all(verdicts.map(({ verdict }) => verdict)),
    open: verdicts.filter(({ verdict }) => verdict !== 'true'),
  };
}

function evaluateClause(clause: Clause, variables: boolean, context: RequestContext): ClauseVerdict {
  const fact = context.fact(clause.key);
  const operator = parseOperator(clause.operator);
  if (!operator) {
    return { verdict: 'depends', clause, fact, fault: `${clause.operator} is no condition operator of IAM` };
  }
  if (operator.name === 'null') return { verdict: evaluateNull(clause, fact), clause, fact };
  const operands: string[] = [];
  for (const value of clause.values) {
    const operand = variables && value.includes('${') ? expandOperand(value, operator, context) : value;
    if (operand === undefined) return { verdict: 'depends', clause, fact };
    operands.push(operand);
  }
  return { verdict: evaluateFact(operator, operands, fact), clause, fact };
}

/** `undefined` where a variable's value is open, or brings wildcards along that would not be literal. */
function expandOperand(value: string, operator: ParsedOperator, context: RequestContext): string | undefined {
  const { text, widest } = expand(value, context);
  if (text === undefined) return undefined;
  if (!operator.wildcards) return text;
  const asPattern = Array.from(text, (char) => (char === '*' ? -2 : char === '?' ? -1 : char.codePointAt(0)));
  return asPattern.length === widest.length && asPattern.every((token, i) => token === widest[i])
    ? text
    : undefined;
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

function evaluateFact(parsed: ParsedOperator, operands: readonly string[], fact: Fact): Tri {
  const absent = whenAbsent(parsed);
  if (fact.kind === 'absent') return absent;
  const present = whenPresent(parsed, operands, fact);
  // There or not: certain only where both give the same.
  return fact.kind === 'open' && present !== absent ? 'depends' : present;
}

/** A missing key fails an operator, but for negated ones, `…IfExists` and `ForAllValues:`. */
function whenAbsent({ name, set, ifExists }: ParsedOperator): Tri {
  if (ifExists || set === 'ForAllValues') return 'true';
  if (set === 'ForAnyValue') return 'false';
  return tri(name !== 'null' && name.negated);
}

function whenPresent(parsed: ParsedOperator, operands: readonly string[], fact: Fact): Tri {
  const { name: operator, set } = parsed;
  if (operator === 'null') return 'depends';
  const one = (matched: Tri): Tri => (operator.negated ? not(matched) : matched);
  if (fact.kind === 'value') return one(matchesAny(operator, operands, fact.value));
  if (fact.kind === 'values') {
    const verdicts = fact.values.map((value) => one(matchesAny(operator, operands, value)));
    // Without a set operator IAM compares a key with several values in no documented way.
    return set === 'ForAllValues' ? all(verdicts) : set === 'ForAnyValue' ? any(verdicts) : 'depends';
  }
  const domain = 'domain' in fact ? fact.domain : undefined;
  return one(operator.may(operands, domain));
}
