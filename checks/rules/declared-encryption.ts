/** The bucket encrypts as the config declares, and its keys are administered and kept as declared. */
import { parseArn } from '../../contract/arn';
import type { DeclaringContext } from '../evidence/context';
import { judged, notLookedAt, orAsDeclared } from '../evidence/declared';
import { list } from '../evidence/excess-grants';
import { administratorsShutOut, otherAdministrators } from '../evidence/key-administrators';
import { allReaders, judgeKeyReaders } from '../evidence/key-readers';
import { isUsable } from '../evidence/key-use';
import { lazily } from '../evidence/lazily';
import { needing, type Outcome, unread } from '../evidence/outcome';
import { parsedKeyPolicy } from '../evidence/parsed';
import { grantFaults, locationOf, notUnderstood, oneOrAll } from '../evidence/wording';
import { type BucketObservation, type KmsKeyObservation, known } from '../observe/observation';
import { bucketKeysAsDeclared, encryptAsDeclared } from '../remedy/declared-bucket';
import { administerAsDeclared, letReadersDecrypt, reviveFormerKey } from '../remedy/key';
import { declaredBucketRule } from './rule';

const FORMER_KEY = 'arn:aws:kms:us-east-1:123456789012:key/77777777-2222-3333-4444-555555555555';

export const declaredEncryption = declaredBucketRule(
  {
    id: 'declared-encryption',
    audits: 'encryption',
    needs: 'organization',
    title: 'The bucket encrypts as the config declares, and its keys are kept as declared',
    severity: 'medium',
    requirement: {
      text: 'The bucket’s default encryption is the declared one: `encryption.type`, `encryption.kmsKeyArn`. The policy of a key that the export makes lets the declared `keyAdministrators` administer it, and nobody else. Each of the `formerKeys` exists, is enabled, and lets the declared readers decrypt older logs.',
      source: '`encryption` in your config',
    },
    risk: 'Audit logs are written without the key that you declared: who may read the bucket may read them, and no key can be withdrawn. Somebody whom you did not declare can give away the key, or delete it. Older logs can’t be read without their key.',
    remediation:
      'Deploy the export again: that restores the bucket’s encryption for new logs, and the policy of a key that it makes. Enable a former key again, or cancel its deletion.',
    examples: {
      violating: {
        summary: 'A customer-managed key is declared, and the bucket encrypts with S3’s own.',
        setUp: { declares: { encryption: { type: 'kms' } } },
      },
      compliant: {
        summary:
          'The bucket encrypts with S3’s own keys, as declared, and a former key lets the reader decrypt older logs.',
        setUp: {
          declares: {
            encryption: { type: 's3', formerKeys: [FORMER_KEY] },
            readers: [{ name: 'siem', attachedTo: ['arn:aws:iam::123456789012:role/Siem'] }],
          },
          formerKeys: [
            {
              arn: FORMER_KEY,
              key: known({
                arn: FORMER_KEY,
                keyManager: 'CUSTOMER',
                keyState: 'Enabled',
                policy: known({
                  source: `key policy of ${FORMER_KEY}`,
                  text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/Siem"}}}]}',
                }),
              }),
            },
          ],
          readers: [
            {
              name: 'siem',
              policy: known({
                source: 'policy arn:aws:iam::123456789012:policy/acme-altr-audit-logs-reader-siem',
                text: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-altr-audit-logs"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-altr-audit-logs/*"},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"${FORMER_KEY}"}]}`,
              }),
            },
          ],
        },
      },
    },
  },
  ({ type, kmsKeyArn, bucketKeys, keyAdministrators, formerKeys }, bucket, context) => {
    if (bucket.encryption.state === 'unreadable') return [unread(bucket.encryption.reason)];
    const found = bucket.encryption.state === 'value' ? bucket.encryption.value : undefined;
    // Stricter protection is fine.
    const outcomes = type === 'kms' ? [...judgeDeclaredKey(bucket, kmsKeyArn, context)] : [];
    // Of a key that is not the declared one, and of one that is given, nobody is declared to be an administrator.
    if (type === 'kms' && outcomes.length === 0 && keyAdministrators)
      outcomes.push(...judgeAdministrators(bucket, keyAdministrators, context));
    outcomes.push(...(formerKeys ?? []).flatMap((arn) => judgeFormerKey(arn, context)));
    // S3's own keys and DSSE-KMS have no bucket keys.
    if (bucketKeys !== undefined && found?.bucketKeyEnabled === !bucketKeys && found.algorithm === 'aws:kms')
      outcomes.push({
        status: 'advice',
        fact: 'bucket-keys',
        message: `S3 bucket keys are ${bucketKeys ? 'off' : 'on'}, and the config declares them ${bucketKeys ? 'on: S3 asks KMS for every log, which costs more' : 'off'}.`,
        actual: found.bucketKeyEnabled,
        remediation: bucketKeysAsDeclared(found, context),
      });
    return [
      ...orAsDeclared(outcomes, 'The bucket encrypts as declared.'),
      ...unseenKeys(formerKeys ?? [], context),
    ];
  },
);

function judgeAdministrators(
  { kmsKey }: BucketObservation,
  administrators: readonly string[],
  context: DeclaringContext,
): Outcome[] {
  // judgeDeclaredKey has reported a key that was not read, and bucket-encryption-delivery a missing one.
  if (kmsKey?.state !== 'value') return [];
  const key = kmsKey.value;
  if (key.policy.state === 'unreadable') return [unread(key.policy.reason)];
  if (key.policy.state !== 'value') return [];
  const policy = parsedKeyPolicy(key.policy.value);
  const faults = grantFaults(policy);
  if (faults.length > 0) return [{ resource: key.arn, ...notUnderstood(policy.source, faults) }];
  const remedy = lazily(() => administerAsDeclared(context));
  const others = otherAdministrators(policy, key, administrators, context).map(
    ({ statement, who, actions, isOpen, narrowedBy }): Outcome => ({
      ...(isOpen
        ? {
            status: 'unknown',
            fact: 'other-administrators-open',
            cause: 'undecidable',
            message: `It can’t be decided whether the key’s policy lets ${list(who)} administer the key (${few(actions)}): a statement of it depends on what is not known. The config declares who does: encryption.keyAdministrators.`,
          }
        : {
            status: 'fail',
            fact: 'other-administrators',
            message: `The key’s policy lets ${list(who)} administer the key (${few(actions)}), and the config does not declare them in encryption.keyAdministrators.`,
          }),
      resource: key.arn,
      expected: administrators,
      actual: { principal: oneOrAll(who), action: actions },
      location: locationOf(statement),
      also: narrowedBy.map((deny) => locationOf(deny)),
      remediation: remedy(),
    }),
  );
  const out = administratorsShutOut(policy, key, administrators, context);
  if (out.length === 0) return others;
  return [
    ...others,
    {
      status: 'fail',
      fact: 'administrator-shut-out',
      resource: key.arn,
      message: `The key’s policy does not let ${list(out)} change it, whom the config declares in encryption.keyAdministrators: they can’t keep the key from being misused or deleted, nor deploy the export.`,
      expected: administrators,
      actual: null,
      about: out,
      location: { document: policy.source, pointer: '' },
      remediation: remedy(),
    },
  ];
}

/** The first few, since one statement may allow all. */
function few(actions: readonly string[]): string {
  const more = actions.length - FEW;
  return more > 0 ? `${actions.slice(0, FEW).join(', ')} and ${more} more` : actions.join(', ');
}

const FEW = 3;

function judgeFormerKey(arn: string, context: DeclaringContext): readonly Outcome[] {
  const { formerKeys } = context.observation;
  const seen = formerKeys?.find((one) => one.arn === arn);
  // Reported by `unseenKeys`.
  if (seen && !seen.key) return [];
  const outcomes = judged(seen?.key, `the former key ${arn}`, (key) => {
    // As bad as a plan that would delete it, but for what is lost already: the logs can't be read.
    if (!key)
      return [
        {
          status: 'fail',
          severity: 'high',
          fact: 'former-key-gone',
          message: `The former key ${arn} does not exist: nobody can ever read the logs that are encrypted with it.`,
          expected: 'a key that exists',
          actual: null,
          about: arn,
          remediation: {
            summary:
              'Correct the ARN in encryption.formerKeys if it is another key’s. Take it out if no log under it is kept any more: a deleted key does not come back.',
          },
        },
      ];
    if (!isUsable(key.keyState))
      return [
        {
          status: 'fail',
          // A disabled key comes back at once; the end of one that is about to be deleted is near, and for good.
          severity: key.keyState === 'PendingDeletion' ? 'high' : undefined,
          fact: 'former-key-state',
          message: `The former key ${arn} is ${key.keyState}: nobody can read the logs that are encrypted with it${key.keyState === 'PendingDeletion' ? ', and once it is deleted nobody ever can' : ''}.`,
          expected: 'Enabled',
          actual: key.keyState,
          about: { key: arn, state: key.keyState },
          remediation: reviveFormerKey(context, key),
        },
      ];
    return judgeReadersOf(key, context);
  });
  return outcomes.map((outcome) => ({ resource: arn, ...outcome }));
}

function judgeReadersOf(key: KmsKeyObservation, context: DeclaringContext): readonly Outcome[] {
  const { readers = [], otherReaders = [], bucketPolicy } = context.declared;
  if (readers.length + otherReaders.length + (bucketPolicy?.onlyReaders?.length ?? 0) === 0) return [];
  return needing(context.observation.accountId, (accountId) =>
    judgeKeyReaders(allReaders(context, accountId), { key, name: 'former key' }, context, (policy) =>
      letReadersDecrypt(policy, key, context),
    ),
  );
}

/** A plan that does not manage a former key tells nothing of it. */
function unseenKeys(declared: readonly string[], { observation }: DeclaringContext): Outcome[] {
  return (observation.formerKeys ?? [])
    .filter(({ arn, key }) => key === undefined && declared.includes(arn))
    .map(({ arn }) =>
      notLookedAt(`the former key ${arn}`, 'Terraform does not manage it: audit the account, too.'),
    );
}

function judgeDeclaredKey(
  bucket: BucketObservation,
  declaredArn: string | undefined,
  context: DeclaringContext,
): Outcome[] {
  const { encryption, kmsKey } = bucket;
  const found = encryption.state === 'value' ? encryption.value : { algorithm: 'AES256' as const };
  const expected = declaredArn ?? 'a customer-managed key';
  const wrong = (fact: string, how: string, actual: unknown): Outcome[] => [
    {
      status: 'fail',
      fact,
      message: `The bucket encrypts with ${how}, and the config declares ${declaredArn ? `the key ${declaredArn}` : 'a customer-managed key'}.`,
      expected,
      actual,
      remediation: encryptAsDeclared(bucket, context),
    },
  ];
  if (found.algorithm === 'AES256') return wrong('no-key', 'S3’s own keys', found.algorithm);
  const { kmsKeyId } = found;
  if (!kmsKeyId || /(^|:)alias\/aws\//.test(kmsKeyId))
    return wrong('key-of-aws', 'the key that AWS manages', kmsKeyId ?? null);
  if (kmsKeyId === declaredArn) return [];
  if (!kmsKey) return [unread({ message: `the key ${kmsKeyId} was not read` })];
  if (kmsKey.state === 'unreadable') {
    // Without an alias the ARN alone tells which key it is.
    return declaredArn && /:key\//.test(kmsKeyId)
      ? wrong('other-key', `the key ${kmsKeyId}`, kmsKeyId)
      : [unread(kmsKey.reason)];
  }
  // bucket-encryption-delivery reports a missing key.
  if (kmsKey.state === 'absent') return [];
  if (kmsKey.value.keyManager === 'AWS')
    return wrong('key-of-aws', 'a key that AWS manages', kmsKey.value.arn);
  const { arn } = kmsKey.value;
  if (declaredArn) return arn === declaredArn ? [] : wrong('other-key', `the key ${arn}`, arn);
  // The key that the kit makes is the account's own.
  const { accountId } = context.observation;
  const owner = parseArn(arn)?.accountId;
  if (accountId.state === 'unreadable') return [unread(accountId.reason)];
  return owner && accountId.state === 'value' && owner !== accountId.value
    ? wrong('key-of-another-account', `the key ${arn} of another account`, arn)
    : [];
}
