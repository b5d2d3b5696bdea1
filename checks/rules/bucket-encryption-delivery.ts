/** With a customer-managed KMS key the role may use the key to write. */
import { parseArn } from '../../contract/arn';
import { s3ViaService } from '../../contract/partition';
import { EXPORT_ACTION, KMS_REQUIRED_ACTION } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import { withEnding } from '../evidence/ending';
import { decideKeyUse, isSymmetric, isUsable, SYMMETRIC, WEIGHT, weight } from '../evidence/key-use';
import { needing, type Outcome, unread } from '../evidence/outcome';
import { parsedKeyPolicy } from '../evidence/parsed';
import { onlyDenies } from '../evidence/policy-part';
import {
  allPolicies,
  isUnreadable,
  keyOfS3,
  keyRequest,
  type RolePolicies,
  rolePolicies,
} from '../evidence/role-policies';
import { causeOf, placesOf, statementsOf, wordReasons } from '../evidence/wording';
import {
  type BucketObservation,
  isAwsKeyOfS3,
  type KmsGrant,
  type KmsKeyObservation,
  NO_ACCOUNT,
  type RoleObservation,
  type Unreadable,
} from '../observe/observation';
import { type Decision, decide, type Policy } from '../policy';
import { allowKey, reviveKey, useOtherKey } from '../remedy/key';
import { bucketRule } from './rule';

export const bucketEncryptionDelivery = bucketRule(
  {
    id: 'bucket-encryption-delivery',
    title: 'With a customer-managed KMS key the role may use the key to write',
    severity: 'high',
    needs: 'organization',
    requirement: {
      text: 'ALTR uses the role to write objects into the bucket; S3 refuses the write if the role may not use the bucket’s key.',
      source:
        'Amazon S3 User Guide, “Using server-side encryption with AWS KMS keys (SSE-KMS)”, “Permissions”',
    },
    risk: 'S3 refuses ALTR’s writes because the role can’t use the key: audit logs are lost, and nothing in AWS reports it.',
    remediation: `Allow the role ${KMS_REQUIRED_ACTION} and kms:Decrypt on the key, in its own policy and, unless the key’s policy leaves that to IAM, in the key’s policy.`,
    examples: {
      violating: {
        summary: 'The bucket encrypts with a key of its own, and nothing lets the role use it.',
        setUp: { kmsKey: {} },
      },
      compliant: { summary: 'S3’s own key, the default.', setUp: {} },
    },
  },
  (bucket, context) => {
    const { observation } = context;
    if (observation.role.state === 'absent') return [];
    if (observation.role.state === 'unreadable') return [unread(observation.role.reason)];
    const role = observation.role.value;
    if (bucket.encryption.state === 'unreadable') return [unread(bucket.encryption.reason)];
    const free: Outcome = {
      status: 'pass',
      fact: 'no-customer-key',
      message: 'The bucket does not encrypt with a customer-managed key.',
    };
    if (bucket.encryption.state === 'absent') return [free];
    const { algorithm, kmsKeyId } = bucket.encryption.value;
    if (algorithm === 'AES256') return [free];
    const seenKey = bucket.kmsKey?.state === 'value' ? bucket.kmsKey.value : undefined;
    const keyRegion = parseArn(seenKey?.arn ?? kmsKeyId ?? '')?.region;
    if (keyRegion !== undefined && bucket.region.state === 'value' && keyRegion !== bucket.region.value) {
      return [
        {
          ...fail(
            'key-region',
            `The key ${seenKey?.arn ?? kmsKeyId} is in ${keyRegion}, and the bucket in ${bucket.region.value}: S3 can’t encrypt with it.`,
            keyRegion,
          ),
          about: seenKey?.arn ?? kmsKeyId,
          expected: bucket.region.value,
          remediation: useOtherKey(context),
        },
      ];
    }
    const outcomes = withEnding(
      judgeUseOfKey(bucket, kmsKeyId, role, context),
      'The role may use the bucket’s key',
      keyPolicies(role, context),
      context,
      (later) => judgeUseOfKey(bucket, kmsKeyId, role, later),
    );
    const { region } = bucket;
    // Without the bucket's region nothing passes, since S3 can't use a key of another; what fails, fails in any region.
    if (keyRegion === undefined || region.state !== 'unreadable') return outcomes;
    return outcomes.map((outcome) => (outcome.status === 'pass' ? unread(region.reason) : outcome));
  },
);

