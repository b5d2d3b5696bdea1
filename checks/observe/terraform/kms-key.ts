/** The key that a bucket encrypts with: its resource, found by ARN, ID or alias, and its policy. */
import { type KmsKeyObservation, known, type Observed, type PolicyText, unreadable } from '../observation';
import { documentOf } from './policy-text';
import {
  attribute,
  configured,
  KnownAfterApply,
  managed,
  onlyOne,
  referred,
  speaksOf,
  type TerraformResource,
  type TerraformWorld,
} from './resource';
import { afterApply, unclearSetting } from './role';

/**
 * @param bucket in whose region the key is: S3 asks for it there
 * @param key as the bucket names it; nothing where it is AWS's own
 */
export function keyOf(
  world: TerraformWorld,
  bucket: TerraformResource,
  key: unknown,
): Observed<KmsKeyObservation> | undefined {
  if (key === undefined || key === null) return undefined;
  const found = findKey(world, bucket, key);
  if (found === 'unclear') return afterApply(world, 'which key the bucket encrypts with');
  if (!found)
    return unreadable({ message: `${world.source} does not hold the key that the bucket encrypts with` });
  const arn = attribute(found, 'arn');
  if (typeof arn !== 'string') return afterApply(world, 'the ARN of the key that the bucket encrypts with');
  if (attribute(found, 'is_enabled') instanceof KnownAfterApply)
    return afterApply(world, 'whether the key that the bucket encrypts with is enabled');
  // A replica has its primary's.
  const keySpec = attribute(found, 'customer_master_key_spec') ?? attribute(found, 'key_spec');
  return known({
    arn,
    keyManager: 'CUSTOMER' as const,
    keyState: found.values.is_enabled === false ? 'Disabled' : 'Enabled',
    ...(typeof keySpec === 'string' ? { keySpec } : {}),
    policy: keyPolicy(world, found, arn),
  });
}

function findKey(
  world: TerraformWorld,
  bucket: TerraformResource,
  key: unknown,
): TerraformResource | 'unclear' | undefined {
  const keys = [...managed(world, 'aws_kms_key'), ...managed(world, 'aws_kms_replica_key')];
  const direct = referred(key, keys, ['arn', 'key_id'], bucket);
  if (direct && direct !== 'unclear') return direct;
  const alias = referred(bare(key), managed(world, 'aws_kms_alias'), ['arn', 'name'], bucket);
  if (!alias || alias === 'unclear') return direct ?? alias;
  return referred(alias.values.target_key_id, keys, ['key_id', 'arn'], bucket);
}

/** An alias's ARN may be known though the alias is named by its name. */
function bare(key: unknown): unknown {
  return typeof key === 'string' ? key.replace(/^arn:[^:]+:kms:[^:]*:\d*:(alias\/)/, '$1') : key;
}

function keyPolicy(world: TerraformWorld, key: TerraformResource, arn: string): Observed<PolicyText> {
  const source = `key policy of ${arn}`;
  const setting = onlyOne(
    managed(world, 'aws_kms_key_policy'),
    ({ values }) => values.key_id === arn || speaksOf(values.key_id, key, String(key.values.key_id)),
  );
  if (setting === 'unclear') return unclearSetting(world, `the ${source}`);
  if (setting) return documentOf(world, source, attribute(setting, 'policy'));
  const own = key.isNew ? configured(key, 'policy') : attribute(key, 'policy');
  return documentOf(world, source, own);
}
