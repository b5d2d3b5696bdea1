/** What the declared bucket policy denies, decided by the policy engine on the policy that was found. */
import { replicationRoleName } from '../../config/names';
import { readerArns } from '../../config/options/readers';
import { roleArn } from '../../contract/policies';
import {
  apply,
  type Fact,
  matchesGlob,
  type Policy,
  RequestContext,
  type ResourcePattern,
  resourceName,
  resourcePattern,
  UNNAMED,
} from '../policy';
import { ANONYMOUS, type Asking, is, principal, sparedBy, unnamedIn, witness } from './askers';
import type { DeclaringContext } from './context';
import { everyKey } from './request-context';

/** Whether a policy denies what it should: for sure, not, or it can't be decided. */
export type Denial = 'denied' | 'not-denied' | 'open' | 'not-understood';

/** An action of S3 that no list names: only a Deny of every action denies it. */
const ANY_ACTION = `s3:${UNNAMED}`;

/** What gets at the contents of an object. Source: Service Authorization Reference, "Amazon S3". */
const READING = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectTorrent',
  's3:GetObjectVersionTorrent',
  's3:GetObjectVersionForReplication',
] as const;

/** Whether requests without TLS are denied to everybody. */
export function deniesPlainText(policy: Policy, context: DeclaringContext, accountId: string): Denial {
  return deniesAll(policy, context, accountId, {
    'aws:SecureTransport': is('false'),
    's3:TlsVersion': { kind: 'absent' },
  });
}

/** Whether requests with TLS 1.0 and 1.1 are denied to everybody. */
export function deniesOldTls(policy: Policy, context: DeclaringContext, accountId: string): Denial {
  return worst(
    ['1.0', '1.1'].map((version) =>
      deniesAll(policy, context, accountId, {
        'aws:SecureTransport': is('true'),
        's3:TlsVersion': is(version),
      }),
    ),
  );
}

function deniesAll(
  policy: Policy,
  { contract }: DeclaringContext,
  accountId: string,
  facts: Readonly<Record<string, Fact>>,
): Denial {
  const { partition } = contract;
  const askers = [
    ...unnamedIn(partition, accountId),
    ...unnamedIn(partition, UNNAMED),
    ...sparedBy(policy, partition).map((pattern) => principal(witness(pattern))),
    ANONYMOUS,
  ];
  const resources = [resourcePattern(everyKey(contract), false), resourceName(contract.bucketArn)];
  return worst(
    askers.flatMap((asker) =>
      resources.map((resource) => denies(policy, ANY_ACTION, resource, asker, facts)),
    ),
  );
}

/** Whether the policy does not surely deny all that is declared. */
export function lacksDenials(policy: Policy, context: DeclaringContext, accountId: string): boolean {
  const { requireTls, minimumTlsVersion, onlyReaders } = context.declared.bucketPolicy ?? {};
  return (
    (requireTls === true && deniesPlainText(policy, context, accountId) !== 'denied') ||
    (minimumTlsVersion !== undefined && deniesOldTls(policy, context, accountId) !== 'denied') ||
    (onlyReaders !== undefined && intrudersOf(policy, context, accountId).length > 0)
  );
}

/** Somebody who may read though the config does not name them. */
export interface Intruder {
  /** ARN, or a sentence's words for those whom nobody has named. */
  readonly who: string;
  readonly denial: Exclude<Denial, 'denied'>;
}

/**
 * Those whom the policy does not keep from reading and should: somebody whom nobody named, and everybody whom the policy
 * spares by name and the config does not.
 */
export function intrudersOf(policy: Policy, context: DeclaringContext, accountId: string): Intruder[] {
  const { partition } = context.contract;
  const declared = declaredReaders(context, accountId);
  const unnamed = [
    { who: 'everybody in the account whom nobody has named', askers: unnamedIn(partition, accountId) },
    { who: 'principals of other accounts', askers: unnamedIn(partition, UNNAMED) },
  ];
  const named = sparedBy(policy, partition)
    .filter((pattern) => !declared.some((one) => matchesGlob(one, witness(pattern))))
    .map((pattern) => ({ who: pattern, askers: [principal(witness(pattern))] }));
  return [...unnamed, ...named].flatMap(({ who, askers }) => {
    const denial = worst(
      askers.flatMap((asker) => READING.map((action) => reading(policy, action, asker, context))),
    );
    return denial === 'denied' ? [] : [{ who, denial }];
  });
}

/** Declared readers whom the policy shuts out for certain, with everybody whom their pattern means. */
export function deniedReaders(policy: Policy, context: DeclaringContext, accountId: string): string[] {
  const spared = sparedBy(policy, context.contract.partition).map(witness);
  return declaredReaders(context, accountId).filter((pattern) =>
    [witness(pattern), ...spared.filter((arn) => matchesGlob(pattern, arn))].every(
      (arn) => reading(policy, 's3:GetObject', principal(arn), context) === 'denied',
    ),
  );
}

function reading(policy: Policy, action: string, asker: Asking, { contract }: DeclaringContext): Denial {
  return denies(policy, action, resourcePattern(everyKey(contract), false), asker, {
    'aws:SecureTransport': is('true'),
    's3:TlsVersion': is('1.3'),
  });
}

/** ARNs, with `*`, of everybody whom the declared policy lets read. */
export function declaredReaders({ contract, declared }: DeclaringContext, accountId: string): string[] {
  const arnOf = (name: string) => roleArn(contract.partition, accountId, name, declared.role?.path);
  const replication = replicationRoleName(contract, declared);
  return [
    ...readerArns(contract, declared, declared.otherReaders ?? [], arnOf),
    ...(replication ? [arnOf(replication)] : []),
  ];
}

/** Whether one statement denies the action on all of the resource, whatever else a request carries. */
function denies(
  policy: Policy,
  action: string,
  resource: ResourcePattern,
  { caller, facts: own }: Asking,
  facts: Readonly<Record<string, Fact>>,
): Denial {
  const context = new RequestContext({ ...own, ...facts });
  const request = { action, resource, caller, context };
  const found = policy.statements
    .filter(({ effect }) => effect !== 'Allow')
    .map((statement) => apply(statement, request));
  // A statement of neither effect has faults, and so never surely applies.
  if (found.some(({ verdict, covers }) => verdict === 'true' && covers)) return 'denied';
  if (found.some(({ statement }) => statement.faults.length > 0)) return 'not-understood';
  return found.some(({ verdict }) => verdict === 'depends') ? 'open' : 'not-denied';
}

const BUT_DENIED = ['not-denied', 'not-understood', 'open'] as const;

function worst(denials: readonly Denial[]): Denial {
  return BUT_DENIED.find((denial) => denials.includes(denial)) ?? 'denied';
}
