/** How to create a missing role or bucket, and what to do about an undeclared role. */
import type { ExportContract } from '../../contract/contract';
import { hclString } from '../../contract/hcl';
import { ROLE_NAME_PREFIX } from '../../contract/names';
import type { RuleContext } from '../evidence/context';
import type { RoleObservation } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { configChange, jsonencode, redeploy, redeployBucket, resource } from './hcl';
import { blockPublicAccess } from './public-access';
import { OWN_POLICY } from './role-documents';
import { quote, quoteJson } from './shell';

/** Creates the role, with the contract's trust and permissions, and what the config declares that can't be changed later. */
export function createRole({ contract, declared }: RuleContext, name = contract.roleName): Remediation {
  const role = quote(name);
  const { path = '/' } = declared?.role ?? {};
  const boundary = declared?.role?.permissionsBoundary;
  const settings = [
    ...(path === '/' ? [] : [` --path ${quote(path)}`]),
    ...(boundary ? [` --permissions-boundary ${quote(boundary)}`] : []),
  ].join('');
  return {
    summary:
      'Create the role with the contract’s trust policy and permissions, or correct roleName in the config.',
    document: contract.trust,
    commands: [
      `aws iam create-role --role-name ${role}${settings} --assume-role-policy-document ${quoteJson(contract.trust)}`,
      `aws iam put-role-policy --role-name ${role} --policy-name ${OWN_POLICY} --policy-document ${quoteJson(contract.permissions)}`,
    ],
    terraform: [
      resource('aws_iam_role', name, {
        name,
        path: path === '/' ? undefined : path,
        assume_role_policy: jsonencode(contract.trust),
        permissions_boundary: boundary,
      }),
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
export function replaceRole(role: RoleObservation, context: RuleContext): Remediation {
  const { contract } = context;
  const bare = role.name.toLowerCase().startsWith(ROLE_NAME_PREFIX.toLowerCase())
    ? role.name.slice(ROLE_NAME_PREFIX.length)
    : role.name;
  const name = `${ROLE_NAME_PREFIX}${bare}`.slice(0, 64);
  const made = createRole(context, name);
  return {
    ...made,
    summary: `Create a role with the prefix, and enter its ARN in ALTR’s portal and its name in the config. Delete ${role.name} by hand once logs arrive by the new role: until then ALTR needs it.`,
    cdktf: configChange(contract, `roleName: ${name}`),
  };
}

/** Creates the bucket with AWS's defaults. */
export function createBucket(context: RuleContext): Remediation {
  const { bucket, region } = context.contract;
  // Source: AWS CLI Command Reference, "create-bucket": us-east-1 takes no location constraint.
  const constraint =
    region === 'us-east-1' ? '' : ` --create-bucket-configuration LocationConstraint=${quote(region)}`;
  return combined([
    {
      summary: 'Create the bucket, or correct bucket in the config.',
      commands: [`aws s3api create-bucket --bucket ${quote(bucket)} --region ${quote(region)}${constraint}`],
      terraform: resource('aws_s3_bucket', bucket, { bucket }),
      cdktf: redeployBucket(context),
    },
    blockPublicAccess(context),
  ]);
}

/**
 * Declares a role that the config does not declare: `adopt` prints the entries, which it leaves to a person to write. Deleting
 * the role is nothing to paste: a working export may need it. The kit did not make it, so a deploy changes nothing.
 */
export function declareRole(name: string, { altrAccountId }: ExportContract): Remediation {
  const adopt = `altr-export adopt --altr-account-id ${altrAccountId} --role ${quote(name)} --append`;
  return {
    summary: `Declare the role: altr-export adopt --role ${name} writes the config for it, so that it is audited. Delete it only if nobody needs it: see when it was last used, and ask its owner. Other exports may deliver by it.`,
    commands: [adopt, `aws iam get-role --role-name ${quote(name)} --query Role.RoleLastUsed`],
    terraform: `import {\n  to = aws_iam_role.altr # a resource block for the role ${hclString(name)}\n  id = ${hclString(name)}\n}`,
  };
}
