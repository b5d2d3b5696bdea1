/** Whether those who read the logs may still decrypt with a former key, by that key's policy. */
import { isKnownReader, readerArns } from '../../config/options/readers';
import { parseArn } from '../../contract/arn';
import { KMS_READ_ACTION, roleArn } from '../../contract/policies';
import { type Decision, decideByPolicy, matchesGlob, type Policy, resourceName } from '../policy';
import { asAskedBy, principal, sparedBy, witness } from './askers';
import type { DeclaringContext } from './context';
import { ownOrganization } from './own-organization';
import { readerKeyContext } from './request-context';

/** A reader for whom the policy of a key does not surely allow decrypting. */
export interface ReaderOfKey {
  /** ARN or pattern; for readers whom the config does not name, their names in the config. */
  readonly who: string;
  readonly isNamed: boolean;
  readonly decision: Decision;
}

/**
 * The declared readers who may not decrypt by the key's policy, or of whom that can't be decided. What their own policies
 * allow is judged by declared-readers.
 */
export function readersLacking(
  policy: Policy,
  keyArn: string,
  context: DeclaringContext,
  accountId: string,
): ReaderOfKey[] {
  const { contract, declared } = context;
  const { readers = [], otherReaders = [] } = declared;
  const arnOf = (name: string) => roleArn(contract.partition, accountId, name, declared.role?.path);
  const named = [
    ...sparedBy(policy, contract.partition),
    ...policy.statements.flatMap(({ principals }) => principals?.entries.map(({ text }) => text) ?? []),
  ].map(witness);
  const ofKnown = [...new Set(readerArns(contract, declared, otherReaders, arnOf))].map((who) => {
    const asking = [witness(who), ...named.filter((arn) => matchesGlob(who, arn))];
    return {
      who,
      isNamed: true,
      decision: best(asking.map((arn) => mayDecrypt(arn, policy, keyArn, context))),
    };
  });
  const unnamed = [
    ...readers.filter((reader) => !isKnownReader(reader)).map(({ name }) => name),
    ...(otherReaders.every(isKnownReader) ? [] : ['splunkFeed']),
  ];
  const anybody = mayDecrypt(witness(arnOf('*')), policy, keyArn, context);
  return [...ofKnown, ...unnamed.map((who) => ({ who, isNamed: false, decision: anybody }))].filter(
    ({ decision }) => decision.verdict !== 'allowed',
  );
}

/** Whether the policy lets somebody decrypt through S3, as far as their own policies do. */
function mayDecrypt(arn: string, policy: Policy, keyArn: string, context: DeclaringContext): Decision {
  const { contract, observedAt, assumptions } = context;
  const { caller, facts } = principal(arn);
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
