/** How to fix the KMS key that keeps ALTR from writing. */
import { KEY_SIDS } from '../../config/options/encryption';
import { parseArn } from '../../contract/arn';
import { hclString } from '../../contract/hcl';
import { KMS_READ_ACTION, KMS_WRITE_ACTIONS } from '../../contract/policies';
import { accountPart } from '../evidence/account-part';
import type { RuleContext } from '../evidence/context';
import { foreignReadersOfKey, holdersOfKey } from '../evidence/leaving';
import { parsedResourcePolicy } from '../evidence/parsed';
import { keyRequest } from '../evidence/role-policies';
import type { KmsKeyObservation } from '../observe/observation';
import { applications, decide, matchesAction, type Policy, type Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { configChange, jsonencode, redeploy, resource } from './hcl';
import { fixRolePolicy, givePermissions, isHeldBack, lacksKey } from './role-documents';
import { quote, quoteJson } from './shell';
import {
  documentOf,
  exempting,
  keyOf,
  type Raw,
  sparingForGood,
  withoutPrincipals,
  written,
} from './statements';
import { onlyAllows, othersWith, type Subject, subjectOf } from './subject';

const OWN_SID = 'ALTRKey';
const DEFAULT_SID = 'Enable IAM User Permissions';
const ADDED_SIDS: readonly string[] = [OWN_SID, DEFAULT_SID];

/** Lets the role use the key: in its own policies, and in the key's policy unless that leaves it to IAM. */
export function allowKey(subject: Subject, key: KmsKeyObservation, keyPolicy: Policy): Remediation {
  const { policies } = subject;
  const request = keyRequest(policies, key.arn);
  const denies = (policy: Policy) =>
    applications([policy], 'Deny', request).some(({ verdict }) => verdict === 'true');
  const steps: Remediation[] = policies.identity
    .filter(({ parsed }) => denies(parsed) || isHeldBack(parsed, subject))
    .map(({ policy, parsed }) => fixRolePolicy(policy, parsed, subject));
  if (lacksKey(subject)) steps.push(givePermissions(subject));
  if (denies(keyPolicy) || !leavesToIam(keyPolicy, subject, key)) {
    steps.push({
      ...fixKeyPolicy(key, keyPolicy, subject.context),
      summary: 'Let the key’s policy allow the role to write with the key.',
    });
  }
  const [first = givePermissions(subject), ...others] = steps;
  return combined([first, ...others]);
}

/** Takes foreign principals out of the key's policy. */
export function closeKey(policy: Policy, key: KmsKeyObservation, context: RuleContext): Remediation {
  return fixKeyPolicy(key, policy, context);
}

/** Corrects the key's policy, which is the same document for every finding. */
function fixKeyPolicy(key: KmsKeyObservation, policy: Policy, context: RuleContext): Remediation {
  const document = correctedKeyPolicy(key, policy, context);
  return {
    summary: 'Take the principals of other accounts out of the key’s policy.',
    document,
    commands: [`aws kms put-key-policy ${named(key)} --policy-name default --policy ${quoteJson(document)}`],
    terraform: resource('aws_kms_key_policy', context.contract.bucket, {
      key_id: key.arn,
      policy: jsonencode(document),
    }),
    cdktf: makesKey(context) && isOfTheKit(document, policy) ? redeploy(context.contract) : undefined,
  };
}

/** Whether the correction leaves nothing but statements of the kit's, and those that it adds itself. */
function isOfTheKit(document: object | undefined, found: Policy): boolean {
  const sidOf = (raw: unknown) => String((raw as Raw).Sid ?? '');
  const there = written(found).map(({ raw }) => sidOf(raw));
  const { Statement = [] } = (document ?? {}) as { readonly Statement?: readonly unknown[] };
  return Statement.map(sidOf).every(
    (sid) => KEY_SIDS.includes(sid) || (ADDED_SIDS.includes(sid) && !there.includes(sid)),
  );
}

/**
 * The key's policy without foreign principals, with every Deny of the roles' writes sparing them, and with leave for the
 * roles of all exports of the run that use the key. Somebody in the key's account always administers it: KMS refuses a
 * policy that locks everybody out (KMS API Reference, "PutKeyPolicy").
 */
function correctedKeyPolicy(
  key: KmsKeyObservation,
  policy: Policy,
  context: RuleContext,
): object | undefined {
  const { accountId } = context.observation;
  const own = subjectOf(context);
  const users = [
    own ?? [],
    own ? othersWith(own, ({ policies }) => policies.key?.arn === key.arn) : [],
  ].flat();
  const foreign =
    accountId.state === 'value'
      ? foreignReadersOfKey(
          policy,
          key,
          holdersOfKey(key, accountId.value, context),
          accountId.value,
          context,
        )
      : [];
  const change = { action: 'kms:PutKeyPolicy', isReached: true };
  const statements = written(policy).flatMap((statement): unknown[] => {
    const pointers = foreign.filter((entry) => entry.statement === statement).map(({ pointer }) => pointer);
    if (pointers.length > 0)
      return [
        ...[withoutPrincipals(statement, pointers) ?? []].flat(),
        ...forDeclaredReaders(statement, pointers, context),
      ];
    const hit = users.filter((user) => deniesKey({ ...policy, statements: [statement] }, user, key));
    return [
      hit.reduce((spared, { role, policies }) => {
        const [again = statement] = parsedAs(policy, [spared]).statements;
        const who = { arn: role.arn, accountId: policies.caller.accountId };
        return sparingForGood(again, who, change);
      }, statement.raw),
    ];
  });
  if (!administers(parsedAs(policy, statements), key)) statements.unshift(administration(key));
  const left = parsedAs(policy, statements);
  const shutOut = users.filter((user) => !leavesToIam(left, user, key) && !namesRole(left, user, key));
  const lost = users.filter(
    (user) => leavesToIam(left, user, key) && !leavesToIam(policy, user, key) && !namesRole(left, user, key),
  );
  const given = [...new Set([...shutOut, ...lost].map(({ role }) => role.arn))].sort();
  const added = {
    Sid: OWN_SID,
    Effect: 'Allow',
    Principal: { AWS: given.length === 1 ? given[0] : given },
    Action: KMS_WRITE_ACTIONS,
    Resource: '*',
  };
  return documentOf(policy, given.length > 0 ? [...statements, added] : statements);
}

/**
 * Leave to decrypt for the declared readers among those whom a statement loses. A principal that does not exist is refused
 * by KMS, so they are named by a condition.
 */
function forDeclaredReaders(
  statement: Statement,
  lost: readonly string[],
  { declared }: RuleContext,
): unknown[] {
  const { actions, conditions, principals } = statement;
  const isNarrowed = conditions.some(({ key }) => key.toLowerCase() === 'aws:principalarn');
  if (!principals || principals.negated || isNarrowed || !matchesAction(actions, KMS_READ_ACTION)) return [];
  const readersIn = (accountId: string) =>
    (declared?.bucketPolicy?.onlyReaders ?? []).filter((arn) => parseArn(arn)?.accountId === accountId);
  return principals.entries.flatMap((entry): unknown[] => {
    const readers =
      entry.kind === 'account' && lost.includes(entry.pointer) ? readersIn(entry.accountId) : [];
    if (readers.length === 0) return [];
    const raw = exempting(statement, 'ArnLike', 'aws:PrincipalArn', ...readers);
    return [
      {
        Effect: 'Allow',
        Principal: { AWS: entry.text },
        Action: KMS_READ_ACTION,
        Resource: '*',
        Condition: raw[keyOf(raw, 'Condition')],
      },
    ];
  });
}

function parsedAs(policy: Policy, statements: readonly unknown[]): Policy {
  const document = documentOf(policy, statements);
  return document
    ? parsedResourcePolicy({ source: policy.source, text: JSON.stringify(document) })
    : { ...policy, statements: [] };
}

function deniesKey(policy: Policy, { policies }: Subject, key: KmsKeyObservation): boolean {
  const request = keyRequest(policies, key.arn);
  return applications([policy], 'Deny', request).some(({ verdict }) => verdict === 'true');
}

/** Whether the key's policy leaves it to the account's IAM policies who may use the key, Deny statements aside. */
function leavesToIam(policy: Policy, { policies }: Subject, key: KmsKeyObservation): boolean {
  const delegated = onlyAllows(accountPart(policy, policies.caller.accountId));
  return decide({ identity: [delegated] }, keyRequest(policies, key.arn)).verdict === 'allowed';
}

/** Whether the key's policy lets the role use the key whatever IAM says. */
function namesRole(policy: Policy, { policies }: Subject, key: KmsKeyObservation): boolean {
  const request = keyRequest(policies, key.arn);
  return decide({ identity: [], resource: onlyAllows(policy) }, request).verdict === 'allowed';
}

/** Whether the policy lets somebody whom it names change it. */
function administers({ statements }: Policy, { arn }: KmsKeyObservation): boolean {
  const { accountId } = parseArn(arn) ?? {};
  return statements.some(
    ({ effect, actions, principals }) =>
      effect === 'Allow' &&
      matchesAction(actions, 'kms:PutKeyPolicy') &&
      principals?.negated === false &&
      principals.entries.some(
        (entry) => entry.kind === 'anyone' || ('accountId' in entry && entry.accountId === accountId),
      ),
  );
}

/** The statement of KMS's own default policy (KMS Developer Guide, "Default key policy"). */
function administration({ arn }: KmsKeyObservation): object {
  const { partition = 'aws', accountId = '' } = parseArn(arn) ?? {};
  return {
    Sid: DEFAULT_SID,
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
}

/** Makes a disabled key, or one that is about to be deleted, usable again. */
export function reviveKey(context: RuleContext, key: KmsKeyObservation): Remediation {
  const isDisabled = key.keyState === 'Disabled';
  if (!isDisabled && key.keyState !== 'PendingDeletion') return useOtherKey(context);
  return {
    summary: isDisabled ? 'Enable the key again.' : 'Cancel the key’s deletion, and enable it again.',
    commands: [
      ...(isDisabled ? [] : [`aws kms cancel-key-deletion ${named(key)}`]),
      `aws kms enable-key ${named(key)}`,
    ],
    terraform: resource('aws_kms_key', context.contract.bucket, { is_enabled: true }),
    // For Terraform a key that is about to be deleted is gone: a deploy would make another.
    cdktf: isDisabled && makesKey(context) ? redeploy(context.contract) : undefined,
  };
}

/** Encrypts new objects with another key: as declared, or with S3's own keys, the default of every bucket. */
export function useOtherKey(context: RuleContext): Remediation {
  const { contract, declared } = context;
  if (makesKey(context)) {
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
  const rules = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] };
  return {
    summary: 'Encrypt with a key that exists, or with S3’s own keys, the default.',
    commands: [
      `aws s3api put-bucket-encryption --bucket ${quote(contract.bucket)} --server-side-encryption-configuration ${quoteJson(rules)}`,
    ],
    terraform: `resource "aws_s3_bucket_server_side_encryption_configuration" "altr" {\n  bucket = ${hclString(contract.bucket)}\n  rule {\n    apply_server_side_encryption_by_default {\n      sse_algorithm = "AES256"\n    }\n  }\n}`,
    cdktf: declared?.existingBucket
      ? undefined
      : configChange(contract, 'encryption:\n  type: s3 # the default'),
  };
}

/** Whether the kit makes the bucket's key, as declared. */
function makesKey({ declared }: RuleContext): boolean {
  return declared?.encryption?.type === 'kms' && !declared.encryption.kmsKeyArn;
}

/** Names the key for the AWS CLI: KMS finds a key only in its own region. */
function named({ arn }: KmsKeyObservation): string {
  const { region = '', resource: key = arn } = parseArn(arn) ?? {};
  return `--region ${quote(region)} --key-id ${quote(key.replace(/^key\//, ''))}`;
}
