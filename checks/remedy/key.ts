/** How to fix the KMS key that keeps ALTR from writing. */
import { parseArn } from '../../contract/arn';
import type { ExportContract } from '../../contract/contract';
import { hclString } from '../../contract/hcl';
import { KMS_WRITE_ACTIONS } from '../../contract/policies';
import { keyRequest } from '../evidence/role-policies';
import type { KmsKeyObservation } from '../observe/observation';
import { applications, decide, type Policy } from '../policy';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { configChange, jsonencode, redeploy, resource } from './hcl';
import { fixRolePolicy, givePermissions, type Subject } from './role-documents';
import { quote, quoteJson } from './shell';
import { documentOf, sparingForGood, written } from './statements';

/**
 * Lets the role use the key: in its own policies, and in the key's policy unless that leaves it to IAM.
 * @param delegated the part of the key's policy that names the whole account
 */
export function allowKey(
  subject: Subject,
  key: KmsKeyObservation,
  keyPolicy: Policy,
  delegated: Policy,
): Remediation {
  const { role, policies, context } = subject;
  const request = keyRequest(policies, key.arn);
  const denies = (policy: Policy) =>
    applications([policy], 'Deny', request).some(({ verdict }) => verdict === 'true');
  const allows = (policy: Policy) => decide({ identity: [policy] }, request).verdict === 'allowed';
  const without = (policy: Policy) => ({
    ...policy,
    statements: policy.statements.filter(({ effect }) => effect !== 'Deny'),
  });
  const steps: Remediation[] = policies.identity
    .filter(({ parsed }) => denies(parsed))
    .map(({ policy, parsed }) => fixRolePolicy(policy, parsed, subject));
  if (!policies.identity.some(({ parsed }) => allows(without(parsed)))) steps.push(givePermissions(subject));
  if (denies(keyPolicy) || !allows(without(delegated))) {
    const kept = written(keyPolicy).map((statement) =>
      statement.effect === 'Deny' && denies({ ...keyPolicy, statements: [statement] })
        ? sparingForGood(
            statement,
            { arn: role.arn, accountId: policies.caller.accountId },
            { action: 'kms:PutKeyPolicy', isReached: true },
          )
        : statement.raw,
    );
    const added = {
      Sid: 'ALTRKey',
      Effect: 'Allow',
      Principal: { AWS: role.arn },
      Action: KMS_WRITE_ACTIONS,
      Resource: '*',
    };
    const document = documentOf(keyPolicy, allows(without(delegated)) ? kept : [...kept, added]);
    steps.push({
      summary: 'Let the key’s policy allow the role to write with the key.',
      document,
      commands: [
        `aws kms put-key-policy ${named(key)} --policy-name default --policy ${quoteJson(document)}`,
      ],
      terraform: resource('aws_kms_key_policy', context.contract.bucket, {
        key_id: key.arn,
        policy: jsonencode(document),
      }),
      cdktf: configChange(
        context.contract,
        `encryption:
  type: kms
  kmsKeyArn: ${key.arn} # once the key’s policy is corrected`,
      ),
    });
  }
  const [first = givePermissions(subject), ...others] = steps;
  return combined([first, ...others]);
}

/** Makes a disabled key, or one that is about to be deleted, usable again. */
export function reviveKey(contract: ExportContract, key: KmsKeyObservation): Remediation {
  const usable = key.keyState === 'Disabled' || key.keyState === 'PendingDeletion';
  if (!usable) return useDefaultEncryption(contract);
  return {
    summary:
      key.keyState === 'Disabled'
        ? 'Enable the key again.'
        : 'Cancel the key’s deletion, and enable it again.',
    commands: [
      ...(key.keyState === 'Disabled' ? [] : [`aws kms cancel-key-deletion ${named(key)}`]),
      `aws kms enable-key ${named(key)}`,
    ],
    terraform: resource('aws_kms_key', contract.bucket, { is_enabled: true }),
    cdktf: redeploy(contract),
  };
}

/** Encrypts new objects with S3's own keys, the default of every bucket. */
export function useDefaultEncryption(contract: ExportContract): Remediation {
  const rules = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] };
  return {
    summary: 'Encrypt with a key that exists, or with S3’s own keys, the default.',
    commands: [
      `aws s3api put-bucket-encryption --bucket ${quote(contract.bucket)} --server-side-encryption-configuration ${quoteJson(rules)}`,
    ],
    terraform: `resource "aws_s3_bucket_server_side_encryption_configuration" "altr" {\n  bucket = ${hclString(contract.bucket)}\n  rule {\n    apply_server_side_encryption_by_default {\n      sse_algorithm = "AES256"\n    }\n  }\n}`,
    cdktf: configChange(contract, 'encryption:\n  type: s3 # the default'),
  };
}

/** Names the key for the AWS CLI: KMS finds a key only in its own region. */
function named({ arn }: KmsKeyObservation): string {
  const { region = '', resource: key = arn } = parseArn(arn) ?? {};
  return `--region ${quote(region)} --key-id ${quote(key.replace(/^key\//, ''))}`;
}
