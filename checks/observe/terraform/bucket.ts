/** A bucket as Terraform will make it, with its settings in resources of their own or, as of old, in its blocks. */
import {
  ABSENT,
  type AclGrant,
  type BucketEncryption,
  type BucketObservation,
  type KmsKeyObservation,
  known,
  type ObjectOwnership,
  type Observed,
  type PolicyText,
  type PublicAccessBlock,
  unreadable,
} from '../observation';
import {
  attribute,
  block,
  blocks,
  KnownAfterApply,
  plainAddress,
  referencedAddress,
  type TerraformResource,
  type TerraformWorld,
} from './resource';
import { afterApply } from './role';

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

export function observeBucket(world: TerraformWorld, name: string): Observed<BucketObservation> {
  const isIt = ({ type, mode, values }: TerraformResource) =>
    type === 'aws_s3_bucket' && mode === 'managed' && values.bucket === name;
  const bucket = world.resources.find(isIt);
  if (!bucket) {
    if (world.destroyed.some(isIt)) return ABSENT;
    return unreadable({
      message: `${world.source} has no aws_s3_bucket named ${name}, so it does not say whether it exists`,
    });
  }
  const encryption = bucketEncryption(world, bucket, name);
  const kmsKey = encryption.state === 'value' ? keyOf(world, encryption.value.key) : undefined;
  const ownership = objectOwnership(world, bucket, name);
  return known({
    name,
    // Terraform makes buckets in the account that it runs in.
    owner: known('audited-account' as const),
    region: region(world, bucket),
    policy: bucketPolicy(world, bucket, name),
    publicAccessBlock: publicAccessBlock(world, bucket, name),
    acl: acl(world, bucket, name),
    encryption: encryption.state === 'value' ? known(encryption.value.encryption) : encryption,
    ...(ownership ? { objectOwnership: ownership } : {}),
    ...(kmsKey ? { kmsKey } : {}),
  });
}

function region(world: TerraformWorld, bucket: TerraformResource): Observed<string> {
  const own = attribute(bucket, 'region');
  if (typeof own === 'string') return known(own);
  if (world.region) return known(world.region);
  return unreadable({ message: `${world.source} does not say in which region the bucket will be` });
}

/** The setting's resource that speaks of the bucket; `unclear` where one may. */
function settingOf(
  world: TerraformWorld,
  type: string,
  bucket: TerraformResource,
  name: string,
): TerraformResource | 'unclear' | undefined {
  const settings = world.resources.filter(
    (resource) => resource.type === type && resource.mode === 'managed',
  );
  const speaks = (resource: TerraformResource): boolean | undefined => {
    const value = resource.values.bucket;
    if (!(value instanceof KnownAfterApply)) return value === name;
    if (value.references.length === 0) return undefined;
    return value.references.some(
      (reference) => referencedAddress(reference) === plainAddress(bucket.address),
    );
  };
  return (
    settings.find((resource) => speaks(resource)) ??
    (settings.some((resource) => speaks(resource) === undefined) ? 'unclear' : undefined)
  );
}

/** The default of a new bucket; of one that is there already, Terraform does not know what it doesn't manage. */
function unmanaged<T>(
  world: TerraformWorld,
  bucket: TerraformResource,
  what: string,
  value: Observed<T>,
): Observed<T> {
  return bucket.isNew
    ? value
    : unreadable({ message: `${world.source} does not manage ${what} of the bucket` });
}

function bucketPolicy(world: TerraformWorld, bucket: TerraformResource, name: string): Observed<PolicyText> {
  const source = `bucket policy of ${name}`;
  const setting = settingOf(world, 'aws_s3_bucket_policy', bucket, name);
  const value = setting && setting !== 'unclear' ? setting.values.policy : attribute(bucket, 'policy');
  if (setting === 'unclear') return afterApply(world, `the ${source}`);
  if (typeof value === 'string') return value === '' ? ABSENT : known({ source, text: value });
  if (setting) return afterApply(world, `the ${source}`);
  return unmanaged(world, bucket, 'the policy', ABSENT);
}

function publicAccessBlock(
  world: TerraformWorld,
  bucket: TerraformResource,
  name: string,
): Observed<PublicAccessBlock> {
  const setting = settingOf(world, 'aws_s3_bucket_public_access_block', bucket, name);
  if (setting === 'unclear') return afterApply(world, 'the public access block');
  if (!setting) return unmanaged(world, bucket, 'the public access block', known(NEW_BUCKET.block));
  const { block_public_acls, ignore_public_acls, block_public_policy, restrict_public_buckets } =
    setting.values;
  const switches = [block_public_acls, ignore_public_acls, block_public_policy, restrict_public_buckets];
  if (switches.some((value) => value instanceof KnownAfterApply))
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
): Observed<ObjectOwnership> | undefined {
  const setting = settingOf(world, 'aws_s3_bucket_ownership_controls', bucket, name);
  if (setting === 'unclear') return afterApply(world, 'the object ownership');
  if (!setting) return bucket.isNew ? known(NEW_BUCKET.ownership) : undefined;
  const ownership = block(setting, 'rule')?.object_ownership;
  return typeof ownership === 'string'
    ? known(ownership as ObjectOwnership)
    : afterApply(world, 'the object ownership');
}

