/** What to do about a call that AWS refused: it depends on which policy refused it. */
import type { Unreadable } from '../observe/observation';

type Refusal = Pick<Unreadable, 'permission' | 'caller' | 'deniedBy' | 'explicitDeny'>;

/** Whole sentences; `undefined` if a permission is not what is missing. */
export function accessAdvice(refusal: Refusal): string | undefined {
  const { permission, deniedBy, explicitDeny } = refusal;
  if (!permission) return undefined;
  const caller = refusal.caller ?? 'the principal that runs the check';
  switch (deniedBy) {
    case 'service control policy':
    case 'resource control policy':
      return `A ${deniedBy} of the AWS organization stops ${permission} for ${caller}. No policy in the account can change that: ask the organization’s administrators, or run the check as a principal that they exempt.`;
    case 'VPC endpoint policy':
      return `The policy of the VPC endpoint that the call goes through stops ${permission} for ${caller}. Run the check from another network, or ask the endpoint’s owner.`;
    case 'session policy':
      return `The session policy of ${caller} stops ${permission}. Start a session without that policy, or with one that includes it.`;
    case 'permissions boundary':
      return `The permissions boundary of ${caller} stops ${permission}. Run the check as a principal without that boundary, or ask the boundary’s owner: a change of it holds for everybody it is attached to.`;
    default:
  }
  if (explicitDeny) {
    return `A Deny${deniedBy ? ` in the ${deniedBy}` : ''} stops ${permission} for ${caller}, and no Allow outweighs it. Exempt this principal from that statement, or run the check as another one.`;
  }
  if (deniedBy === 'resource-based policy' || deniedBy === 'role trust policy') {
    return `The ${deniedBy} doesn’t let ${caller} do ${permission}. Ask the owner of the resource to add it, or run the check as another principal.`;
  }
  const command = permission.startsWith('organizations:')
    ? 'auditor-policy --organization'
    : 'auditor-policy';
  return `Allow ${permission} to ${caller}. altr-export ${command} prints the whole policy that a check needs.`;
}
