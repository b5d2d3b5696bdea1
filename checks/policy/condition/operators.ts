/**
 * IAM's condition operators, one object each, in one table.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 */
import type { Domain } from '../context';
import { type Glob, glob, includes, isEverything, isLiteral, literal, matches, overlaps } from '../glob';
import { arnMatches, splitArn } from '../resource';
import { isNotPublic, parseRange, type Range, rangeIncludes, rangesCover, rangesOverlap } from './address';
import { any, type Tri, tri } from './tri';

export interface Operator {
  /** Whether the operator is true where none of the values matches: `StringNotEquals` and its like. */
  readonly negated: boolean;
  /** Whether a value of the request matches a value of the policy; `undefined` where the policy's value makes no sense. */
  matches(operand: string, value: string): boolean | undefined;
  /** Whether a value whose domain alone is known matches one of the values of the policy. */
  may(operands: readonly string[], domain: Domain | undefined): Tri;
}

type Test = (operand: string, value: string) => boolean | undefined;
type May = (operand: string, domain: Domain | undefined) => Tri;

const equals: Test = (operand, value) => operand === value;
const equalsIgnoringCase = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const like: Test = (operand, value) => matches(glob(operand), literal(value));

/** False where the one text that the operand matches is excluded. */
const equalsMay: May = (operand, domain) => {
  if (domain?.kind === 'unnamed') return tri(equals(operand, domain.example) === true);
  if (domain?.kind === 'other-than') return domain.values.includes(operand) ? 'false' : 'depends';
  if (domain?.kind === 'not-beginning') return operand.startsWith(domain.prefix) ? 'false' : 'depends';
  return domain?.kind === 'arn-outside-accounts' ? arnMay(literalPattern(operand), domain) : 'depends';
};

const equalsIgnoringCaseMay: May = (operand, domain) => {
  if (domain?.kind === 'unnamed') return tri(equalsIgnoringCase(operand, domain.example));
  // An account's ID has no letters.
  if (domain?.kind === 'arn-outside-accounts') return equalsMay(operand, domain);
  // What has no letters has one spelling.
  return operand.toLowerCase() === operand.toUpperCase() ? equalsMay(operand, domain) : 'depends';
};

const likeMay: May = (operand, domain) => {
  const pattern = glob(operand);
  if (isEverything(pattern)) return 'true';
  if (domain?.kind === 'unnamed') return tri(matches(pattern, literal(domain.example)));
  if (domain?.kind === 'arn-outside-accounts') {
    return fixesAccount(operand) ? arnMay(operand, domain) : 'depends';
  }
  if (domain?.kind === 'not-beginning') return equalsMay(operand, domain);
  // A pattern without a wildcard matches one text: StringLike is then StringEquals.
  return isLiteral(pattern) ? equalsMay(operand, domain) : 'depends';
};

/**
 * Whether a pattern of a text says which account a principal's ARN names. A wildcard before the account may take a colon and run on
 * past it, into a path: "/a:iam::111122223333:b/" is one. The ARN of an account's root user has no path.
 */
function fixesAccount(operand: string): boolean {
  const parts = operand.split(':');
  const beforePath = parts.slice(0, 5).join(':');
  return !/[*?]/.test(beforePath) || /^[^/]*:root$/.test(operand) || isOfTrails(parts);
}

/**
 * Whether it names CloudTrail and an account: no name of a trail has a colon (AWS CloudTrail User Guide, "Naming requirements"), so a
 * star in place of the region can't run past another account's ID.
 */
function isOfTrails(parts: readonly string[]): boolean {
  const [prefix, partition = '', service, , account = ''] = parts;
  const isNamed = prefix === 'arn' && /^[a-z-]+$/.test(partition) && /^\d+$/.test(account);
  return parts.length === 6 && service === 'cloudtrail' && isNamed;
}

/** For an operator without wildcards: their characters can't be part of an account's ID, so nothing is lost. */
function literalPattern(operand: string): string {
  return operand.replaceAll(/[*?]/g, '\u{E001}');
}

