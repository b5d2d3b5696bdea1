/** Whether those who read the logs may decrypt with a key, by that key's policy. */
import { isKnownReader, readerArns } from '../../config/options/readers';
import { parseArn } from '../../contract/arn';
import { KMS_READ_ACTION, roleArn } from '../../contract/policies';
import { type KmsKeyObservation, NO_ACCOUNT } from '../observe/observation';
import { type Decision, decideByPolicy, matchesGlob, type Policy, resourceName } from '../policy';
import type { Remediation } from '../verdict/finding';
import { type Asking, asAskedBy, is, principal, sparedBy, witness } from './askers';
import type { DeclaringContext } from './context';
import { list } from './excess-grants';
import { needing, type Outcome } from './outcome';
import { ownOrganization } from './own-organization';
import { parsedKeyPolicy } from './parsed';
import { readerKeyContext } from './request-context';
import { causeOf, grantFaults, notUnderstood, placesOf, wordReasons } from './wording';

/** A reader for whom the policy of a key does not surely allow decrypting. */
export interface ReaderOfKey {
  /** ARN or pattern; for readers whom the config does not name, their names in the config. */
  readonly who: string;
  readonly isNamed: boolean;
  readonly decision: Decision;
}

/** Who reads, by ARN or pattern, and the names of those whom nobody knows by ARN. */
export interface Readers {
  /** The export's account. */
  readonly accountId: string;
  readonly named: readonly string[];
  readonly unnamed: readonly string[];
}

/** Everybody who reads, as the config declares. */
export function allReaders({ contract, declared }: DeclaringContext, accountId: string): Readers {
  const { readers = [], otherReaders = [], role } = declared;
  const arnOf = (name: string) => roleArn(contract.partition, accountId, name, role?.path);
  return {
    accountId,
    named: [...new Set(readerArns(contract, declared, otherReaders, arnOf))],
    unnamed: [
      ...readers.filter((reader) => !isKnownReader(reader)).map(({ name }) => name),
      ...(otherReaders.every(isKnownReader) ? [] : ['splunkFeed']),
    ],
  };
}

/**
 * The readers who may not decrypt by the key's policy, or for whom this is undecided. What their own policies allow is
 * judged by declared-readers.
 */
export function readersLacking(
  { accountId, named, unnamed }: Readers,
  policy: Policy,
  keyArn: string,
  context: DeclaringContext,
): ReaderOfKey[] {
  const { partition } = context.contract;
  const inPolicy = [
    ...sparedBy(policy, partition),
    ...policy.statements.flatMap(({ principals }) => principals?.entries.map(({ text }) => text) ?? []),
  ].map(witness);
  const ofNamed = named.map((who) => {
    const all = [witness(who), ...inPolicy.filter((arn) => matchesGlob(who, arn))];
    return {
      who,
      isNamed: true,
      decision: best(all.map((arn) => mayDecrypt(arn, accountId, policy, keyArn, context))),
    };
  });
  const anybody = mayDecrypt(witness(roleArn(partition, accountId, '*')), accountId, policy, keyArn, context);
  return [...ofNamed, ...unnamed.map((who) => ({ who, isNamed: false, decision: anybody }))].filter(
    ({ decision }) => decision.verdict !== 'allowed',
  );
}

/** Whether the policy lets somebody decrypt through S3, as far as their own policies do. */
function mayDecrypt(
  arn: string,
  accountId: string,
  policy: Policy,
  keyArn: string,
  context: DeclaringContext,
): Decision {
  const { contract, observedAt, assumptions } = context;
  const { caller, facts } = asking(arn, accountId);
  const owner = parseArn(keyArn)?.accountId ?? caller.accountId;
  const user = {
    roleArn: arn,
    accountId: caller.accountId,
    region: contract.region,
    bucketArn: contract.bucketArn,
    observedAt,
    assumptions,
    organization: ownOrganization(context, caller.accountId),
  };
  return decideByPolicy(asAskedBy(policy, arn), {
    action: KMS_READ_ACTION,
    resource: resourceName(keyArn),
    caller,
    context: readerKeyContext(user, {
      accountId: owner,
      organization: ownOrganization(context, owner),
    }).with(facts),
  });
}

/** Until it is known which account a stack goes to, every principal that is named is treated as one of it. */
function asking(arn: string, accountId: string): Asking {
  const { caller, facts } = principal(arn);
  return accountId === NO_ACCOUNT
    ? { caller: { ...caller, accountId }, facts: { ...facts, 'aws:PrincipalAccount': is(accountId) } }
    : { caller, facts };
}

/** Of everybody whom a pattern means, one who may is enough. */
function best(decisions: readonly Decision[]): Decision {
  const [first] = decisions;
  const found =
    decisions.find(({ verdict }) => verdict === 'allowed') ??
    decisions.find(({ verdict }) => verdict === 'depends') ??
    first;
  if (!found) throw new Error('nobody was tried');
  return found;
}

/** A key that logs are encrypted with, and what the report calls it. */
export interface KeyOfLogs {
  readonly key: KmsKeyObservation;
  readonly name: 'key' | 'former key';
}

/** Whether a key's policy lets readers decrypt: what keeps them from it, and what can't be decided. */
export function judgeKeyReaders(
  readers: Readers,
  { key, name }: KeyOfLogs,
  context: DeclaringContext,
  remedy: (policy: Policy) => Remediation,
): readonly Outcome[] {
  return needing(key.policy, (found): readonly Outcome[] => {
    const policy = parsedKeyPolicy(found);
    const faults = grantFaults(policy);
    if (faults.length > 0) return [notUnderstood(policy.source, faults)];
    const lacking = readersLacking(readers, policy, key.arn, context);
    const denied = lacking.filter(({ decision }) => decision.verdict === 'denied');
    const named = denied.filter(({ isNamed }) => isNamed).map(({ who }) => who);
    const unnamed = denied.filter(({ isNamed }) => !isNamed).map(({ who }) => who);
    const fact = name.replace(' ', '-');
    const location = { document: policy.source, pointer: '' };
    return [
      ...(named.length > 0
        ? [
            {
              status: 'fail' as const,
              fact: `${fact}-denied`,
              message: `The policy of the ${name} ${key.arn} does not let ${list(named)} decrypt, whom the config declares as ${named.length === 1 ? 'a reader' : 'readers'}: they can’t read the logs that are encrypted with it.`,
              expected: named,
              actual: null,
              about: { key: key.arn, denied: named },
              location,
              remediation: remedy(policy),
            },
          ]
        : []),
      ...lacking
        .filter(({ decision }) => decision.verdict === 'depends')
        .map(
          ({ who, decision: { reasons } }): Outcome => ({
            status: 'unknown',
            fact: `${fact}-open`,
            cause: causeOf(reasons),
            message: `It can’t be decided whether the policy of the ${name} ${key.arn} lets ${who} decrypt: ${wordReasons(reasons)}.`,
            actual: reasons.map(({ text }) => text),
            about: { key: key.arn, who },
            ...placesOf(reasons),
          }),
        ),
      ...(unnamed.length > 0
        ? [
            {
              status: 'unknown' as const,
              fact: `${fact}-reader-unnamed`,
              cause: 'undecidable' as const,
              message: `It can’t be decided whether the policy of the ${name} ${key.arn} lets those decrypt who have the policy of ${list(unnamed)}: it does not leave that to IAM, and the config does not name them.`,
              about: { key: key.arn, unnamed },
              location,
              remediation: { summary: 'Name in attachedTo whom you attach the policy to.' },
            },
          ]
        : []),
    ];
  });
}
