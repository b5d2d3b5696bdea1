/** A bucket as Terraform will make it, or as it found it. */
import { partitionOf } from '../../../contract/partition';
import type { DeclaredCopies, DeclaredOptions } from '../declared-options';
import { delegatesToAccessPoints } from '../named-keys';
import {
  ABSENT,
  type BucketEncryption,
  type BucketObservation,
  deletesVersions,
  isObjectOwnership,
  known,
  NO_ACCOUNT,
  noSettings,
  type ObjectOwnership,
  type Observed,
  type PolicyText,
  type PublicAccessBlock,
  unreadable,
} from '../observation';
import { bucketTags } from './abac-tags';
import { accessPointsOf } from './access-points';
import { placeOf, sameAccount } from './account';
import { bucketAcl } from './bucket-acl';
import { bucketLogging, bucketVersioning, objectLock } from './bucket-declared';
import { bucketInventories, bucketLifecycle, bucketReplication } from './bucket-rules';
import { ownSetting, type Setting, settingOf, unmanaged } from './bucket-setting';
import { encryptionKeyOf } from './kms-key';
import { documentOf } from './policy-text';
import {
  attribute,
  block,
  blocks,
  byOtherMeans,
  hasOpenBlocks,
  KnownAfterApply,
  managed,
  ofType,
  onlyOne,
  refersTo,
  type TerraformResource,
  type TerraformWorld,
} from './resource';
import { afterApply, unclearSetting } from './role';

/**
 * What S3 gives a new bucket that says nothing of it: all four blocks on and ACLs off since April 2023, SSE-S3 since
 * January 2023 (Amazon S3 User Guide, "Default settings for new S3 buckets FAQ").
 */
const NEW_BUCKET = {
  block: {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  },
  ownership: 'BucketOwnerEnforced',
  encryption: { algorithm: 'AES256' },
} as const satisfies { block: PublicAccessBlock; ownership: ObjectOwnership; encryption: BucketEncryption };

/**
 * @param accountId the account, as far as it is known: whose public access block counts
 * @param role the role in the audited account, if the file holds it
 */
export function observeBucket(
  world: TerraformWorld,
  name: string,
  accountId: Observed<string>,
  role?: TerraformResource,
  declared?: Pick<DeclaredOptions, 'versioning' | 'logging'>,
): Observed<BucketObservation> {
  const bucket = findBucket(world, name);
  if ('state' in bucket) return bucket;
  const owner = ownerOf(world, bucket, accountId, role);
  if (owner.state === 'value' && owner.value === 'another-account') {
    const reason = unreadable({
      message: `the bucket ${name} belongs to another account, says ${world.source}`,
    });
    return known({
      address: bucket.address,
      name,
      owner,
      region: region(world, bucket),
      ...noSettings(reason),
    });
  }
  const encryption = bucketEncryption(world, bucket, name, accountId);
  const kmsKey =
    encryption.state === 'value'
      ? encryptionKeyOf(world, bucket, encryption.value.key, accountId)
      : undefined;
  const publicAccessBlock = bucketBlock(world, bucket, name);
  const accountBlock = accountPublicAccessBlock(world, bucket, publicAccessBlock, accountId);
  const place = { world, bucket, name, accountId };
  const policy = bucketPolicy(world, bucket, name);
  const lifecycle = bucketLifecycle(place);
  return known({
    address: bucket.address,
    name,
    owner,
    region: region(world, bucket),
    policy,
    publicAccessBlock,
    accountPublicAccessBlock: accountBlock,
    acl: bucketAcl(world, bucket, name),
    encryption: encryption.state === 'value' ? known(encryption.value.encryption) : encryption,
    objectOwnership: objectOwnership(world, bucket, name),
    kmsKey,
    lifecycle,
    replication: bucketReplication(place),
    ...bucketInventories(place),
    objectLock: objectLock(place),
    versioning: declared?.versioning || deletesVersions(lifecycle) ? bucketVersioning(place) : undefined,
    logging: declared?.logging ? bucketLogging(place) : undefined,
    abacTags: bucketTags(place),
    ...(policy.state === 'value' && delegatesToAccessPoints(policy.value.text) ? accessPointsOf(place) : {}),
  });
}

