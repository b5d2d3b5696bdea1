/** The steps that write one document of the role, whatever is in it: an inline policy, or a version of a managed one. */
import { parseArn } from '../../contract/arn';
import type { RuleContext } from '../evidence/context';
import type { Remediation } from '../verdict/finding';
import { collection, jsonencode, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import type { Subject } from './subject';

export function putInline(
  name: string,
  document: object,
  summary: string,
  { role, context }: Subject,
): Remediation {
  return {
    summary,
    document,
    commands: [
      `aws iam put-role-policy --role-name ${quote(role.name)} --policy-name ${quote(name)} --policy-document ${quoteJson(document)}`,
    ],
    terraform: resource('aws_iam_role_policy', name, { role: role.name, name, policy: jsonencode(document) }),
    cdktf: redeployPolicies(context),
  };
}

export function deleteInline(name: string, { role, policies, context }: Subject): Remediation {
  const others = policies.identity.flatMap(({ policy }) =>
    policy.kind === 'inline' && policy.name !== name ? [policy.name] : [],
  );
  return {
    summary: `Delete the inline policy ${name}: the role needs nothing in it.`,
    commands: [`aws iam delete-role-policy --role-name ${quote(role.name)} --policy-name ${quote(name)}`],
    terraform: resource('aws_iam_role_policies_exclusive', role.name, {
      role_name: role.name,
      policy_names: collection(others),
    }),
    cdktf: redeployPolicies(context),
  };
}

export function newVersion(
  arn: string,
  document: object | undefined,
  summary: string,
  cdktf?: string,
): Remediation {
  const [path = '', name = ''] = /^policy(\/.*?)([^/]+)$/.exec(parseArn(arn)?.resource ?? '')?.slice(1) ?? [];
  const policyArn = quote(arn);
  const oldest = 'reverse(sort_by(Versions[?!IsDefaultVersion],&CreateDate))[3:].[VersionId]';
  return {
    summary: `${summary} If the policy ${name} has five versions, the most that IAM keeps, its oldest that is not in force is deleted first.`,
    document,
    commands: [
      `for version in $(aws iam list-policy-versions --policy-arn ${policyArn} --query ${quote(oldest)} --output text); do aws iam delete-policy-version --policy-arn ${policyArn} --version-id "$version"; done`,
      `aws iam create-policy-version --policy-arn ${quote(arn)} --set-as-default --policy-document ${quoteJson(document)}`,
    ],
    terraform: resource('aws_iam_policy', name, {
      name,
      ...(path === '/' ? {} : { path }),
      policy: jsonencode(document),
    }),
    cdktf,
  };
}

/** A deploy restores the role's own policy, and takes every other off the role unless the config leaves them alone. */
export function redeployPolicies({ contract, declared }: RuleContext): string | undefined {
  return declared?.role?.exclusive === false ? undefined : redeploy(contract);
}

export function isAwsManaged(arn: string): boolean {
  return parseArn(arn)?.accountId === 'aws';
}