/** What an ARN pattern says of a principal that is known not to be of an account. */
const arnMay: May = (operand, domain) => {
  const pattern = glob(operand);
  if (isEverything(pattern)) return 'true';
  // Without a wildcard it matches one text.
  if (domain?.kind === 'other-than' && isLiteral(pattern)) return equalsMay(operand, domain);
  const account = splitArn(operand)?.[4];
  if (domain?.kind !== 'arn-outside-accounts' || account === undefined) return 'depends';
  return domain.accountIds.includes(account) ? 'false' : 'depends';
};

/** How two patterns of an operator compare as languages. */
interface Languages {
  /** Whether `outer`, a value of the policy, matches all that the pattern `inner` does. */
  includes(outer: string, inner: string): boolean;
  overlaps(a: string, b: string): boolean;
}

const texts = (compile: (operand: string) => Glob): Languages => ({
  includes: (outer, inner) => includes(compile(outer), glob(inner)),
  overlaps: (a, b) => overlaps(compile(a), glob(b)),
});

const arns: Languages = {
  includes: (outer, inner) => arnPartsCompare(outer, inner, includes),
  overlaps: (a, b) => arnPartsCompare(a, b, overlaps),
};

/** ARN operators compare the six parts one by one. */
function arnPartsCompare(a: string, b: string, test: (a: Glob, b: Glob) => boolean): boolean {
  if (isEverything(glob(a))) return true;
  const [left, right] = [splitArn(a), splitArn(b)];
  return (
    left !== undefined &&
    right !== undefined &&
    left.every((part, i) => test(glob(part), glob(right[i] ?? '')))
  );
}

function compare(
  parse: (text: string) => number | undefined,
  test: (value: number, operand: number) => boolean,
): Test {
  return (operand, value) => {
    const [a, b] = [parse(value), parse(operand)];
    return a === undefined || b === undefined ? undefined : test(a, b);
  };
}

/** The least value that a number or a time may have, in the operator's unit; `undefined` where there is none. */
type LeastOf = (domain: Domain | undefined) => number | undefined;

const leastNumber: LeastOf = (domain) =>
  domain?.kind === 'at-least'
    ? domain.number
    : domain?.kind === 'not-before'
      ? // aws:EpochTime counts seconds.
        Math.floor(Date.parse(domain.time) / 1000)
      : undefined;

const leastTime: LeastOf = (domain) => (domain?.kind === 'not-before' ? Date.parse(domain.time) : undefined);

/** For a value with a least one and no greatest: certain where the comparison gives the same for every such value. */
function atLeastMay(
  { parse, leastOf }: { parse: (text: string) => number | undefined; leastOf: LeastOf },
  test: (value: number, operand: number) => boolean,
  direction: 'up' | 'down' | 'point',
): May {
  return (operand, domain) => {
    const [bound, least] = [parse(operand), leastOf(domain)];
    if (least === undefined || bound === undefined) return 'depends';
    const lowest = test(least, bound);
    if (direction === 'up') return lowest ? 'true' : 'depends';
    if (direction === 'down') return lowest ? 'depends' : 'false';
    return bound < least ? 'false' : 'depends';
  };
}

