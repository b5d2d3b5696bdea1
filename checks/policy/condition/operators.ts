/**
 * IAM's condition operators, one object each, in one table.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
import type { Domain } from '../context';
import { glob, isEverything, isLiteral, literal, matches } from '../glob';
import { arnMatches, splitArn } from '../resource';
import { isNotPublic, parseRange, type Range, rangeIncludes, rangesCover, rangesOverlap } from './address';
import { any, type Tri, tri } from './tri';

export interface Operator {
  /** Whether the operator is true where none of the values matches: `StringNotEquals` and its like. */
  readonly negated: boolean;
  /** Whether a value of the request matches a value of the policy; `undefined` where the policy's value makes no sense. */
  matches(operand: string, value: string): boolean | undefined;
  /** Whether a value of which only the domain is known matches one of the values of the policy. */
  may(operands: readonly string[], domain: Domain | undefined): Tri;
}

type Test = (operand: string, value: string) => boolean | undefined;
type May = (operand: string, domain: Domain | undefined) => Tri;

const depends: May = () => 'depends';

const equals: Test = (operand, value) => operand === value;
const equalsIgnoringCase = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const like: Test = (operand, value) => matches(glob(operand), literal(value));

/** False where the one text that the operand matches is excluded, or is of another account. */
const equalsMay: May = (operand, domain) => {
  if (domain?.kind === 'unnamed') return tri(equals(operand, domain.example) === true);
  if (domain?.kind === 'other-than') return domain.values.includes(operand) ? 'false' : 'depends';
  return isPrincipal(domain) ? arnMay(literalPattern(operand), domain) : 'depends';
};

const equalsIgnoringCaseMay: May = (operand, domain) =>
  domain?.kind === 'unnamed' ? tri(equalsIgnoringCase(operand, domain.example)) : 'depends';

const likeMay: May = (operand, domain) => {
  const pattern = glob(operand);
  if (isEverything(pattern)) return 'true';
  if (domain?.kind === 'unnamed') return tri(matches(pattern, literal(domain.example)));
  if (isPrincipal(domain)) return arnMay(operand, domain);
  return isLiteral(pattern) ? equalsMay(operand, domain) : 'depends';
};

function isPrincipal(domain: Domain | undefined): boolean {
  return domain?.kind === 'arn-in-account' || domain?.kind === 'arn-outside-account';
}

/** For an operator without wildcards: their characters can't be part of an account's ID, so nothing is lost. */
function literalPattern(operand: string): string {
  return operand.replaceAll(/[*?]/g, '\u{E001}');
}

/** What an ARN pattern says of a principal whose account is known, or is known not to be one. */
const arnMay: May = (operand, domain) => {
  if (isEverything(glob(operand))) return 'true';
  const account = splitArn(operand)?.[4];
  if (account === undefined || !domain) return 'depends';
  if (domain.kind === 'arn-in-account')
    return matches(glob(account), literal(domain.accountId)) ? 'depends' : 'false';
  if (domain.kind === 'arn-outside-account') return account === domain.accountId ? 'false' : 'depends';
  return 'depends';
};

function compare(
  parse: (text: string) => number | undefined,
  test: (value: number, operand: number) => boolean,
): Test {
  return (operand, value) => {
    const [a, b] = [parse(value), parse(operand)];
    return a === undefined || b === undefined ? undefined : test(a, b);
  };
}

/** For a value of at least `domain.number`: certain where the comparison gives the same for every such value. */
function atLeastMay(
  test: (value: number, operand: number) => boolean,
  direction: 'up' | 'down' | 'point',
): May {
  return (operand, domain) => {
    const bound = parseNumber(operand);
    if (domain?.kind !== 'at-least' || bound === undefined) return 'depends';
    const lowest = test(domain.number, bound);
    if (direction === 'up') return lowest ? 'true' : 'depends';
    if (direction === 'down') return lowest ? 'depends' : 'false';
    return bound < domain.number ? 'false' : 'depends';
  };
}

function parseNumber(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

/** ISO 8601 with its time zone, or seconds since 1970; in milliseconds. */
function parseDate(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Without a zone a time would be read in that of the machine.
  if (!/^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:?\d\d))?$/i.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}

const ipMatches: Test = (operand, value) => {
  const [range, address] = [parseRange(operand), parseRange(value)];
  return range && address ? rangeIncludes(range, address) : undefined;
};

