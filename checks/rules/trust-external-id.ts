/** Every way to assume the role demands the customer's client ID. */
import { ASSUME_ACTION, EXTERNAL_ID_KEY } from '../../contract/policies';
import type { RoleObservation } from '../observe/observation';
import { applications, decideByPolicy, type Fact, type Policy, parsePolicy, type Statement } from '../policy';
import { restoreTrust } from './remedy/trust';
import { needing, type Outcome, type RuleContext, roleRule } from './rule';
import { type Attempt, attemptsOf, otherExternalIds, waysIn } from './trust-callers';
import { grantFaults, locationOf, notUnderstood } from './wording';

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
      'your role: the confused-deputy problem. “Test Access” does not notice.',
    remediation:
      'Put the contract’s trust policy in place: StringEquals on sts:ExternalId with your client ID alone.',
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
      const policy = parsePolicy(document);
      const outcomes = distinct(waysIn(policy).flatMap((statement) => attempts(statement, context))).flatMap(
        (attempt) => judge(policy, attempt, context, role),
      );
      const faults = grantFaults(policy);
      if (faults.length > 0) outcomes.push(notUnderstood(document.source, faults));
      if (outcomes.length > 0) return distinctFacts(outcomes);
      const message = `Every way to assume the role demands the ExternalId ${context.contract.clientId}.`;
      return [{ status: 'pass', fact: 'demands-client-id', message }];
    }),
);

function attempts(statement: Statement, { contract, observedAt }: RuleContext): Attempt[] {
  const { principals } = statement;
  if (!principals) return [];
  if (principals.negated) return attemptsOf('everyone-but', contract, observedAt);
  return principals.entries.flatMap((principal) => attemptsOf(principal, contract, observedAt));
}

function judge(policy: Policy, attempt: Attempt, context: RuleContext, role: RoleObservation): Outcome[] {
  const { contract } = context;
  const tryWith = (fact: Fact) => {
    const request = {
      action: ASSUME_ACTION,
      ...attempt,
      context: attempt.context.with({ [EXTERNAL_ID_KEY]: fact }),
    };
    return decideByPolicy(policy, request).verdict === 'denied' ? undefined : request;
  };
  const fail = (
    fact: string,
    message: string,
    actual: unknown,
    request: NonNullable<ReturnType<typeof tryWith>>,
  ): Outcome => {
    const through = applications([policy], 'Allow', request).find(
      ({ verdict }) => verdict !== 'false',
    )?.statement;
    return {
      status: 'fail',
      fact,
      message,
      expected: { StringEquals: { [EXTERNAL_ID_KEY]: contract.clientId } },
      actual,
      ...(through ? { location: conditionOf(through) } : {}),
      remediation: restoreTrust(context, role, policy),
    };
  };
  const readable = policy.statements.every(({ faults, effect }) => faults.length === 0 || effect === 'Deny');
  // Where part of the policy was not understood, "may be allowed" proves nothing: the fault speaks for itself.
  if (!readable) return [];
  const outcomes: Outcome[] = [];
  const without = tryWith({ kind: 'absent' });
  if (without) {
    outcomes.push(
      fail(
        'absent-accepted',
        `The role can be assumed by ${attempt.who} without any ExternalId.`,
        null,
        without,
      ),
    );
  }
  for (const value of otherExternalIds(policy, contract.clientId)) {
    const other = tryWith({ kind: 'value', value });
    if (!other) continue;
    const any = value === 'any-other-id';
    const message = any
      ? `The role can be assumed by ${attempt.who} with any ExternalId.`
      : `The role can be assumed by ${attempt.who} with the ExternalId ${value}, which is not your client ID.`;
    outcomes.push(fail(any ? 'any-value' : 'extra-value', message, any ? '*' : value, other));
    // One value that should not do is enough to see, unless every value that was written down counts.
    if (any || outcomes.length >= 5) break;
  }
  if (outcomes.length > 0) return outcomes;
  const symbolic = tryWith({ kind: 'present', domain: { kind: 'other-than', values: [contract.clientId] } });
  if (!symbolic) return [];
  const through = applications([policy], 'Allow', symbolic)[0]?.statement;
  return [
    {
      status: 'unknown',
      fact: 'other-value-possible',
      cause: 'undecidable',
      message:
        'It can’t be decided whether the trust policy accepts another ExternalId; write StringEquals with your client ID.',
      expected: { StringEquals: { [EXTERNAL_ID_KEY]: contract.clientId } },
      ...(through ? { location: conditionOf(through), actual: through.raw } : {}),
    },
  ];
}

function conditionOf(statement: Statement) {
  const clause = statement.conditions.find(({ key }) => key.toLowerCase() === EXTERNAL_ID_KEY.toLowerCase());
  return locationOf(statement, clause?.pointer);
}

function distinct(list: readonly Attempt[]): Attempt[] {
  return [...new Map(list.map((attempt) => [attempt.who, attempt])).values()];
}

/** The same fact through two callers is one finding. */
function distinctFacts(outcomes: readonly Outcome[]): Outcome[] {
  return [...new Map(outcomes.map((outcome) => [`${outcome.fact} ${outcome.message}`, outcome])).values()];
}
