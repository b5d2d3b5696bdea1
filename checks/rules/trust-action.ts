/** The trust policy allows `sts:AssumeRole` and nothing else. */
import { ASSUME_ACTION } from '../../contract/policies';
import { list } from '../evidence/excess-grants';
import { lazily } from '../evidence/lazily';
import { needing, type Outcome } from '../evidence/outcome';
import { parsedTrustPolicy } from '../evidence/parsed';
import { altrCaller } from '../evidence/request-context';
import { anyCallOfAltr } from '../evidence/trust-callers';
import { grantFaults, locationOf, notUnderstood, oneOrAll } from '../evidence/wording';
import {
  type Caller,
  type Grant,
  glob,
  grantsOf,
  includes,
  isRemoved,
  narrowing,
  type Policy,
  type RequestContext,
  resourcePattern,
  type Statement,
} from '../policy';
import { restoreTrust } from '../remedy/trust';
import type { Remediation } from '../verdict/finding';
import { roleRule } from './rule';

const ASSUME = glob(ASSUME_ACTION.toLowerCase());

export const trustAction = roleRule(
  {
    id: 'trust-action',
    title: 'The trust policy allows sts:AssumeRole and nothing else',
    severity: 'medium',
    requirement: { text: '"Action": "sts:AssumeRole"', source: 'vendor page, “JSON Object for IAM Role”' },
    risk:
      'Session tags and source identities that the caller chooses can switch on permissions that your policies give by ' +
      'tag, and can forge the identity that CloudTrail shows.',
    remediation: 'Restore the contract’s trust policy: sts:AssumeRole as the only action.',
    examples: {
      violating: {
        summary: 'The caller may also pass session tags.',
        setUp: {
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: ['sts:AssumeRole', 'sts:TagSession'],
                Condition: { StringEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' } },
              },
            ],
          },
        },
      },
      compliant: { summary: 'sts:AssumeRole alone.', setUp: {} },
    },
  },
  (role, context) =>
    needing(role.trustPolicy, (document) => {
      const { contract, observedAt } = context;
      const policy = parsedTrustPolicy(document);
      const altr = { caller: altrCaller(contract), request: anyCallOfAltr(contract, observedAt) };
      const remedy = lazily(() => restoreTrust(context, role, policy));
      const outcomes = policy.statements
        .filter(({ effect, faults }) => effect === 'Allow' && faults.length === 0)
        .flatMap((statement) => judgeStatement(statement, policy, altr, remedy));
      const faults = grantFaults(policy);
      if (faults.length > 0) outcomes.push(notUnderstood(document.source, faults));
      if (outcomes.some(({ status }) => status !== 'advice')) return outcomes;
      return [
        ...outcomes,
        {
          status: 'pass',
          fact: 'assume-role-alone',
          message: `The trust policy allows ${ASSUME_ACTION} alone.`,
        },
      ];
    }),
);

/** What a statement grants beside sts:AssumeRole, in force or held back by a Deny. */
function judgeStatement(
  statement: Statement,
  policy: Policy,
  { caller, request }: { readonly caller: Caller; readonly request: RequestContext },
  remedy: () => Remediation,
): Outcome[] {
  const alone = { ...policy, statements: [{ ...statement, principals: undefined }] };
  const grants = [...grantsOf([alone], caller, request)].filter(
    (grant) => grant.negated || !includes(ASSUME, grant.actionPattern),
  );
  const isHeldBack = ({ actionPattern: action }: Grant) => {
    const granted = { action, resource: resourcePattern('*', false), except: [{ action: ASSUME }] };
    return isRemoved(granted, { all: [policy] }, caller, request);
  };
  const held = found(statement, grants.filter(isHeldBack));
  const more = found(
    statement,
    grants.filter((grant) => !isHeldBack(grant)),
  );
  const outcomes: Outcome[] = [];
  if (held)
    outcomes.push({
      status: 'advice',
      fact: 'held-back',
      message: `The trust policy allows ${held.named}, held back by a Deny; allow ${ASSUME_ACTION} alone.`,
      ...held.is,
    });
  if (more)
    outcomes.push({
      status: 'fail',
      fact: 'other-action',
      message: `The trust policy allows ${more.named}, more than ${ASSUME_ACTION}.`,
      expected: ASSUME_ACTION,
      ...more.is,
      also: narrowing(statement, [policy], caller, request).map((deny) => locationOf(deny)),
      remediation: remedy(),
    });
  return outcomes;
}

/** The actions of a statement's grants, and where they are. */
function found(statement: Statement, grants: readonly Grant[]) {
  const texts = [...new Set(grants.map(({ action }) => action.text))];
  const pointer = texts.length === 1 ? grants[0]?.action.pointer : undefined;
  const about = [...new Set(texts.map((text) => text.toLowerCase()))];
  return grants.length === 0
    ? undefined
    : {
        named: list(texts),
        is: { actual: oneOrAll(texts), about, location: locationOf(statement, pointer) },
      };
}
