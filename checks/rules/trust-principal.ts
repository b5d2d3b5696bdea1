/** Nobody but ALTR's account can assume the role. */

import type { RuleContext } from '../evidence/context';
import { list } from '../evidence/excess-grants';
import { lazily } from '../evidence/lazily';
import { needing, type Outcome } from '../evidence/outcome';
import { parsedTrustPolicy } from '../evidence/parsed';
import {
  type Attempt,
  accountOf,
  attemptsOf,
  entryStatements,
  MOST_CALLERS,
  type Named,
  namedIn,
  narrowedBy,
} from '../evidence/trust-callers';
import { grantFaults, locationOf, notUnderstood, oneOrAll } from '../evidence/wording';
import { decideByPolicy, type Policy, type Statement } from '../policy';
import { restoreTrust } from '../remedy/trust';
import type { FindingLocation, Remediation } from '../verdict/finding';
import { roleRule } from './rule';

export const trustPrincipal = roleRule(
  {
    id: 'trust-principal',
    title: 'No principal but ALTR’s account can assume the role',
    severity: 'critical',
    requirement: {
      text: '"Principal": { "AWS": "arn:aws:iam::[ALTR-PROVIDED-ACCOUNT-ID]:root" }',
      source: 'vendor page, “JSON Object for IAM Role”',
    },
    risk: 'Somebody else can assume the role and write anything among your audit logs.',
    remediation: 'Restore the contract’s trust policy: ALTR’s account as the only principal.',
    examples: {
      violating: {
        summary: 'Anybody who knows the client ID may assume the role.',
        setUp: {
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: '*',
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' } },
              },
            ],
          },
        },
      },
      compliant: {
        summary: 'ALTR’s account by its bare ID, which is the same as its root ARN.',
        setUp: {
          trustPolicy: {
            Statement: {
              Effect: 'Allow',
              Principal: { AWS: '111122223333' },
              Action: ['STS:assumerole'],
              Condition: { StringEquals: { 'sts:externalid': ['1c42465e-4bf2-4e83-90d6-f6fbcac03634'] } },
            },
          },
        },
      },
    },
  },
  (role, context) =>
    needing(role.trustPolicy, (document) => {
      const policy = parsedTrustPolicy(document);
      const { accountId } = context.observation;
      if (accountId.state === 'value' && accountId.value === context.contract.altrAccountId)
        return [ownAccount(accountId.value)];
      const shutOut = new Map<string, boolean>();
      const remedy = lazily(() => restoreTrust(context, role, policy));
      const outcomes = entryStatements(policy).flatMap((statement) =>
        judgeStatement(statement, context, policy, { shutOut, remedy }),
      );
      const faults = grantFaults(policy);
      if (faults.length > 0) outcomes.push(notUnderstood(document.source, faults));
      if (outcomes.some(({ status }) => status !== 'advice')) return outcomes;
      return [
        ...outcomes,
        { status: 'pass', fact: 'only-altr', message: 'Only ALTR’s account can assume the role.' },
      ];
    }),
);

/** The config names the audited account as ALTR's, so nothing can tell ALTR from anybody in it. */
function ownAccount(accountId: string): Outcome {
  return {
    status: 'fail',
    fact: 'own-account',
    message: `altr.awsAccountId is ${accountId}, the audited account itself: the trust policy is for your own account, not for ALTR’s.`,
    expected: 'ALTR’s AWS account',
    actual: accountId,
    remediation: {
      summary: 'Correct altr.awsAccountId: your ALTR representative tells you ALTR’s AWS account.',
    },
  };
}

/** Results that the statements of one policy share. */
interface Shared {
  /** Whether the policy denies an attempt, by its caller and action. */
  readonly shutOut: Map<string, boolean>;
  readonly remedy: () => Remediation;
}

/** What a principal of a statement is to ALTR's account. */
type Kind = 'altr' | 'deleted' | 'narrower' | 'held-back' | 'other' | 'too-many';

interface Sorted {
  readonly kind: Kind;
  readonly text: string;
  readonly isAnyone: boolean;
  readonly pointer: string | undefined;
}

