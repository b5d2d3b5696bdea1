/** Every way to assume the role demands the customer's client ID. */
import { ASSUME_ACTION, EXTERNAL_ID_KEY } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import { lazily } from '../evidence/lazily';
import { needing, type Outcome } from '../evidence/outcome';
import { parsedTrustPolicy } from '../evidence/parsed';
import {
  ANY_OTHER_ID,
  type Attempt,
  attemptsOf,
  distinct,
  entryStatements,
  namedIn,
  otherExternalIds,
} from '../evidence/trust-callers';
import { grantFaults, locationOf, notUnderstood } from '../evidence/wording';
import {
  applications,
  decideByPolicy,
  type Fact,
  type Policy,
  type Request,
  type Statement,
} from '../policy';
import { restoreTrust } from '../remedy/trust';
import type { Remediation } from '../verdict/finding';
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
      const { attempts, more } = distinct(
        entryStatements(policy).flatMap((statement) =>
          namedIn(statement).flatMap((principal) =>
            attemptsOf(principal, statement, policy, contract, observedAt),
          ),
        ),
      );
      const outcomes = attempts.flatMap((attempt) =>
        judge(openTo(policy, attempt), attempt, context, remedy),
      );
      if (more)
        outcomes.push(undecidable('too-many', 'the trust policy names too many principals to try each'));
      if (outcomes.length > 0) return distinctFacts(outcomes);
      const message = `Every way to assume the role demands the ExternalId ${contract.clientId}.`;
      return [{ status: 'pass', fact: 'demands-client-id', message }];
    }),
);

/** The policy as it applies to one caller: every Deny, and the statements that name the caller. */
function openTo(policy: Policy, { statements }: Attempt): Policy {
  return {
    ...policy,
    statements: policy.statements.filter(
      (statement) => statement.effect !== 'Allow' || statements.includes(statement),
    ),
  };
}

/** The result of a try with one value of the ExternalId: a request that is or may be allowed, or no decision. */
type Try = 'denied' | 'undecidable' | { readonly request: Request };

function tryWith(policy: Policy, attempt: Attempt, fact: Fact): Try {
  const request = { ...attempt, context: attempt.context.with({ [EXTERNAL_ID_KEY]: fact }) };
  const { verdict, reasons } = decideByPolicy(policy, request);
  if (verdict === 'denied') return 'denied';
  const doubtful = reasons.some(({ clauses }) => clauses?.some(({ fault }) => fault !== undefined));
  return doubtful ? 'undecidable' : { request };
}

function judge(policy: Policy, attempt: Attempt, context: RuleContext, remedy: () => Remediation): Outcome[] {
  const { contract } = context;
  const outcomes: Outcome[] = [];
  const fail = (fact: string, how: string, actual: unknown, request: Request): void => {
    const through = applications([policy], 'Allow', request).find(({ verdict }) => verdict !== 'false');
    outcomes.push({
      status: 'fail',
      fact,
      message: `The role can be assumed by ${attempt.who} ${how}.`,
      expected: { StringEquals: { [EXTERNAL_ID_KEY]: contract.clientId } },
      actual,
      ...(through ? { location: conditionOf(through.statement) } : {}),
      remediation: remedy(),
    });
  };
  let doubtful = false;
  const without = tryWith(policy, attempt, { kind: 'absent' });
  if (without === 'undecidable') doubtful = true;
  else if (without !== 'denied') fail('absent-accepted', 'without any ExternalId', null, without.request);
  // The other ways in carry no ExternalId.
  const values = attempt.action === ASSUME_ACTION ? otherExternalIds(policy, contract.clientId) : [];
  for (const value of values) {
    const other = tryWith(policy, attempt, { kind: 'value', value });
    if (other === 'undecidable') doubtful = true;
    if (typeof other === 'string') continue;
    const any = value === ANY_OTHER_ID;
    if (any) fail('any-value', 'with any ExternalId', '*', other.request);
    else
      fail('extra-value', `with the ExternalId ${value}, which is not your client ID`, value, other.request);
    // One wrong value is enough to report, up to five that are written in the policy.
    if (any || outcomes.length >= 5) break;
  }
  if (outcomes.length > 0) return outcomes;
  const symbolic =
    attempt.action === ASSUME_ACTION
      ? tryWith(policy, attempt, {
          kind: 'present',
          domain: { kind: 'other-than', values: [contract.clientId] },
        })
      : 'denied';
  if (symbolic === 'denied' && !doubtful) return [];
  return [
    undecidable(
      'other-value-possible',
      'whether the trust policy accepts another ExternalId; write StringEquals with your client ID',
    ),
  ];
}

function undecidable(fact: string, what: string): Outcome {
  const message = `It can’t be decided: ${what}.`;
  return { status: 'unknown', fact, cause: 'undecidable', message };
}

function conditionOf(statement: Statement) {
  const clause = statement.conditions.find(({ key }) => key.toLowerCase() === EXTERNAL_ID_KEY.toLowerCase());
  return locationOf(statement, clause?.pointer);
}

/** The same fact through two callers is one finding. */
function distinctFacts(outcomes: readonly Outcome[]): Outcome[] {
  return [...new Map(outcomes.map((outcome) => [`${outcome.fact} ${outcome.message}`, outcome])).values()];
}
