/** The corrected policy of the bucket's key. It is the same for every finding, so that no correction undoes another. */
import {
  KEY_SIDS,
  keyAdministrationStatement,
  keyReadersStatement,
  makesKey,
} from '../../config/options/encryption';
import { parseArn } from '../../contract/arn';
import { accountRootArn, KMS_READ_ACTION, KMS_WRITE_ACTIONS } from '../../contract/policies';
import type { DeclaringContext, RuleContext } from '../evidence/context';
import { allReaders, readersLacking } from '../evidence/key-readers';
import { foreignReadersOfKey, holdersOfKey } from '../evidence/leaving';
import { parsedKeyPolicy } from '../evidence/parsed';
import { accountPart } from '../evidence/policy-part';
import { keyRequest } from '../evidence/role-policies';
import type { KmsKeyObservation } from '../observe/observation';
import {
  applications,
  decide,
  evaluateConditions,
  matchesAction,
  matchesGlob,
  type Policy,
  type Principal,
  RequestContext,
  type Statement,
} from '../policy';
import type { Remediation } from '../verdict/finding';
import { jsonencode, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import {
  butRoles,
  type Change,
  documentOf,
  exempting,
  isOnlyFor,
  nameAsWritten,
  principalsOfRole,
  type Raw,
  shutsOutForGood,
  sparingForGood,
  withStatements,
  written,
} from './statements';
import { isKeyExcessOnceSpared, onlyAllows, othersWith, type Subject, subjectOf } from './subject';
import { type Correction, withinAccount, wordChanges } from './within-account';

const OWN_SID = 'ALTRKey';
const DEFAULT_SID = 'Enable IAM User Permissions';
const READERS_SID = 'ALTRKeyReaders';
const ADDED_SIDS: readonly string[] = [OWN_SID, DEFAULT_SID, READERS_SID];

/** Corrects the key's policy, which is the same document for every finding. */
export function fixKeyPolicy(key: KmsKeyObservation, policy: Policy, context: RuleContext): Remediation {
  const { document, changes } = correctedKeyPolicy(key, policy, context);
  return {
    summary: wordChanges(CHANGES, changes) || 'Correct the key’s policy.',
    document,
    commands: [`aws kms put-key-policy ${named(key)} --policy-name default --policy ${quoteJson(document)}`],
    terraform: resource('aws_kms_key_policy', context.contract.bucket, {
      key_id: key.arn,
      policy: jsonencode(document),
    }),
    cdktf:
      makesKey(context.declared ?? {}) && isOfTheKit(document, policy)
        ? redeploy(context.contract)
        : undefined,
  };
}

/** Whether the correction leaves nothing but statements of the kit's, and those that it adds itself. */
function isOfTheKit(document: object | undefined, found: Policy): boolean {
  const sidOf = (raw: unknown) => String((raw as Raw).Sid ?? '');
  const there = written(found).map(({ raw }) => sidOf(raw));
  const { Statement = [] } = (document ?? {}) as { readonly Statement?: readonly unknown[] };
  return Statement.map(sidOf).every(
    (sid) => KEY_SIDS.includes(sid) || (ADDED_SIDS.includes(sid) && !there.includes(sid)),
  );
}

/** Everything that a correction may change, in the order in which it is told. */
const CHANGES = {
  'role-granted': 'Let the key’s policy allow the role to write with the key.',
  'readers-granted': 'Let the key’s policy allow the readers to decrypt through S3.',
  'role-spared': 'Exempt the role from the Deny in the key’s policy.',
  'deny-removed': 'Remove the Deny of the role from the key’s policy.',
  'account-spared':
    'Exempt the role’s account from the Deny in the key’s policy: it applies to everybody, so nobody could change the policy any more. Everybody in the account may then use the key as far as anything allows it.',
  removed: 'Take the principals of other accounts out of the key’s policy.',
  'everybody-limited': 'Limit what the key’s policy grants everybody to this account.',
  'services-limited': 'Let AWS services use the key on behalf of this account alone.',
  'not-principal-removed':
    'Remove the Allow with NotPrincipal from the key’s policy: IAM does not support it. Those in the account who rely on it need grants by name.',
  'role-limited': 'Take from the role what the key’s policy grants it beyond using the key.',
  administered:
    'Let the key’s own account, or the declared administrators, administer the key: nobody else may.',
} as const;

type KeyPolicyChange = keyof typeof CHANGES;

/**
 * The key's policy without foreign principals, with every Deny of the roles' writes sparing them, and with leave for the
 * roles of all exports of the run that use the key, and for the readers of those that use it or used it before. No role may do
 * more than use the key. Somebody in the key's account always administers it: KMS refuses a policy that locks everybody out
 * (KMS API Reference, "PutKeyPolicy").
 */
function correctedKeyPolicy(
  key: KmsKeyObservation,
  policy: Policy,
  context: RuleContext,
): Correction<KeyPolicyChange> {
  const changes = new Set<KeyPolicyChange>();
  const uses = ({ policies }: Subject) => policies.key?.arn === key.arn;
  const own = subjectOf(context);
  const users = own ? [own, ...othersWith(own, uses)].filter(uses) : [];
  const foreign = foreignTo(key, policy, users[0]?.context ?? context);
  const statements = written(policy).flatMap((statement): unknown[] => {
    const pointers = foreign.filter((entry) => entry.statement === statement).map(({ pointer }) => pointer);
    return statement.effect === 'Allow'
      ? correctedAllow(statement, pointers, users, context, changes)
      : correctedDeny(statement, policy, users, key, changes);
  });
  if (!administers(withStatements(policy, statements, parsedKeyPolicy), key)) {
    statements.unshift(administration(key, context));
    changes.add('administered');
  }
  const left = withStatements(policy, statements, parsedKeyPolicy);
  const lacks = (user: Subject) =>
    !namesRole(left, user, key) &&
    (namesRole(policy, user, key) || !leavesToIam(policy, user, key) || !leavesToIam(left, user, key));
  const given = [...new Set(users.filter(lacks).map(({ role }) => role.arn))].sort();
  const added = {
    Sid: OWN_SID,
    Effect: 'Allow',
    Principal: { AWS: given.length === 1 ? given[0] : given },
    Action: KMS_WRITE_ACTIONS,
    Resource: '*',
  };
  if (given.length > 0) {
    statements.push(added);
    changes.add('role-granted');
  }
  const readers = (context.run ?? [context]).flatMap((one) =>
    isDeclaring(one) ? lacking(left, key, one) : [],
  );
  for (const arns of byAccount(readers)) {
    statements.push(readersStatement(arns, statements, context));
    changes.add('readers-granted');
  }
  return { document: documentOf(policy, statements), changes };
}

/**
 * An Allow without foreign principals, and without roles that it lets do more than use the key. What it grants everybody goes on
 * in this account.
 */
function correctedAllow(
  statement: Statement,
  pointers: readonly string[],
  users: readonly Subject[],
  context: RuleContext,
  changes: Set<KeyPolicyChange>,
): unknown[] {
  const roles = users.filter((user) => isKeyExcessOnceSpared(statement, user)).map(({ role }) => role);
  if (pointers.length === 0 && roles.length === 0) return [statement.raw];
  const { contract, observation } = context;
  const accountId = observation.accountId.state === 'value' ? observation.accountId.value : '';
  const account = { partition: contract.partition, accountId, callerKey: 'kms:CallerAccount' } as const;
  const named = roles.flatMap((role) => principalsOfRole(statement, role));
  const limited = withinAccount(statement, pointers, account, changes, named);
  const arns = [...new Set(roles.map(({ arn }) => arn))].sort();
  const people = butRoles(statement, limited.people, arns);
  if (named.length > 0 || people !== limited.people) changes.add('role-limited');
  return [
    ...[people, limited.services].filter((raw) => raw !== undefined),
    ...forDeclaredReaders(statement, pointers, context),
  ];
}

/** A Deny that spares the roles that it hits, or nothing where it is for them alone. */
function correctedDeny(
  statement: Statement,
  policy: Policy,
  users: readonly Subject[],
  key: KmsKeyObservation,
  changes: Set<KeyPolicyChange>,
): unknown[] {
  const change: Change = { action: 'kms:PutKeyPolicy', isReached: true };
  const hit = users.filter((user) => deniesKey({ ...policy, statements: [statement] }, user, key));
  if (
    isOnlyFor(
      statement,
      hit.map(({ role }) => role.arn),
    )
  ) {
    changes.add('deny-removed');
    return [];
  }
  const left = hit.reduce<unknown>((raw, { role, policies }) => {
    const [again = statement] = withStatements(policy, [raw], parsedKeyPolicy).statements;
    const who = { arn: role.arn, accountId: policies.caller.accountId };
    changes.add(shutsOutForGood(again, who, change) ? 'account-spared' : 'role-spared');
    return sparingForGood(again, who, change);
  }, statement.raw);
  return [left];
}

/** Foreign principals in the policy of the key that the bucket encrypts with; those of a former key are for others to judge. */
function foreignTo(key: KmsKeyObservation, policy: Policy, context: RuleContext) {
  const { accountId } = context.observation;
  if (accountId.state !== 'value' || !isUsed(key, context)) return [];
  const holders = holdersOfKey(key, accountId.value, context);
  return foreignReadersOfKey(policy, key, holders, accountId.value, context).filter(
    ({ undecided }) => undecided === undefined,
  );
}

/** Whether the bucket encrypts with the key. */
export function isUsed({ arn }: KmsKeyObservation, { observation: { bucket } }: RuleContext): boolean {
  const seen = bucket.state === 'value' ? bucket.value.kmsKey : undefined;
  return seen?.state === 'value' && seen.value.arn === arn;
}

function isDeclaring(context: RuleContext): context is DeclaringContext {
  return context.declared !== undefined;
}

/**
 * ARNs, with `*`, of declared readers whom the policy of a key does not let decrypt: of the bucket's key those for whom something
 * is made, which declared-readers judges, and of a former one all.
 */
export function lacking(policy: Policy, key: KmsKeyObservation, context: DeclaringContext): string[] {
  const { accountId } = context.observation;
  const { encryption, readers } = context.declared;
  const isFormer = encryption?.formerKeys?.includes(key.arn) === true;
  if (accountId.state !== 'value' || !(isFormer || isUsed(key, context))) return [];
  const those = isFormer ? context : { ...context, declared: { readers, role: context.declared.role } };
  return readersLacking(allReaders(those, accountId.value), policy, key.arn, context)
    .filter(({ isNamed, decision }) => isNamed && decision.verdict === 'denied')
    .map(({ who }) => who);
}

function byAccount(arns: readonly string[]): string[][] {
  const groups = new Map<string | undefined, string[]>();
  for (const arn of [...new Set(arns)].sort()) {
    const account = parseArn(arn)?.accountId;
    groups.set(account, [...(groups.get(account) ?? []), arn]);
  }
  return [...groups.values()];
}

/** Lets readers of one account decrypt. A Sid may stand in a policy once. */
function readersStatement(
  readers: readonly string[],
  statements: readonly unknown[],
  { contract }: RuleContext,
): object {
  const taken = statements.map((statement) => (statement as { readonly Sid?: unknown } | null)?.Sid);
  const sids = [...statements.keys(), statements.length].map((number) => `${READERS_SID}${number || ''}`);
  const place = {
    partition: contract.partition,
    region: contract.region,
    accountId: parseArn(readers[0] ?? '')?.accountId ?? '',
  };
  return keyReadersStatement(
    place,
    readers,
    sids.find((sid) => !taken.includes(sid)),
  );
}

/**
 * Leave to decrypt for the declared readers among those whom a statement loses. A principal that does not exist is refused
 * by KMS, so they are named by a condition.
 */
function forDeclaredReaders(
  statement: Statement,
  lost: readonly string[],
  { contract, declared, observation }: RuleContext,
): unknown[] {
  const { actions, conditions, principals } = statement;
  const isNarrowed = conditions.some(({ key }) => key.toLowerCase() === 'aws:principalarn');
  if (!principals || principals.negated || isNarrowed || !matchesAction(actions, KMS_READ_ACTION)) return [];
  const declaredReaders = declared?.bucketPolicy?.onlyReaders ?? [];
  const readersIn = (accountId: string) =>
    declaredReaders.filter((arn) => parseArn(arn)?.accountId === accountId);
  const own = observation.accountId.state === 'value' ? observation.accountId.value : undefined;
  const others = new Set(
    declaredReaders.map((arn) => parseArn(arn)?.accountId ?? '').filter((id) => id !== own),
  );
  const accountsOf = (entry: Principal) => {
    if (entry.kind === 'account') return [entry];
    if (entry.kind !== 'anyone') return [];
    return [...others].map((accountId) => ({
      accountId,
      text: accountRootArn(contract.partition, accountId),
    }));
  };
  return principals.entries.flatMap((entry): unknown[] =>
    (lost.includes(entry.pointer) ? accountsOf(entry) : []).flatMap(({ accountId, text }) => {
      const readers = readersIn(accountId);
      if (readers.length === 0) return [];
      const raw = exempting(statement, 'ArnLike', 'aws:PrincipalArn', ...readers);
      return [
        {
          Effect: 'Allow',
          Principal: { AWS: text },
          Action: KMS_READ_ACTION,
          Resource: '*',
          Condition: raw[nameAsWritten(raw, 'Condition')],
        },
      ];
    }),
  );
}

export function deniesKey(policy: Policy, { policies }: Subject, key: KmsKeyObservation): boolean {
  const request = keyRequest(policies, key.arn);
  return applications([policy], 'Deny', request).some(({ verdict }) => verdict === 'true');
}

/** Whether the key's policy leaves it to the account's IAM policies who may use the key, Deny statements aside. */
export function leavesToIam(policy: Policy, { policies }: Subject, key: KmsKeyObservation): boolean {
  const delegated = onlyAllows(accountPart(policy, policies.caller.accountId));
  return decide({ identity: [delegated] }, keyRequest(policies, key.arn)).verdict === 'allowed';
}

/** Whether the key's policy lets the role use the key whatever IAM says. */
function namesRole(policy: Policy, { policies }: Subject, key: KmsKeyObservation): boolean {
  const request = keyRequest(policies, key.arn);
  return decide({ identity: [], resource: onlyAllows(policy) }, request).verdict === 'allowed';
}

/** Whether the policy lets somebody whom it names change it. */
function administers({ statements }: Policy, { arn }: KmsKeyObservation): boolean {
  const { accountId = '' } = parseArn(arn) ?? {};
  const ofAccount = new RequestContext({
    'kms:CallerAccount': { kind: 'value', value: accountId },
    'aws:PrincipalAccount': { kind: 'value', value: accountId },
    'aws:SourceAccount': { kind: 'absent' },
  });
  return statements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      matchesAction(statement.actions, 'kms:PutKeyPolicy') &&
      isAbout(statement, arn) &&
      statement.principals?.negated === false &&
      evaluateConditions(statement, ofAccount).verdict !== 'false' &&
      statement.principals.entries.some(
        (entry) => entry.kind === 'anyone' || ('accountId' in entry && entry.accountId === accountId),
      ),
  );
}

/** Whether a statement of a key's policy is about this key. */
function isAbout({ resources }: Statement, arn: string): boolean {
  return (
    resources === undefined ||
    resources.entries.some(({ text }) => matchesGlob(text, arn)) !== resources.negated
  );
}

/** Whom the config declares, else the statement of KMS's own default policy (KMS Developer Guide, "Default key policy"). */
function administration({ arn }: KmsKeyObservation, { contract, declared }: RuleContext): object {
  const { partition } = contract;
  const { accountId = '' } = parseArn(arn) ?? {};
  const administrators = declared?.encryption?.keyAdministrators;
  if (administrators) return keyAdministrationStatement({ partition, accountId }, administrators);
  return {
    Sid: DEFAULT_SID,
    Effect: 'Allow',
    Principal: { AWS: accountRootArn(partition, accountId) },
    Action: 'kms:*',
    Resource: '*',
  };
}

/** Names the key for the AWS CLI: KMS finds a key only in its own region. */
export function named({ arn }: KmsKeyObservation): string {
  const { region = '', resource: key = arn } = parseArn(arn) ?? {};
  return `--region ${quote(region)} --key-id ${quote(key.replace(/^key\//, ''))}`;
}
