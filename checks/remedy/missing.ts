/** How to create a missing role or bucket, and how to delete an undeclared role. */
import type { ExportContract } from '../../contract/contract';
import { ROLE_NAME_PREFIX } from '../../contract/names';
import type { RuleContext } from '../evidence/context';
import type { RoleObservation } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { configChange, jsonencode, redeploy, resource } from './hcl';
import { blockPublicAccess } from './public-access';
import { OWN_POLICY } from './role-documents';
import { quote, quoteJson } from './shell';

/** Creates the role, with the contract's trust and permissions. */
export function createRole(contract: ExportContract, name = contract.roleName): Remediation {
  const role = quote(name);
  return {
    summary:
      'Create the role with the contract’s trust policy and permissions, or correct roleName in the config.',
    document: contract.trust,
    commands: [
      `aws iam create-role --role-name ${role} --assume-role-policy-document ${quoteJson(contract.trust)}`,
      `aws iam put-role-policy --role-name ${role} --policy-name ${OWN_POLICY} --policy-document ${quoteJson(contract.permissions)}`,
    ],
    terraform: [
      resource('aws_iam_role', name, { name, assume_role_policy: jsonencode(contract.trust) }),
      resource('aws_iam_role_policy', OWN_POLICY, {
        role: name,
        name: OWN_POLICY,
        policy: jsonencode(contract.permissions),
      }),
    ].join('\n\n'),
    cdktf: redeploy(contract),
  };
}

/** Creates a role with a right name from the contract, and deletes the one with the wrong name. */
export function replaceRole(role: RoleObservation, { contract }: RuleContext): Remediation {
  const bare = role.name.toLowerCase().startsWith(ROLE_NAME_PREFIX.toLowerCase())
    ? role.name.slice(ROLE_NAME_PREFIX.length)
    : role.name;
  const name = `${ROLE_NAME_PREFIX}${bare}`.slice(0, 64);
  const made = createRole(contract, name);
  return {
    ...made,
    summary: `Create a role with the prefix, enter its ARN in ALTR’s portal and its name in the config, then delete this one.`,
    commands: [...(made.commands ?? []), ...deleteRole(role.name)],
    cdktf: configChange(contract, `roleName: ${name}`),
  };
}

/** Creates the bucket with AWS's defaults. */
export function createBucket(contract: ExportContract): Remediation {
  const { bucket, region } = contract;
  // Source: AWS CLI Command Reference, "create-bucket": us-east-1 takes no location constraint.
  const constraint =
    region === 'us-east-1' ? '' : ` --create-bucket-configuration LocationConstraint=${quote(region)}`;
  return combined([
    {
      summary: 'Create the bucket, or correct bucket in the config.',
      commands: [`aws s3api create-bucket --bucket ${quote(bucket)} --region ${quote(region)}${constraint}`],
      terraform: resource('aws_s3_bucket', bucket, { bucket }),
      cdktf: redeploy(contract),
    },
    blockPublicAccess(contract),
  ]);
}

/** Deletes a role that the config does not declare. */
export function deleteUndeclared(name: string): Remediation {
  return {
    summary: 'Declare the role in the config, or delete it once nothing needs it.',
    commands: deleteRole(name),
    terraform: `removed {\n  from = aws_iam_role.altr # the resource of role ${JSON.stringify(name)}; delete its block\n  lifecycle {\n    destroy = true\n  }\n}`,
    cdktf: `# altr-exports.yaml: another entry under exports, if the role is needed\nroleName: ${name}`,
  };
}

/** IAM deletes a role only after its policies and instance profiles are off (IAM User Guide, "Delete roles or instance profiles"). */
function deleteRole(name: string): string[] {
  const role = quote(name);
  const each = (list: string, query: string, command: string) =>
    `for item in $(aws iam ${list} --role-name ${role} --query '${query}' --output text); do ${command}; done`;
  return [
    each(
      'list-attached-role-policies',
      'AttachedPolicies[].PolicyArn',
      `aws iam detach-role-policy --role-name ${role} --policy-arn "$item"`,
    ),
    each(
      'list-role-policies',
      'PolicyNames[]',
      `aws iam delete-role-policy --role-name ${role} --policy-name "$item"`,
    ),
    `aws iam delete-role --role-name ${role}`,
  ];
}
