/** Any document that AWS would store, in one normal form. What is not understood is kept as a fault. */
import type { Fault } from './fault';
import { escapePointer, isTooDeep, parseJson } from './json';
import { type Principal, parsePrincipals } from './principal';

/** A text of a document and its place. */
export interface Located {
  readonly text: string;
  readonly pointer: string;
}

/** A text of a document, with what it was compiled to. */
class DocumentText implements Located {
  #compiled: unknown;

  constructor(
    readonly text: string,
    readonly pointer: string,
  ) {}

  static compiled<T>(located: Located, compile: () => T): T {
    if (!(#compiled in located)) return compile();
    located.#compiled ??= compile();
    return located.#compiled as T;
  }
}

/** Compiles a text of a document once; it must always be compiled in the same way. */
export function compiledOnce<T>(located: Located, compile: () => T): T {
  return DocumentText.compiled(located, compile);
}

/** An element that has a negated twin: `Action` and `NotAction`, `Resource` and `NotResource`, `Principal` and `NotPrincipal`. */
export interface Matcher<T> {
  /** Whether the `Not…` element was used: everything but the entries. */
  readonly negated: boolean;
  readonly entries: readonly T[];
  readonly pointer: string;
}

/** One operator and key of a `Condition`, for example `StringEquals` of `sts:ExternalId`. */
export interface Clause {
  /** The operator as written, for example `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** The key as written. */
  readonly key: string;
  readonly values: readonly string[];
  readonly pointer: string;
}

export interface Statement {
  /** JSON pointer, for example `/Statement/0`. */
  readonly pointer: string;
  /** Name of the document, for messages. */
  readonly source: string;
  readonly sid: string | undefined;
  /** `unknown` where it is neither: the statement may do either. */
  readonly effect: 'Allow' | 'Deny' | 'unknown';
  /** `undefined` in identity policies and boundaries. */
  readonly principals: Matcher<Principal> | undefined;
  readonly actions: Matcher<Located>;
  /** `undefined` in trust policies, where the role itself is meant. */
  readonly resources: Matcher<Located> | undefined;
  readonly conditions: readonly Clause[];
  /** Whether `${…}` is a policy variable (Version 2012-10-17) or plain text. */
  readonly variables: boolean;
  /** The kind of the document; `undefined` where nobody said. */
  readonly kind?: DocumentKind;
  /** What of this statement was not understood. */
  readonly faults: readonly Fault[];
  /** The statement as it was written. */
  readonly raw: unknown;
}

/**
 * Of whom or what a document is a policy. `identity`: of a role or a user, or a boundary. `resource`: of a bucket, a topic or
 * a queue; `key` and `trust`: of a KMS key, and of a role. These three name principals, and their ARNs are never completed. The
 * others are policies of AWS Organizations.
 */
export type DocumentKind = 'identity' | 'resource' | 'key' | 'trust' | 'service-control' | 'resource-control';

const NAMES_PRINCIPALS: readonly (DocumentKind | undefined)[] = [
  'resource',
  'key',
  'trust',
  'resource-control',
];
const NAMES_RESOURCES: readonly (DocumentKind | undefined)[] = [
  'identity',
  'resource',
  'service-control',
  'resource-control',
];

export interface Policy {
  readonly source: string;
  readonly statements: readonly Statement[];
  /** What was not understood, of the document and of all its statements. */
  readonly faults: readonly Fault[];
}

/** IAM's elements. Source: IAM User Guide, "IAM JSON policy element reference". */
const DOCUMENT_ELEMENTS = new Set(['version', 'id', 'statement']);
const STATEMENT_ELEMENTS = new Set([
  'sid',
  'effect',
  'principal',
  'notprincipal',
  'action',
  'notaction',
  'resource',
  'notresource',
  'condition',
]);

type Json = Readonly<Record<string, unknown>>;

/** The only element of a statement that its source does not know yet, such as a plan; its text is the reason. AWS stores none. */
const NOT_YET_KNOWN = 'NotYetKnown';

/**
 * Parses a document. Never throws: what can't be parsed is a fault.
 * @param document its name for messages, and its text with no encoding left on it
 * @param kind without it, what it would decide is undecidable
 */
export function parsePolicy(
  document: { readonly source: string; readonly text: string },
  kind?: DocumentKind,
): Policy {
  const { source, text } = document;
  const broken = (...faults: Fault[]): Policy => ({ source, statements: [whole(source, faults)], faults });
  let value: unknown;
  let duplicates: readonly string[];
  try {
    ({ value, duplicates } = parseJson(text.replace(/^\uFEFF/, '')));
  } catch {
    return broken({
      pointer: '',
      reason: text.trim() === '' ? 'the document is empty' : 'the document is not JSON',
    });
  }
  if (!isObject(value)) return broken({ pointer: '', reason: 'the document is not a JSON object' });
  if (isTooDeep(value)) return broken({ pointer: '', reason: 'the document is nested too deeply' });

  const faults: Fault[] = [];
  const elements = elementsOf(value, DOCUMENT_ELEMENTS, '', faults);
  const version = elements.get('version')?.value ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    faults.push({ pointer: '/Version', reason: `the version ${JSON.stringify(version)} is none of IAM’s` });
  }
  const statement = elements.get('statement');
  if (!statement) return broken(...faults, { pointer: '', reason: 'the document has no Statement' });
  const list = Array.isArray(statement.value) ? statement.value : [statement.value];
  const byStatement = new Map<string, string[]>();
  for (const duplicate of duplicates) {
    const at = Array.isArray(statement.value) ? /^\/[^/]*\/\d+(?=\/)/ : /^\/[^/]*(?=\/)/;
    const pointer = at.exec(duplicate)?.[0] ?? '';
    const own = byStatement.get(pointer);
    if (own) own.push(duplicate);
    else byStatement.set(pointer, [duplicate]);
  }
  const statements = list.map((raw, index) => {
    const pointer = Array.isArray(statement.value) ? `/${statement.name}/${index}` : `/${statement.name}`;
    const own = byStatement.get(pointer) ?? [];
    byStatement.delete(pointer);
    const notYet = isObject(raw) ? raw[NOT_YET_KNOWN] : undefined;
    if (typeof notYet === 'string') return { ...whole(source, [{ pointer, reason: notYet }]), pointer, raw };
    return parseStatement(raw, {
      source,
      pointer,
      duplicates: own,
      variables: version === '2012-10-17',
      kind,
    });
  });
  // Keys that stand twice outside the statements, among them Statement itself: what the first one said is lost.
  faults.push(
    ...[...byStatement.values()]
      .flat()
      .map((pointer) => ({ pointer, reason: 'the same key is there twice in one object' })),
  );
  return {
    source,
    statements: faults.length > 0 ? [...statements, whole(source, faults)] : statements,
    faults: [...faults, ...statements.flatMap((parsed) => parsed.faults)],
  };
}

/** A statement that may do anything, in place of what could not be understood of the document as a whole. */
function whole(source: string, faults: readonly Fault[]): Statement {
  return {
    pointer: '',
    source,
    sid: undefined,
    effect: 'unknown',
    principals: undefined,
    actions: { negated: false, entries: [], pointer: '' },
    resources: undefined,
    conditions: [],
    variables: false,
    faults,
    raw: null,
  };
}

interface StatementPlace {
  readonly source: string;
  readonly pointer: string;
  readonly duplicates: readonly string[];
  readonly variables: boolean;
  readonly kind: DocumentKind | undefined;
}

function parseStatement(raw: unknown, place: StatementPlace): Statement {
  const { source, pointer, variables } = place;
  const faults: Fault[] = place.duplicates.map((duplicate) => ({
    pointer: duplicate,
    reason: 'the same key is there twice in one object',
  }));
  if (!isObject(raw)) faults.push({ pointer, reason: 'the statement is not a JSON object' });
  const elements = elementsOf(isObject(raw) ? raw : {}, STATEMENT_ELEMENTS, pointer, faults);
  const effect = elements.get('effect')?.value;
  if (effect !== 'Allow' && effect !== 'Deny') {
    faults.push({ pointer: `${pointer}/Effect`, reason: 'the effect is neither Allow nor Deny' });
  }
  const either = (name: string): { value: unknown; pointer: string; negated: boolean } | undefined => {
    const plain = elements.get(name);
    const negated = elements.get(`not${name}`);
    if (plain && negated) {
      faults.push({ pointer, reason: `the statement has both ${plain.name} and ${negated.name}` });
    }
    const element = plain ?? negated;
    return element && { value: element.value, pointer: `${pointer}/${element.name}`, negated: !plain };
  };
  const texts = (name: string): Matcher<Located> | undefined => {
    const element = either(name);
    return (
      element && {
        negated: element.negated,
        pointer: element.pointer,
        entries: located(element.value, element.pointer, faults),
      }
    );
  };
  const principal = either('principal');
  // AWS stores no such policy, so what it would mean is documented nowhere.
  if (!principal && NAMES_PRINCIPALS.includes(place.kind) && isObject(raw))
    faults.push({ pointer, reason: 'the statement has neither Principal nor NotPrincipal' });
  if (principal && (place.kind === 'service-control' || place.kind === 'identity')) {
    const what = place.kind === 'identity' ? 'a policy of a role' : 'a service control policy';
    faults.push({ pointer: principal.pointer, reason: `${what} names no principals` });
  }
  const actions = texts('action');
  if (!actions && place.kind !== 'key' && isObject(raw))
    faults.push({ pointer, reason: 'the statement has neither Action nor NotAction' });
  const resources = texts('resource');
  if (!resources && NAMES_RESOURCES.includes(place.kind) && isObject(raw))
    faults.push({ pointer, reason: 'the statement has neither Resource nor NotResource' });
  // KMS stores a statement without one of the two, and it has no effect (KMS API Reference, PutKeyPolicy, "Policy").
  const hasNoEffect = place.kind === 'key' && !(actions && resources);
  const condition = elements.get('condition');
  const sid = elements.get('sid')?.value;
  return {
    pointer,
    source,
    sid: typeof sid === 'string' ? sid : undefined,
    effect: effect === 'Allow' || effect === 'Deny' ? effect : 'unknown',
    principals: principal && {
      negated: principal.negated,
      pointer: principal.pointer,
      entries: parsePrincipals(principal.value, principal.pointer, faults),
    },
    actions: actions && !hasNoEffect ? actions : { negated: false, entries: [], pointer },
    resources,
    conditions: condition ? clauses(condition.value, `${pointer}/${condition.name}`, faults) : [],
    variables,
    kind: place.kind,
    faults,
    raw,
  };
}

/** The elements of an object by their names in lower case; two spellings of one name are a fault, unknown names too. */
function elementsOf(
  object: Json,
  known: ReadonlySet<string>,
  pointer: string,
  faults: Fault[],
): Map<string, { name: string; value: unknown }> {
  const elements = new Map<string, { name: string; value: unknown }>();
  for (const name of Object.keys(object)) {
    const key = name.toLowerCase();
    if (!known.has(key)) {
      const reason = `${JSON.stringify(name)} is no element of a policy`;
      faults.push({ pointer: `${pointer}/${escapePointer(name)}`, reason });
    }
    if (elements.has(key)) faults.push(spelledTwice(name, `${pointer}/${escapePointer(name)}`));
    elements.set(key, { name, value: object[name] });
  }
  return elements;
}

/** A string or a list of strings. */
function located(value: unknown, pointer: string, faults: Fault[]): Located[] {
  if (typeof value === 'string') return [new DocumentText(value, pointer)];
  const texts: Located[] = [];
  for (const [index, text] of (Array.isArray(value) ? value : [value]).entries()) {
    const at = Array.isArray(value) ? `${pointer}/${index}` : pointer;
    if (typeof text === 'string') texts.push(new DocumentText(text, at));
    else faults.push({ pointer: at, reason: 'this is not a string' });
  }
  return texts;
}

function clauses(value: unknown, pointer: string, faults: Fault[]): Clause[] {
  if (!isObject(value)) {
    faults.push({ pointer, reason: 'the condition is not a JSON object' });
    return [];
  }
  const found: Clause[] = [];
  const operators = Object.keys(value);
  const repeatedOperators = repeated(operators);
  for (const operator of operators) {
    const at = `${pointer}/${escapePointer(operator)}`;
    if (repeatedOperators?.has(operator)) faults.push(spelledTwice(operator, at));
    const given = value[operator];
    if (!isObject(given)) {
      faults.push({ pointer: at, reason: 'the operator’s keys are not a JSON object' });
      continue;
    }
    const keys = Object.keys(given);
    const repeatedKeys = repeated(keys);
    for (const key of keys) {
      const keyAt = `${at}/${escapePointer(key)}`;
      const values = given[key];
      if (repeatedKeys?.has(key)) faults.push(spelledTwice(key, keyAt));
      if (Array.isArray(values) && values.length === 0)
        faults.push({ pointer: keyAt, reason: 'the condition has no value' });
      found.push({ operator, key, values: conditionValues(values, keyAt, faults), pointer: keyAt });
    }
  }
  return found;
}

/** The names that another one before them equals but for upper and lower case; `undefined` where there is but one name. */
function repeated(names: readonly string[]): ReadonlySet<string> | undefined {
  if (names.length < 2) return undefined;
  const seen = new Set<string>();
  return new Set(
    names.filter((name) => {
      const key = name.toLowerCase();
      const isRepeated = seen.has(key);
      seen.add(key);
      return isRepeated;
    }),
  );
}

function spelledTwice(name: string, pointer: string): Fault {
  return { pointer, reason: `${name} is there twice, in two spellings` };
}

/** Values of a condition: strings, and numbers and booleans, which IAM takes for their text. */
function conditionValues(value: unknown, pointer: string, faults: Fault[]): string[] {
  if (typeof value === 'string') return [value];
  return (Array.isArray(value) ? value : [value]).flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    if (typeof entry === 'boolean') return [String(entry)];
    // Beyond that JSON's numbers are not carried digit by digit, and a text of them could be another.
    if (typeof entry === 'number' && Math.abs(entry) <= Number.MAX_SAFE_INTEGER) return [String(entry)];
    faults.push({
      pointer,
      reason: 'a value of the condition is neither text nor boolean nor a number of exact digits',
    });
    return [];
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
