/** The key that a bucket encrypts with: its resource, found by ARN, ID or alias, and its policy. */
import { parseArn } from '../../../contract/arn';
import {
  type KmsGrant,
  type KmsKeyObservation,
  known,
  type Observed,
  type PolicyText,
  unreadable,
} from '../observation';
import { sameAccount } from './account';
import { documentOf } from './policy-text';
import { Reader } from './reader';
import {
  attribute,
  blocks,
  configured,
  KnownAfterApply,
  managed,
  onlyOne,
  referred,
  refersTo,
  type TerraformResource,
  type TerraformWorld,
} from './resource';
import { afterApply, unclearSetting } from './role';

/**
 * @param bucket in whose region the key is: S3 asks for it there
 * @param key as the bucket names it; nothing if it is AWS's own
 */
export function encryptionKeyOf(
  world: TerraformWorld,
  bucket: TerraformResource,
  key: unknown,
  accountId: Observed<string>,
): Observed<KmsKeyObservation> | undefined {
  if (key === undefined || key === null) return undefined;
  const found = findKey(world, bucket, key, accountId);
  if (found === 'unclear') return afterApply(world, 'which key the bucket encrypts with');
  if (!found)
    return unreadable({ message: `${world.source} does not hold the key that the bucket encrypts with` });
  const what = 'the key that the bucket encrypts with';
  const seen = keyIn(world, found, what);
  return seen.state === 'value' ? known({ ...seen.value, ...keyGrants(world, found, seen.value.arn) }) : seen;
}

/** A key that the file manages, without its grants; `undefined` if it manages none with that ARN. */
export function keyByArn(world: TerraformWorld, arn: string): Observed<KmsKeyObservation> | undefined {
  const found = keysIn(world).find(({ values }) => values.arn === arn);
  return found && keyIn(world, found, `the key ${arn}`);
}

function keyIn(world: TerraformWorld, found: TerraformResource, what: string): Observed<KmsKeyObservation> {
  const arn = attribute(found, 'arn');
  if (typeof arn !== 'string') return afterApply(world, `the ARN of ${what}`);
  // In all types but `aws_kms_key` the argument has another name.
  const isEnabled = attribute(found, 'is_enabled') ?? attribute(found, 'enabled');
  if (isEnabled instanceof KnownAfterApply) return afterApply(world, `whether ${what} is enabled`);
  // Keys with material from elsewhere tell why they are not enabled; in a plan that disables one, it is the state before.
  const state = attribute(found, 'key_state');
  const disabled = typeof state === 'string' && state !== 'Enabled' ? state : 'Disabled';
  // A replica has its primary's.
  const keySpec = attribute(found, 'customer_master_key_spec') ?? attribute(found, 'key_spec');
  return known({
    address: found.address,
    arn,
    keyManager: 'CUSTOMER' as const,
    keyState: isEnabled === false ? disabled : 'Enabled',
    ...(typeof keySpec === 'string' ? { keySpec } : {}),
    policy: keyPolicy(world, found, arn),
  });
}

const KEYS = ['aws_kms_key', 'aws_kms_replica_key', 'aws_kms_external_key', 'aws_kms_replica_external_key'];

function keysIn(world: TerraformWorld): TerraformResource[] {
  return KEYS.flatMap((type) => managed(world, type));
}

function findKey(
  world: TerraformWorld,
  bucket: TerraformResource,
  key: unknown,
  accountId: Observed<string>,
): TerraformResource | 'unclear' | undefined {
  const keys = keysIn(world);
  const byArn = referred(key, keys, ['arn']);
  if (byArn && byArn !== 'unclear') return byArn;
  // S3 looks up an ID or an alias in the bucket's region and account.
  const near = (resource: TerraformResource) => isNear(world, resource, bucket);
  const byId = only(keys, ({ values }) => values.key_id === key, near);
  if (byId) return byId;
  const aliases = managed(world, 'aws_kms_alias');
  const alias =
    key instanceof KnownAfterApply
      ? referred(key, aliases, [])
      : only(aliases, (candidate) => isNamed(candidate, String(key), bucket, accountId), near);
  if (!alias || alias === 'unclear') return byArn ?? alias;
  if (near(alias) !== true) return 'unclear';
  const { target_key_id: target } = alias.values;
  const byTarget = referred(target, keys, ['arn']);
  return byTarget ?? only(keys, ({ values }) => values.key_id === target, near);
}

