/** The bucket of the copies protects them as the config declares. */
import { readerName } from '../../config/names';
import type { ExportOptions } from '../../config/options';
import { retentionOfCopies } from '../../config/options/replication';
import { parseArn } from '../../contract/arn';
import { bucketArn } from '../../contract/policies';
import type { DeclaringContext, RuleContext } from '../evidence/context';
import { NOT_LOOKED_AT, notLookedAt, orAsDeclared } from '../evidence/declared';
import { isSymmetric, isUsable, SYMMETRIC } from '../evidence/key-use';
import { foreignCopies } from '../evidence/leaving';
import { type Outcome, unread } from '../evidence/outcome';
import { parsedResourcePolicy } from '../evidence/parsed';
import { everyKey } from '../evidence/request-context';
import { judgeRoleAtCopies } from '../evidence/role-at-copies';
import { placesOf, statementsOf } from '../evidence/wording';
import {
  ABSENT,
  type BucketObservation,
  type KmsKeyObservation,
  type Observed,
} from '../observe/observation';
import { decide, RequestContext, resourcePattern } from '../policy';
import { redeploy } from '../remedy/hcl';
import { reviveKey } from '../remedy/key';
import { narrowGrant } from '../remedy/leaving';
import type { Remediation } from '../verdict/finding';
import { bucketForeignAccess } from './bucket-foreign-access';
import { bucketPublicAccess } from './bucket-public-access';
import { bucketRegion } from './bucket-region';
import { declaredAccessLogging } from './declared-access-logging';
import { declaredBucketPolicy } from './declared-bucket-policy';
import { declaredEncryption } from './declared-encryption';
import { declaredReplication } from './declared-replication';
import { declaredRetention } from './declared-retention';
import { logsKept } from './logs-kept';
import { logsStay } from './logs-stay';
import { type Rule, whereDeclared } from './rule';

type Declared = NonNullable<ExportOptions['replication']>;

/** An export whose logs are copied as declared. */
const COPYING = declaredReplication.metadata.examples.compliant.setUp;

/** What holds for the export's own bucket and has to hold for that of its copies. */
const AS_OF_THE_ORIGINALS: readonly Rule[] = [
  bucketRegion,
  bucketPublicAccess,
  bucketForeignAccess,
  logsKept,
  logsStay,
  declaredEncryption,
  declaredRetention,
  declaredBucketPolicy,
  declaredAccessLogging,
];

