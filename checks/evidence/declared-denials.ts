/** What the declared bucket policy denies, decided by the policy engine on the policy that was found. */
import { replicationRoleName } from '../../config/names';
import { readerArns } from '../../config/options/readers';
import type { Partition } from '../../contract/partition';
import { bucketArn, bucketObjectsArn, roleArn } from '../../contract/policies';
import {
  apply,
  type Caller,
  type Fact,
  matchesGlob,
  type Policy,
  RequestContext,
  resourceName,
  resourcePattern,
  type Statement,
} from '../policy';
import type { DeclaringContext } from './context';
import { NO_SERVICE, principalArns } from './request-context';

/** Whether a policy denies what it should: for sure, not, or it can't be decided. */
export type Denial = 'denied' | 'not-denied' | 'open' | 'not-understood';

/** Stands for somebody or something that nobody has named. */
const SOMEBODY = '\u{E000}';

/** An action of S3 that no list names: only a Deny of every action denies it. */
const ANY_ACTION = `s3:${SOMEBODY}`;

/** What gets at the contents of an object. Source: Service Authorization Reference, "Amazon S3". */
const READING = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectTorrent',
  's3:GetObjectVersionTorrent',
  's3:GetObjectVersionForReplication',
] as const;

const is = (value: string): Fact => ({ kind: 'value', value });

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
  { contract: { partition, bucket, roleName }, declared }: DeclaringContext,
  accountId: string,
  facts: Readonly<Record<string, Fact>>,
): Denial {
  const askers = [
    ...unnamedIn(partition, accountId),
    ...unnamedIn(partition, SOMEBODY),
    principal(roleArn(partition, accountId, roleName, declared.role?.path)),
    ...sparedBy(policy, partition).map((pattern) => principal(witness(pattern))),
    ANONYMOUS,
  ];
  const resources = [bucketObjectsArn(partition, bucket), bucketArn(partition, bucket)];
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
  const isDeclared = (arn: string) => declared.some((pattern) => matchesGlob(pattern, arn));
  const unnamed = [
    { who: 'everybody in the account whom nobody has named', askers: unnamedIn(partition, accountId) },
    { who: 'principals of other accounts', askers: unnamedIn(partition, SOMEBODY) },
  ];
  const named = sparedBy(policy, partition)
    .filter((pattern) => !declared.includes(pattern) && !isDeclared(witness(pattern)))
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

function reading(
  policy: Policy,
  action: string,
  asker: Asking,
  { contract: { partition, bucket } }: DeclaringContext,
): Denial {
  return denies(policy, action, bucketObjectsArn(partition, bucket), asker, {
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

/** Whom a policy's conditions or its `NotPrincipal` name, as ARNs with wildcards; an account by all of its roles. */
function sparedBy({ statements }: Policy, partition: Partition): string[] {
  const valuesOf = ({ conditions }: Statement, name: string) =>
    conditions.filter(({ key }) => key.toLowerCase() === name).flatMap(({ values }) => values);
  const ofAccount = (accountId: string) => roleArn(partition, accountId, '*');
  return [
    ...new Set(
      statements.flatMap((statement) => [
        ...valuesOf(statement, 'aws:principalarn'),
        ...valuesOf(statement, 'aws:principalaccount').map(ofAccount),
        ...(statement.principals?.negated ? statement.principals.entries : []).map((entry) =>
          entry.kind === 'account' ? ofAccount(entry.accountId) : entry.text,
        ),
      ]),
    ),
  ];
}

/** Somebody whom a pattern means and nobody has named. */
function witness(pattern: string): string {
  return pattern.replaceAll('*', SOMEBODY).replaceAll('?', 'x');
}

interface Asking {
  readonly caller: Caller;
  readonly facts: Readonly<Record<string, Fact>>;
}

/** Nobody has named them: one of each kind of principal of an account. */
function unnamedIn(partition: Partition, accountId: string): Asking[] {
  return principalArns(partition, accountId).map((pattern) => principal(witness(pattern)));
}

function principal(arn: string): Asking {
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
const ANONYMOUS: Asking = {
  caller: { accountId: SOMEBODY },
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

/** Whether one statement denies the action on all of the resource, whatever else a request carries. */
function denies(
  policy: Policy,
  action: string,
  resource: string,
  { caller, facts: own }: Asking,
  facts: Readonly<Record<string, Fact>>,
): Denial {
  const context = new RequestContext({ ...own, ...facts });
  const pattern = resource.endsWith('/*')
    ? resourcePattern(resource.replace(/\*$/, '?*'), false)
    : resourceName(resource);
  const request = { action, resource: pattern, caller, context };
  const found = policy.statements
    .filter(({ effect }) => effect !== 'Allow')
    .map((statement) => apply(statement, request));
  if (
    found.some(
      ({ statement, verdict, covers }) => statement.effect === 'Deny' && verdict === 'true' && covers,
    )
  )
    return 'denied';
  if (found.some(({ statement }) => statement.faults.length > 0)) return 'not-understood';
  return found.some(({ verdict }) => verdict === 'depends') ? 'open' : 'not-denied';
}

const ORDER = ['not-denied', 'not-understood', 'open', 'denied'] as const;

function worst(denials: readonly Denial[]): Denial {
  return ORDER.find((denial) => denials.includes(denial)) ?? 'denied';
}
