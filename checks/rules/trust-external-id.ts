/** Every way to assume the role demands the customer's client ID. */
import { EXTERNAL_ID_KEY } from '../../contract/policies';
import { list } from '../evidence/excess-grants';
import { ANY_OTHER_ID, acceptedIds, sendingId } from '../evidence/external-ids';
import { lazily } from '../evidence/lazily';
import { needing, type Outcome } from '../evidence/outcome';
import { parsedTrustPolicy } from '../evidence/parsed';
import {
  type Attempt,
  accountOf,
  attemptsOf,
  distinct,
  entryStatements,
  MOST_CALLERS,
  namedIn,
  narrowedBy,
} from '../evidence/trust-callers';
import { grantFaults, locationOf, notUnderstood } from '../evidence/wording';
import { applications, matchesGlob, type Policy, type Statement } from '../policy';
import { restoreTrust } from '../remedy/trust';
import type { Remediation, UnknownCause } from '../verdict/finding';
import { roleRule } from './rule';

export const trustExternalId = roleRule(
  {
    id: 'trust-external-id',
    title:
      'Every way to assume the role demands that sts:ExternalId equals this client ID, exactly and also when the key is absent',
    severity: 'critical',
    requirement: {
      text: '"Condition": { "StringEquals": { "sts:ExternalId": ["[client-id]"] } }',
      source: 'vendor page, “JSON Object for IAM Role”',
    },
    risk:
      'Anyone who can make ALTR act, such as another tenant of ALTR, can have logs written into your bucket under ' +
      'your role: the confused-deputy problem. “Test Access” does not detect it.',
    remediation:
      'Restore the contract’s trust policy: StringEquals on sts:ExternalId with your client ID alone.',
    examples: {
      violating: {
        summary: 'The condition holds only if the caller sends an ExternalId at all.',
        setUp: {
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: 'sts:AssumeRole',
                Condition: {
                  StringEqualsIfExists: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' },
                },
              },
            ],
          },
        },
      },
      compliant: {
        summary: 'StringLike without a wildcard is the same as StringEquals.',
        setUp: {
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: 'sts:AssumeRole',
                Condition: { StringLike: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' } },
              },
            ],
          },
        },
      },
    },
  },
  (role, context) =>
    needing(role.trustPolicy, (document) => {
      const policy = parsedTrustPolicy(document);
      const faults = grantFaults(policy);
      // If part of the policy was not understood, "may be allowed" proves nothing: report the fault.
      if (faults.length > 0) return [notUnderstood(document.source, faults)];
      const { contract, observedAt } = context;
      const remedy = lazily(() => restoreTrust(context, role, policy));
      const attemptsBy = (statement: Statement) =>
        namedIn(statement).flatMap((principal) =>
          attemptsOf(principal, statement, policy, contract, observedAt),
        );
      // A caller is tried through all its statements at once; only what lets it in is then judged alone.
      const { attempts, more } = distinct(entryStatements(policy).flatMap(attemptsBy));
      const open = new Set<Statement>();
      let doubtful = false;
      for (const attempt of attempts) {
        const own = openBy(attempt.statements, policy);
        const accepted = acceptedIds(attempt, own, contract.clientId);
        doubtful ||= accepted.doubtful && accepted.values.length === 0;
        for (const value of accepted.values) {
          for (const { statement, verdict } of applications([own], 'Allow', sendingId(attempt, value)))
            if (verdict !== 'false') open.add(statement);
        }
      }
      const outcomes = [...open]
        .slice(0, MOST_CALLERS)
        .flatMap((statement) =>
          judge(statement, distinct(attemptsBy(statement)).attempts, policy, contract.clientId, remedy),
        );
      if (doubtful)
        outcomes.push(
          unknown(
            policy,
            'other-value-possible',
            'undecidable',
            'whether the trust policy accepts another ExternalId; write StringEquals with your client ID',
          ),
        );
      if (more)
        outcomes.push(
          unknown(
            policy,
            'too-many',
            'not-understood',
            'the trust policy names too many principals to try each',
          ),
        );
      if (outcomes.length > 0) return outcomes;
      const message = `Every way to assume the role demands the ExternalId ${contract.clientId}.`;
      return [{ status: 'pass', fact: 'demands-client-id', message }];
    }),
);