export const declaredCopies: Rule = whereDeclared(
  {
    id: 'declared-copies',
    audits: 'replication',
    needs: 'organization',
    title: 'The bucket of the copies protects them as the config declares',
    severity: 'medium',
    requirement: {
      text:
        'The bucket that logs are copied to is in the declared region, has versioning on, is not open to the public or to other accounts, and deletes no copies sooner than declared. Its policy, its key’s policy and that key’s grants give ALTR’s role nothing, the key is enabled, and no Deny stops the replication. ' +
        'It has the declared `retention` (of Object Lock no default, since S3 copies the lock of each log) and `bucketPolicy`, the key `replication.kmsKeyArn` and `replication.accessLogging`; of a bucket with `replication.existingBucket` only versioning and Object Lock are demanded, for the rest is its owner’s. A key that such a bucket does not encrypt with by default is not looked at.',
      source: '`replication`, `retention` and `bucketPolicy` in your config',
    },
    risk: 'The copy that you rely on when a region is lost, or when somebody deletes logs, can be read, overwritten or deleted where nobody looks.',
    remediation: 'Deploy the export again: that restores the settings of the copies’ bucket.',
    examples: {
      violating: {
        summary: 'Somebody suspended versioning of the copies.',
        setUp: {
          ...COPYING,
          copies: { versioning: { state: 'value', value: { status: 'Suspended' } } },
        },
      },
      compliant: { summary: 'The copies’ bucket is as declared.', setUp: COPYING },
    },
  },
  (declared, context) => {
    const { accountId, copies } = context.observation;
    if (accountId.state === 'unreadable') return [unread(accountId.reason)];
    if (!copies)
      return [
        notLookedAt(
          'the bucket of the copies',
          'Observe the account again: a plan has only what it manages, and older files lack this bucket.',
        ),
      ];
    const resource = bucketArn(context.contract.partition, declared.bucket);
    if (copies.state === 'unreadable') return [{ ...unread(copies.reason), resource }];
    if (copies.state === 'absent') return [{ ...missing(declared, context), resource }];
    const { owner } = copies.value;
    if (owner.state === 'value' && owner.value === 'another-account')
      return [
        {
          status: 'fail',
          fact: 'copies-of-another-account',
          severity: 'high',
          resource,
          message: `The bucket ${declared.bucket} belongs to another account, and the config declares that logs are copied to it within this one.`,
          expected: 'a bucket of the account',
          actual: declared.bucket,
          causeId: foreignCopies(resource),
          remediation: { summary: 'Name a bucket of this account in replication.bucket.' },
        },
      ];
    const ofCopies = contextOfCopies(declared, context);
    const outcomes = AS_OF_THE_ORIGINALS.flatMap((rule) =>
      rule
        .judge(ofCopies)
        .filter(({ status }) => status !== 'pass')
        .map((outcome) => ofBucket(declared, { ...asOf(rule, outcome), resource })),
    );
    const key = keyOfCopies(declared, copies.value);
    outcomes.push(
      ...[
        ...judgeKeyOfCopies(declared, copies.value, ofCopies),
        ...judgeWriting(copies.value, ofCopies, context),
        ...judgeRoleAtCopies(withRole(ofCopies, context), key, (grant, ofGrant) =>
          narrowGrant(grant, ofGrant, []),
        ),
      ].map((outcome) => ofBucket(declared, { ...outcome, resource })),
    );
    // Several rules read the policy, and none of them is needed to say twice that it could not be read.
    const once = new Map(outcomes.map((outcome) => [outcome.message, outcome]));
    return orAsDeclared([...once.values()], `The bucket ${declared.bucket} protects copies as declared.`).map(
      (outcome) => ({ ...outcome, resource }),
    );
  },
);

/** The context in which the copies' bucket is the export's own, and has what the config declares for it. */
function contextOfCopies(replication: Declared, context: DeclaringContext): RuleContext {
  const { contract, observation, declared, assumptions } = context;
  const { bucket, region, existingBucket } = replication;
  return {
    ...context,
    contract: { ...contract, bucket, region, bucketArn: bucketArn(contract.partition, bucket) },
    // ALTR's role has nothing to do with the copies: no fix may let it in.
    observation: { ...observation, bucket: observation.copies ?? ABSENT, role: ABSENT },
    // S3 writes the copies, with what Object Lock needs.
    assumptions: { ...assumptions, checksumHeader: 'sent' },
    declared: existingBucket
      ? {
          existingBucket: true,
          retention: { versioning: true, objectLock: declared.retention?.objectLock },
          // How the bucket encrypts is its owner's business. The key is no stranger to it.
          encryption: replication.kmsKeyArn ? { type: 's3', kmsKeyArn: replication.kmsKeyArn } : undefined,
        }
      : {
          ...declared,
          existingBucket: undefined,
          replication: undefined,
          encryption: replication.kmsKeyArn ? { type: 'kms', kmsKeyArn: replication.kmsKeyArn } : undefined,
          retention: {
            ...retentionOfCopies(replication, declared.retention),
            versioning: true,
            // S3 gives each copy the lock of its original, whatever the default of the copies' bucket (Amazon S3 User Guide,
            // "What does Amazon S3 replicate?").
            defaultRetention: undefined,
          },
          accessLogging: replication.accessLogging,
          // A reader's derived name is made of the name of the export's own bucket.
          readers: declared.readers?.map((reader) => ({ ...reader, roleName: readerName(contract, reader) })),
        },
  };
}

/** The same, for what the copies' bucket gives ALTR's role. */
function withRole(ofCopies: RuleContext, { observation: { role } }: RuleContext): RuleContext {
  return { ...ofCopies, observation: { ...ofCopies.observation, role } };
}