/** The bucket that logs are copied to. What somebody else makes, the bucket or its key, is in no plan but theirs: nobody looks. */
export function observeCopies(
  world: TerraformWorld,
  copies: DeclaredCopies,
  accountId: Observed<string>,
  role?: TerraformResource,
): Observed<BucketObservation> | undefined {
  const isHere = ofType(world, 'aws_s3_bucket').some(({ values }) => values.bucket === copies.bucket);
  if (copies.isExisting && !isHere) return undefined;
  const seen = observeBucket(world, copies.bucket, accountId, role, copies);
  return seen.state === 'value' && seen.value.kmsKey?.state === 'unreadable'
    ? known({ ...seen.value, kmsKey: undefined })
    : seen;
}

function findBucket(world: TerraformWorld, name: string): TerraformResource | Observed<never> {
  const isMeant = ({ type, values }: TerraformResource) => type === 'aws_s3_bucket' && values.bucket === name;
  const found = ofType(world, 'aws_s3_bucket').filter(isMeant);
  const [made, ...more] = found.filter(({ mode }) => mode === 'managed');
  if (made && more.length > 0) {
    const addresses = [made, ...more].map(({ address }) => address).join(', ');
    return unreadable({
      message: `${world.source} has several buckets named ${name} (${addresses}), and does not say which one is meant`,
    });
  }
  if (!made && world.destroyed.some(isMeant)) return ABSENT;
  // A data source whose region is known was read, so the bucket exists.
  const bucket = made ?? found.find(({ values }) => typeof values.region === 'string');
  if (bucket) return bucket;
  if (found.length > 0) return afterApply(world, `whether there is a bucket ${name}`);
  const unnamed = ofType(world, 'aws_s3_bucket').find(
    ({ values }) => values.bucket instanceof KnownAfterApply,
  );
  const may = unnamed ? `; the name of ${unnamed.address} is known after apply` : '';
  return unreadable({
    message: `${world.source} has no aws_s3_bucket named ${name}, so it does not say whether it exists${may}`,
  });
}

/** Terraform makes buckets in the account of their provider; a data source finds anybody's. */
function ownerOf(
  world: TerraformWorld,
  bucket: TerraformResource,
  accountId: Observed<string>,
  role: TerraformResource | undefined,
): BucketObservation['owner'] {
  const { mode, address } = bucket;
  if (mode === 'data') {
    return unreadable({ message: `${world.source} does not say who owns the bucket that ${address} found` });
  }
  const expected = expectedOwner(world, bucket);
  if (expected && accountId.state === 'value' && accountId.value !== NO_ACCOUNT)
    return known(expected === accountId.value ? 'audited-account' : 'another-account');
  const place = placeOf(world, bucket);
  const isOwn = role
    ? sameAccount(world, bucket, role)
    : accountId.state === 'value' && (place === undefined || place === accountId.value);
  if (isOwn) return known('audited-account' as const);
  if (!role && accountId.state === 'unreadable') return accountId;
  if (isOwn === false) return known('another-account' as const);
  return unreadable({
    message: `${address} and the role may have providers with other credentials, so ${world.source} does not say whether they are in one account`,
  });
}

/** The account that a setting of the bucket expects to own it: S3 refuses the setting otherwise. */
function expectedOwner(world: TerraformWorld, bucket: TerraformResource): string | undefined {
  const { bucket: name } = bucket.values;
  const owners = world.resources
    .filter(
      ({ type, mode, values }) =>
        mode === 'managed' &&
        type.startsWith('aws_s3_bucket_') &&
        typeof values.expected_bucket_owner === 'string' &&
        refersTo(values.bucket, bucket, String(name)) === true,
    )
    .map(({ values }) => String(values.expected_bucket_owner));
  return new Set(owners).size === 1 && /^\d{12}$/.test(owners[0] ?? '') ? owners[0] : undefined;
}

