/** Who is tried on a policy: those whom it names, and somebody whom nobody has named. */
import type { Partition } from '../../contract/partition';
import { roleArn } from '../../contract/policies';
import {
  type Caller,
  commonArnPattern,
  type Fact,
  type Policy,
  type Principal,
  type Statement,
  splitArn,
  UNNAMED,
} from '../policy';
import { NO_SERVICE, principalArns } from './request-context';

export const is = (value: string): Fact => ({ kind: 'value', value });

/**
 * Whom a policy's conditions or its `NotPrincipal` name, as ARNs with wildcards; an account by all of its roles. Where patterns of
 * several statements have principals in common, these are listed, too: if each statement denies all but its own, they alone are left.
 */
export function sparedBy({ statements }: Policy, partition: Partition): string[] {
  const spared = new Set<string>();
  const patterns = new PatternsByAccount();
  for (const statement of statements) {
    const { arns, accounts } = sparedIn(statement);
    const named = [...arns, ...accounts.map((accountId) => roleArn(partition, accountId, '*'))];
    const wide = [...arns, ...accounts.flatMap((accountId) => principalArns(partition, accountId))].filter(
      (arn) => /[*?]/.test(arn),
    );
    const common = wide.flatMap((arn) =>
      patterns.near(arn).flatMap((other) => commonArnPattern(arn, other) ?? []),
    );
    for (const arn of [...named, ...common]) spared.add(arn);
    for (const arn of [...wide, ...common]) patterns.add(arn);
  }
  return [...spared];
}

/** Patterns of ARNs, so that a thousand accounts are not compared each with each. */
class PatternsByAccount {
  readonly #patterns = new Map<string, Set<string>>();

  add(arn: string): void {
    const account = accountIn(arn);
    this.#patterns.set(account, (this.#patterns.get(account) ?? new Set()).add(arn));
  }

  /** Those that may have ARNs in common with a pattern. */
  near(arn: string): string[] {
    const account = accountIn(arn);
    const accounts = account === ANY_ACCOUNT ? [...this.#patterns.keys()] : [account, ANY_ACCOUNT];
    return accounts.flatMap((id) => [...(this.#patterns.get(id) ?? [])]);
  }
}

const ANY_ACCOUNT = '*';

function accountIn(arn: string): string {
  const account = splitArn(arn)?.[4] ?? ANY_ACCOUNT;
  return /[*?]/.test(account) ? ANY_ACCOUNT : account;
}

/** Whom a statement's conditions or its `NotPrincipal` name. */
function sparedIn({ conditions, principals }: Statement): { arns: string[]; accounts: string[] } {
  const valuesOf = (name: string) =>
    conditions.filter(({ key }) => key.toLowerCase() === name).flatMap(({ values }) => values);
  const entries = principals?.negated ? principals.entries : [];
  return {
    arns: [
      ...valuesOf('aws:principalarn'),
      ...entries.flatMap((entry) => (entry.kind === 'account' ? [] : entry.text)),
    ],
    accounts: [
      ...valuesOf('aws:principalaccount'),
      ...entries.flatMap((entry) => (entry.kind === 'account' ? entry.accountId : [])),
    ],
  };
}

/** Somebody whom a pattern means and nobody has named. */
export function witness(pattern: string): string {
  return pattern.replaceAll(/[*?]/g, UNNAMED);
}

export interface Asking {
  readonly caller: Caller;
  readonly facts: Readonly<Record<string, Fact>>;
}

/** Nobody has named them: one of each kind of principal of an account. */
export function unnamedIn(partition: Partition, accountId: string): Asking[] {
  return principalArns(partition, accountId).map((pattern) => principal(witness(pattern)));
}

export function principal(arn: string): Asking {
  const [, , , , accountId = '', resource = ''] = arn.split(':');
  const isRole = resource.startsWith('role/');
  return {
    caller: {
      accountId,
      ...(isRole ? { roleArn: arn, roleName: resource.slice(resource.lastIndexOf('/') + 1) } : {}),
    },
    facts: {
      ...NO_SERVICE,
      'aws:PrincipalArn': is(arn),
      'aws:PrincipalAccount': is(accountId),
      'aws:PrincipalType': KINDS[resource.replace(/\/.*/, '')] ?? { kind: 'present' },
    },
  };
}

/** Values of `aws:PrincipalType`. */
const KINDS: Readonly<Record<string, Fact>> = {
  role: is('AssumedRole'),
  user: is('User'),
  root: is('Account'),
  'federated-user': is('FederatedUser'),
};

const absent: Fact = { kind: 'absent' };

/**
 * A request that nobody signed (IAM User Guide, "AWS global condition context keys": "Anonymous requests do not include this
 * key", and of the account: "Anonymous requests to public resources return anonymous").
 */
export const ANONYMOUS: Asking = {
  caller: { accountId: UNNAMED },
  facts: {
    ...NO_SERVICE,
    'aws:PrincipalIsAWSService': absent,
    'aws:PrincipalArn': absent,
    'aws:PrincipalAccount': is('anonymous'),
    'aws:PrincipalType': is('Anonymous'),
    'aws:PrincipalOrgID': absent,
    'aws:PrincipalOrgPaths': absent,
    'aws:PrincipalTag/': absent,
  },
};

/**
 * The policy as it is for one principal. Which user or session asks, a `Caller` does not tell: so what names it names
 * everybody, and what names another user or session names nobody.
 */
export function asAskedBy(policy: Policy, arn: string): Policy {
  const isRole = /^arn:[^:]+:iam::\d*:role\//.test(arn);
  const seen = (entry: Principal): Principal => {
    const { text, pointer } = entry;
    if (text === arn) return { kind: 'anyone', text, pointer };
    const isAnother = entry.kind === 'user' || entry.kind === 'federated-user';
    const isAnothers = !isRole && (entry.kind === 'role' || entry.kind === 'session');
    return isAnother || isAnothers ? { kind: 'deleted', text, pointer } : entry;
  };
  return {
    ...policy,
    statements: policy.statements.map((statement) =>
      statement.principals
        ? {
            ...statement,
            principals: { ...statement.principals, entries: statement.principals.entries.map(seen) },
          }
        : statement,
    ),
  };
}
