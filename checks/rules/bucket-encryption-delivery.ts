/** With a customer-managed KMS key the role may use the key to write. */
import { EXPORT_ACTION, KMS_REQUIRED_ACTION } from '../../contract/policies';
import { decide, parsePolicy } from '../policy';
import { allowKey, reviveKey, useDefaultEncryption } from './remedy/key';
import { isUnreadable, keyRequest, rolePolicies } from './role-policies';
import { bucketRule, needing, type Outcome, unread } from './rule';
import { wordReasons } from './wording';

export const bucketEncryptionDelivery = bucketRule(
  {
    id: 'bucket-encryption-delivery',
    title: 'With a customer-managed KMS key the role may use the key to write',
    severity: 'high',
    requirement: {
      text: 'ALTR uses the role to write objects into the bucket; S3 refuses the write where the role may not use the bucket’s key.',
      source:
        'Amazon S3 User Guide, “Using server-side encryption with AWS KMS keys (SSE-KMS)”, “Permissions”',
    },
    risk: 'S3 refuses ALTR’s writes for want of the key: audit logs are lost, and nothing in AWS says so.',
    remediation: `Allow the role ${KMS_REQUIRED_ACTION} and kms:Decrypt on the key, in its own policy and, where the key’s policy does not leave that to IAM, in the key’s policy.`,
    examples: {
      violating: {
        summary: 'The bucket got a key of its own, and the role nothing that lets it use the key.',
        setUp: { kmsKey: {} },
      },
      compliant: { summary: 'S3’s own key, the default.', setUp: {} },
    },
  },
  (bucket, context) => {
    const { observation, contract } = context;
    if (observation.role.state === 'absent') return [];
    if (observation.role.state === 'unreadable') return [unread(observation.role.reason)];
    const role = observation.role.value;
    if (bucket.encryption.state === 'unreadable') return [unread(bucket.encryption.reason)];
    const free: Outcome = {
      status: 'pass',
      fact: 'no-customer-key',
      message: 'No customer-managed key stands between ALTR and the bucket.',
    };
    if (bucket.encryption.state === 'absent' || !bucket.kmsKey) return [free];
    if (bucket.kmsKey.state === 'absent') {
      return [
        {
          ...fail(
            'key-missing',
            `The key that the bucket encrypts with, ${bucket.encryption.value.kmsKeyId}, does not exist.`,
            null,
          ),
          expected: 'a key that exists',
          remediation: useDefaultEncryption(contract),
        },
      ];
    }
    return needing(bucket.kmsKey, (key): Outcome[] => {
      // Its policy lets everybody in the account use it through S3.
      if (key.keyManager === 'AWS') return [free];
      if (key.keyState !== 'Enabled') {
        return [
          {
            ...fail(
              'key-disabled',
              `The key ${key.arn} is ${key.keyState}: nothing can be written with it.`,
              key.keyState,
            ),
            expected: 'Enabled',
            remediation: reviveKey(contract, key),
          },
        ];
      }
      const policies = rolePolicies(role, context);
      if (isUnreadable(policies)) return [unread(policies)];
      if (key.policy.state !== 'value') {
        return key.policy.state === 'unreadable' ? [unread(key.policy.reason)] : [];
      }
      const keyPolicy = parsePolicy(key.policy.value);
      const request = keyRequest(policies, key.arn);
      const identity = policies.identity.map(({ parsed }) => parsed);
      const boundary = policies.boundary ? { boundary: policies.boundary } : {};
      // An account's own IAM policies count for a key only where its key policy names the account (KMS Developer Guide,
      // "Default key policy"); a key of another account needs both policies to allow.
      const delegates =
        decide({ identity: [accountPart(keyPolicy, policies.caller.accountId)] }, request).verdict !==
        'denied';
      const sameAccount = key.arn.split(':')[4] === policies.caller.accountId;
      const byKey = decide({ identity: [], resource: keyPolicy, ...boundary }, request);
      const byBoth = decide({ identity, ...boundary, resource: keyPolicy }, request);
      const byIdentity = decide({ identity, ...boundary }, request);
      const decision = sameAccount
        ? delegates
          ? byBoth
          : byKey
        : delegates || byKey.verdict === 'allowed'
          ? byIdentity
          : byKey;
      if (decision.verdict === 'allowed') {
        return [
          { status: 'pass', fact: 'key-usable', message: `The role may use the key ${key.arn} to write.` },
        ];
      }
      if (policies.unread.length > 0 && decision.reasons[0]?.kind !== 'deny')
        return policies.unread.map(unread);
      const words = wordReasons(decision.reasons);
      if (decision.verdict === 'depends') {
        return [
          {
            status: 'unknown',
            fact: 'depends',
            cause: 'undecidable',
            message: `Whether the role may use the key ${key.arn} can’t be decided: ${words}.`,
            actual: decision.reasons.map(({ text, kind }) => ({ kind, text })),
          },
        ];
      }
      return [
        {
          ...fail(
            'key-denied',
            `The role may not use the key ${key.arn}, so it can’t write: ${words}.`,
            decision.reasons.map(({ text }) => text),
          ),
          expected: { action: KMS_REQUIRED_ACTION, resource: key.arn, beside: EXPORT_ACTION },
          remediation: allowKey(
            { role, policies, context },
            key,
            keyPolicy,
            accountPart(keyPolicy, policies.caller.accountId),
          ),
        },
      ];
    });
  },
);

function fail(fact: string, message: string, actual: unknown): Outcome {
  return { status: 'fail', fact, message, actual };
}

/** The statements of a key policy that name the whole account, which leave the decision to the account's IAM policies. */
function accountPart(
  policy: ReturnType<typeof parsePolicy>,
  accountId: string,
): ReturnType<typeof parsePolicy> {
  const statements = policy.statements.filter(
    ({ effect, principals, faults }) =>
      faults.length > 0 ||
      effect === 'Deny' ||
      principals?.entries.some((entry) => entry.kind === 'account' && entry.accountId === accountId),
  );
  return { ...policy, statements };
}
