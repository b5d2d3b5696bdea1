/** The statements that findings are about, in one form for all their spellings. */
import { parsedAnyPolicy, statementsAt } from '../evidence/parsed';
import type { Matcher, Principal, Statement } from '../policy';
import type { DocumentsByName } from './documents';
import type { FindingLocation } from './finding';

/**
 * The statements that locations point into; all of a document for the document as a whole. Of what kind a document is does not
 * count, so that a statement's form does not depend on where it is.
 */
export function statementsIn(locations: readonly FindingLocation[], documents: DocumentsByName): unknown[] {
  return [...new Set(locations.map(({ document }) => document))].flatMap((document) => {
    const text = documents.get(document);
    if (!text) return [];
    const here = locations.filter((location) => location.document === document);
    const pointers = here.map(({ pointer }) => pointer);
    return statementsAt(parsedAnyPolicy(text), pointers).map(normalStatement);
  });
}

/** A statement without its Sid, in lower case wherever IAM ignores case. What was not understood stays as written. */
function normalStatement(statement: Statement): unknown {
  const { effect, principals, actions, resources, conditions, variables, faults, raw } = statement;
  if (faults.length > 0) return withoutSid(raw);
  return {
    effect,
    principals: matcher(principals, principalText),
    actions: matcher(actions, ({ text }) => text.toLowerCase()),
    resources: matcher(resources, ({ text }) => text),
    conditions: conditions.map(({ operator, key, values }) => ({
      operator: operator.toLowerCase(),
      key: key.toLowerCase(),
      values: /bool|null/i.test(operator) ? values.map((value) => value.toLowerCase()) : values,
    })),
    // In the old version of the language `${…}` is plain text.
    variables: variables && JSON.stringify(raw).includes('${') ? true : undefined,
  };
}

function matcher<T>(found: Matcher<T> | undefined, write: (entry: T) => string): unknown {
  return found && { negated: found.negated, entries: [...new Set(found.entries.map(write))] };
}

/** A bare account ID is the same as the account's root ARN. */
function principalText(principal: Principal): string {
  return `${principal.kind} ${principal.kind === 'account' ? principal.accountId : principal.text}`;
}

function withoutSid(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([key]) => key.toLowerCase() !== 'sid'));
}
