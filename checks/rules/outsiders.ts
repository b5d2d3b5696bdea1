/** Who outside the account a bucket policy grants something. */
import type { BucketObservation } from '../observe/observation';
import {
  type Caller,
  evaluateConditions,
  grantsOf,
  isRemoved,
  type Policy,
  type Principal,
  RequestContext,
  type Statement,
} from '../policy';
import { effectiveBlock } from './public-access';
import type { RuleContext } from './rule';

/** A principal of the policy that is not of the account, and whether something else shuts it out. */
export interface Outsider {
  readonly statement: Statement;
  /** As written, or what `NotPrincipal` means. */
  readonly text: string;
  readonly pointer: string;
  readonly kind: 'anyone' | 'account' | 'service' | 'canonical' | 'federated' | 'deleted';
  /** A condition or a Deny that leaves nothing of the grant. */
  readonly shutOut: boolean;
  /** Whether a condition names fixed accounts, organisations, addresses or endpoints: then S3 doesn't call it public. */
  readonly narrowed: boolean;
}

/**
 * Keys by which a condition makes a policy non-public for S3.
 * Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
 */
const NARROWING_KEYS = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceIp',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:userid',
    's3:DataAccessPointAccount',
    's3:DataAccessPointArn',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
  ].map((key) => key.toLowerCase()),
);

/** Every outsider of a bucket's policy, and why what it is granted comes to nothing; `undefined` where it doesn't. */
export function outsidersOfBucket(
  policy: Policy,
  bucket: BucketObservation,
  accountId: string,
  observedAt: string,
): { readonly outsider: Outsider; readonly heldBack: string | undefined }[] {
  const block = effectiveBlock(bucket);
  const restricted = !('message' in block) && block.restrictPublicBuckets;
  const canonicalId = bucket.acl.state === 'value' ? bucket.acl.value.owner : undefined;
  const account = { accountId, observedAt, ...(canonicalId ? { canonicalId } : {}) };
  return outsidersOf(policy, account).map((outsider) => ({
    outsider,
    heldBack: holdsBack(outsider, restricted),
  }));
}

/** The outsiders that the policy of the export's bucket really grants something. */
export function foreignPrincipals(policy: Policy, { observation, observedAt }: RuleContext): Outsider[] {
  const { bucket, accountId } = observation;
  if (bucket.state !== 'value' || accountId.state !== 'value') return [];
  return outsidersOfBucket(policy, bucket.value, accountId.value, observedAt)
    .filter(({ outsider, heldBack }) => heldBack === undefined || isOpen(outsider))
    .map(({ outsider }) => outsider);
}

/** Whether only a public access block stands before it. */
function isOpen({ kind, narrowed, shutOut }: Outsider): boolean {
  return kind === 'anyone' && !narrowed && !shutOut;
}

/** Every outsider that an Allow statement names. Statements that were not understood are left out. */
export function outsidersOf(
  policy: Policy,
  account: { readonly accountId: string; readonly canonicalId?: string; readonly observedAt: string },
): Outsider[] {
  return policy.statements
    .filter(({ effect, faults }) => effect === 'Allow' && faults.length === 0)
    .flatMap((statement) => {
      const { principals } = statement;
      if (!principals) return [];
      const entries = principals.negated ? [everyoneBut(principals.pointer)] : principals.entries;
      return entries.flatMap((principal) => outsider(principal, statement, policy, account));
    });
}

function everyoneBut(pointer: string): Principal {
  return { kind: 'anyone', text: 'everyone but those named in NotPrincipal', pointer };
}

function outsider(
  principal: Principal,
  statement: Statement,
  policy: Policy,
  account: { readonly accountId: string; readonly canonicalId?: string; readonly observedAt: string },
): Outsider[] {
  const { text, pointer } = principal;
  const found = { statement, text, pointer, narrowed: isNarrowed(statement) };
  switch (principal.kind) {
    case 'anyone': {
      const context = strangerContext(account, {});
      return [
        {
          ...found,
          kind: 'anyone',
          shutOut: isShutOut(policy, statement, { accountId: '\u{E000}' }, context),
        },
      ];
    }
    case 'account':
    case 'role':
    case 'user':
    case 'session':
    case 'federated-user': {
      if (principal.accountId === account.accountId) return [];
      const caller: Caller = {
        accountId: principal.accountId,
        ...(principal.kind === 'role' ? { roleArn: text } : {}),
      };
      const context = strangerContext(account, { accountId: principal.accountId });
      return [{ ...found, kind: 'account', shutOut: isShutOut(policy, statement, caller, context) }];
    }
    case 'service':
      return [{ ...found, kind: 'service', shutOut: isNarrowed(statement) }];
    case 'canonical':
      return text === account.canonicalId ? [] : [{ ...found, kind: 'canonical', shutOut: false }];
    case 'federated':
      return text.includes(`::${account.accountId}:`)
        ? []
        : [{ ...found, kind: 'federated', shutOut: false }];
    case 'deleted':
      return [{ ...found, kind: 'deleted', shutOut: true }];
    default:
      return [];
  }
}

function strangerContext(
  account: { readonly accountId: string; readonly observedAt: string },
  stranger: { readonly accountId?: string },
): RequestContext {
  return new RequestContext({
    'aws:CurrentTime': { kind: 'value', value: account.observedAt },
    'aws:PrincipalAccount': stranger.accountId
      ? { kind: 'value', value: stranger.accountId }
      : { kind: 'open', domain: { kind: 'other-than', values: [account.accountId] } },
    'aws:PrincipalArn': stranger.accountId
      ? { kind: 'present', domain: { kind: 'arn-in-account', accountId: stranger.accountId } }
      : { kind: 'open', domain: { kind: 'arn-outside-account', accountId: account.accountId } },
  });
}

/** Whether the statement never applies to the caller, or a Deny takes away all that it grants. */
function isShutOut(policy: Policy, statement: Statement, caller: Caller, context: RequestContext): boolean {
  if (evaluateConditions(statement, context).verdict === 'false') return true;
  const grants = grantsOf(
    [{ ...policy, statements: [{ ...statement, principals: undefined }] }],
    caller,
    context,
  );
  return (
    grants.length > 0 &&
    grants.every((grant) =>
      isRemoved(
        { action: grant.actionPattern, resource: grant.resourcePattern },
        { all: [policy] },
        caller,
        context,
      ),
    )
  );
}

function isNarrowed(statement: Statement): boolean {
  return statement.conditions.some(
    ({ operator, key }) =>
      NARROWING_KEYS.has(key.toLowerCase()) && !/not|ifexists|^null$|forallvalues/i.test(operator),
  );
}

/** Why a grant to an outsider comes to nothing; `undefined` where it doesn't. */
function holdsBack({ kind, shutOut, narrowed }: Outsider, restricted: boolean): string | undefined {
  if (kind === 'deleted') return 'the remains of a deleted principal';
  if (kind === 'service')
    return shutOut ? 'an AWS service that acts for the accounts named in the condition' : 'an AWS service';
  if (shutOut) return 'held back by its condition or by a Deny';
  // RestrictPublicBuckets leaves a public policy to AWS services and the bucket's own account.
  return kind === 'anyone' && restricted && !narrowed ? 'held back by RestrictPublicBuckets' : undefined;
}
