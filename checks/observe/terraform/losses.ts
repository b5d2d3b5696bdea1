/** What a plan destroys or replaces, and that an export's logs need: whatever Terraform makes it. Pure. */
import { parseArn } from '../../../contract/arn';
import type { PlanLoss } from '../observation';
import { formerKeys, isOpenAlias, isSameKey, settingsBefore } from './former-keys';
import type { Json, ResourceChange } from './plan-json';
import { blocks, type TerraformWorld } from './resource';

/** The keys that the config declares for an export, and the bucket of its copies. */
export interface DeclaredKeys {
  readonly encryption?: { readonly kmsKeyArn?: string; readonly formerKeys?: readonly string[] };
  readonly replication?: { readonly bucket: string; readonly kmsKeyArn?: string };
}

type Target = DeclaredKeys & { readonly bucket: string; readonly roleName: string };

type Kind = PlanLoss['kind'];

/** What a resource is, and the attribute that names it or its bucket; by its type, or Cloud Control's type name. */
const KINDS: Readonly<Record<string, readonly [kind: Kind, name: string]>> = {
  aws_s3_bucket: ['bucket', 'bucket'],
  awscc_s3_bucket: ['bucket', 'bucket_name'],
  'AWS::S3::Bucket': ['bucket', 'id'],
  aws_kms_key: ['key', 'arn'],
  aws_kms_external_key: ['key', 'arn'],
  aws_kms_replica_key: ['key', 'arn'],
  aws_kms_replica_external_key: ['key', 'arn'],
  awscc_kms_key: ['key', 'arn'],
  awscc_kms_replica_key: ['key', 'arn'],
  'AWS::KMS::Key': ['key', 'id'],
  'AWS::KMS::ReplicaKey': ['key', 'id'],
  aws_s3_bucket_public_access_block: ['public-access-block', 'bucket'],
  aws_s3_bucket_policy: ['bucket-policy', 'bucket'],
  awscc_s3_bucket_policy: ['bucket-policy', 'bucket'],
  'AWS::S3::BucketPolicy': ['bucket-policy', 'id'],
  aws_cloudformation_stack: ['stack', 'name'],
  aws_cloudformation_stack_set: ['stack', 'name'],
  aws_cloudformation_stack_instances: ['stack', 'stack_set_name'],
  aws_cloudformation_stack_set_instance: ['stack', 'stack_set_name'],
  aws_serverlessapplicationrepository_cloudformation_stack: ['stack', 'name'],
  aws_servicecatalog_provisioned_product: ['stack', 'name'],
  awscc_cloudformation_stack: ['stack', 'stack_name'],
  awscc_cloudformation_stack_set: ['stack', 'stack_set_name'],
  awscc_servicecatalog_cloudformation_provisioned_product: ['stack', 'provisioned_product_name'],
  'AWS::CloudFormation::Stack': ['stack', 'id'],
  'AWS::CloudFormation::StackSet': ['stack', 'id'],
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': ['stack', 'id'],
};

/** A change of something that logs may need. */
interface Change {
  readonly kind: Kind;
  readonly type: string;
  readonly address: string;
  readonly actions: readonly string[];
  /** Its name before and after; missing if there is none, or it is not known yet. */
  readonly was?: string;
  readonly is?: string;
  readonly isNameOpen: boolean;
  readonly before: Json;
}

/** @returns `undefined` if the file is a state, which changes nothing */
export function lossesOf(world: TerraformWorld, target: Target): PlanLoss[] | undefined {
  if (!world.changes) return undefined;
  const { changes } = world;
  // A target without a role: only what names the bucket of copies or its key is its own.
  const copies = copiesBefore(changes, target)
    .flatMap(({ bucket, kmsKeyArn }) =>
      lossesOfBucket(changes, { bucket, roleName: '', encryption: { kmsKeyArn } }),
    )
    .filter(({ doubt, kind }) => doubt === undefined && kind !== 'former-key');
  const ofCopies = new Set(copies.map(({ address }) => address));
  const own = lossesOfBucket(changes, target).filter(
    ({ address, doubt }) => doubt === undefined || !ofCopies.has(address),
  );
  const known = new Set(own.map(({ address }) => address));
  const more = copies.filter(({ address }) => !known.has(address));
  return [
    ...own,
    ...new Map(more.map((loss) => [loss.address, { ...loss, ofCopies: true as const }])).values(),
  ];
}