/** Grants of the canned ACLs that concern others (Amazon S3 User Guide, "Canned ACL"). */
const CANNED: Readonly<Record<string, readonly [group: string, permission: string][]>> = {
  private: [],
  'bucket-owner-full-control': [],
  'public-read': [['AllUsers', 'READ']],
  'public-read-write': [
    ['AllUsers', 'READ'],
    ['AllUsers', 'WRITE'],
  ],
  'authenticated-read': [['AuthenticatedUsers', 'READ']],
};

const OWNER = '(owner)';

function acl(world: TerraformWorld, bucket: TerraformResource, name: string): BucketObservation['acl'] {
  const setting = settingOf(world, 'aws_s3_bucket_acl', bucket, name);
  if (setting === 'unclear') return afterApply(world, 'the ACL');
  const canned = setting ? setting.values.acl : attribute(bucket, 'acl');
  const owner: AclGrant = { grantee: OWNER, granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' };
  if (typeof canned === 'string') {
    const groups = CANNED[canned];
    if (!groups)
      return unreadable({
        message: `${world.source} gives the bucket the ACL ${canned}, which this tool does not know`,
      });
    return known({
      owner: OWNER,
      grants: [owner, ...groups.map(([group, permission]) => grantTo(group, permission))],
    });
  }
  if (setting) {
    const policy = block(setting, 'access_control_policy');
    const grants = blocks(policy?.grant).map(({ grantee, permission }): AclGrant | undefined => {
      const [who] = blocks(grantee);
      const id = who?.uri ?? who?.id ?? who?.email_address;
      if (typeof id !== 'string' || typeof permission !== 'string') return undefined;
      return { grantee: id, granteeType: who?.uri ? 'Group' : 'CanonicalUser', permission };
    });
    if (!policy || grants.some((grant) => grant === undefined)) return afterApply(world, 'the ACL');
    return known({ owner: OWNER, grants: grants.filter((grant) => grant !== undefined) });
  }
  return unmanaged(world, bucket, 'the ACL', known({ owner: OWNER, grants: [owner] }));
}

function grantTo(group: string, permission: string): AclGrant {
  return { grantee: `http://acs.amazonaws.com/groups/global/${group}`, granteeType: 'Group', permission };
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
): Observed<Encryption> {
  const setting = settingOf(world, 'aws_s3_bucket_server_side_encryption_configuration', bucket, name);
  if (setting === 'unclear') return afterApply(world, 'the encryption');
  const [legacy] = blocks(bucket.values.server_side_encryption_configuration);
  const rule = setting ? block(setting, 'rule') : legacy && blocks(legacy.rule)[0];
  if (!rule) {
    const byDefault: Encryption = { encryption: NEW_BUCKET.encryption, key: undefined };
    return setting
      ? afterApply(world, 'the encryption')
      : unmanaged(world, bucket, 'the encryption', known(byDefault));
  }
  const [settings] = blocks(rule.apply_server_side_encryption_by_default);
  const algorithm = settings?.sse_algorithm ?? 'AES256';
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse')
    return afterApply(world, 'the encryption');
  const key = settings?.kms_master_key_id || undefined;
  const kmsKeyId = key instanceof KnownAfterApply ? (key.references[0] ?? '(known after apply)') : key;
  return known({ encryption: { algorithm, ...(typeof kmsKeyId === 'string' ? { kmsKeyId } : {}) }, key });
}

function keyOf(world: TerraformWorld, key: unknown): Observed<KmsKeyObservation> | undefined {
  if (key === undefined || key === null) return undefined;
  const found = world.resources.find((resource) => {
    if (resource.type !== 'aws_kms_key' || resource.mode !== 'managed') return false;
    if (!(key instanceof KnownAfterApply))
      return key === resource.values.arn || key === resource.values.key_id;
    return key.references.some(
      (reference) => referencedAddress(reference) === plainAddress(resource.address),
    );
  });
  if (!found)
    return unreadable({ message: `${world.source} does not hold the key that the bucket encrypts with` });
  const arn = attribute(found, 'arn');
  if (typeof arn !== 'string') return afterApply(world, 'the ARN of the key that the bucket encrypts with');
  const policy = attribute(found, 'policy');
  return known({
    arn,
    keyManager: 'CUSTOMER' as const,
    keyState: found.values.is_enabled === false ? 'Disabled' : 'Enabled',
    policy:
      typeof policy === 'string'
        ? known({ source: `key policy of ${arn}`, text: policy })
        : afterApply(world, 'the key’s policy'),
  });
}