/** The declared key, if the bucket encrypts with it by default. Under another key the replication gives copies this one. */
function keyOfCopies(
  { kmsKeyArn, existingBucket }: Declared,
  { encryption, kmsKey }: BucketObservation,
): Observed<KmsKeyObservation> | undefined {
  if (!kmsKeyArn || encryption.state !== 'value') return undefined;
  if (kmsKey?.state === 'value') return kmsKey.value.arn === kmsKeyArn ? kmsKey : undefined;
  // An existing bucket's default may be an alias of any key.
  const isMeant = !existingBucket || encryption.value.kmsKeyId === kmsKeyArn;
  return kmsKey?.state === 'absent' && isMeant ? kmsKey : undefined;
}

/** `DstKmsKeyNotFound`, `DstKmsKeyInvalidState` in Amazon S3 User Guide, "Amazon S3 replication failure reasons". */
function judgeKeyOfCopies(declared: Declared, copies: BucketObservation, context: RuleContext): Outcome[] {
  const key = keyOfCopies(declared, copies);
  const other: Remediation = {
    summary: `Name a symmetric key of ${declared.region} that is enabled in replication.kmsKeyArn, and deploy the export again. ${BATCH}`,
  };
  if (key?.state === 'absent') {
    const { kmsKeyId = declared.kmsKeyArn } =
      copies.encryption.state === 'value' ? copies.encryption.value : {};
    return [
      {
        status: 'fail',
        fact: 'key-of-copies-gone',
        severity: 'high',
        message: `The key ${kmsKeyId}, with which the bucket encrypts, does not exist: nothing can be written with it, and nobody can ever read the copies under it.`,
        risk: UNREADABLE,
        expected: 'a key that exists',
        actual: null,
        about: kmsKeyId,
        remediation: other,
      },
    ];
  }
  if (key?.state !== 'value') return [];
  const { arn, keyState, keySpec } = key.value;
  if (!isUsable(keyState)) {
    const isEnding = keyState === 'PendingDeletion';
    const isRevived = isEnding || keyState === 'Disabled';
    const { summary, ...how } = isRevived ? reviveKey(context, key.value) : other;
    return [
      {
        status: 'fail',
        fact: 'key-of-copies-state',
        severity: isEnding ? 'high' : undefined,
        message: `The key ${arn} is ${keyState}: S3 can’t write copies, and nobody can read those that are encrypted with it${isEnding ? '; once it is deleted nobody ever can' : ''}.`,
        risk: UNREADABLE,
        expected: 'Enabled',
        actual: keyState,
        about: { key: arn, state: keyState },
        remediation: isRevived ? { summary: `${summary} ${BATCH}`, ...how } : other,
      },
    ];
  }
  if (isSymmetric(key.value)) return [];
  return [
    {
      status: 'fail',
      fact: 'key-of-copies-asymmetric',
      message: `The key ${arn} is of the kind ${keySpec}, and S3 encrypts with symmetric keys only: it can’t write copies.`,
      risk: UNREADABLE,
      expected: SYMMETRIC,
      actual: keySpec,
      about: { key: arn, spec: keySpec },
      remediation: other,
    },
  ];
}

