/** Who may administer the key that the export makes, decided by the policy engine on the policy that was found. */
import { parseArn } from '../../contract/arn';
import type { Partition } from '../../contract/partition';
import { roleArn } from '../../contract/policies';
import type { KmsKeyObservation } from '../observe/observation';
import {
  applications,
  decideByPolicy,
  matchesGlob,
  narrowing,
  type Policy,
  type Principal,
  type Request,
  RequestContext,
  resourceName,
  type Statement,
} from '../policy';
import { type Asking, asAskedBy, is, principal, sparedBy, witness } from './askers';
import type { DeclaringContext } from './context';
import { principalArns } from './request-context';

/** Changes the policy of a key: who may do that may give themselves all the rest. */
const CHANGE = 'kms:PutKeyPolicy';

/**
 * What changes a key, who may use it, or whether it can be used. What only shows it, as an auditor does, is not among them.
 * Source: Service Authorization Reference, "AWS Key Management Service".
 */
const ADMINISTRATION = [
  CHANGE,
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:CreateGrant',
  'kms:RevokeGrant',
  'kms:CreateAlias',
  'kms:UpdateAlias',
  'kms:DeleteAlias',
  'kms:EnableKeyRotation',
  'kms:DisableKeyRotation',
  'kms:RotateKeyOnDemand',
  'kms:ReplicateKey',
  'kms:UpdatePrimaryRegion',
  'kms:UpdateKeyDescription',
  'kms:ImportKeyMaterial',
  'kms:DeleteImportedKeyMaterial',
  'kms:TagResource',
  'kms:UntagResource',
] as const;

/** A statement that lets others than the declared administrators administer the key. */
export interface OtherAdministrators {
  readonly statement: Statement;
  /** ARNs, or words for those whom nobody has named. */
  readonly who: readonly string[];
  readonly actions: readonly string[];
  /** Whether that depends on what is not known. */
  readonly isOpen: boolean;
  /** The Deny statements that take something from what the statement lets them do. */
  readonly narrowedBy: readonly Statement[];
}

interface Asker extends Asking {
  readonly arn: string;
  /** For the report. */
  readonly who: string;
  readonly isNamed: boolean;
}

/**
 * Everybody of the key's account whom the policy lets administer the key and the config does not name. Principals of other
 * accounts can't administer a key at all, but for grants (KMS Developer Guide, "Allowing users in other accounts to use a KMS
 * key"), and those are judged by logs-stay.
 */
export function otherAdministrators(
  policy: Policy,
  key: KmsKeyObservation,
  administrators: readonly string[],
  { contract }: DeclaringContext,
): OtherAdministrators[] {
  const accountId = parseArn(key.arn)?.accountId ?? '';
  const unnamed = principalArns(contract.partition, accountId)
    .map(witness)
    .map((arn) => ({ ...principal(arn), arn, who: WORDS[kindOf(arn)] ?? arn, isNamed: false }));
  const named = principalsNamedIn(policy, contract.partition, accountId)
    .filter((one) => !administrators.some((pattern) => means(pattern, one)))
    .map(({ text, arn, asking }) => ({ ...asking, arn, who: text, isNamed: true }));
  const groups = new Map<
    string,
    { statement: Statement; askers: Asker[]; actions: string[]; isOpen: boolean }
  >();
  for (const asker of [...unnamed, ...named]) {
    const seen = asAskedBy(policy, asker.arn);
    for (const action of ADMINISTRATION) {
      const request = requestFor(action, key, asker);
      const { verdict } = decideByPolicy(seen, request);
      if (verdict === 'denied') continue;
      const isOpen = verdict === 'depends';
      for (const { statement: applied, ...application } of applications([seen], 'Allow', request)) {
        if (application.verdict === 'false' || (!isOpen && application.verdict !== 'true')) continue;
        const statement = policy.statements.find(({ pointer }) => pointer === applied.pointer);
        if (!statement) continue;
        const id = `${isOpen} ${statement.pointer}`;
        const group = groups.get(id) ?? { statement, askers: [], actions: [], isOpen };
        groups.set(id, group);
        if (!group.askers.includes(asker)) group.askers.push(asker);
        if (!group.actions.includes(action)) group.actions.push(action);
      }
    }
  }
  return [...groups.values()].map(({ askers, ...group }) => {
    const denies = askers.flatMap((asker) => {
      const { caller, context } = requestFor(CHANGE, key, asker);
      return narrowing(group.statement, [asAskedBy(policy, asker.arn)], caller, context);
    });
    const pointers = new Set(denies.map(({ pointer }) => pointer));
    const narrowedBy = policy.statements.filter(({ pointer }) => pointers.has(pointer));
    return { ...group, who: wordsFor(askers), narrowedBy };
  });
}