/** The documents that decide whether the role may use the bucket's key. */
function keyPolicies(role: RoleObservation, context: RuleContext): readonly Policy[] {
  const policies = rolePolicies(role, context);
  if (isUnreadable(policies)) return [];
  const { identity, boundary, keyPolicy } = policies;
  return [
    ...identity.map(({ parsed }) => parsed),
    ...[boundary, keyPolicy].flatMap((policy) => policy ?? []),
  ];
}

/** Whether the role may use the key that the bucket names, or S3's own where it names none. */
function judgeUseOfKey(
  bucket: BucketObservation,
  kmsKeyId: string | undefined,
  role: RoleObservation,
  context: RuleContext,
): readonly Outcome[] {
  const policies = rolePolicies(role, context);
  const isAlias = kmsKeyId !== undefined && /(^|:)alias\/aws\//.test(kmsKeyId);
  if (isAlias) {
    if (!isAwsKeyOfS3(kmsKeyId)) return [otherServicesKey(kmsKeyId, context)];
    const stranger = ofOtherAccount(kmsKeyId, policies, context);
    if (stranger.length > 0) return stranger;
  }
  if (!bucket.kmsKey) {
    if (kmsKeyId && !isAlias) return [unread({ message: `the key ${kmsKeyId} was not read` })];
    return isUnreadable(policies) ? [unread(policies)] : judgeKeyOfS3(policies, context);
  }
  if (bucket.kmsKey.state === 'absent') {
    return [
      {
        ...fail('key-missing', `The key that the bucket encrypts with, ${kmsKeyId}, does not exist.`, null),
        about: kmsKeyId,
        expected: 'a key that exists',
        remediation: useOtherKey(context),
      },
    ];
  }
  return needing(bucket.kmsKey, (key): Outcome[] =>
    key.keyManager === 'AWS'
      ? judgeAwsKey(key, isAlias, policies, context)
      : judgeCustomerKey(key, policies, role, context),
  );
}

/** Whether a key that AWS manages is S3's, and the role may use it. */
function judgeAwsKey(
  key: KmsKeyObservation,
  isAlias: boolean,
  policies: RolePolicies | Unreadable,
  context: RuleContext,
): Outcome[] {
  if (isUnreadable(policies)) return [unread(policies)];
  const stranger = ofOtherAccount(key.arn, policies, context);
  if (stranger.length > 0) return stranger;
  const byPolicy = key.policy.state === 'value' ? serviceOfKey(parsedKeyPolicy(key.policy.value)) : [];
  if (byPolicy.length > 0 && !byPolicy.some((service) => service.startsWith('s3.')))
    return [otherServicesKey(key.arn, context)];
  const outcomes = judgeKeyOfS3(policies, context, key.arn);
  if (isAlias || byPolicy.length > 0 || outcomes.some(({ status }) => status !== 'pass')) return outcomes;
  // It may be another service's: only its policy tells.
  const why = key.policy.state === 'unreadable' ? key.policy.reason.message : 'its policy does not tell';
  return [
    unread({
      ...(key.policy.state === 'unreadable' ? key.policy.reason : {}),
      message: `the key ${key.arn} is one that AWS manages, and whether for S3 is not known: ${why}`,
    }),
  ];
}