function judgeStatement(
  statement: Statement,
  context: RuleContext,
  policy: Policy,
  { shutOut, remedy }: Shared,
): Outcome[] {
  const { contract, observedAt } = context;
  const principals = namedIn(statement);
  const sorted = principals.map((principal) => ({
    kind: kindOf(principal, statement, context, policy, shutOut),
    text: principal === 'everyone-but' ? 'everyone but those named in NotPrincipal' : principal.text,
    isAnyone: principal === 'everyone-but' || principal.kind === 'anyone',
    pointer: principal === 'everyone-but' ? undefined : principal.pointer,
  }));
  if (sorted.some(({ kind }) => kind === 'too-many')) return [tooMany(locationOf(statement))];
  const advice = ADVICE.flatMap(({ kind, fact, message }): Outcome[] => {
    const { texts, location } = placeOf(
      sorted.filter((entry) => entry.kind === kind),
      statement,
    );
    if (texts.length === 0) return [];
    return [{ status: 'advice', fact, message: message(list(texts)), actual: oneOrAll(texts), location }];
  });
  const others = sorted.filter(({ kind }) => kind === 'other');
  if (others.length === 0) return advice;
  const attempts = principals.flatMap((principal) =>
    attemptsOf(principal, statement, policy, contract, observedAt),
  );
  return [
    ...advice,
    {
      ...otherPrincipals(others, statement),
      expected: contract.trust.Statement[0]?.Principal,
      also: narrowedBy(attempts, policy),
      remediation: remedy(),
    },
  ];
}

const ADVICE: readonly { kind: Kind; fact: string; message: (named: string) => string }[] = [
  {
    kind: 'deleted',
    fact: 'deleted-principal',
    message: (named) =>
      `The trust policy still names ${named}, the remains of a deleted principal; remove it.`,
  },
  {
    kind: 'narrower',
    fact: 'narrower-principal',
    message: (named) =>
      `The trust policy names ${named}, not ALTR’s whole account: Test Access may fail if ALTR uses another principal.`,
  },
  {
    kind: 'held-back',
    fact: 'held-back',
    message: (named) =>
      `The trust policy names ${named}, held back by its conditions or by a Deny; name ALTR’s account alone.`,
  },
];

function otherPrincipals(others: readonly Sorted[], statement: Statement): Outcome {
  const { texts, location } = placeOf(others, statement);
  const anyone = others.find(({ isAnyone }) => isAnyone);
  return {
    status: 'fail',
    fact: 'other-principal',
    message: `The role can be assumed by ${anyone ? `anyone (${anyone.text})` : list(texts)}, not by ALTR’s account alone.`,
    actual: oneOrAll(texts),
    about: [...new Set(texts.map(accountOf))],
    location,
  };
}

function placeOf(found: readonly Sorted[], statement: Statement) {
  const texts = [...new Set(found.map(({ text }) => text))];
  const pointer = texts.length === 1 ? found[0]?.pointer : undefined;
  return { texts, location: locationOf(statement, pointer) };
}

function kindOf(
  principal: Named,
  statement: Statement,
  { contract, observedAt }: RuleContext,
  policy: Policy,
  shutOut: Map<string, boolean>,
): Kind {
  if (principal !== 'everyone-but') {
    if (principal.kind === 'deleted') return 'deleted';
    if ('accountId' in principal && principal.accountId === contract.altrAccountId)
      return principal.kind === 'account' ? 'altr' : 'narrower';
  }
  const attempts = attemptsOf(principal, statement, policy, contract, observedAt).filter(
    ({ caller }) => caller.accountId !== contract.altrAccountId,
  );
  const denied = (attempt: Attempt) => {
    const key = `${attempt.who} ${attempt.action}`;
    if (!shutOut.has(key)) shutOut.set(key, decideByPolicy(policy, attempt).verdict === 'denied');
    return shutOut.get(key) === true;
  };
  if (shutOut.size > MOST_CALLERS) return 'too-many';
  return attempts.length > 0 && attempts.every(denied) ? 'held-back' : 'other';
}

function tooMany(location: FindingLocation): Outcome {
  return {
    status: 'unknown',
    fact: 'too-many',
    cause: 'not-understood',
    message: 'It can’t be decided: the trust policy names too many principals to try each.',
    location,
  };
}