/** The policy as if only these statements let anybody in. */
function openBy(statements: readonly Statement[], policy: Policy): Policy {
  const open = new Set(statements);
  return {
    ...policy,
    statements: policy.statements.filter((other) => other.effect !== 'Allow' || open.has(other)),
  };
}

/** One outcome for a statement, whatever it accepts and from whomever. */
function judge(
  statement: Statement,
  callers: readonly Attempt[],
  policy: Policy,
  clientId: string,
  remedy: () => Remediation,
): Outcome[] {
  const alone = openBy([statement], policy);
  const results = callers.map((attempt) => ({
    who: attempt.who,
    ...acceptedIds(attempt, alone, clientId),
  }));
  const open = results.filter(({ values }) => values.length > 0);
  if (open.length === 0) return [];
  const values = new Set(open.flatMap((accepted) => accepted.values));
  const callersNamed = [...new Set(open.map(({ who }) => accountOf(who)))].sort();
  const what = wordValues(values, statement, clientId);
  return [
    {
      status: 'fail',
      fact: values.has(ANY_OTHER_ID)
        ? 'any-value'
        : values.has(undefined)
          ? 'absent-accepted'
          : 'extra-value',
      message: `The trust policy accepts ${what}, from ${wordCallers(open.map(({ who }) => who))}.`,
      expected: { StringEquals: { [EXTERNAL_ID_KEY]: clientId } },
      actual: conditionIn(statement),
      about: { what, callers: callersNamed },
      location: conditionOf(statement),
      also: narrowedBy(callers, policy),
      remediation: remedy(),
    },
  ];
}

/** For example `a call without any ExternalId, and every ExternalId that begins with 1c42`. */
function wordValues(
  values: ReadonlySet<string | undefined>,
  { conditions }: Statement,
  clientId: string,
): string {
  const none = values.has(undefined);
  if (values.has(ANY_OTHER_ID))
    return none ? 'every call, with any ExternalId or none' : 'a call with any ExternalId';
  let left = [...values].filter((value) => value !== undefined);
  const words = conditions
    .filter(({ key }) => key.toLowerCase() === EXTERNAL_ID_KEY.toLowerCase())
    .flatMap((clause) => clause.values)
    .flatMap((written) => {
      const explained = left.filter((value) => matchesGlob(written.toLowerCase(), value.toLowerCase()));
      if (explained.length === 0) return [];
      left = left.filter((value) => !explained.includes(value));
      if (/[*?]/.test(written)) return [`every ExternalId that ${wordPattern(written)}`];
      if (!explained.includes(written))
        return [
          written === clientId
            ? 'your client ID also in upper or lower case'
            : `the ExternalId ${written} in upper or lower case`,
        ];
      return [`the ExternalId ${written}, which is not your client ID`];
    });
  const all = [
    ...(none ? ['a call without any ExternalId'] : []),
    ...new Set(words),
    ...(left.length > 0 ? ['other ExternalIds than your client ID'] : []),
  ];
  return all.join(', and ');
}

function wordPattern(pattern: string): string {
  const [, before = '', text = '', after = ''] = /^(\*?)([^*?]+)(\*?)$/.exec(pattern) ?? [];
  if (!before && after) return `begins with ${text}`;
  if (before && !after) return `ends with ${text}`;
  return before ? `contains ${text}` : `matches ${pattern}`;
}

function wordCallers(callers: readonly string[]): string {
  const different = [...new Map(callers.map((who) => [accountOf(who), who])).values()];
  const anyone = different.find((who) => who.startsWith('anyone'));
  if (anyone) return anyone;
  const named = list(different);
  if (different.length === 1) return named;
  return different.length === 2
    ? `either principal (${named})`
    : `any of ${different.length} principals (${named})`;
}

/** The fingerprint covers the whole policy, so that none is excused for another. */
function unknown({ source }: Policy, fact: string, cause: UnknownCause, what: string): Outcome {
  const message = `It can’t be decided: ${what}.`;
  return { status: 'unknown', fact, cause, message, also: [{ document: source, pointer: '' }] };
}

function conditionOf(statement: Statement) {
  const clause = statement.conditions.find(({ key }) => key.toLowerCase() === EXTERNAL_ID_KEY.toLowerCase());
  return locationOf(statement, clause?.pointer);
}

/** The statement's condition as it was written. */
function conditionIn({ raw }: Statement): unknown {
  const found = Object.entries(raw as object).find(([key]) => key.toLowerCase() === 'condition');
  return found ? found[1] : null;
}
