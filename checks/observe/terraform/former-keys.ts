/** The KMS keys that buckets encrypt with by a plan, before and after it, and those that they stop using. Pure. */
import type { PlanLoss } from '../observation';
import type { Json, ResourceChange } from './plan-json';
import { blocks } from './resource';

/** What says how a bucket encrypts. */
interface Setting {
  readonly address: string;
  /** Missing if it is known after apply. */
  readonly bucket?: string;
  /** As written: ARN, ID or alias; missing without a key of KMS. */
  readonly key?: string;
  readonly isKeyOpen: boolean;
  /** Whether a resource of its own says it: the provider also writes what it read into the bucket. */
  readonly isOwn: boolean;
}

type Phase = 'before' | 'after';

/** How the buckets encrypt by what the plan finds. */
export function settingsBefore(
  changes: readonly ResourceChange[],
  buckets: ReadonlySet<string>,
): readonly Setting[] {
  return settings(changes, 'before').filter(({ bucket }) => buckets.has(bucket ?? ''));
}

/** Whether a setting names its key by an alias whose key the plan does not tell. */
export function isOpenAlias({ key }: Setting, changes: readonly ResourceChange[]): boolean {
  return key !== undefined && isOfUnknown(namedKeyOf(key, changes, 'before'));
}

/** Keys that a bucket stops using, unless the config names them as former ones: readers could no longer decrypt older logs. */
export function formerKeys(
  changes: readonly ResourceChange[],
  buckets: ReadonlySet<string>,
  declared: readonly string[],
): PlanLoss[] {
  const all = settingsBefore(changes, buckets);
  const before = all.some(({ isOwn }) => isOwn) ? all.filter(({ isOwn }) => isOwn) : all;
  const addresses = new Set(before.map(({ address }) => address));
  const later = settings(changes, 'after').filter(
    ({ address, bucket }) => bucket === undefined || buckets.has(bucket) || addresses.has(address),
  );
  const after = [...before, ...later].some(({ isOwn }) => isOwn) ? later.filter(({ isOwn }) => isOwn) : later;
  const next = after.map((setting) => ({
    ...setting,
    named: setting.key === undefined ? undefined : namedKeyOf(setting.key, changes, 'after'),
  }));
  return before.flatMap((setting) => {
    if (setting.key === undefined) return [];
    const was = namedKeyOf(setting.key, changes, 'before');
    const isKept = next.some(({ named }) => named && !named.isOpen && isSameKey(named.key, was.key));
    if (isKept || declared.some((key) => isSameKey(key, was.key))) return [];
    const isOpen = next.some(
      ({ isKeyOpen, bucket, address, named }) =>
        isKeyOpen ||
        (bucket === undefined && !addresses.has(address)) ||
        (named && (named.isOpen || isOfUnknown(named) || isOfUnknown(was))),
    );
    // The bucket goes on naming the alias, and that gets another key.
    const alias = next.find(({ key }) => key === setting.key)?.named?.alias;
    return [
      {
        address: alias ?? setting.address,
        kind: 'former-key' as const,
        name: was.key,
        isReplaced: true,
        doubt: isOpen ? 'whether the bucket gets another key the plan does not say' : undefined,
      },
    ];
  });
}

/** Whether two spellings, each an ARN or an ID, are of one key. */
export function isSameKey(one: string, other: string): boolean {
  const isWhole = one.startsWith('arn:') && other.startsWith('arn:');
  const id = (key: string) => (isAlias(key) ? key : key.replace(/^arn:.*:key\//, ''));
  return isWhole ? one === other : id(one) === id(other);
}

function settings(changes: readonly ResourceChange[], phase: Phase): Setting[] {
  return changes.flatMap(({ address, type, change }) => {
    const values = valuesIn(change, phase);
    const unknown = phase === 'after' ? ((change.after_unknown ?? {}) as Json) : {};
    const rules = values && rulesOf(type, values);
    const isOwn = type === 'aws_s3_bucket_server_side_encryption_configuration';
    if (!rules || (rules.length === 0 && !isOwn && !isKnownAsNone(type, values, phase))) return [];
    const bucket = values.bucket ?? values.bucket_name;
    const [key] = rules
      .flatMap((rule) => [
        ...blocks(rule.apply_server_side_encryption_by_default),
        ...blocks(rule.server_side_encryption_by_default),
      ])
      .map(({ kms_master_key_id: id }) => id);
    return [
      {
        address,
        bucket: typeof bucket === 'string' ? bucket : undefined,
        key: typeof key === 'string' && key !== '' ? key : undefined,
        isKeyOpen: unknown.rule === true || JSON.stringify(unknown).includes('kms_master_key_id'),
        isOwn,
      },
    ];
  });
}

/** The provider writes into a bucket what it read: an empty list says that there is no key. */
function isKnownAsNone(type: string, values: Json, phase: Phase): boolean {
  return (
    type === 'aws_s3_bucket' &&
    phase === 'before' &&
    Array.isArray(values.server_side_encryption_configuration)
  );
}

function rulesOf(type: string, values: Json): Json[] | undefined {
  switch (type) {
    case 'aws_s3_bucket_server_side_encryption_configuration':
      return blocks(values.rule);
    case 'aws_s3_bucket':
      return blocks(values.server_side_encryption_configuration).flatMap(({ rule }) => blocks(rule));
    case 'awscc_s3_bucket':
      return blocks(values.bucket_encryption).flatMap(({ server_side_encryption_configuration: rules }) =>
        blocks(rules),
      );
    default:
      return undefined;
  }
}

/** What a change finds or leaves. What Terraform only forgets stays. */
function valuesIn({ actions, before, after }: ResourceChange['change'], phase: Phase): Json | undefined {
  const found = actions.join() === 'create' ? undefined : (before ?? undefined);
  return phase === 'before' || actions.join() === 'forget' ? found : (after ?? undefined);
}

interface NamedKey {
  readonly key: string;
  /** Address of the alias that names it. */
  readonly alias?: string;
  /** Whether the alias gets a key that is known after apply. */
  readonly isOpen?: boolean;
}

const isAlias = (key: string) => /(^|:)alias\//.test(key);

/** An alias whose key the plan does not tell; AWS's own aliases have the key that AWS manages. */
const isOfUnknown = ({ key }: NamedKey) => isAlias(key) && !/(^|:)alias\/aws\//.test(key);

function namedKeyOf(key: string, changes: readonly ResourceChange[], phase: Phase): NamedKey {
  if (!isAlias(key)) return { key };
  const found = changes.flatMap(({ address, type, change }) => {
    const values = type === 'aws_kms_alias' ? valuesIn(change, phase) : undefined;
    const isNamed = values && [values.name, values.arn].some((name) => name === key);
    return isNamed || (values && key.endsWith(`:${values.name}`)) ? [{ address, values, change }] : [];
  });
  const [one] = found;
  if (!one) return { key };
  // The provider plans the former `target_key_arn` beside a new `target_key_id`.
  const { target_key_id: id, target_key_arn: arn } = one.values;
  const target = phase === 'before' ? (arn ?? id) : id;
  return typeof target === 'string'
    ? { key: target, alias: one.address }
    : { key, alias: one.address, isOpen: true };
}
