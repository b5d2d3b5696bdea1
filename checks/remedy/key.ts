/** How to fix the KMS key that keeps ALTR from writing. */
import { makesKey } from '../../config/options/encryption';
import type { DeclaringContext, RuleContext } from '../evidence/context';
import { parsedKeyPolicy } from '../evidence/parsed';
import { keyRequest } from '../evidence/role-policies';
import type { KmsKeyObservation } from '../observe/observation';
import { applications, type Policy } from '../policy';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { fixBucketPolicy } from './corrected-bucket-policy';
import { fixKeyPolicy, isUsed, lacking, leavesToIam, named } from './corrected-key-policy';
import { replaceEncryption } from './declared-bucket';
import { configChange, redeploy, resource } from './hcl';
import { isKeyPolicyHeldBack, limitGrants } from './key-held-back';
import {
  allowsKey,
  fixBoundary,
  fixRolePolicy,
  givePermissions,
  isHeldBack,
  lacksKey,
} from './role-documents';
import type { Subject } from './subject';

/** Lets the role use the key: in its own policies, in its boundary, and in the key's policy unless that leaves it to IAM. */
export function allowKey(subject: Subject, key: KmsKeyObservation, keyPolicy: Policy): Remediation {
  const { policies } = subject;
  const request = keyRequest(policies, key.arn);
  const denies = (policy: Policy) =>
    applications([policy], 'Deny', request).some(({ verdict }) => verdict === 'true');
  const steps: Remediation[] = policies.identity
    .filter(({ parsed }) => denies(parsed) || isHeldBack(parsed, subject))
    .map(({ policy, parsed }) => fixRolePolicy(policy, parsed, subject));
  if (lacksKey(subject)) steps.push(givePermissions(subject));
  const { boundary, bucket } = policies;
  if (boundary && (denies(boundary) || !allowsKey(boundary, subject)))
    steps.push(fixBoundary(boundary, subject, 'Let the permissions boundary allow the role to use the key.'));
  if (bucket && isHeldBack(bucket, subject)) steps.push(fixBucketPolicy(subject.context));
  if (denies(keyPolicy) || !leavesToIam(keyPolicy, subject, key) || isKeyPolicyHeldBack(subject))
    steps.push(fixKeyPolicy(key, keyPolicy, subject.context));
  steps.push(...limitGrants(subject));
  const [first = givePermissions(subject), ...others] = steps;
  return combined([first, ...others]);
}

/** Takes foreign principals out of the key's policy. */
export function closeKey(policy: Policy, key: KmsKeyObservation, context: RuleContext): Remediation {
  return fixKeyPolicy(key, policy, context);
}

/** Lets readers decrypt with the bucket's key, or with a former one. */
export function letReadersDecrypt(
  policy: Policy,
  key: KmsKeyObservation,
  context: DeclaringContext,
): Remediation {
  const fix = fixKeyPolicy(key, policy, context);
  const { document } = fix;
  // A Deny is somebody's, and not widened here.
  if (
    !document ||
    lacking(parsedKeyPolicy({ source: policy.source, text: JSON.stringify(document) }), key, context).length >
      0
  )
    return {
      summary:
        'Let the key’s policy allow the readers kms:Decrypt through S3. A statement denies it: see first what that is for.',
    };
  return {
    ...fix,
    // The export does not make its former keys.
    cdktf: isUsed(key, context) ? fix.cdktf : undefined,
  };
}

/** Restores the policy of the key that the export makes. */
export function administerAsDeclared({ contract }: RuleContext): Remediation {
  return {
    summary:
      'Deploy the export again, as one of the declared administrators: that restores the key’s policy. See first who needs the statements that it takes away.',
    cdktf: redeploy(contract),
  };
}

/** Makes a disabled key, or one that is about to be deleted, usable again. */
export function reviveKey(context: RuleContext, key: KmsKeyObservation): Remediation {
  const revived = revive(context, key);
  if (!revived) return useOtherKey(context);
  const isDisabled = key.keyState === 'Disabled';
  // For Terraform a key that is about to be deleted is gone: a deploy would make another.
  return {
    ...revived,
    cdktf: isDisabled && makesKey(context.declared ?? {}) ? redeploy(context.contract) : undefined,
  };
}

/** The same for a key that only older logs need. */
export function reviveFormerKey(context: RuleContext, key: KmsKeyObservation): Remediation {
  const other = 'Make the key usable again: only it can decrypt the logs under it.';
  const { summary, ...how } = revive(context, key) ?? { summary: other };
  return {
    summary: `${summary} If no log under it is kept any more, take it out of encryption.formerKeys.`,
    ...how,
  };
}

function revive({ contract }: RuleContext, key: KmsKeyObservation): Remediation | undefined {
  const isDisabled = key.keyState === 'Disabled';
  if (!isDisabled && key.keyState !== 'PendingDeletion') return undefined;
  return {
    summary: isDisabled ? 'Enable the key again.' : 'Cancel the key’s deletion, and enable it again.',
    commands: [
      ...(isDisabled ? [] : [`aws kms cancel-key-deletion ${named(key)}`]),
      `aws kms enable-key ${named(key)}`,
    ],
    terraform: resource('aws_kms_key', contract.bucket, { is_enabled: true }),
  };
}

/** Encrypts new objects with another key: as declared, or with S3's own keys, the default of every bucket. */
export function useOtherKey(context: RuleContext): Remediation {
  const { contract, declared } = context;
  if (makesKey(context.declared ?? {})) {
    return {
      summary:
        'Deploy the export again: that makes a new key. Elsewhere make one, and name it in encryption.kmsKeyArn.',
      cdktf: redeploy(contract),
    };
  }
  if (declared?.encryption?.type === 'kms') {
    return {
      summary: declared.existingBucket
        ? 'Have the owner of the bucket encrypt with a key that S3 can write with, and name it in encryption.kmsKeyArn: a deploy leaves an existing bucket’s encryption alone.'
        : 'Name a key that S3 can write with in encryption.kmsKeyArn, and deploy the export again; or declare encryption.type s3.',
    };
  }
  return {
    summary: 'Encrypt with a key that exists, or with S3’s own keys, the default.',
    ...replaceEncryption({ algorithm: 'AES256' }, contract),
    cdktf: declared?.existingBucket
      ? undefined
      : configChange(contract, 'encryption:\n  type: s3 # the default'),
  };
}
