/** Who asks, and which principals of a statement that is. */
import { any, type Tri, tri } from './condition/tri';
import type { Matcher, Statement } from './document';
import type { Principal } from './principal';

/** Who asks: a session of a role, some principal of an account, with nothing known but the account, or an AWS service. */
export interface Caller {
  readonly accountId: string;
  /** The partition of the account, in which alone a principal can be named by its ARN; `undefined` if it does not matter. */
  readonly partition?: string;
  /** ARN of the role whose session asks; `undefined` for "some principal of the account". */
  readonly roleArn?: string;
  /** Name of the role, without its path. */
  readonly roleName?: string;
  /** Whether a permissions boundary is attached to the role. */
  readonly bounded?: boolean;
  /** Name of an AWS service that asks for itself, for example `s3.amazonaws.com`: it is in no account. */
  readonly service?: string;
}

/** Whether the caller is one of those that the statement speaks of. */
export function matchesPrincipals(
  principals: Matcher<Principal>,
  caller: Caller,
  effect: Statement['effect'] = 'Allow',
): Tri {
  const named = any(principals.entries.map((principal) => matchesPrincipal(principal, caller)));
  if (!principals.negated) return named;
  // "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a permissions boundary policy
  // attached" (IAM User Guide, "Permissions boundaries for IAM entities").
  if (named === 'false' || (caller.bounded && effect === 'Deny')) return 'true';
  // NotPrincipal spares a session for certain only where account, role and session are all named, and a session's name
  // is not known (IAM User Guide, "AWS JSON policy elements: NotPrincipal").
  return principals.entries.some(({ kind }) => kind === 'anyone') ? 'false' : 'depends';
}

function matchesPrincipal(principal: Principal, caller: Caller): Tri {
  if ('partition' in principal && caller.partition && principal.partition !== caller.partition)
    return 'false';
  switch (principal.kind) {
    case 'anyone':
      return 'true';
    case 'account':
      return tri(principal.accountId === caller.accountId);
    case 'role':
      if (caller.roleArn !== undefined) return tri(principal.text === caller.roleArn);
      return principal.accountId === caller.accountId ? 'depends' : 'false';
    case 'session':
      if (principal.accountId !== caller.accountId) return 'false';
      if (caller.roleName === undefined) return 'depends';
      return principal.name.startsWith(`${caller.roleName}/`) ? 'depends' : 'false';
    case 'user':
    case 'federated-user':
      return principal.accountId === caller.accountId && caller.roleArn === undefined ? 'depends' : 'false';
    case 'service':
      return tri(principal.text === caller.service);
    case 'canonical':
    case 'unknown':
      return 'depends';
    default:
      return 'false';
  }
}
