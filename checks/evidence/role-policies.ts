/** Every policy that decides what the role may do, parsed, and the reasons why some could not be read. */
import { parseArn } from '../../contract/arn';
import type { ExportContract } from '../../contract/contract';
import { ASSUME_ACTION, EXPORT_ACTION, KMS_REQUIRED_ACTION } from '../../contract/policies';
import {
  type BucketObservation,
  isAwsKeyOfS3,
  type KmsKeyObservation,
  NO_ACCOUNT,
  type Observed,
  type PolicyText,
  type RoleObservation,
  type RolePolicy,
  type Unreadable,
} from '../observe/observation';
import {
  type Caller,
  type Fault,
  matchesAction,
  type Policy,
  type Request,
  resourceName,
  resourcePattern,
  UNNAMED,
} from '../policy';
import type { RuleContext } from './context';
import { remembered } from './lazily';
import { type OwnOrganization, ownOrganization } from './own-organization';
import {
  parsedBoundary,
  parsedIdentityPolicy,
  parsedKeyPolicy,
  parsedResourcePolicy,
  parsedTrustPolicy,
} from './parsed';
import {
  altrCaller,
  assumeRoleContext,
  everyKey,
  keyContext,
  putObjectContext,
  type RoleFacts,
  tagsOf,
} from './request-context';
import { grantFaults } from './wording';

export interface RolePolicies {
  readonly identity: readonly { readonly policy: RolePolicy; readonly parsed: Policy }[];
  readonly boundary?: Policy;
  readonly bucket?: Policy;
  /** The customer-managed key that the bucket encrypts with. */
  readonly key?: KmsKeyObservation;
  /** The policy of that key. */
  readonly keyPolicy?: Policy;
  /** Why some could not be read; empty if all were. */
  readonly unread: readonly Unreadable[];
  /** The same, for the role's own policies and its boundary alone. */
  readonly unreadOfRole: readonly Unreadable[];
  readonly caller: Caller;
  readonly facts: RoleFacts;
  /** The organization of any account, as far as it was read. */
  organizationOf(accountId: string): OwnOrganization | undefined;
}

/** The policies of the role and of its bucket; the reason if not even the role's account is known. Gathered once per export. */
export function rolePolicies(role: RoleObservation, context: RuleContext): RolePolicies | Unreadable {
  return gathered(context)(role);
}

const gathered = remembered((context: RuleContext) =>
  remembered((role: RoleObservation) => gather(role, context)),
);

function gather(role: RoleObservation, context: RuleContext): RolePolicies | Unreadable {
  const { observation, contract, assumptions, observedAt } = context;
  // A role's ARN names its account, even if AWS did not tell whose the credentials are. The account of a role that is only
  // planned may be unknown.
  const accountId = parseArn(role.arn)?.accountId;
  if (!accountId) return { message: `the ARN ${role.arn} of the role names no account` };
  if (accountId === NO_ACCOUNT && observation.accountId.state === 'unreadable')
    return observation.accountId.reason;
  const unread: Unreadable[] = [];
  const read = <T>(observed: Observed<T>): T | undefined => {
    if (observed.state === 'unreadable') unread.push(observed.reason);
    return observed.state === 'value' ? observed.value : undefined;
  };
  const readDocument = (observed: Observed<PolicyText>): PolicyText | undefined => {
    // A listed policy that does not exist: the list or the policy was read too early or too late.
    if (observed.state === 'absent') unread.push({ message: 'a policy of the role has no document' });
    return read(observed);
  };
  const identity = [...(read(role.inlinePolicies) ?? []), ...(read(role.attachedPolicies) ?? [])].flatMap(
    (policy) => {
      const document = readDocument(policy.document);
      return document ? [{ policy, parsed: parsedIdentityPolicy(document) }] : [];
    },
  );
  const boundaryPolicy = read(role.permissionsBoundary);
  const boundaryText = boundaryPolicy && readDocument(boundaryPolicy.document);
  const boundary = boundaryText && parsedBoundary(boundaryText);
  const unreadOfRole = [...unread];
  const seenBucket = read(observation.bucket);
  // In another account the bucket's policy would have to allow the write, too.
  if (seenBucket) read(seenBucket.owner);
  const bucketPolicy = seenBucket && read(seenBucket.policy);
  const bucket = bucketPolicy && parsedResourcePolicy(bucketPolicy);
  const key =
    seenBucket?.kmsKey?.state === 'value' && seenBucket.kmsKey.value.keyManager === 'CUSTOMER'
      ? seenBucket.kmsKey.value
      : undefined;
  return {
    identity,
    boundary,
    bucket,
    key,
    keyPolicy: key?.policy.state === 'value' ? parsedKeyPolicy(key.policy.value) : undefined,
    unread,
    unreadOfRole,
    caller: { accountId, roleArn: role.arn, roleName: role.name },
    facts: {
      roleArn: role.arn,
      accountId,
      region: contract.region,
      bucketArn: contract.bucketArn,
      observedAt,
      assumptions,
      tags: tagsOf(role),
      bucketTags: seenBucket?.abacTags,
      noSessionTags:
        role.trustPolicy.state === 'value' && !takesTags(parsedTrustPolicy(role.trustPolicy.value)),
      roleId: role.roleId,
      asksForBucket: seenBucket && asksForBucket(seenBucket),
      organization: ownOrganization(context, accountId),
    },
    organizationOf: (account) => ownOrganization(context, account),
  };
}

