/** ALTR with the right ExternalId really can assume the role. */
import type { Assumptions } from '../../config/options/assumptions';
import type { RuleContext } from '../evidence/context';
import { withEnding } from '../evidence/ending';
import { needing, type Outcome } from '../evidence/outcome';
import { parsedTrustPolicy } from '../evidence/parsed';
import { assumeRequest } from '../evidence/role-policies';
import { causeOf, placesOf, restsOn, statementsOf, wordReasons } from '../evidence/wording';
import type { RoleObservation } from '../observe/observation';
import { decideByPolicy, type Policy } from '../policy';
import { exemptAltr, restoreTrust } from '../remedy/trust';
import type { Remediation } from '../verdict/finding';
import { roleRule } from './rule';

export const trustUsable = roleRule(
  {
    id: 'trust-usable',
    title: 'ALTR with the right ExternalId really can assume the role',
    severity: 'high',
    needs: 'organization',
    requirement: {
      text: 'The ALTR platform will use an IAM Role to ensure it has authorization to write objects into the S3 bucket.',
      source: 'vendor page, step 4 “Configure an IAM Role”',
    },
    risk: 'ALTR can’t assume the role: from now on audit logs are lost, and nothing in AWS reports it.',
    remediation:
      'Restore the contract’s trust policy, without Deny statements or conditions that ALTR can’t meet.',
    examples: {
      violating: {
        summary: 'A condition demands one of your VPC endpoints, which ALTR never comes through.',
        setUp: {
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: 'sts:AssumeRole',
                Condition: {
                  StringEquals: {
                    'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
                    'aws:SourceVpce': 'vpce-0123456789abcdef0',
                  },
                },
              },
            ],
          },
        },
      },
      compliant: {
        summary: 'A Deny of requests without TLS never applies to ALTR.',
        setUp: {
          trustPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' } },
              },
              {
                Effect: 'Deny',
                Principal: '*',
                Action: 'sts:AssumeRole',
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
    },
  },
  (role, context) => {
    const policies = role.trustPolicy.state === 'value' ? [parsedTrustPolicy(role.trustPolicy.value)] : [];
    return withEnding(judge(role, context), 'ALTR can assume the role', policies, context, (later) =>
      judge(role, later),
    );
  },
);

function judge(role: RoleObservation, context: RuleContext): readonly Outcome[] {
  return needing(role.trustPolicy, (document) => {
    const { contract, assumptions } = context;
    const policy = parsedTrustPolicy(document);
    const decideWith = (known: Assumptions) =>
      decideByPolicy(policy, assumeRequest(role, { ...context, assumptions: known }));
    const { verdict, reasons } = decideWith(assumptions);
    const rests = restsOn(assumptions, verdict, (without) => decideWith(without).verdict);
    // A principal of ALTR's account that is narrower than its root may be the one that ALTR uses: trust-principal
    // gives the advice.
    const narrowerOnly = reasons.length > 0 && reasons.every(({ kind }) => kind === 'principal');
    if (verdict === 'allowed' || (verdict === 'depends' && narrowerOnly)) {
      return [
        {
          status: 'pass',
          fact: 'assumable',
          message: `ALTR can assume the role with the client ID as ExternalId.${rests}`,
        },
      ];
    }
    const [first] = reasons;
    const places = {
      location: { document: document.source, pointer: '' },
      ...placesOf(reasons),
    };
    if (verdict === 'depends') {
      return [
        {
          status: 'unknown',
          fact: 'depends',
          cause: causeOf(reasons),
          message: `Whether ALTR can assume the role can’t be decided: ${wordReasons(reasons)}.`,
          actual: statementsOf(reasons, [policy]),
          about: ofNoStatement(
            policy,
            reasons.map(({ text }) => text),
          ),
          ...places,
          remediation: ofOpenTrust(context, role, policy),
        },
      ];
    }
    return [
      {
        status: 'fail',
        fact: first?.kind ?? 'denied',
        message: `ALTR can’t assume the role: ${wordReasons(reasons)}.${rests}`,
        expected: contract.trust,
        actual: statementsOf(reasons, [policy]),
        about: ofNoStatement(
          policy,
          reasons.map(({ text, clauses }) =>
            clauses ? { text, conditions: clauses.map(({ clause }) => clause.key) } : text,
          ),
        ),
        ...places,
        remediation: restoreTrust(context, role, policy),
      },
    ];
  });
}

/** What tells the fact in the fingerprint if the document has no statement to tell it. */
function ofNoStatement(policy: Policy, reasons: unknown): unknown {
  return policy.statements.length === 0 ? reasons : undefined;
}

/** A Deny keeps its conditions and spares ALTR; the contract's own Allow needs no condition but the ExternalId. */
function ofOpenTrust(context: RuleContext, role: RoleObservation, policy: Policy): Remediation {
  const exempt = exemptAltr(context, role, policy);
  const declare = 'Or declare the fact that it depends on under altr.assumptions in the config.';
  return exempt
    ? { ...exempt, summary: `${exempt.summary} ${declare}` }
    : {
        summary: `Remove the condition from the statement that allows ALTR, all but that on the ExternalId. ${declare}`,
      };
}