/** Whether the role may use a key of the customer's own, by its policy or a grant. */
function judgeCustomerKey(
  key: KmsKeyObservation,
  policies: RolePolicies | Unreadable,
  role: RoleObservation,
  context: RuleContext,
): Outcome[] {
  const useless = uselessKey(key, context);
  if (useless) return [useless];
  if (isUnreadable(policies)) return [unread(policies)];
  if (key.policy.state !== 'value') {
    return key.policy.state === 'unreadable' ? [unread(key.policy.reason)] : [];
  }
  const keyPolicy = parsedKeyPolicy(key.policy.value);
  const decision = decideKeyUse(keyPolicy, policies, keyRequest(policies, key.arn), key.arn);
  // A Deny that was seen counts, whatever was not seen, and so does a boundary.
  if (policies.unreadOfRole.length > 0 && weight(decision) < WEIGHT.boundary)
    return policies.unreadOfRole.map(unread);
  const grant =
    decision.verdict === 'denied' && weight(decision) < WEIGHT.boundary ? grantTo(role, key) : undefined;
  const byGrant = grant && decideByGrant(keyPolicy, policies, role, key);
  const isSure = !grant?.constraints && !policies.boundary;
  if (decision.verdict === 'allowed' || (byGrant === 'allowed' && isSure)) {
    return [{ status: 'pass', fact: 'key-usable', message: `The role may use the key ${key.arn} to write.` }];
  }
  if (grant && byGrant !== 'denied') return [undecidedGrant(grant, key, policies)];
  const actual = statementsOf(decision.reasons, [
    ...allPolicies({ ...policies, bucket: undefined }),
    keyPolicy,
  ]);
  const about = { key: key.arn, reasons: decision.reasons.map(({ text }) => text) };
  if (decision.verdict === 'depends') return [undecided(`the key ${key.arn}`, decision, { actual, about })];
  const words = wordReasons(decision.reasons);
  return [
    {
      ...fail(
        'key-denied',
        `The role may not use the key ${key.arn}, so it can’t write: ${words}.${withoutEffect(keyPolicy)}`,
        actual,
      ),
      about,
      ...placesOf(decision.reasons),
      expected: { action: KMS_REQUIRED_ACTION, resource: key.arn, beside: EXPORT_ACTION },
      remediation: allowKey({ role, policies, context }, key, keyPolicy),
    },
  ];
}

/** What somebody may take for a permission, and KMS does not (KMS API Reference, PutKeyPolicy, "Policy"). */
function withoutEffect({ statements }: Policy): string {
  const idle = statements.filter(
    ({ actions, faults }) => actions.entries.length === 0 && faults.length === 0,
  );
  const places = idle.map(({ pointer }) => pointer).join(', ');
  return idle.length === 0
    ? ''
    : ` KMS gives no effect to a statement of its policy without an Action or a Resource: ${places}.`;
}

function undecidedGrant(
  { constraints, grantId }: KmsGrant,
  key: KmsKeyObservation,
  { boundary }: RolePolicies,
): Outcome {
  const why = constraints
    ? 'it has constraints, which are not judged'
    : boundary
      ? 'how a permissions boundary limits a grant is not documented'
      : 'whether a Deny stops it is not known';
  return {
    status: 'unknown',
    fact: 'grant',
    cause: 'undecidable',
    message: `Whether the role may use the key ${key.arn} can’t be decided: nothing but the grant ${grantId} allows it, and ${why}.`,
    about: { key: key.arn, grant: grantId },
  };
}

function undecided(key: string, { reasons }: Decision, found: Pick<Outcome, 'actual' | 'about'>): Outcome {
  return {
    status: 'unknown',
    fact: 'depends',
    cause: causeOf(reasons),
    message: `Whether the role may use ${key} can’t be decided: ${wordReasons(reasons)}.`,
    ...found,
    ...placesOf(reasons),
  };
}

/** Why nobody can write with a key, if so. */
function uselessKey(key: KmsKeyObservation, context: RuleContext): Outcome | undefined {
  if (!isUsable(key.keyState)) {
    return {
      ...fail(
        'key-disabled',
        `The key ${key.arn} is ${key.keyState}: nothing can be written with it.`,
        key.keyState,
      ),
      about: { key: key.arn, state: key.keyState },
      expected: 'Enabled',
      remediation: reviveKey(context, key),
    };
  }
  if (!isSymmetric(key)) {
    return {
      ...fail(
        'key-asymmetric',
        `The key ${key.arn} is of the kind ${key.keySpec}, and S3 encrypts with symmetric keys only: nothing can be written with it.`,
        key.keySpec,
      ),
      about: { key: key.arn, spec: key.keySpec },
      expected: SYMMETRIC,
      remediation: useOtherKey(context),
    };
  }
  return undefined;
}

/** A grant of the key that lets the role make data keys (KMS Developer Guide, "Grants in AWS KMS"). */
function grantTo(role: RoleObservation, { grants }: KmsKeyObservation): KmsGrant | undefined {
  if (grants?.state !== 'value') return undefined;
  const helps = grants.value.filter(
    ({ granteePrincipal, operations }) =>
      granteePrincipal === role.arn &&
      operations.some((operation) => `kms:${operation}` === KMS_REQUIRED_ACTION),
  );
  return helps.find(({ constraints }) => !constraints) ?? helps[0];
}