/** Declared administrators, with everybody whom their pattern means, whom the policy does not let change it. */
export function administratorsShutOut(
  policy: Policy,
  key: KmsKeyObservation,
  administrators: readonly string[],
  { contract }: DeclaringContext,
): string[] {
  const accountId = parseArn(key.arn)?.accountId ?? '';
  const named = principalsNamedIn(policy, contract.partition, accountId);
  return (
    administrators
      // Nobody of another account can administer a key.
      .filter((pattern) => parseArn(pattern)?.accountId === accountId)
      .filter((pattern) =>
        [
          { arn: witness(pattern), asking: principal(witness(pattern)) },
          ...named.filter((one) => means(pattern, one)),
        ].every(
          ({ arn, asking }) =>
            decideByPolicy(asAskedBy(policy, arn), requestFor(CHANGE, key, asking)).verdict === 'denied',
        ),
      )
  );
}

/** A direct call: services make grants for their own use. */
function requestFor(action: string, key: KmsKeyObservation, { caller, facts }: Asking): Request {
  return {
    action,
    resource: resourceName(key.arn),
    caller,
    context: new RequestContext({
      ...facts,
      'kms:CallerAccount': is(caller.accountId),
      'kms:ViaService': { kind: 'absent' },
      'kms:GrantIsForAWSResource': is('false'),
      'aws:ResourceAccount': is(caller.accountId),
      'aws:SecureTransport': is('true'),
      'aws:ViaAWSService': is('false'),
      'aws:CalledVia': { kind: 'absent' },
      'aws:CalledViaFirst': { kind: 'absent' },
      'aws:CalledViaLast': { kind: 'absent' },
    }),
  };
}

interface Named {
  /** As written. */
  readonly text: string;
  readonly arn: string;
  readonly asking: Asking;
}

/** Principals of the account whom the policy names, as such or in a condition. */
function principalsNamedIn(policy: Policy, partition: Partition, accountId: string): Named[] {
  const entries = policy.statements.flatMap(({ principals }) => principals?.entries ?? []);
  const byCondition = sparedBy(policy, partition).map((pattern) =>
    pattern.startsWith('arn:')
      ? pattern.replace(/^(arn:[^:]*:[^:]*::)[*?]+:/, `$1${accountId}:`)
      : roleArn(partition, accountId, pattern),
  );
  return [...new Set([...entries.flatMap(nameOf), ...byCondition])]
    .map((text) => ({ text, arn: witness(text) }))
    .filter(({ arn }) => arn.split(':')[4] === accountId)
    .map((named) => ({ ...named, asking: askingOf(named.arn, partition, accountId) }));
}

const nameOf = (entry: Principal): string[] => ('name' in entry ? [entry.text] : []);

/** The role of a session is in some path. */
function askingOf(arn: string, partition: Partition, accountId: string): Asking {
  const name = sessionRole(arn);
  const asking = principal(arn);
  if (name === undefined) return asking;
  const patterns = [roleArn(partition, accountId, name), roleArn(partition, accountId, name, '/*/')];
  const facts: Asking['facts'] = {
    'aws:PrincipalArn': { kind: 'present', domain: { kind: 'matching', patterns } },
    'aws:PrincipalType': is('AssumedRole'),
  };
  return { ...asking, facts: { ...asking.facts, ...facts } };
}

function sessionRole(arn: string): string | undefined {
  return /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
}

/** Whether a pattern means a principal; of a session its role, whose name is unique in its account whatever its path. */
function means(pattern: string, { arn }: Pick<Named, 'arn'>): boolean {
  const name = sessionRole(arn);
  if (name === undefined) return matchesGlob(pattern, arn);
  const [, account = '', own = ''] = /^(arn:[^:]*:iam::\d*):role\/(?:.*\/)?([^/]*)$/.exec(pattern) ?? [];
  return arn.startsWith(`${account.replace(':iam:', ':sts:')}:`) && matchesGlob(own, name);
}

const WORDS: Readonly<Record<string, string>> = {
  root: 'the root user of the account',
  role: 'every role of the account',
  user: 'every user of the account',
  'federated-user': 'every federated user of the account',
};

function kindOf(arn: string): string {
  return arn.replace(/^(?:[^:]*:){5}/, '').replace(/\/.*/s, '');
}

/** Those whom others of the list include are left out. */
function wordsFor(askers: readonly Asker[]): string[] {
  const kinds = new Set(askers.filter(({ isNamed }) => !isNamed).map(({ arn }) => kindOf(arn)));
  const isAll = kinds.has('role') && kinds.has('user');
  const some = askers.filter(({ isNamed, arn }) => (isNamed ? !isAll && !kinds.has(kindOf(arn)) : !isAll));
  return [
    ...(isAll ? ['everybody in the account whom its IAM policies allow'] : []),
    ...some.map(({ who }) => who),
  ];
}
