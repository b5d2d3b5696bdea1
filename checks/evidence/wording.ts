/** Turns decisions of the policy engine into sentences and data of findings. */
import type { Assumptions } from '../../config/options/assumptions';
import type { ClauseVerdict, Fault, Policy, Reason, Statement } from '../policy';
import type { FindingLocation, UnknownCause } from '../verdict/finding';
import type { Outcome } from './outcome';
import { statementsAt } from './parsed';

export function locationOf(
  statement: Pick<Statement, 'source' | 'pointer'>,
  pointer?: string,
): FindingLocation {
  return { document: statement.source, pointer: pointer ?? statement.pointer };
}

/** The places in documents that a decision follows from: the first, and the others. */
export function placesOf(reasons: readonly Reason[]): Pick<Outcome, 'location' | 'also'> {
  const [location, ...also] = reasons.flatMap(({ source, pointer = '' }) =>
    source ? [{ document: source, pointer }] : [],
  );
  return location ? { location, also } : {};
}

/**
 * The statements that a decision follows from, as they were written; if none is to blame, the Allow statements, which allow
 * something else.
 */
export function statementsOf(reasons: readonly Reason[], policies: readonly Policy[]): unknown {
  const meant = policies.flatMap((policy) => {
    const pointers = reasons.flatMap(({ source, pointer }) =>
      source === policy.source && pointer ? [pointer] : [],
    );
    return statementsAt(policy, pointers);
  });
  const all = policies.flatMap(({ statements }) => statements);
  const found = meant.length > 0 ? meant : all.filter(({ effect }) => effect === 'Allow');
  return found.length === 0 ? null : oneOrAll(found.map(({ raw }) => raw));
}

/** The reasons for a decision as one clause: conditions with their keys, and why each holds or does not. */
export function wordReasons(reasons: readonly Reason[]): string {
  const words = reasons.map((reason) => {
    const where = reason.source ? ` (${reason.source}${reason.pointer ? `, ${reason.pointer}` : ''})` : '';
    const clauses = (reason.clauses ?? []).map(wordClause);
    return `${reason.text}${clauses.length > 0 ? `: ${clauses.join('; ')}` : ''}${where}`;
  });
  return [...new Set(words)].slice(0, 5).join('; ');
}

function wordClause({ clause, fact, fault }: ClauseVerdict): string {
  const values = clause.values.join(', ');
  const text = `${clause.operator} ${clause.key} ${values.length > 200 ? `${values.slice(0, 200)}…` : values}`;
  const why = fault ?? fact.why;
  return why ? `${text} (${why})` : text;
}

/** A list of one as its entry, as IAM reads it. */
export function oneOrAll<T>(list: readonly T[]): T | readonly T[] {
  const [first] = list;
  return list.length === 1 && first !== undefined ? first : list;
}

/** Why a decision is open: something was not understood, or a fact is unknown. */
export function causeOf(reasons: readonly Reason[]): UnknownCause {
  const isFault = ({ kind, clauses = [] }: Reason) =>
    kind === 'fault' || clauses.some(({ fault }) => fault !== undefined);
  return reasons.some(isFault) ? 'not-understood' : 'undecidable';
}

/** Faults of statements that may grant something; a Deny can only take away. */
export function grantFaults(policy: Policy): Fault[] {
  return policy.statements.filter(({ effect }) => effect !== 'Deny').flatMap(({ faults }) => faults);
}

/** The outcome for parts of a document that were not understood. */
export function notUnderstood(source: string, faults: readonly Fault[]): Outcome {
  const [first] = faults;
  return {
    status: 'unknown',
    fact: 'not-understood',
    cause: 'not-understood',
    message: `It can’t be decided: in the ${source}${first?.pointer ? `, at ${first.pointer}` : ''}, ${first?.reason ?? 'something was not understood'}.`,
    actual: faults.map(({ reason }) => reason),
    ...(first ? { location: { document: source, pointer: first.pointer } } : {}),
  };
}

/** A sentence with the config's assumptions without which the verdict would be another. Empty if there is none. */
export function restsOn(
  assumptions: Assumptions,
  verdict: string,
  judge: (assumptions: Assumptions) => string,
): string {
  const used = Object.keys(assumptions).filter(
    (key) => judge({ ...assumptions, [key]: undefined }) !== verdict,
  );
  return used.length > 0 ? ` This rests on altr.assumptions in the config: ${used.join(', ')}.` : '';
}