function region(world: TerraformWorld, bucket: TerraformResource): Observed<string> {
  const own = attribute(bucket, 'region');
  if (typeof own === 'string') return known(own);
  const provider = bucket.region ?? world.region;
  if (provider) return known(provider);
  return unreadable({ message: `${world.source} does not say in which region the bucket will be` });
}

function bucketPolicy(world: TerraformWorld, bucket: TerraformResource, name: string): Observed<PolicyText> {
  const source = `bucket policy of ${name}`;
  const setting = settingOf(world, 'aws_s3_bucket_policy', bucket, name);
  const other = byOtherMeans(
    world,
    /^awscc_s3_bucket_policy$/,
    ({ values }) => typeof values.bucket !== 'string' || values.bucket === name,
  );
  if (other) {
    const message = `${other.address}, which this tool does not read, may be the ${source}`;
    return unreadable({ message });
  }
  if (setting === 'unclear') return unclearSetting(world, `the ${source}`);
  if (setting === 'destroyed') return ABSENT;
  const value = setting ? setting.values.policy : ownSetting(bucket, 'policy');
  const holder = (setting ?? bucket).address;
  if (typeof value === 'string')
    return value === '' ? ABSENT : known({ source, text: value, address: holder });
  if (setting || value instanceof KnownAfterApply) return documentOf(world, source, value, holder);
  return unmanaged(world, bucket, 'the policy', ABSENT);
}

function bucketBlock(
  world: TerraformWorld,
  bucket: TerraformResource,
  name: string,
): Observed<PublicAccessBlock> {
  const setting = settingOf(world, 'aws_s3_bucket_public_access_block', bucket, name);
  if (setting === 'destroyed') return ABSENT;
  if (!setting) return unmanaged(world, bucket, 'the public access block', known(NEW_BUCKET.block));
  return setting === 'unclear' ? unclearSetting(world, 'the public access block') : switches(world, setting);
}

/** The account's block, read only if the bucket's own is incomplete. */
function accountPublicAccessBlock(
  world: TerraformWorld,
  bucket: TerraformResource,
  own: Observed<PublicAccessBlock>,
  accountId: Observed<string>,
): Observed<PublicAccessBlock> | undefined {
  if (own.state === 'value' && Object.values(own.value).every(Boolean)) return undefined;
  const type = 'aws_s3_account_public_access_block';
  const ofAccount = (resource: TerraformResource) => {
    const { account_id: id } = resource.values;
    if (typeof id === 'string' && accountId.state === 'value') return id === accountId.value;
    // A provider with other credentials may set it in another account.
    return sameAccount(world, resource, bucket);
  };
  const setting = onlyOne(managed(world, type), ofAccount);
  if (setting === 'unclear') {
    const message = `${world.source} has public access blocks of several accounts, or of one that it does not name`;
    return unreadable({ message });
  }
  if (setting) return switches(world, setting);
  if (world.destroyed.some((resource) => resource.type === type && ofAccount(resource))) return ABSENT;
  return unreadable({ message: `${world.source} does not manage the account’s public access block` });
}

function switches(world: TerraformWorld, { values }: TerraformResource): Observed<PublicAccessBlock> {
  const { block_public_acls, ignore_public_acls, block_public_policy, restrict_public_buckets } = values;
  const all = [block_public_acls, ignore_public_acls, block_public_policy, restrict_public_buckets];
  if (all.some((value) => value instanceof KnownAfterApply))
    return afterApply(world, 'the public access block');
  return known({
    blockPublicAcls: block_public_acls === true,
    ignorePublicAcls: ignore_public_acls === true,
    blockPublicPolicy: block_public_policy === true,
    restrictPublicBuckets: restrict_public_buckets === true,
  });
}