/** The operands count together: two of them may cover what none covers alone. */
const ipMay: Operator['may'] = (operands, domain) => {
  const ranges = operands.map(parseRange);
  const known = ranges.filter((range) => range !== undefined);
  const possible =
    domain?.kind === 'addresses'
      ? domain.ranges.map(parseRange)
      : ['0.0.0.0/0', '::/0'].map((everything) => parseRange(everything));
  if (possible.every((range) => range && rangesCover(known, range))) return 'true';
  if (known.length < ranges.length) return 'depends';
  if (domain?.kind === 'public-address') return known.every(isNotPublic) ? 'false' : 'depends';
  if (domain?.kind !== 'addresses') return 'depends';
  const mayLie = (range: Range) => possible.some((source) => !source || rangesOverlap(source, range));
  return known.some(mayLie) ? 'depends' : 'false';
};

/** A boolean has two values: what is not the one is the other. */
const booleanMay: May = (operand, domain) => {
  if (domain?.kind !== 'other-than' || !/^(true|false)$/i.test(operand)) return 'depends';
  const excluded = domain.values.map((value) => value.toLowerCase());
  if (excluded.includes(operand.toLowerCase())) return 'false';
  return excluded.includes('true') || excluded.includes('false') ? 'true' : 'depends';
};

const boolean: Test = (operand, value) =>
  /^(true|false)$/i.test(operand) ? operand.toLowerCase() === value.toLowerCase() : undefined;

const arn: Test = (operand, value) => arnMatches(operand, value);

/** One operand is enough. */
function each(may: May): Operator['may'] {
  return (operands, domain) => any(operands.map((operand) => may(operand, domain)));
}

function pair(
  positive: string,
  negative: string,
  test: Test,
  may: Operator['may'] = each(depends),
): [string, Operator][] {
  return [
    [positive.toLowerCase(), { negated: false, matches: test, may }],
    [negative.toLowerCase(), { negated: true, matches: test, may }],
  ];
}

function single(name: string, test: Test, may: May = depends): [string, Operator][] {
  return [[name.toLowerCase(), { negated: false, matches: test, may: each(may) }]];
}

const lt = (value: number, operand: number) => value < operand;
const lte = (value: number, operand: number) => value <= operand;
const gt = (value: number, operand: number) => value > operand;
const gte = (value: number, operand: number) => value >= operand;
const same = (value: number, operand: number) => value === operand;

/** Every operator but `Null`, by its name in lower case, without set prefix and `IfExists`. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', equals, each(equalsMay)),
  ...pair(
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    equalsIgnoringCase,
    each(equalsIgnoringCaseMay),
  ),
  ...pair('StringLike', 'StringNotLike', like, each(likeMay)),
  ...pair('NumericEquals', 'NumericNotEquals', compare(parseNumber, same), each(atLeastMay(same, 'point'))),
  ...single('NumericLessThan', compare(parseNumber, lt), atLeastMay(lt, 'down')),
  ...single('NumericLessThanEquals', compare(parseNumber, lte), atLeastMay(lte, 'down')),
  ...single('NumericGreaterThan', compare(parseNumber, gt), atLeastMay(gt, 'up')),
  ...single('NumericGreaterThanEquals', compare(parseNumber, gte), atLeastMay(gte, 'up')),
  ...pair('DateEquals', 'DateNotEquals', compare(parseDate, same)),
  ...single('DateLessThan', compare(parseDate, lt)),
  ...single('DateLessThanEquals', compare(parseDate, lte)),
  ...single('DateGreaterThan', compare(parseDate, gt)),
  ...single('DateGreaterThanEquals', compare(parseDate, gte)),
  ...single('Bool', boolean, booleanMay),
  ...single('BinaryEquals', equals),
  ...pair('IpAddress', 'NotIpAddress', ipMatches, ipMay),
  ...pair('ArnEquals', 'ArnNotEquals', arn, each(arnMay)),
  ...pair('ArnLike', 'ArnNotLike', arn, each(arnMay)),
]);

export interface ParsedOperator {
  readonly name: 'null' | Operator;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** Whether `*` and `?` in the policy's value are wildcards. */
  readonly wildcards: boolean;
}

/** Parses an operator's name; `undefined` where IAM has none such. */
export function parseOperator(text: string): ParsedOperator | undefined {
  const [, set, name = '', ifExists] =
    /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(text.toLowerCase()) ?? [];
  if (name === 'null')
    return set || ifExists ? undefined : { name: 'null', set: undefined, ifExists: false, wildcards: false };
  const operator = OPERATORS.get(name);
  if (!operator) return undefined;
  return {
    name: operator,
    set: set === 'forallvalues' ? 'ForAllValues' : set === 'foranyvalue' ? 'ForAnyValue' : undefined,
    ifExists: ifExists !== undefined,
    wildcards: /^(stringlike|stringnotlike|arn)/.test(name),
  };
}

/** Whether a value, known or not, matches one of the operands. */
export function matchesAny(operator: Operator, operands: readonly string[], value: string): Tri {
  return any(
    operands.map((operand) => {
      const matched = operator.matches(operand, value);
      return matched === undefined ? 'depends' : tri(matched);
    }),
  );
}