/** The buckets that the export's logs are copied to, by the config and by what the plan finds. */
function copiesBefore(
  changes: readonly ResourceChange[],
  { bucket, replication }: Target,
): { readonly bucket: string; readonly kmsKeyArn?: string }[] {
  const found = changes.flatMap(({ type, change }) => {
    const before = valuesBefore(change);
    if (type !== 'aws_s3_bucket_replication_configuration' || before.bucket !== bucket) return [];
    return blocks(before.rule)
      .flatMap(({ destination }) => blocks(destination))
      .flatMap(({ bucket: arn, encryption_configuration: encryption }) => {
        const [key] = blocks(encryption).map(({ replica_kms_key_id: id }) => id);
        const name = typeof arn === 'string' ? (parseArn(arn)?.resource ?? arn) : '';
        return name ? [{ bucket: name, kmsKeyArn: typeof key === 'string' ? key : undefined }] : [];
      });
  });
  return [...(replication ? [replication] : []), ...found];
}

function lossesOfBucket(changes: readonly ResourceChange[], target: Target): PlanLoss[] {
  const all = changes.flatMap(changeOf);
  const before = changes.map(({ type, change }) => ({ type, values: valuesBefore(change) }));
  const roles = rolesBefore(changes, target.roleName);
  const deleted = all.filter(({ actions }) => actions.includes('delete'));
  const of = (...kinds: Kind[]) => deleted.filter(({ kind }) => kinds.includes(kind));

  const made = all.filter(({ kind, is }) => kind === 'bucket' && is === target.bucket);
  const isCreated = made.some(({ actions }) => actions.join() === 'create');
  const written = writtenBy(before, roles);
  const buckets = of('bucket').flatMap((bucket) => {
    const isOwn =
      bucket.was === target.bucket ||
      all.some(({ address, is }) => address === bucket.address && is === target.bucket) ||
      written.some((text) => text.includes(`:s3:::${bucket.was}/`));
    if (isOwn) return [lossOf(bucket, all)];
    const doubt = bucketDoubt(bucket, written, made.length > 0, isCreated);
    return doubt ? [lossOf(bucket, all, doubt)] : [];
  });
  const names = new Set([target.bucket, ...buckets.filter(({ doubt }) => !doubt).map(({ name }) => name)]);
  const gone = new Set(buckets.map(({ name }) => name));
  const destroyed = new Set(buckets.filter(({ isReplaced }) => !isReplaced).map(({ name }) => name));
  const settings = of('public-access-block', 'bucket-policy')
    // Those of a bucket that goes are the same loss.
    .filter(({ was = '' }) => names.has(was) && !gone.has(was))
    // "Whether to retain the public access block upon destruction" (provider documentation, `skip_destroy`).
    .filter((setting) => setting.before.skip_destroy !== true)
    .map((setting) => lossOf(setting, all));
  const used = keysBefore(changes, names, target);
  // A new bucket holds no logs yet.
  const isNew = buckets.length === 0 && isCreated;
  const keys = of('key').flatMap((key) => {
    if (isUsed(key, used.keys, before)) return [lossOf(key, all)];
    const doubt = keyDoubt(key, used.isKnown || isNew, roles, written);
    return doubt ? [lossOf(key, all, doubt)] : [];
  });
  const former = formerKeys(
    changes,
    // Nothing decrypts the logs of a bucket that is destroyed.
    new Set([...names].filter((name) => !destroyed.has(name))),
    target.encryption?.formerKeys ?? [],
  ).filter(({ name }) => !keys.some((key) => isSameKey(key.name, name)));
  const stacks = of('stack').map((stack) => lossOf(stack, all, 'what it holds the plan does not say'));
  return [...buckets, ...keys, ...former, ...settings, ...stacks];
}

function changeOf({ address, type, change }: ResourceChange): Change[] {
  const { actions, after, after_unknown: unknown } = change;
  const before = valuesBefore(change);
  const name = type === 'aws_cloudcontrolapi_resource' ? String(before.type_name) : type;
  const [kind, attribute] = KINDS[name] ?? [];
  if (!kind || !attribute) return [];
  return [
    {
      kind,
      type: name,
      address,
      actions,
      was: textIn(before, attribute),
      is: textIn(after ?? {}, attribute),
      isNameOpen: ((unknown ?? {}) as Json)[attribute] === true,
      before,
    },
  ];
}

function valuesBefore({ actions, before }: ResourceChange['change']): Json {
  return actions.join() === 'create' ? {} : (before ?? {});
}

function textIn(values: Json, attribute: string): string | undefined {
  const value = values[attribute];
  return typeof value === 'string' ? value : undefined;
}

function lossOf(
  { kind, type, address, actions, was, before }: Change,
  all: readonly Change[],
  doubt?: string,
): PlanLoss {
  const name = was ?? address;
  const again = all.find(
    (other) =>
      other.type === type &&
      other.address !== address &&
      other.is === name &&
      other.actions.join() === 'create',
  );
  return {
    address,
    kind,
    name,
    isReplaced: actions.includes('create'),
    withLogs: kind === 'bucket' && before.force_destroy === true ? true : undefined,
    madeAgainAt: again?.address,
    doubt,
  };
}

