/** A bucket's ACL: canned, as grants, or of a new bucket. */
import { type AclGrant, type BucketObservation, known, unreadable } from '../observation';
import { sameAccount } from './account';
import { settingOf } from './bucket-setting';
import {
  attribute,
  block,
  blocks,
  configured,
  hasOpenBlocks,
  KnownAfterApply,
  type TerraformResource,
  type TerraformWorld,
} from './resource';
import { afterApply, unclearSetting } from './role';

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** Grants of the canned ACLs that concern others than the owner (Amazon S3 User Guide, "Canned ACL"). */
const CANNED: Readonly<Record<string, readonly (readonly [group: string, permission: string])[]>> = {
  private: [],
  'bucket-owner-full-control': [],
  'public-read': [[EVERYBODY, 'READ']],
  'public-read-write': [
    [EVERYBODY, 'READ'],
    [EVERYBODY, 'WRITE'],
  ],
  'authenticated-read': [['http://acs.amazonaws.com/groups/global/AuthenticatedUsers', 'READ']],
  'log-delivery-write': [
    [LOG_DELIVERY, 'WRITE'],
    [LOG_DELIVERY, 'READ_ACP'],
  ],
};

/** In place of the owner's canonical ID if it is not known and does not matter. */
const OWNER = '(owner)';
const OWNERS_GRANT: AclGrant = { grantee: OWNER, granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' };

export function bucketAcl(
  world: TerraformWorld,
  bucket: TerraformResource,
  name: string,
): BucketObservation['acl'] {
  const setting = settingOf(world, 'aws_s3_bucket_acl', bucket, name);
  if (setting === 'unclear') return unclearSetting(world, 'the ACL');
  // Terraform leaves an ACL as it is when it no longer manages it.
  if (setting && setting !== 'destroyed') {
    const policy = block(setting, 'access_control_policy');
    if (typeof setting.values.acl === 'string') return canned(world, setting.values.acl);
    const owner = policy && (blocks(policy.owner)[0]?.id ?? canonicalUser(world, bucket));
    if (hasOpenBlocks(policy?.grant)) return afterApply(world, 'the ACL');
    return policy ? grantsOf(world, blocks(policy.grant), ofBlock, owner) : afterApply(world, 'the ACL');
  }
  const acl = bucket.isNew ? configured(bucket, 'acl') : attribute(bucket, 'acl');
  if (acl instanceof KnownAfterApply) return afterApply(world, 'the ACL');
  if (typeof acl === 'string') return canned(world, acl);
  const grants = bucket.isNew ? configured(bucket, 'grant') : attribute(bucket, 'grant');
  if (hasOpenBlocks(grants)) return afterApply(world, 'the ACL');
  if (blocks(grants).length > 0)
    return grantsOf(world, blocks(grants), ofLegacyBlock, canonicalUser(world, bucket) ?? loneOwner(bucket));
  return bucket.isNew
    ? known({ owner: OWNER, grants: [OWNERS_GRANT] })
    : unreadable({ message: `${world.source} does not manage the ACL of the bucket` });
}

function canned(world: TerraformWorld, acl: string): BucketObservation['acl'] {
  const groups = Object.hasOwn(CANNED, acl) ? CANNED[acl] : undefined;
  if (!groups) {
    return unreadable({
      message: `${world.source} gives the bucket the ACL ${acl}, which this tool does not know`,
    });
  }
  const grants = groups.map(
    ([grantee, permission]): AclGrant => ({ grantee, granteeType: 'Group', permission }),
  );
  return known({ owner: OWNER, grants: [OWNERS_GRANT, ...grants] });
}

type Block = Readonly<Record<string, unknown>>;

function grantsOf(
  world: TerraformWorld,
  entries: readonly Block[],
  read: (entry: Block) => readonly (AclGrant | undefined)[],
  owner: unknown,
): BucketObservation['acl'] {
  const lists = entries.map(read);
  const grants = lists.flat().filter((grant) => grant !== undefined);
  // A grant that can't be read may be anybody's, and an entry without one says nothing.
  if (grants.length < lists.flat().length || lists.some(({ length }) => length === 0))
    return afterApply(world, 'the ACL');
  if (typeof owner === 'string' && owner !== '') return known({ owner, grants });
  if (grants.every(({ granteeType }) => granteeType === 'Group')) return known({ owner: OWNER, grants });
  return unreadable({
    message: `${world.source} does not say which of the ACL’s grantees is the bucket’s owner; data.aws_canonical_user_id would, and with aws_s3_bucket_ownership_controls BucketOwnerEnforced it does not matter`,
  });
}

/** The owner by the ACL that AWS gives a bucket: nobody but the owner has anything, and that is everything. */
function loneOwner(bucket: TerraformResource): unknown {
  const [only, ...more] = blocks(attribute(bucket, 'grant'));
  if (!only || more.length > 0 || bucket.isNew || bucket.mode === 'data' || bucket.sets?.includes('grant'))
    return undefined;
  const { id, type, permissions } = only;
  const isEverything = Array.isArray(permissions) && permissions.join() === 'FULL_CONTROL';
  return type === 'CanonicalUser' && isEverything ? id : undefined;
}

/** The canonical ID of the bucket's account, if the configuration asks for it with the same credentials. */
function canonicalUser(world: TerraformWorld, bucket: TerraformResource): unknown {
  const asked = world.resources.filter(
    (resource) =>
      resource.type === 'aws_canonical_user_id' &&
      resource.mode === 'data' &&
      sameAccount(world, resource, bucket) === true,
  );
  const ids = new Set(asked.map(({ values }) => values.id));
  return ids.size === 1 ? [...ids][0] : undefined;
}

/** `grant` of `aws_s3_bucket_acl`: one permission to one grantee. */
function ofBlock({ grantee, permission }: Block): (AclGrant | undefined)[] {
  const [who] = blocks(grantee);
  return [grant(who?.uri, who?.id, who?.email_address, permission)];
}

/** `grant` of `aws_s3_bucket`, as before provider 4: several permissions to one grantee. */
function ofLegacyBlock({ uri, id, permissions }: Block): (AclGrant | undefined)[] {
  if (!Array.isArray(permissions)) return [undefined];
  return permissions.map((permission) => grant(uri, id, undefined, permission));
}

function grant(uri: unknown, id: unknown, email: unknown, permission: unknown): AclGrant | undefined {
  const grantee = uri || id || email;
  if (typeof grantee !== 'string' || typeof permission !== 'string') return undefined;
  const granteeType = uri ? 'Group' : id ? 'CanonicalUser' : 'AmazonCustomerByEmail';
  return { grantee, granteeType, permission };
}