function parseNumber(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

/** ISO 8601 with its time zone, or seconds since 1970; in milliseconds. */
export function parseTime(text: string): number | undefined {
  // A year of ISO 8601, or seconds: AWS doesn't say.
  if (/^\d{4}$/.test(text)) return undefined;
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

/** One operand is enough. A text of a known form is looked at with all operands together. */
function each(may: May, languages?: Languages): Operator['may'] {
  return (operands, domain) =>
    domain?.kind === 'matching' && languages
      ? matchingMay(operands, domain.patterns, languages)
      : any(operands.map((operand) => may(operand, domain)));
}

function matchingMay(operands: readonly string[], patterns: readonly string[], languages: Languages): Tri {
  const all = patterns.every((pattern) => operands.some((operand) => languages.includes(operand, pattern)));
  if (all) return 'true';
  const some = patterns.some((pattern) => operands.some((operand) => languages.overlaps(operand, pattern)));
  return some ? 'depends' : 'false';
}

function pair(positive: string, negative: string, test: Test, may: Operator['may']): [string, Operator][] {
  return [
    [positive.toLowerCase(), { negated: false, matches: test, may }],
    [negative.toLowerCase(), { negated: true, matches: test, may }],
  ];
}

/** An operator that orders numbers or times; none of them is negated. */
function ordering(kind: 'Numeric' | 'Date'): [string, Operator][] {
  const unit =
    kind === 'Numeric'
      ? { parse: parseNumber, leastOf: leastNumber }
      : { parse: parseTime, leastOf: leastTime };
  const single = (
    name: string,
    test: (value: number, operand: number) => boolean,
    direction: 'up' | 'down',
  ): [string, Operator] => [
    `${kind}${name}`.toLowerCase(),
    { negated: false, matches: compare(unit.parse, test), may: each(atLeastMay(unit, test, direction)) },
  ];
  return [
    ...pair(
      `${kind}Equals`,
      `${kind}NotEquals`,
      compare(unit.parse, same),
      each(atLeastMay(unit, same, 'point')),
    ),
    single('LessThan', (value, operand) => value < operand, 'down'),
    single('LessThanEquals', (value, operand) => value <= operand, 'down'),
    single('GreaterThan', (value, operand) => value > operand, 'up'),
    single('GreaterThanEquals', (value, operand) => value >= operand, 'up'),
  ];
}

function same(value: number, operand: number): boolean {
  return value === operand;
}

/** Every operator but `Null`, by its name in lower case, without set prefix and `IfExists`. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...pair('StringEquals', 'StringNotEquals', equals, each(equalsMay, texts(literal))),
  ...pair(
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    equalsIgnoringCase,
    each(equalsIgnoringCaseMay),
  ),
  ...pair('StringLike', 'StringNotLike', like, each(likeMay, texts(glob))),
  ...ordering('Numeric'),
  ...ordering('Date'),
  ['bool', { negated: false, matches: boolean, may: each(booleanMay) }],
  // Keys with binary values are none of those that are modelled, and how it compares texts is not documented.
  ['binaryequals', { negated: false, matches: () => undefined, may: () => 'depends' }],
  ...pair('IpAddress', 'NotIpAddress', ipMatches, ipMay),
  ...pair('ArnEquals', 'ArnNotEquals', arn, each(arnMay, arns)),
  ...pair('ArnLike', 'ArnNotLike', arn, each(arnMay, arns)),
]);

export interface ParsedOperator {
  readonly name: 'null' | Operator;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** Whether `*` and `?` in the policy's value are wildcards. */
  readonly wildcards: boolean;
  /** Whether the policy's value may have variables. */
  readonly variables: boolean;
}

/** Parses an operator's name; `undefined` where IAM has none such. */
export function parseOperator(text: string): ParsedOperator | undefined {
  const [, set, name = '', ifExists] =
    /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(text.toLowerCase()) ?? [];
  if (name === 'null')
    return set || ifExists
      ? undefined
      : { name: 'null', set: undefined, ifExists: false, wildcards: false, variables: false };
  const operator = OPERATORS.get(name);
  if (!operator) return undefined;
  return {
    name: operator,
    set: set === 'forallvalues' ? 'ForAllValues' : set === 'foranyvalue' ? 'ForAnyValue' : undefined,
    ifExists: ifExists !== undefined,
    wildcards: /^(stringlike|stringnotlike|arn)/.test(name),
    variables: /^(string|arn)/.test(name),
  };
}

/** Whether a value matches one of the operands, some of them perhaps not known (`undefined`). */
export function matchesAny(
  operator: Operator,
  operands: readonly (string | undefined)[],
  value: string,
): Tri {
  return any(
    operands.map((operand) => {
      const matched = operand === undefined ? undefined : operator.matches(operand, value);
      return matched === undefined ? 'depends' : tri(matched);
    }),
  );
}

/** Whether a value whose domain alone is known matches one of the operands. */
export function mayMatch(
  operator: Operator,
  operands: readonly (string | undefined)[],
  domain: Domain | undefined,
): Tri {
  const known = operands.filter((operand) => operand !== undefined);
  const verdict = operator.may(known, domain);
  return known.length < operands.length && verdict === 'false' ? 'depends' : verdict;
}