/** "S3 Bucket Keys aren't supported for DSSE-KMS" (Amazon S3 User Guide, "Using dual-layer server-side encryption with AWS KMS keys"). */
function asksForBucket({ encryption }: BucketObservation): boolean | undefined {
  if (encryption.state !== 'value') return undefined;
  return encryption.value.algorithm === 'aws:kms:dsse' ? false : encryption.value.bucketKeyEnabled;
}

/** Whether sessions may be given tags: the trust policy must allow it (IAM User Guide, "Passing session tags in AWS STS"). */
function takesTags({ statements, faults }: Policy): boolean {
  return (
    faults.length > 0 ||
    statements.some(({ effect, actions }) => effect === 'Allow' && matchesAction(actions, 'sts:TagSession'))
  );
}

/** ALTR assumes the role. */
export function assumeRequest(role: RoleObservation | undefined, context: RuleContext): Request {
  const { contract, observation, observedAt, assumptions } = context;
  const accountId = observation.accountId.state === 'value' ? observation.accountId.value : null;
  return {
    action: ASSUME_ACTION,
    caller: altrCaller(contract),
    context: assumeRoleContext(contract, {
      observedAt,
      accountId,
      assumptions,
      tags: role && tagsOf(role),
      organization: ownOrganization(context, accountId),
    }),
  };
}

/** The role's session puts an object of any key into the bucket. */
export function putRequest(
  { caller, facts }: Pick<RolePolicies, 'caller' | 'facts'>,
  { contract, assumptions }: Pick<RuleContext, 'contract' | 'assumptions'>,
): Request {
  return {
    action: EXPORT_ACTION,
    resource: resourcePattern(everyKey(contract), false),
    caller,
    context: putObjectContext({ ...facts, assumptions }),
  };
}

/** S3 uses a key to write on the session's behalf. */
export function keyRequest(
  { caller, facts, organizationOf }: Pick<RolePolicies, 'caller' | 'facts' | 'organizationOf'>,
  keyArn: string,
  assumptions = facts.assumptions,
): Request {
  const accountId = parseArn(keyArn)?.accountId ?? facts.accountId;
  return {
    action: KMS_REQUIRED_ACTION,
    resource: resourceName(keyArn),
    caller,
    context: keyContext({ ...facts, assumptions }, { accountId, organization: organizationOf(accountId) }),
  };
}

/** A key that the bucket encrypts with. */
export interface BucketKey {
  readonly arn: string;
  /** Whether AWS manages it, as it does `aws/s3`. */
  readonly isAwsManaged: boolean;
}

/** The key that AWS manages for S3, whose ID nobody has to know: its policy lets the account use it. */
export function keyOfS3({ partition, region }: ExportContract, accountId: string): string {
  return `arn:${partition}:kms:${region}:${accountId}:key/${UNNAMED}`;
}

/** The key of the bucket's default encryption; `undefined` without one that exists. */
export function bucketKey(
  { encryption, kmsKey }: BucketObservation,
  { contract }: RuleContext,
  accountId: string,
): BucketKey | Unreadable | undefined {
  if (encryption.state === 'unreadable') return encryption.reason;
  if (encryption.state === 'absent' || encryption.value.algorithm === 'AES256') return undefined;
  const { kmsKeyId } = encryption.value;
  if (kmsKey?.state === 'value')
    return { arn: kmsKey.value.arn, isAwsManaged: kmsKey.value.keyManager === 'AWS' };
  if (kmsKey?.state === 'unreadable') return kmsKey.reason;
  if (kmsKey?.state === 'absent') return undefined;
  if (kmsKeyId && !isAwsKeyOfS3(kmsKeyId, accountId)) return { message: `the key ${kmsKeyId} was not read` };
  return { arn: keyOfS3(contract, accountId), isAwsManaged: true };
}

/** All the documents: any of them may deny. */
export function allPolicies({ identity, boundary, bucket }: RolePolicies): Policy[] {
  return [
    ...identity.map(({ parsed }) => parsed),
    ...(boundary ? [boundary] : []),
    ...(bucket ? [bucket] : []),
  ];
}

/** Faults of documents that may grant something. */
export function documentFaults({
  identity,
  bucket,
}: RolePolicies): { source: string; faults: readonly Fault[] }[] {
  return [...identity.map(({ parsed }) => parsed), ...(bucket ? [bucket] : [])].flatMap((policy) => {
    const faults = grantFaults(policy);
    return faults.length > 0 ? [{ source: policy.source, faults }] : [];
  });
}

export function isUnreadable(policies: RolePolicies | Unreadable): policies is Unreadable {
  return 'message' in policies;
}