interface Before {
  readonly type: string;
  readonly values: Json;
}

/** The names that the export's role has and had. */
function rolesBefore(changes: readonly ResourceChange[], roleName: string): string[] {
  const was = changes
    .filter(({ type, change }) => type === 'aws_iam_role' && change.after?.name === roleName)
    .flatMap(({ change }) => textIn(valuesBefore(change), 'name') ?? []);
  return [...new Set([roleName, ...was])];
}

/** The documents that let those roles write before. */
function writtenBy(before: readonly Before[], roles: readonly string[]): string[] {
  const ofRoles = (value: unknown) => [value].flat().some((role) => roles.includes(String(role)));
  const ownValues = before
    .map(({ values }) => values)
    .filter(
      ({ role, roles: several, role_name: name }) => ofRoles(role) || ofRoles(several) || ofRoles(name),
    );
  const ownRoles = before.filter(({ type, values }) => type === 'aws_iam_role' && ofRoles(values.name));
  const attached = [...ownValues, ...ownRoles.map(({ values }) => values)].flatMap(
    ({ policy_arn: one, policy_arns: several, managed_policy_arns: managed }) =>
      [one, several, managed].flat(),
  );
  return before.flatMap(({ type, values }) => {
    if (type === 'aws_iam_role' && ofRoles(values.name))
      return textsIn(blocks(values.inline_policy), 'policy');
    if (type === 'awscc_iam_role' && ofRoles(values.role_name))
      return textsIn(blocks(values.policies), 'policy_document');
    const isOwn =
      (type === 'aws_iam_role_policy' && ofRoles(values.role)) ||
      (type === 'aws_iam_policy' && attached.includes(values.arn));
    return isOwn ? textsIn([values], 'policy') : [];
  });
}

function textsIn(list: readonly Json[], attribute: string): string[] {
  return list.flatMap((values) => textIn(values, attribute) ?? []);
}

/** Whether a name matches a pattern with `*` and `?`. */
function isLike(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}

/** Why a bucket that goes may be the one that the role wrote to. */
function bucketDoubt(
  { was = '', actions, isNameOpen }: Change,
  written: readonly string[],
  isMade: boolean,
  isCreated: boolean,
): string | undefined {
  // Its new name may be the export's.
  if (isNameOpen && !isMade) return 'the name of the bucket that replaces it is known after apply';
  if (actions.includes('create')) return undefined;
  const patterns = written.flatMap((text) => [...text.matchAll(/:s3:::([^/"]*[^*/"][^/"]*)\//g)]);
  if (patterns.some(([, pattern = '']) => isLike(pattern, was)))
    return 'the role could write to it, so logs may be in it';
  return isCreated
    ? 'the export’s bucket is made by the same plan, so this may be the one that it replaces'
    : undefined;
}

/** The keys that logs are encrypted with, as the buckets name them, and whether the plan says which those are. */
function keysBefore(
  changes: readonly ResourceChange[],
  buckets: ReadonlySet<string>,
  { encryption }: Target,
) {
  const { kmsKeyArn, formerKeys = [] } = encryption ?? {};
  const settings = settingsBefore(changes, buckets);
  const isOpen = settings.some((setting) => isOpenAlias(setting, changes));
  return {
    keys: [...settings.map(({ key }) => key), kmsKeyArn, ...formerKeys].filter((key) => key !== undefined),
    isKnown: !isOpen && (settings.length > 0 || kmsKeyArn !== undefined),
  };
}

function isUsed({ was, before: key }: Change, used: readonly unknown[], before: readonly Before[]): boolean {
  const ids = [was, key.arn, key.key_id].filter((id) => id !== undefined);
  const aliases = before
    .filter(
      ({ type, values }) =>
        type === 'aws_kms_alias' &&
        [values.target_key_arn, values.target_key_id].some((id) => ids.includes(id as string)),
    )
    .flatMap(({ values }) => [values.name, values.arn]);
  return [...ids, ...aliases].some((id) => used.includes(id));
}

/** Why older logs may be encrypted with a key that the buckets do not name. */
function keyDoubt(
  { was, before }: Change,
  isKnown: boolean,
  roles: readonly string[],
  written: readonly string[],
): string | undefined {
  const policy = JSON.stringify([before.policy, before.key_policy]);
  const writer = roles.find((role) =>
    new RegExp(`/${role.replaceAll(/\W/g, '\\$&')}(?![\\w+=,.@-])`).test(policy),
  );
  if (writer) return `its policy names the role ${writer}, so logs may be encrypted with it`;
  if (was !== undefined && written.some((text) => text.includes(`"${was}"`)))
    return 'the role’s own policy names it, so logs may be encrypted with it';
  return isKnown ? undefined : 'which key the bucket encrypts with the plan does not say';
}
