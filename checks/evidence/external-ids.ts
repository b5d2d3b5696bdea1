/** Which external IDs a trust policy accepts in place of the expected one: found by trying. */
import { ASSUME_ACTION, EXTERNAL_ID_KEY } from '../../contract/policies';
import { decideByPolicy, type Fact, type Policy, type Request } from '../policy';
import type { Attempt } from './trust-callers';

/** How many values of the ExternalId are tried; AWS would not store half as many. */
const MOST_VALUES = 200;

/** Stands for every ExternalId that nobody has written down. */
export const ANY_OTHER_ID = 'any-other-id';

/** What a caller can do with another ExternalId than the expected one, or with none. */
export interface AcceptedIds {
  /** `undefined` is a call without any. */
  readonly values: readonly (string | undefined)[];
  /** Whether something could not be decided. */
  readonly doubtful: boolean;
}

/** Tries to enter without an ExternalId, and with each that the policy may have been written to accept. */
export function acceptedIds(attempt: Attempt, policy: Policy, expected: string): AcceptedIds {
  const values: (string | undefined)[] = [];
  let doubtful = false;
  const attemptWith = (value: string | undefined) => {
    const result = tryWith(policy, attempt, factOf(value));
    if (result === 'undecidable') doubtful = true;
    if (result === 'accepted') values.push(value);
  };
  attemptWith(undefined);
  // The other ways in carry no ExternalId.
  if (attempt.action === ASSUME_ACTION) {
    for (const value of otherExternalIds(policy, expected)) {
      attemptWith(value);
      if (values.includes(ANY_OTHER_ID)) break;
    }
    const others = { kind: 'other-than', values: [expected] } as const;
    if (values.length === 0 && tryWith(policy, attempt, { kind: 'present', domain: others }) !== 'denied')
      doubtful = true;
  }
  return { values, doubtful };
}

/** The attempt with this ExternalId, or without any. */
export function sendingId(attempt: Attempt, value: string | undefined): Request {
  return requestWith(attempt, factOf(value));
}

/** The result of a try with one value of the ExternalId: a request that is or may be allowed, one that is not, or no decision. */
type Try = 'denied' | 'undecidable' | 'accepted';

function requestWith(attempt: Attempt, fact: Fact): Request {
  return { ...attempt, context: attempt.context.with({ [EXTERNAL_ID_KEY]: fact }) };
}

function factOf(value: string | undefined): Fact {
  return value === undefined ? { kind: 'absent' } : { kind: 'value', value };
}

function tryWith(policy: Policy, attempt: Attempt, fact: Fact): Try {
  const { verdict, reasons } = decideByPolicy(policy, requestWith(attempt, fact));
  if (verdict === 'denied') return 'denied';
  const doubtful = reasons.some(({ clauses }) => clauses?.some(({ fault }) => fault !== undefined));
  return doubtful ? 'undecidable' : 'accepted';
}

/** Values of the ExternalId, other than the expected one, that a trust policy may have been written to accept. */
function otherExternalIds(policy: Policy, expected: string): string[] {
  const written = policy.statements
    .flatMap((statement) => statement.conditions)
    .filter((clause) => clause.key.toLowerCase() === EXTERNAL_ID_KEY.toLowerCase())
    .flatMap((clause) => clause.values);
  const variants = [...written, expected].flatMap((value) => [
    value,
    value.toUpperCase(),
    value.toLowerCase(),
    value.replaceAll('*', '').replaceAll('?', 'x'),
    value.replaceAll(/[*?]/g, 'x'),
    `${value}x`,
    `x${value}`,
  ]);
  return [...new Set([ANY_OTHER_ID, ...written, ...variants])]
    .filter((value) => value !== expected && value !== '')
    .slice(0, MOST_VALUES);
}
