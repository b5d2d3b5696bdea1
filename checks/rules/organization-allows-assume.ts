/** No policy of the organization keeps ALTR from assuming the role. */

import { decideByOrganization, judgedByOrganization } from '../evidence/organization';
import { unread } from '../evidence/outcome';
import { assumeRequest, isUnreadable, rolePolicies } from '../evidence/role-policies';
import { resourceName } from '../policy';
import { altrsAccount, exemptInOrganization } from '../remedy/organization';
import { roleRule, whereOrganizationIsJudged } from './rule';

export const organizationAllowsAssume = whereOrganizationIsJudged(
  roleRule(
    {
      id: 'organization-allows-assume',
      title: 'No policy of the organization keeps ALTR from assuming the role',
      severity: 'high',
      needs: 'organization',
      optIn:
        'It is on where the organization’s policies were read: with `organization` in the config, or `--organization`.',
      requirement: {
        text: 'The ALTR platform will use an IAM Role to ensure it has authorization to write objects into the S3 bucket.',
        source: 'vendor page, step 4 “Configure an IAM Role”',
      },
      risk: 'A resource control policy refuses ALTR’s account, whatever the role’s own policies say: audit logs are lost, and nothing in the account reports it.',
      remediation:
        'Ask the owner of the organization to exempt ALTR’s account (aws:PrincipalAccount) in the statement that denies sts:AssumeRole.',
      examples: {
        violating: {
          summary:
            'A resource control policy at the root denies sts:AssumeRole to everybody outside the organization.',
          setUp: { organization: { root: { resourceControlPolicies: { Perimeter: [outside()] } } } },
        },
        compliant: {
          summary: 'The same, with ALTR’s account exempted.',
          setUp: {
            organization: {
              root: {
                resourceControlPolicies: { Perimeter: [outside({ 'aws:PrincipalAccount': '111122223333' })] },
              },
            },
          },
        },
      },
    },
    (role, context) => {
      const policies = rolePolicies(role, context);
      if (isUnreadable(policies)) return [unread(policies)];
      return judgedByOrganization(
        context,
        policies.caller.accountId,
        // Service control policies bind only the organization's own principals, and ALTR is none.
        ({ resource }, assumptions) => [
          decideByOrganization(resource, {
            ...assumeRequest(role, { ...context, assumptions }),
            resource: resourceName(role.arn),
          }),
        ],
        {
          purpose: 'assuming the role',
          causes: 'organization-assume',
          remedy: (decisions, organization) =>
            exemptInOrganization(decisions, organization, altrsAccount(context.contract.altrAccountId)),
        },
      );
    },
  ),
);

function outside(exempt: Readonly<Record<string, string>> = {}): object {
  return {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Resource: '*',
    Condition: {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1', ...exempt },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  };
}
