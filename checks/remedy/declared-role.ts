/** How to make the role as the config declares it. */
import type { DeclaringContext } from '../evidence/context';
import type { Remediation } from '../verdict/finding';
import { jsonencode, redeploy, resource } from './hcl';
import { quote } from './shell';

/** Its longest session and its boundary. */
export function roleAsDeclared({ contract, declared: { role } }: DeclaringContext): Remediation {
  const { roleName } = contract;
  const seconds = (role?.maxSessionHours ?? 1) * 3600;
  const boundary = role?.permissionsBoundary;
  return {
    summary: 'Deploy the export again: that restores the role’s settings.',
    commands: [
      `aws iam update-role --role-name ${quote(roleName)} --max-session-duration ${seconds}`,
      ...(boundary
        ? [
            `aws iam put-role-permissions-boundary --role-name ${quote(roleName)} --permissions-boundary ${quote(boundary)}`,
          ]
        : []),
    ],
    terraform: resource('aws_iam_role', roleName, {
      name: roleName,
      assume_role_policy: jsonencode(contract.trust),
      max_session_duration: seconds,
      ...(boundary ? { permissions_boundary: boundary } : {}),
    }),
    cdktf: redeploy(contract),
  };
}
