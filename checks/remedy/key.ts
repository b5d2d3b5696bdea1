/** How to fix the KMS key that keeps ALTR from writing. */
import {
  KEY_SIDS,
  keyAdministrationStatement,
  keyReadersStatement,
  makesKey,
} from '../../config/options/encryption';
import { parseArn } from '../../contract/arn';
import { accountRootArn, KMS_READ_ACTION, KMS_WRITE_ACTIONS } from '../../contract/policies';
import type { DeclaringContext, RuleContext } from '../evidence/context';
import { allReaders, readersLacking } from '../evidence/key-readers';
import { foreignReadersOfKey, holdersOfKey } from '../evidence/leaving';
import { parsedKeyPolicy } from '../evidence/parsed';
import { accountPart } from '../evidence/policy-part';
import { keyRequest } from '../evidence/role-policies';
import type { KmsKeyObservation } from '../observe/observation';
import { applications, decide, matchesAction, type Policy, type Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { replaceEncryption } from './declared-bucket';
import { configChange, jsonencode, redeploy, resource } from './hcl';
import { fixRolePolicy, givePermissions, isHeldBack, lacksKey } from './role-documents';
import { quote, quoteJson } from './shell';
import {
  documentOf,
  exempting,
  nameAsWritten,
  type Raw,
  sparingForGood,
  withoutPrincipals,
  written,
} from './statements';
import { onlyAllows, othersWith, type Subject, subjectOf } from './subject';

const OWN_SID = 'ALTRKey';
const DEFAULT_SID = 'Enable IAM User Permissions';
const READERS_SID = 'ALTRKeyReaders';
const ADDED_SIDS: readonly string[] = [OWN_SID, DEFAULT_SID, READERS_SID];

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

/** Lets readers decrypt with the bucket's key, or with a former one. */
export function letReadersDecrypt(
  policy: Policy,
  key: KmsKeyObservation,
  context: DeclaringContext,
): Remediation {
  const fix = fixKeyPolicy(key, policy, context);
  const { document } = fix;
  // A Deny is somebody's, and not widened here.
  if (!document || lacking(parsedDocument(policy, document), key, context).length > 0)
    return {
      summary:
        'Let the key’s policy allow the readers kms:Decrypt through S3. A statement denies it: see first what that is for.',
    };
  return {
    ...fix,
    summary: 'Let the key’s policy allow the readers to decrypt through S3.',
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
    cdktf:
      makesKey(context.declared ?? {}) && isOfTheKit(document, policy)
        ? redeploy(context.contract)
        : undefined,
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
 * roles of all exports of the run that use the key, and for the readers of those that use it or used it before. Somebody in
 * the key's account always administers it: KMS refuses a policy that locks everybody out (KMS API Reference, "PutKeyPolicy").
 */
function correctedKeyPolicy(
  key: KmsKeyObservation,
  policy: Policy,
  context: RuleContext,
): object | undefined {
  const uses = ({ policies }: Subject) => policies.key?.arn === key.arn;
  const own = subjectOf(context);
  const users = own ? [own, ...othersWith(own, uses)].filter(uses) : [];
  const foreign = foreignTo(key, policy, users[0]?.context ?? context);
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
  if (!administers(parsedAs(policy, statements), key)) statements.unshift(administration(key, context));
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
  if (given.length > 0) statements.push(added);
  const readers = (context.run ?? [context]).flatMap((one) =>
    isDeclaring(one) ? lacking(left, key, one) : [],
  );
  for (const arns of byAccount(readers)) statements.push(readersStatement(arns, statements, context));
  return documentOf(policy, statements);
}

/** Foreign principals in the policy of the key that the bucket encrypts with; those of a former key are for others to judge. */
function foreignTo(key: KmsKeyObservation, policy: Policy, context: RuleContext) {
  const { accountId } = context.observation;
  if (accountId.state !== 'value' || !isUsed(key, context)) return [];
  const holders = holdersOfKey(key, accountId.value, context);
  return foreignReadersOfKey(policy, key, holders, accountId.value, context).filter(
    ({ undecided }) => undecided === undefined,
  );
}

/** Whether the bucket encrypts with the key. */
function isUsed({ arn }: KmsKeyObservation, { observation: { bucket } }: RuleContext): boolean {
  const seen = bucket.state === 'value' ? bucket.value.kmsKey : undefined;
  return seen?.state === 'value' && seen.value.arn === arn;
}

function isDeclaring(context: RuleContext): context is DeclaringContext {
  return context.declared !== undefined;
}

/**
 * ARNs, with `*`, of declared readers whom the policy of a key does not let decrypt: of the bucket's key those for whom something
 * is made, which declared-readers judges, and of a former one all.
 */
function lacking(policy: Policy, key: KmsKeyObservation, context: DeclaringContext): string[] {
  const { accountId } = context.observation;
  const { encryption, readers } = context.declared;
  const isFormer = encryption?.formerKeys?.includes(key.arn) === true;
  if (accountId.state !== 'value' || !(isFormer || isUsed(key, context))) return [];
  const those = isFormer ? context : { ...context, declared: { readers, role: context.declared.role } };
  return readersLacking(allReaders(those, accountId.value), policy, key.arn, context)
    .filter(({ isNamed, decision }) => isNamed && decision.verdict === 'denied')
    .map(({ who }) => who);
}

function byAccount(arns: readonly string[]): string[][] {
  const groups = new Map<string | undefined, string[]>();
  for (const arn of [...new Set(arns)].sort()) {
    const account = parseArn(arn)?.accountId;
    groups.set(account, [...(groups.get(account) ?? []), arn]);
  }
  return [...groups.values()];
}

/** Lets readers of one account decrypt. A Sid may stand in a policy once. */
function readersStatement(
  readers: readonly string[],
  statements: readonly unknown[],
  { contract }: RuleContext,
): object {
  const taken = statements.map((statement) => (statement as { readonly Sid?: unknown } | null)?.Sid);
  const sids = [...statements.keys(), statements.length].map((number) => `${READERS_SID}${number || ''}`);
  const place = {
    partition: contract.partition,
    region: contract.region,
    accountId: parseArn(readers[0] ?? '')?.accountId ?? '',
  };
  return keyReadersStatement(
    place,
    readers,
    sids.find((sid) => !taken.includes(sid)),
  );
}

function parsedDocument(policy: Policy, document: object): Policy {
  return parsedKeyPolicy({ source: policy.source, text: JSON.stringify(document) });
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
        Condition: raw[nameAsWritten(raw, 'Condition')],
      },
    ];
  });
}

function parsedAs(policy: Policy, statements: readonly unknown[]): Policy {
  const document = documentOf(policy, statements);
  return document ? parsedDocument(policy, document) : { ...policy, statements: [] };
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

/** Whom the config declares, else the statement of KMS's own default policy (KMS Developer Guide, "Default key policy"). */
function administration({ arn }: KmsKeyObservation, { contract, declared }: RuleContext): object {
  const { partition } = contract;
  const { accountId = '' } = parseArn(arn) ?? {};
  const administrators = declared?.encryption?.keyAdministrators;
  if (administrators) return keyAdministrationStatement({ partition, accountId }, administrators);
  return {
    Sid: DEFAULT_SID,
    Effect: 'Allow',
    Principal: { AWS: accountRootArn(partition, accountId) },
    Action: 'kms:*',
    Resource: '*',
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

/** Names the key for the AWS CLI: KMS finds a key only in its own region. */
function named({ arn }: KmsKeyObservation): string {
  const { region = '', resource: key = arn } = parseArn(arn) ?? {};
  return `--region ${quote(region)} --key-id ${quote(key.replace(/^key\//, ''))}`;
}
