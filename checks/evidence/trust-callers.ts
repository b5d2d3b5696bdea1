/** Who may try to assume a role, as its trust policy names them, and what is known of the attempt. */
import { parseArn } from '../../contract/arn';
import type { ExportContract } from '../../contract/contract';
import type { Partition } from '../../contract/partition';
import { ASSUME_ACTION, EXTERNAL_ID_KEY } from '../../contract/policies';
import {
  actionPattern,
  applications,
  type Caller,
  decideByPolicy,
  type Fact,
  glob,
  matchesAction,
  overlaps,
  type Policy,
  type Principal,
  RequestContext,
  type Statement,
  UNNAMED,
} from '../policy';
import type { FindingLocation } from '../verdict/finding';
import { fromNowOn, NO_SERVICE, principalArns } from './request-context';
import { locationOf } from './wording';

/** Every action by which a role is entered. */
const ENTRY_ACTIONS = [ASSUME_ACTION, 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];
const ANY_ENTRY_ACTION = glob(`${ASSUME_ACTION.toLowerCase()}*`);

/** How many different principals are tried; AWS would not store half as many. */
export const MOST_CALLERS = 100;

/** Allow statements that let somebody in, by any of the ways. */
export function entryStatements(policy: Policy): Statement[] {
  return policy.statements.filter(
    ({ effect, faults, actions }) =>
      effect === 'Allow' &&
      faults.length === 0 &&
      (actions.negated || actions.entries.some((entry) => overlaps(actionPattern(entry), ANY_ENTRY_ACTION))),
  );
}

/** Whether a way in names an account as a whole, or somebody of it. */
export function letsInByName(policy: Policy, accountId: string): boolean {
  return entryStatements(policy).some((statement) =>
    statement.principals?.entries.some((entry) => 'accountId' in entry && entry.accountId === accountId),
  );
}

/**
 * Whether a policy lets ALTR in: surely, or perhaps but nobody of an account that it does not know. A wildcard that perhaps
 * lets in anybody is some other trust's business. Whoever holds ALTR's credentials chooses MFA, endpoint, time, tags and
 * the rest; the client ID ALTR knows, and a stranger doesn't.
 */
export function letsAltrIn(policy: Policy, contract: ExportContract, observedAt: string): boolean {
  const decided = ({ caller, context }: Somebody, externalId: Fact) => {
    const asked = context.with({ ...NO_SERVICE, [EXTERNAL_ID_KEY]: externalId });
    return decideByPolicy(policy, { action: ASSUME_ACTION, caller, context: asked }).verdict;
  };
  const clientId: Fact = { kind: 'value', value: contract.clientId };
  const altr = ofAltr(contract, observedAt);
  const verdicts = [decided(altr, { kind: 'open' }), decided(altr, clientId)];
  if (verdicts.includes('allowed')) return true;
  if (verdicts.every((verdict) => verdict === 'denied')) return false;
  const others: Fact = { kind: 'open', domain: { kind: 'other-than', values: [contract.clientId] } };
  return unnamedStrangers(policy, contract, observedAt).every(
    (stranger) => decided(stranger, others) === 'denied',
  );
}

/** Principals of an account that nobody has named: one of a made-up name, and one for each name in a condition. */
function unnamedStrangers(
  policy: Policy,
  { partition, altrAccountId }: ExportContract,
  observedAt: string,
): Somebody[] {
  const names = policy.statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ key }) => key.toLowerCase() === 'aws:principalarn')
    .flatMap(({ values }) => values)
    .map((value) => value.slice(value.lastIndexOf(':') + 1).replace(/^\*+/, ''))
    .filter((name) => name !== '' && !name.includes(altrAccountId))
    .map((name) => name.replace(/[*?]/g, UNNAMED));
  return [...new Set([`role/${UNNAMED}`, ...names])].slice(0, MOST_CALLERS).map((name) => ({
    caller: { accountId: UNNAMED },
    who: 'anyone in any AWS account',
    context: openContext(observedAt, {
      'aws:PrincipalAccount': { kind: 'value', value: UNNAMED },
      'aws:PrincipalArn': { kind: 'value', value: `arn:${partition}:iam::${UNNAMED}:${name}` },
    }),
  }));
}

/** Somebody who tries to assume the role. */
export interface Attempt {
  readonly caller: Caller;
  /** Who it is, for messages. */
  readonly who: string;
  /** The way in. Only AssumeRole carries an ExternalId. */
  readonly action: string;
  readonly context: RequestContext;
  /** The statements that name the caller. What other statements allow is for the callers whom those name. */
  readonly statements: readonly Statement[];
}

/** A principal of a statement, or everybody whom `NotPrincipal` does not name. */
export type Named = Principal | 'everyone-but';

/** The principals of a statement that a trust policy may name. */
export function namedIn({ principals }: Statement): readonly Named[] {
  if (!principals) return [];
  return principals.negated ? ['everyone-but'] : principals.entries;
}

/**
 * The attempts that a principal of a statement makes possible by the ways that the statement opens. Whatever the caller
 * can choose is open. Empty for what is no principal of an AWS account, such as a service.
 */