/** Whether a Deny in the bucket's policy surely stops S3, which writes as the replication's role. */
function judgeWriting(
  { policy }: BucketObservation,
  { contract }: RuleContext,
  { observation }: RuleContext,
): Outcome[] {
  const { replication } = observation.bucket.state === 'value' ? observation.bucket.value : {};
  if (policy.state !== 'value' || replication?.state !== 'value') return [];
  // Before the first deploy its ARN is not known: then only a Deny of everybody is sure to stop it.
  const { role } = replication.value;
  const own = observation.accountId.state === 'value' ? observation.accountId.value : undefined;
  const accountId = role ? parseArn(role)?.accountId : own;
  if (!accountId) return [];
  const name = ['the replication’s role', ...(role ? [role] : [])].join(' ');
  const { verdict, reasons } = decide(
    { identity: [], resource: parsedResourcePolicy(policy.value) },
    {
      action: REPLICATE_ACTION,
      resource: resourcePattern(everyKey(contract), false),
      caller: { accountId, roleArn: role, roleName: role?.split('/').at(-1) },
      // What else such a request carries AWS does not document.
      context: new RequestContext({
        'aws:PrincipalArn': role ? { kind: 'value', value: role } : { kind: 'present' },
        'aws:PrincipalAccount': { kind: 'value', value: accountId },
      }),
    },
  );
  if (verdict !== 'denied' || reasons[0]?.kind !== 'deny') return [];
  return [
    {
      status: 'fail',
      fact: 'copies-denied',
      message: `The bucket policy denies ${name} ${REPLICATE_ACTION}: S3 can’t write copies.`,
      risk: UNREADABLE,
      expected: { action: REPLICATE_ACTION, principal: name },
      actual: statementsOf(reasons, [parsedResourcePolicy(policy.value)]),
      about: role ?? null,
      ...placesOf(reasons),
      remediation: {
        summary: `Exempt ${name} from the Deny, at least for ${REPLICATE_ACTION} and s3:ReplicateTags. ${BATCH}`,
      },
    },
  ];
}

const REPLICATE_ACTION = 's3:ReplicateObject';
const BATCH = 'Logs that were written meanwhile are copied by S3 Batch Replication only.';
const UNREADABLE = 'The copy that you rely on when a region is lost is missing, or nobody can read it.';

/** What the rule says of it, if the outcome itself doesn't. */
function asOf({ metadata }: Rule, outcome: Outcome): Outcome {
  if (outcome.status === 'advice') return outcome;
  const { severity, risk, remediation } = metadata;
  const isBad = outcome.status === 'fail';
  return {
    ...outcome,
    severity: outcome.severity ?? severity,
    risk: outcome.risk ?? risk,
    remediation: outcome.remediation ?? (isBad ? { summary: remediation } : undefined),
  };
}

/** The outcome, saying which bucket it is about. */
function ofBucket({ bucket, existingBucket }: Declared, outcome: Outcome): Outcome {
  const { message, remediation } = outcome;
  if (outcome.fact === NOT_LOOKED_AT) {
    const what = String(outcome.actual);
    const ofCopies = what.replace('bucket’s', 'copies’');
    return { ...outcome, message: message.replace(what, ofCopies), actual: ofCopies };
  }
  const { cdktf: _ofItsOwner, ...byHand } = remediation ?? { summary: '' };
  const summary = SUMMARIES[outcome.fact];
  const fix = outcome.fact === 'other-region' ? undefined : existingBucket ? byHand : remediation;
  return {
    ...outcome,
    message: `Bucket of the copies, ${bucket}: ${message}`,
    remediation: remediation && { ...fix, summary: summary ?? remediation.summary },
  };
}

const NO_DELETION = 'Take the deletion out of the lifecycle, and leave its other rules as they are.';

/** Fixes of the export's own bucket that name an option which would change that bucket, and not the copies'. */
const SUMMARIES: Readonly<Record<string, string>> = {
  'other-region':
    'Correct replication.region in the config if the bucket is where it should be. Otherwise copy to a new bucket in the declared region: a bucket can’t be moved.',
  'undeclared-replication': 'See first who needs it, or stop it.',
  'undeclared-expiry-of-logs': `${NO_DELETION} Declared as retention.expireAfterDays it would delete the originals, too.`,
  'undeclared-expiry-of-versions': `${NO_DELETION} Declared as retention.noncurrentExpireAfterDays it would delete former versions of the originals, too.`,
};

function missing({ bucket, region, existingBucket }: Declared, { contract }: DeclaringContext): Outcome {
  return {
    status: 'fail',
    fact: 'no-bucket-of-copies',
    message: `There is no bucket ${bucket}, and the config declares that logs are copied to it.`,
    expected: bucket,
    actual: null,
    remediation: existingBucket
      ? {
          summary: `Create the bucket ${bucket} in ${region} with versioning on, or correct replication.bucket.`,
        }
      : {
          summary:
            'Deploy the export again: that makes the bucket. Logs that were written meanwhile are copied by S3 Batch Replication only.',
          cdktf: redeploy(contract),
        },
  };
}