/** The one resource that is meant and near; `unclear` if that is not certain. */
function only(
  resources: readonly TerraformResource[],
  isMeant: (resource: TerraformResource) => boolean,
  near: (resource: TerraformResource) => boolean | undefined,
): TerraformResource | 'unclear' | undefined {
  return onlyOne(resources.filter(isMeant), near);
}

/** Whether an alias has the name or the ARN. An ARN counts only in the bucket's region and account. */
function isNamed(
  { values }: TerraformResource,
  key: string,
  bucket: TerraformResource,
  accountId: Observed<string>,
): boolean {
  if (values.arn === key || values.name === key) return true;
  const alias = parseArn(key);
  if (alias?.service !== 'kms' || typeof values.arn === 'string' || values.name !== alias.resource)
    return false;
  return (
    alias.region === regionOf(bucket) && accountId.state === 'value' && alias.accountId === accountId.value
  );
}

/** Whether a key or alias is in the bucket's region and account; `undefined` if the file does not say. */
function isNear(
  world: TerraformWorld,
  resource: TerraformResource,
  bucket: TerraformResource,
): boolean | undefined {
  const [own, other] = [regionOf(resource), regionOf(bucket)];
  if (own !== undefined && other !== undefined && own !== other) return false;
  const isSameAccount = sameAccount(world, resource, bucket);
  if (isSameAccount !== true) return isSameAccount;
  if (own !== undefined && other !== undefined) return true;
  return resource.providerKey !== undefined && resource.providerKey === bucket.providerKey ? true : undefined;
}

function regionOf({ values, region }: TerraformResource): string | undefined {
  const arn = parseArn(String(values.arn ?? ''));
  return arn?.region || (typeof values.region === 'string' ? values.region : region);
}

function keyPolicy(world: TerraformWorld, key: TerraformResource, arn: string): Observed<PolicyText> {
  const source = `key policy of ${arn}`;
  const speaks = ({ values }: TerraformResource) =>
    values.key_id === arn || refersTo(values.key_id, key, String(key.values.key_id));
  const setting = onlyOne(managed(world, 'aws_kms_key_policy'), speaks);
  if (setting === 'unclear') return unclearSetting(world, `the ${source}`);
  // The provider writes AWS's default policy when it destroys the resource, but for one that may lock its owner out
  // (its `key_policy.go`, Delete).
  const gone = world.destroyed.find(
    (resource) =>
      resource.type === 'aws_kms_key_policy' &&
      resource.values.bypass_policy_lockout_safety_check !== true &&
      speaks(resource) !== false,
  );
  if (gone) {
    const message = `the ${source} becomes AWS’s default when ${gone.address} is destroyed, says ${world.source}; leave it there, or destroy it in a plan of its own first`;
    return unreadable({ message });
  }
  if (setting) return documentOf(world, source, attribute(setting, 'policy'), setting.address);
  const own = key.isNew ? configured(key, 'policy') : attribute(key, 'policy');
  return documentOf(world, source, own, key.address);
}

/** The grants that the file makes; of a key that is there already it does not know all. */
function keyGrants(
  world: TerraformWorld,
  key: TerraformResource,
  arn: string,
): Pick<KmsKeyObservation, 'grants' | 'grantsPartial'> {
  const speaks = ({ values }: TerraformResource) =>
    values.key_id === arn || refersTo(values.key_id, key, String(key.values.key_id));
  const ofKey = managed(world, 'aws_kms_grant').filter((grant) => speaks(grant) !== false);
  const read = ofKey.map((grant) => (speaks(grant) ? grantOf(grant) : undefined));
  const isPartial = !key.isNew || world.isPartial === true;
  return {
    grants: read.every((grant) => grant !== undefined)
      ? known(read)
      : afterApply(world, 'a grant of the key that the bucket encrypts with'),
    grantsPartial: isPartial ? true : undefined,
  };
}

function grantOf({ address, values }: TerraformResource): KmsGrant | undefined {
  const reader = new Reader();
  const [constraints] = blocks(values.constraints);
  const grant = {
    grantId: address,
    name: reader.preset(values.name),
    granteePrincipal: reader.needed(values.grantee_principal),
    operations: reader.texts(values.operations),
    constraints: constraints && {
      encryptionContextSubset: reader.map(constraints.encryption_context_subset),
      encryptionContextEquals: reader.map(constraints.encryption_context_equals),
    },
  };
  return reader.isOpen(values.constraints) ? undefined : grant;
}
