/** How to make the role as the config declares it: a fix for each setting, which leaves the others as they are. */
import type { DeclaringContext } from '../evidence/context';
import type { RoleObservation } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { configChange, redeploy } from './hcl';
import { roleBlock } from './role-block';
import { quote } from './shell';
import { trustAsRestored } from './trust';

const SUMMARY = 'Deploy the export again: that restores the role’s settings.';

/** Its longest session. */
export function sessionAsDeclared(role: RoleObservation, context: DeclaringContext): Remediation {
  const seconds = (context.declared.role?.maxSessionHours ?? 1) * 3600;
  return {
    summary: SUMMARY,
    commands: [`aws iam update-role --role-name ${quote(role.name)} --max-session-duration ${seconds}`],
    terraform: declaredBlock(role, context),
    cdktf: redeploy(context.contract),
  };
}

/** Its boundary. */
export function boundaryAsDeclared(
  role: RoleObservation,
  boundary: string,
  context: DeclaringContext,
): Remediation {
  return {
    summary: SUMMARY,
    commands: [
      `aws iam put-role-permissions-boundary --role-name ${quote(role.name)} --permissions-boundary ${quote(boundary)}`,
    ],
    terraform: declaredBlock(role, context),
    cdktf: redeploy(context.contract),
  };
}

/** Its path, which is corrected in the config: a role can't be moved. */
export function pathAsFound({ path }: RoleObservation, { contract }: DeclaringContext): Remediation {
  return {
    summary:
      'Correct role.path in the config (in the Terraform module role_path). A role can’t be moved: to have it in another path it is made anew, and ALTR’s portal needs its new ARN.',
    cdktf: configChange(contract, `role:\n  path: ${path}`),
  };
}

/** The same block for every finding: where it is, with the declared boundary, and the shorter session. */
function declaredBlock(role: RoleObservation, context: DeclaringContext): string {
  const { maxSessionHours = 1, permissionsBoundary } = context.declared.role ?? {};
  const found = role.maxSessionDuration?.state === 'value' ? role.maxSessionDuration.value : undefined;
  return roleBlock(role, {
    trust: trustAsRestored(context, role),
    maxSessionDuration: Math.min(maxSessionHours * 3600, found ?? 3600),
    permissionsBoundary,
  });
}