export function attemptsOf(
  principal: Named,
  statement: Statement,
  policy: Policy,
  contract: ExportContract,
  observedAt: string,
): Attempt[] {
  const callers =
    principal === 'everyone-but' || principal.kind === 'anyone'
      ? [ofAltr(contract, observedAt), ...strangers(policy, contract, observedAt)]
      : attemptsOfOne(principal, contract, observedAt);
  const ways = ENTRY_ACTIONS.filter((action) => matchesAction(statement.actions, action));
  return callers.flatMap((caller) => ways.map((action) => ({ ...caller, action, statements: [statement] })));
}

type Somebody = Omit<Attempt, 'action' | 'statements'>;

function attemptsOfOne(principal: Principal, { partition }: ExportContract, observedAt: string): Somebody[] {
  switch (principal.kind) {
    case 'account':
    case 'session':
    case 'federated-user':
      return [attempt(partition, principal.accountId, principal.text, observedAt)];
    case 'user':
    case 'role':
      return [attempt(partition, principal.accountId, principal.text, observedAt, principal)];
    default:
      return [];
  }
}

/** Somebody of an account that is not ALTR's: of each account that a condition names, and of one that nobody has named. */
function strangers(
  policy: Policy,
  { partition, altrAccountId }: ExportContract,
  observedAt: string,
): Somebody[] {
  const named = accountsInConditions(policy).filter((accountId) => accountId !== altrAccountId);
  const accountIds = [altrAccountId, ...named];
  return [
    {
      caller: { accountId: UNNAMED },
      who: 'anyone in any AWS account',
      context: openContext(observedAt, {
        'aws:PrincipalAccount': { kind: 'present', domain: { kind: 'other-than', values: accountIds } },
        'aws:PrincipalArn': { kind: 'present', domain: { kind: 'arn-outside-accounts', accountIds } },
      }),
    },
    ...named.map((accountId) => attempt(partition, accountId, `account ${accountId}`, observedAt)),
  ];
}

/** Account IDs by which a condition tells principals apart. */
function accountsInConditions(policy: Policy): string[] {
  const values = policy.statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ key }) => /^aws:principal(account|arn)$/i.test(key))
    .flatMap((clause) => clause.values);
  const accounts = values.flatMap((value) => /(?:^|::)(\d{12})(?::|$)/.exec(value)?.[1] ?? []);
  return [...new Set(accounts)].slice(0, MOST_CALLERS);
}

function attempt(
  partition: Partition,
  accountId: string,
  who: string,
  observedAt: string,
  entity?: Principal,
): Somebody {
  const arn: Fact = entity
    ? { kind: 'value', value: entity.text }
    : { kind: 'present', domain: { kind: 'matching', patterns: principalArns(partition, accountId) } };
  return {
    caller: { accountId, ...(entity?.kind === 'role' ? { roleArn: entity.text } : {}) },
    who,
    context: openContext(observedAt, {
      'aws:PrincipalAccount': { kind: 'value', value: accountId },
      'aws:PrincipalArn': arn,
    }),
  };
}

function openContext(observedAt: string, facts: Readonly<Record<string, Fact>>): RequestContext {
  return new RequestContext({ ...fromNowOn(observedAt), ...facts });
}

/** What is known of somebody of ALTR's account who chooses all that a caller can choose. */
export function anyCallOfAltr(contract: ExportContract, observedAt: string): RequestContext {
  return ofAltr(contract, observedAt).context;
}

function ofAltr({ partition, altrAccountId }: ExportContract, observedAt: string): Somebody {
  return attempt(partition, altrAccountId, 'ALTR’s account', observedAt);
}

/** The Deny statements that may shut out some of the attempts, or some ways to make them. */
export function narrowedBy(attempts: readonly Attempt[], policy: Policy): FindingLocation[] {
  const tried = distinct(attempts).attempts;
  const denies = tried.flatMap((attempt) =>
    applications([policy], 'Deny', attempt).filter(({ verdict }) => verdict !== 'false'),
  );
  return [...new Set(denies.map(({ statement }) => statement))].map((deny) => locationOf(deny));
}

/** One spelling for both of an account: its bare ID and its root ARN. */
export function accountOf(principal: string): string {
  const arn = parseArn(principal);
  return (arn?.service === 'iam' && arn.resource === 'root' && arn.accountId) || principal;
}

/** The same caller by the same way is one attempt, through every statement. `more` where there are too many to try. */
export function distinct(attempts: readonly Attempt[]): { attempts: Attempt[]; more: boolean } {
  const byCaller = new Map<string, Attempt>();
  for (const entry of attempts) {
    const key = `${entry.who} ${entry.action}`;
    const statements = [...(byCaller.get(key)?.statements ?? []), ...entry.statements];
    byCaller.set(key, { ...entry, statements });
  }
  const all = [...byCaller.values()];
  return { attempts: all.slice(0, MOST_CALLERS), more: all.length > MOST_CALLERS };
}
