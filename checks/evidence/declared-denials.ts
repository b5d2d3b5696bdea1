/** What the declared bucket policy denies, decided by the policy engine on the policy that was found. */
import { replicationRoleName } from '../../config/names';
import { readerArns } from '../../config/options/readers';
import { parseArn } from '../../contract/arn';
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
} from '../policy';
import type { DeclaringContext } from './context';
import { NO_SERVICE } from './request-context';

/** Whether a policy denies what it should: for sure, not, or it can't be decided. */
export type Denial = 'denied' | 'not-denied' | 'open' | 'not-understood';

/** One of everything that is done with logs and with the bucket itself. */
const OF_OBJECTS = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:PutObject',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
] as const;
const OF_BUCKET = ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketPolicy'] as const;
const READING = ['s3:GetObject', 's3:GetObjectVersion'] as const;

/** Stands for somebody whom nobody has named. */
const SOMEBODY = '\u{E000}';

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
  { contract: { partition, bucket } }: DeclaringContext,
  accountId: string,
  facts: Readonly<Record<string, Fact>>,
): Denial {
  const somebody = roleArn(partition, accountId, SOMEBODY);
  const requests = [
    ...OF_OBJECTS.map((action) => [action, bucketObjectsArn(partition, bucket)] as const),
    ...OF_BUCKET.map((action) => [action, bucketArn(partition, bucket)] as const),
  ];
  return worst(
    requests.map(([action, resource]) => denies(policy, action, resource, principal(somebody), facts)),
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
  const { partition, bucket } = context.contract;
  const declared = declaredReaders(context, accountId);
  const isDeclared = (arn: string) => declared.some((pattern) => matchesGlob(pattern, arn));
  const unnamed = [
    { who: 'everybody in the account whom nobody has named', arn: roleArn(partition, accountId, SOMEBODY) },
    { who: 'principals of other accounts', arn: roleArn(partition, SOMEBODY, SOMEBODY) },
  ];
  const named = sparedBy(policy)
    .filter((pattern) => !declared.includes(pattern))
    .map((pattern) => ({ who: pattern, arn: pattern.replaceAll('*', SOMEBODY).replaceAll('?', 'x') }))
    .filter(({ arn }) => !isDeclared(arn));
  return [...unnamed, ...named].flatMap(({ who, arn }) => {
    const denial = worst(
      READING.map((action) =>
        denies(policy, action, bucketObjectsArn(partition, bucket), principal(arn), {
          'aws:SecureTransport': is('true'),
          's3:TlsVersion': is('1.3'),
        }),
      ),
    );
    return denial === 'denied' ? [] : [{ who, denial }];
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

/** Whom a policy's conditions or its `NotPrincipal` name. */
function sparedBy({ statements }: Policy): string[] {
  return [
    ...new Set(
      statements.flatMap(({ conditions, principals }) => [
        ...conditions
          .filter(({ key }) => key.toLowerCase() === 'aws:principalarn')
          .flatMap(({ values }) => values),
        ...(principals?.negated ? principals.entries.map(({ text }) => text) : []),
      ]),
    ),
  ];
}

interface Asking {
  readonly caller: Caller;
  readonly arn: string;
}

function principal(arn: string): Asking {
  const { accountId = SOMEBODY, resource = '' } = parseArn(arn) ?? {};
  const isRole = resource.startsWith('role/');
  return {
    arn,
    caller: {
      accountId,
      ...(isRole ? { roleArn: arn, roleName: resource.slice(resource.lastIndexOf('/') + 1) } : {}),
    },
  };
}

/** Whether one statement denies the action on all of the resource, whatever else a request carries. */
function denies(
  policy: Policy,
  action: string,
  resource: string,
  { caller, arn }: Asking,
  facts: Readonly<Record<string, Fact>>,
): Denial {
  const context = new RequestContext({
    ...NO_SERVICE,
    'aws:PrincipalArn': is(arn),
    'aws:PrincipalAccount': caller.accountId === SOMEBODY ? { kind: 'present' } : is(caller.accountId),
    ...facts,
  });
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
