/** No policy of the organization keeps the role from writing to the bucket. */
import type { Assumptions } from '../../config/options/assumptions';
import { parseArn } from '../../contract/arn';
import { EXPORT_ACTION, KMS_REQUIRED_ACTION } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import {
  type AccountBinding,
  bindingOf,
  decideByOrganization,
  judgedByOrganization,
  type OrganizationDecision,
  undecided,
} from '../evidence/organization';
import { unread } from '../evidence/outcome';
import { unreadTags } from '../evidence/request-context';
import {
  bucketKey,
  isUnreadable,
  keyRequest,
  putRequest,
  type RolePolicies,
  rolePolicies,
} from '../evidence/role-policies';
import {
  ABSENT,
  type BucketObservation,
  known,
  type Observed,
  type RoleObservation,
} from '../observe/observation';
import { exemptInOrganization, theRole } from '../remedy/organization';
import { bucketRule, whereOrganizationIsJudged } from './rule';

export const organizationAllowsDelivery = whereOrganizationIsJudged(
  bucketRule(
    {
      id: 'organization-allows-delivery',
      title: 'No policy of the organization keeps the role from writing to the bucket',
      severity: 'high',
      needs: 'organization',
      optIn:
        'It is on where the organization’s policies were read: with `organization` in the config, or `--organization`.',
      requirement: {
        text: 'In order to authorize your ALTR client to put objects into the S3 bucket you must create an IAM policy granting the s3:PutObject action.',
        source: 'vendor page, step 3 “Create an IAM Policy”',
      },
      risk: 'A policy of the organization refuses ALTR’s writes, whatever the account’s own policies say: audit logs are lost, and nothing in the account reports it.',
      remediation:
        'Ask the owner of the organization to exempt the role (aws:PrincipalArn) in the statement that denies the write, or to allow s3:PutObject at the level that does not.',
      examples: {
        violating: {
          summary: 'A service control policy of the unit denies everything outside one region.',
          setUp: {
            organization: {
              unit: {
                serviceControlPolicies: {
                  FullAWSAccess: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
                  Regions: [onlyIn('eu-west-1')],
                },
              },
            },
          },
        },
        compliant: {
          summary: 'The same for the region of the bucket.',
          setUp: {
            organization: {
              unit: {
                serviceControlPolicies: {
                  FullAWSAccess: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
                  Regions: [onlyIn('us-east-1')],
                },
              },
            },
          },
        },
      },
    },
    (bucket, context) => {
      const { observation } = context;
      if (observation.role.state === 'absent') return [];
      if (observation.role.state === 'unreadable') return [unread(observation.role.reason)];
      const role = observation.role.value;
      const policies = rolePolicies(role, context);
      if (isUnreadable(policies)) return [unread(policies)];
      return judgedByOrganization(
        context,
        policies.caller.accountId,
        (binding, assumptions) => decideWrite({ role, bucket, policies, binding }, context, assumptions),
        {
          purpose: 'writing its logs',
          causes: 'organization-delivery',
          remedy: (decisions, organization) =>
            exemptInOrganization(decisions, organization, theRole(role.arn)),
        },
      );
    },
  ),
);

function onlyIn(region: string): object {
  return {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:RequestedRegion': region } },
  };
}

interface Write {
  readonly role: RoleObservation;
  readonly bucket: BucketObservation;
  readonly policies: RolePolicies;
  readonly binding: AccountBinding;
}

/** The object, and the key that S3 encrypts it with on the session's behalf. */
function decideWrite(
  { role, bucket, policies, binding }: Write,
  context: RuleContext,
  assumptions: Assumptions,
): OrganizationDecision[] {
  const { accountId } = policies.caller;
  // "SCPs do not affect any service-linked role" (AWS Organizations User Guide, "Service control policies (SCPs)"); RCPs don't either.
  if (role.path.startsWith('/aws-service-role/')) return [];
  const put = putRequest(policies, { contract: context.contract, assumptions });
  const decisions = [binding.service, binding.resource].map((bound) => {
    const decision = decideByOrganization(bound, put);
    const tags = unreadTags(decision, policies.facts);
    return tags ? { ...undecided(EXPORT_ACTION, tags), unread: decision.unread } : decision;
  });
  // Without its owner nobody knows whose policies bind the bucket.
  if (bucket.owner.state === 'unreadable') decisions.push(undecided(EXPORT_ACTION, bucket.owner.reason));
  const key = bucketKey(bucket, context, accountId);
  if (!key) return decisions;
  if ('message' in key) return [...decisions, undecided(KMS_REQUIRED_ACTION, key)];
  const use = keyRequest(policies, key.arn, assumptions);
  decisions.push(decideByOrganization(binding.service, use));
  // "Resource control policies in your organization do not apply to AWS managed keys" (AWS KMS Developer Guide).
  if (key.isAwsManaged) return decisions;
  const owner = parseArn(key.arn)?.accountId ?? accountId;
  const ofKey = owner === accountId ? known(binding) : bindingElsewhere(owner, context);
  decisions.push(
    ofKey.state === 'value'
      ? decideByOrganization(ofKey.value.resource, use)
      : undecided(KMS_REQUIRED_ACTION, {
          message: `the key ${key.arn} is of account ${owner}, and the policies that its organization has for it were not read`,
          undecided: true,
        }),
  );
  return decisions;
}

function bindingElsewhere(accountId: string, { organization }: RuleContext): Observed<AccountBinding> {
  return organization?.state === 'value' ? bindingOf(organization.value, accountId) : ABSENT;
}