function objectOwnership(
  world: TerraformWorld,
  bucket: TerraformResource,
  name: string,
): Observed<ObjectOwnership> {
  const setting: Setting = settingOf(world, 'aws_s3_bucket_ownership_controls', bucket, name);
  // A bucket without controls is as buckets were before there were any (Amazon S3 User Guide, "Controlling ownership of objects").
  if (setting === 'destroyed') return known('ObjectWriter');
  if (!setting) return unmanaged(world, bucket, 'the object ownership', known(NEW_BUCKET.ownership));
  if (setting === 'unclear') return unclearSetting(world, 'the object ownership');
  const ownership = block(setting, 'rule')?.object_ownership;
  if (typeof ownership !== 'string') return afterApply(world, 'the object ownership');
  if (isObjectOwnership(ownership)) return known(ownership);
  return unreadable({
    message: `${world.source} gives the bucket the object ownership ${ownership}, which this tool does not know`,
  });
}

interface Encryption {
  readonly encryption: BucketEncryption;
  /** The key as the configuration names it. */
  readonly key: unknown;
}

function bucketEncryption(
  world: TerraformWorld,
  bucket: TerraformResource,
  name: string,
  accountId: Observed<string>,
): Observed<Encryption> {
  const setting = settingOf(world, 'aws_s3_bucket_server_side_encryption_configuration', bucket, name);
  const byDefault: Encryption = { encryption: NEW_BUCKET.encryption, key: undefined };
  if (setting === 'unclear') return unclearSetting(world, 'the encryption');
  // S3 API Reference, DeleteBucketEncryption: "resets the default encryption for the bucket as" SSE-S3.
  if (setting === 'destroyed') return known(byDefault);
  const own = ownSetting(bucket, 'server_side_encryption_configuration');
  const [legacy] = blocks(own);
  const rule = setting ? block(setting, 'rule') : legacy && blocks(legacy.rule)[0];
  // The provider read the bucket, and it had none.
  if (!setting && !bucket.isNew && Array.isArray(own) && own.length === 0) return ABSENT;
  if (!rule) {
    return setting || own instanceof KnownAfterApply
      ? afterApply(world, 'the encryption')
      : unmanaged(world, bucket, 'the encryption', known(byDefault));
  }
  const [settings] = blocks(rule.apply_server_side_encryption_by_default);
  if (hasOpenBlocks(rule.apply_server_side_encryption_by_default)) return afterApply(world, 'the encryption');
  const algorithm = settings?.sse_algorithm ?? 'AES256';
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse')
    return afterApply(world, 'the encryption');
  const named = settings?.kms_master_key_id || undefined;
  // The key that AWS manages for S3 may be named, too; that of another account or region is another key.
  const key = named === AWS_KEY_OF_S3 || named === arnOfAwsKey(world, bucket, accountId) ? undefined : named;
  const kmsKeyId = key instanceof KnownAfterApply ? key.shown : key;
  const keys = rule.bucket_key_enabled;
  const bucketKeyEnabled = keys instanceof KnownAfterApply ? undefined : keys === true;
  const encryption = {
    algorithm,
    kmsKeyId: typeof kmsKeyId === 'string' ? kmsKeyId : undefined,
    bucketKeyEnabled,
  } satisfies BucketEncryption;
  return known({ encryption, key });
}

const AWS_KEY_OF_S3 = 'alias/aws/s3';

/** The ARN by which the bucket may name that key; `undefined` if the file does not say in which account or region it is. */
function arnOfAwsKey(
  world: TerraformWorld,
  bucket: TerraformResource,
  accountId: Observed<string>,
): string | undefined {
  const where = region(world, bucket);
  if (where.state !== 'value' || accountId.state !== 'value') return undefined;
  return `arn:${partitionOf(where.value)}:kms:${where.value}:${accountId.value}:${AWS_KEY_OF_S3}`;
}
