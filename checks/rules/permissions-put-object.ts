/**
 * The role really can put objects: identity policies, boundary and bucket policy taken together, and what the bucket's Object
 * Lock demands of a PutObject.
 */
import type { Assumptions } from '../../config/options/assumptions';
import { judgeChecksum } from '../evidence/checksum';
import type { RuleContext } from '../evidence/context';
import { judged } from '../evidence/declared';
import { withEnding } from '../evidence/ending';
import { type Outcome, unread } from '../evidence/outcome';
import { unreadTags } from '../evidence/request-context';
import { allPolicies, isUnreadable, putRequest, rolePolicies } from '../evidence/role-policies';
import { causeOf, placesOf, restsOn, statementsOf, wordReasons } from '../evidence/wording';
import type { RoleObservation } from '../observe/observation';
import { decide } from '../policy';
import { exemptTheRole, letTheRolePut } from '../remedy/role-documents';
import type { Remediation } from '../verdict/finding';
import { isAnothersBucket, roleRule } from './rule';

export const permissionsPutObject = roleRule(
  {
    id: 'permissions-put-object',
    title: 'The role really can s3:PutObject to every key of the bucket',
    severity: 'high',
    needs: 'organization',
    requirement: {
      text: 'In order to authorize your ALTR client to put objects into the S3 bucket you must create an IAM policy granting the s3:PutObject action.',
      source: 'vendor page, step 3 “Create an IAM Policy”',
    },
    risk: 'ALTR’s writes are refused: audit logs are lost, and nothing in AWS reports it.',
    remediation:
      'Give the role the contract’s permission policy, and remove the Deny, boundary or bucket policy that prevents the write.',
    examples: {
      violating: { summary: 'No policy is attached to the role.', setUp: { attachedPolicies: {} } },
      compliant: {
        summary: 'The bucket policy demands TLS, which ALTR uses.',
        setUp: {
          bucketPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Deny',
                Principal: '*',
                Action: 's3:*',
                Resource: ['arn:aws:s3:::acme-altr-audit-logs', 'arn:aws:s3:::acme-altr-audit-logs/*'],
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
    },
  },
  (role, context) => {
    const policies = rolePolicies(role, context);
    const outcomes = withEnding(
      judge(role, context),
      'The role can put objects into the bucket',
      isUnreadable(policies) ? [] : allPolicies(policies),
      context,
      (later) => judge(role, later),
    );
    const ofLock = byObjectLock(context, context.assumptions);
    return ofLock.length > 0 ? [...outcomes.filter(({ status }) => status !== 'pass'), ...ofLock] : outcomes;
  },
);

function judge(role: RoleObservation, context: RuleContext): readonly Outcome[] {
  const { contract, observation } = context;
  if (observation.bucket.state === 'absent') return [];
  const policies = rolePolicies(role, context);
  if (isUnreadable(policies)) return [unread(policies)];
  const { boundary, bucket } = policies;
  const decideWith = (assumptions: Assumptions) =>
    decide(
      {
        identity: policies.identity.map(({ parsed }) => parsed),
        boundary,
        resource: bucket,
      },
      putRequest(policies, { contract, assumptions }),
    );
  const decision = decideWith(context.assumptions);
  const { verdict, reasons } = decision;
  const rests = restsOn(context.assumptions, verdict, (without) =>
    verdict === 'allowed' && byObjectLock(context, without).length > 0
      ? 'depends'
      : decideWith(without).verdict,
  );
  const [first] = reasons;
  // A Deny that was seen counts, whatever was not seen.
  if (verdict === 'denied' && (policies.unread.length === 0 || first?.kind === 'deny')) {
    return [
      {
        status: 'fail',
        fact: first?.kind ?? 'denied',
        message: `The role can’t put objects into the bucket: ${wordReasons(reasons)}.${rests}`,
        expected: contract.permissions,
        actual: statementsOf(reasons, allPolicies(policies)),
        about: placesOf(reasons).location ? undefined : reasons.map(({ text, kind }) => ({ kind, text })),
        ...placesOf(reasons),
        remediation: letTheRolePut({ role, policies, context }),
      },
    ];
  }
  if (policies.unread.length > 0) return policies.unread.map(unread);
  const tags = unreadTags(decision, policies.facts);
  if (tags) return [unread(tags)];
  if (verdict === 'depends') {
    return [
      {
        status: 'unknown',
        fact: 'depends',
        cause: causeOf(reasons),
        message: `Whether the role can put objects into the bucket can’t be decided: ${wordReasons(reasons)}.`,
        actual: statementsOf(reasons, allPolicies(policies)),
        about: placesOf(reasons).location ? undefined : reasons.map(({ text, kind }) => ({ kind, text })),
        ...placesOf(reasons),
        remediation: ofOpenPermission(exemptTheRole({ role, policies, context })),
      },
    ];
  }
  return [
    {
      status: 'pass',
      fact: 'can-put',
      message: `The role can put objects under every key of the bucket.${rests}`,
    },
  ];
}

/** Whether S3 takes the PutObject under the bucket's Object Lock. declared-retention reports it if the config declares the lock. */
function byObjectLock(
  { contract, declared, observation: { bucket } }: RuleContext,
  assumptions: Assumptions,
): readonly Outcome[] {
  if (bucket.state !== 'value' || isAnothersBucket(bucket.value)) return [];
  if (declared?.retention?.objectLock || assumptions.checksumHeader === 'sent') return [];
  return judged(bucket.value.objectLock, 'the bucket’s Object Lock', (lock) =>
    lock ? judgeChecksum(lock, assumptions) : [],
  ).map((outcome) => ({ ...outcome, resource: contract.bucketArn }));
}

/** A Deny keeps its conditions and spares the role; the condition of an Allow can go. */
function ofOpenPermission(exempt: Remediation | undefined): Remediation {
  const declare = 'Or declare the fact that it depends on under altr.assumptions in the config.';
  return exempt
    ? { ...exempt, summary: `${exempt.summary} ${declare}` }
    : { summary: `Remove the condition from the statement that allows the write. ${declare}` };
}
