/** Who may try to assume a role, as its trust policy names them, and what is known of the attempt. */
import type { ExportContract } from '../../contract/contract';
import { ASSUME_ACTION, EXTERNAL_ID_KEY } from '../../contract/policies';
import {
  actionPattern,
  type Caller,
  type Fact,
  glob,
  overlaps,
  type Policy,
  type Principal,
  RequestContext,
  type Statement,
} from '../policy';

/** Every action by which a role is entered: AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity. */
const WAYS_IN = glob(`${ASSUME_ACTION.toLowerCase()}*`);

/** Allow statements that let somebody in, by any of the ways. */
export function waysIn(policy: Policy): Statement[] {
  return policy.statements.filter(
    ({ effect, faults, actions }) =>
      effect === 'Allow' &&
      faults.length === 0 &&
      (actions.negated || actions.entries.some((entry) => overlaps(actionPattern(entry), WAYS_IN))),
  );
}

/** Somebody who tries to assume the role. */
export interface Attempt {
  readonly caller: Caller;
  /** Who it is, for messages. */
  readonly who: string;
  readonly context: RequestContext;
}

const SOMEBODY = '\u{E000}';

/** The attempts that a principal of a trust policy makes possible. Whatever the caller can choose is open. */
export function attemptsOf(
  principal: Principal | 'everyone-but',
  contract: ExportContract,
  observedAt: string,
): Attempt[] {
  const altr = contract.altrAccountId;
  if (principal === 'everyone-but' || principal.kind === 'anyone') {
    return [attempt(altr, 'ALTR’s account', observedAt), stranger(altr, observedAt)];
  }
  switch (principal.kind) {
    case 'account':
    case 'user':
    case 'session':
    case 'federated-user':
      return [attempt(principal.accountId, principal.text, observedAt)];
    case 'role':
      return [attempt(principal.accountId, principal.text, observedAt, principal.text)];
    default:
      return [];
  }
}

/** Somebody of an account that is not ALTR's, and that nobody has named. */
export function stranger(altrAccountId: string, observedAt: string): Attempt {
  return {
    caller: { accountId: SOMEBODY },
    who: 'anyone in any AWS account',
    context: openContext(observedAt, {
      'aws:PrincipalAccount': { kind: 'present', domain: { kind: 'other-than', values: [altrAccountId] } },
      'aws:PrincipalArn': {
        kind: 'present',
        domain: { kind: 'arn-outside-account', accountId: altrAccountId },
      },
    }),
  };
}

function attempt(accountId: string, who: string, observedAt: string, roleArn?: string): Attempt {
  return {
    caller: { accountId, ...(roleArn ? { roleArn } : {}) },
    who,
    context: openContext(observedAt, {
      'aws:PrincipalAccount': { kind: 'value', value: accountId },
      'aws:PrincipalArn': { kind: 'present', domain: { kind: 'arn-in-account', accountId } },
    }),
  };
}

function openContext(observedAt: string, facts: Readonly<Record<string, Fact>>): RequestContext {
  return new RequestContext({ 'aws:CurrentTime': { kind: 'value', value: observedAt }, ...facts });
}

/** Values of the ExternalId, other than the right one, that a trust policy may have been written to accept. */
export function otherExternalIds(policy: Policy, clientId: string): string[] {
  const written = policy.statements
    .flatMap((statement) => statement.conditions)
    .filter((clause) => clause.key.toLowerCase() === EXTERNAL_ID_KEY.toLowerCase())
    .flatMap((clause) => clause.values);
  const variants = [...written, clientId].flatMap((value) => [
    value,
    value.toUpperCase(),
    value.toLowerCase(),
    value.replaceAll('*', '').replaceAll('?', 'x'),
    value.replaceAll(/[*?]/g, 'x'),
    `${value}x`,
    `x${value}`,
  ]);
  return [...new Set([...written, 'any-other-id', ...variants])].filter(
    (value) => value !== clientId && value !== '',
  );
}