/** A grant is as a statement of the key's policy that names the role: a Deny anywhere still counts. */
function decideByGrant(
  keyPolicy: Policy,
  policies: RolePolicies,
  role: RoleObservation,
  key: KmsKeyObservation,
): Decision['verdict'] {
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: role.arn }, Action: KMS_REQUIRED_ACTION, Resource: '*' },
  ];
  const { statements } = parsedKeyPolicy({
    source: 'grants of the key',
    text: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  const withGrant = { ...keyPolicy, statements: [...keyPolicy.statements, ...statements] };
  const unbounded = { ...policies, boundary: undefined };
  return decideKeyUse(withGrant, unbounded, keyRequest(policies, key.arn), key.arn).verdict;
}

function fail(fact: string, message: string, actual: unknown): Outcome {
  return { status: 'fail', fact, message, actual };
}

/** Whether the role may use the key `aws/s3`. S3 asks for it as the caller: a Deny counts, and so does a boundary. */
function judgeKeyOfS3(policies: RolePolicies, context: RuleContext, arn?: string): Outcome[] {
  const { accountId } = policies.caller;
  const { contract } = context;
  const decision = decide(
    {
      identity: policies.identity.map(({ parsed }) => onlyDenies(parsed)),
      boundary: policies.boundary,
      resource: policyOfS3Key(accountId, contract.region),
    },
    keyRequest(policies, arn ?? keyOfS3(contract, accountId)),
  );
  const actual = statementsOf(decision.reasons, allPolicies({ ...policies, bucket: undefined }));
  const about = placesOf(decision.reasons).location
    ? undefined
    : decision.reasons.map(({ text, kind }) => ({ kind, text }));
  if (decision.verdict === 'denied') {
    const words = wordReasons(decision.reasons);
    return [
      {
        ...fail(
          'key-denied',
          `The role may not use S3’s AWS managed key, so it can’t write: ${words}.`,
          actual,
        ),
        about,
        ...placesOf(decision.reasons),
        expected: { action: KMS_REQUIRED_ACTION, resource: 'the key aws/s3', beside: EXPORT_ACTION },
        remediation: {
          ...useOtherKey(context),
          summary:
            'Remove the Deny from the role’s policies, or encrypt with S3’s own keys (SSE-S3), which need none.',
        },
      },
    ];
  }
  if (policies.unreadOfRole.length > 0) return policies.unreadOfRole.map(unread);
  if (decision.verdict === 'depends') return [undecided('S3’s AWS managed key', decision, { actual, about })];
  return [{ status: 'pass', fact: 'key-usable', message: 'The role may use S3’s AWS managed key to write.' }];
}

/** It lets everybody in the account use the key through S3 (KMS Developer Guide, "AWS managed keys"). */
function policyOfS3Key(accountId: string, region: string): Policy {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:CallerAccount': accountId, 'kms:ViaService': s3ViaService(region) } },
    },
  ];
  return parsedKeyPolicy({
    source: 'key policy of aws/s3',
    text: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
}

/** The services through which alone a key may be used, as the policy of an AWS managed key says. */
function serviceOfKey({ statements }: Policy): string[] {
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ conditions }) => conditions)
    .filter(
      ({ key, operator }) =>
        key.toLowerCase() === 'kms:viaservice' && /^string(equals|like)$/i.test(operator),
    )
    .flatMap(({ values }) => values);
}

function otherServicesKey(key: string, context: RuleContext): Outcome {
  return {
    ...fail(
      'key-of-other-service',
      `The key ${key} is an AWS managed key of another service: S3 can’t encrypt with it.`,
      key,
    ),
    expected: 'the key aws/s3, or a customer-managed key',
    remediation: useOtherKey(context),
  };
}

/** An AWS managed key is for the account that it is in, and for no other (KMS Developer Guide, "AWS managed keys"). */
function ofOtherAccount(key: string, policies: RolePolicies | Unreadable, context: RuleContext): Outcome[] {
  const owner = parseArn(key)?.accountId;
  if (owner === undefined) return [];
  if (isUnreadable(policies)) return [unread(policies)];
  const { accountId } = policies.caller;
  if (owner === accountId) return [];
  if (accountId === NO_ACCOUNT || owner === NO_ACCOUNT)
    return [unread({ message: `whether the key ${key} is of the role’s account is not known` })];
  return [
    {
      ...fail(
        'key-of-other-account',
        `The key ${key} is one that AWS manages in another account: nobody but that account can use it.`,
        key,
      ),
      expected: 'the key aws/s3 of the account, or a customer-managed key',
      remediation: useOtherKey(context),
    },
  ];
}
