/** The corrected lifecycle of a bucket: written as a whole, since S3 replaces all rules at once. */
import { managesLifecycle } from '../../config/options/retention';
import type { RuleContext } from '../evidence/context';
import { declaredDays, type Expiry } from '../evidence/lifecycle';
import type { Lifecycle, LifecycleRule } from '../observe/observation';
import type { Remediation } from '../verdict/finding';
import { type Body, collection, destroyed, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';

/** Takes deletions out of the lifecycle, or puts them off until the declared day. Everything else stays. */
export function keepLogs(lifecycle: Lifecycle, wrong: readonly Expiry[], context: RuleContext): Remediation {
  const rules = lifecycle.rules.flatMap((rule) => corrected(rule, wrong, context)).filter(doesSomething);
  const postponed = wrong.some(({ of }) => declaredDays(context.declared, of) !== undefined);
  return {
    summary: postponed
      ? 'Delete logs no sooner than declared, and leave the other lifecycle rules as they are.'
      : 'Take the deletion out of the lifecycle and leave its other rules as they are, or declare it in the config (retention).',
    ...replaceLifecycle({ ...lifecycle, rules }, context),
  };
}

/** Restores the declared lifecycle. */
export function lifecycleAsDeclared(rules: readonly LifecycleRule[], context: RuleContext): Remediation {
  const cdktf = ofTheKit(rules, context);
  return {
    summary: cdktf
      ? 'Deploy the export again: that restores the declared lifecycle.'
      : 'Correct the lifecycle by hand: a deploy of the export would replace the rules that are not its own.',
    cdktf,
  };
}

/** Installs a lifecycle, or removes it if it has no rule left: without a lifecycle S3 deletes nothing. */
function replaceLifecycle(
  { rules, transitionDefaultMinimumObjectSize: smallest }: Lifecycle,
  context: RuleContext,
): Omit<Remediation, 'summary'> {
  const { contract } = context;
  const bucket = quote(contract.bucket);
  const document = { Rules: rules.map(asApi) };
  const least = smallest ? ` --transition-default-minimum-object-size ${quote(smallest)}` : '';
  return {
    commands: [
      rules.length === 0
        ? `aws s3api delete-bucket-lifecycle --bucket ${bucket}`
        : `aws s3api put-bucket-lifecycle-configuration --bucket ${bucket}${least} --lifecycle-configuration ${quoteJson(document)}`,
    ],
    terraform:
      rules.length === 0
        ? destroyed('aws_s3_bucket_lifecycle_configuration', `of bucket ${JSON.stringify(contract.bucket)}`)
        : resource('aws_s3_bucket_lifecycle_configuration', contract.bucket, {
            bucket: contract.bucket,
            transition_default_minimum_object_size: smallest,
            rule: rules.map(asHcl),
          }),
    cdktf: ofTheKit(rules, context),
  };
}

/** The kit writes a lifecycle of one rule, if the config declares part of one. A deploy replaces every other rule. */
function ofTheKit(rules: readonly LifecycleRule[], { contract, declared }: RuleContext): string | undefined {
  const isOwn = declared && !declared.existingBucket && managesLifecycle(declared);
  return isOwn && rules.every(({ id }) => id === 'logs') ? redeploy(contract) : undefined;
}

/** The rule with its deletions put off or gone: two rules if S3 refuses the days of one beside the dates of the other. */
function corrected(
  rule: LifecycleRule,
  wrong: readonly Expiry[],
  { declared }: RuleContext,
): LifecycleRule[] {
  const isWrong = (of: Expiry['of']) => wrong.some((expiry) => expiry.rule === rule && expiry.of === of);
  const { expiration, noncurrentVersionExpiration, ...others } = rule;
  const days = declaredDays(declared, 'logs');
  const noncurrentDays = declaredDays(declared, 'former versions');
  const postponed = days === undefined ? undefined : { days };
  // PutBucketLifecycleConfiguration: "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule".
  const isMixed = postponed && rule.transitions.some(({ date }) => date !== undefined);
  const noncurrent = !isWrong('former versions')
    ? noncurrentVersionExpiration
    : noncurrentDays === undefined
      ? undefined
      : { ...noncurrentVersionExpiration, noncurrentDays };
  const left = { ...others, noncurrentVersionExpiration: noncurrent };
  if (!isWrong('logs')) return [{ ...left, expiration }];
  if (!isMixed) return [{ ...left, expiration: postponed }];
  const { id, status, filter } = rule;
  const expiring = {
    id: id && `${id.slice(0, 240)}-expiration`,
    status,
    filter,
    expiration: postponed,
    transitions: [],
    noncurrentVersionTransitions: [],
  };
  return [left, expiring];
}

function doesSomething(rule: LifecycleRule): boolean {
  return (
    rule.expiration !== undefined ||
    rule.noncurrentVersionExpiration !== undefined ||
    rule.abortIncompleteMultipartUpload !== undefined ||
    rule.transitions.length > 0 ||
    rule.noncurrentVersionTransitions.length > 0
  );
}

/** As `PutBucketLifecycleConfiguration` takes it. */
function asApi({ id, status, filter, expiration, ...rule }: LifecycleRule): object {
  const noncurrent = rule.noncurrentVersionExpiration;
  return {
    ID: id,
    Status: status,
    Filter: filterAsApi(filter),
    Expiration: expiration && {
      Days: expiration.days,
      Date: expiration.date,
      ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker,
    },
    NoncurrentVersionExpiration: noncurrent && {
      NoncurrentDays: noncurrent.noncurrentDays,
      NewerNoncurrentVersions: noncurrent.newerNoncurrentVersions,
    },
    Transitions: nonEmpty(
      rule.transitions.map(({ days, date, storageClass }) => ({
        Days: days,
        Date: date,
        StorageClass: storageClass,
      })),
    ),
    NoncurrentVersionTransitions: nonEmpty(
      rule.noncurrentVersionTransitions.map(({ noncurrentDays, newerNoncurrentVersions, storageClass }) => ({
        NoncurrentDays: noncurrentDays,
        NewerNoncurrentVersions: newerNoncurrentVersions,
        StorageClass: storageClass,
      })),
    ),
    AbortIncompleteMultipartUpload: rule.abortIncompleteMultipartUpload && {
      DaysAfterInitiation: rule.abortIncompleteMultipartUpload.daysAfterInitiation,
    },
  };
}

/** Several conditions go into `And` (Amazon S3 API Reference, `LifecycleRuleFilter`). */
function filterAsApi(filter: LifecycleRule['filter']): object {
  const tags = (filter.tags ?? []).map(({ key, value }) => ({ Key: key, Value: value }));
  const sizes = {
    ObjectSizeGreaterThan: filter.objectSizeGreaterThan,
    ObjectSizeLessThan: filter.objectSizeLessThan,
  };
  const count =
    tags.length +
    [filter.prefix, ...Object.values(sizes)].filter((condition) => condition !== undefined).length;
  if (count === 0) return { Prefix: '' };
  if (count > 1) return { And: { Prefix: filter.prefix, Tags: nonEmpty(tags), ...sizes } };
  return { Prefix: filter.prefix, Tag: tags[0], ...sizes };
}

/** As a `rule` block of `aws_s3_bucket_lifecycle_configuration`. */
function asHcl({ id, status, filter, expiration, ...rule }: LifecycleRule, index: number): Body {
  const noncurrent = rule.noncurrentVersionExpiration;
  return {
    id: id ?? `rule-${index + 1}`,
    status,
    filter: filterAsHcl(filter),
    expiration: expiration && {
      days: expiration.days,
      date: expiration.date,
      expired_object_delete_marker: expiration.expiredObjectDeleteMarker,
    },
    noncurrent_version_expiration: noncurrent && {
      noncurrent_days: noncurrent.noncurrentDays,
      newer_noncurrent_versions: noncurrent.newerNoncurrentVersions,
    },
    transition: rule.transitions.map(({ days, date, storageClass }) => ({
      days,
      date,
      storage_class: storageClass,
    })),
    noncurrent_version_transition: rule.noncurrentVersionTransitions.map(
      ({ noncurrentDays, newerNoncurrentVersions, storageClass }) => ({
        noncurrent_days: noncurrentDays,
        newer_noncurrent_versions: newerNoncurrentVersions,
        storage_class: storageClass,
      }),
    ),
    abort_incomplete_multipart_upload: rule.abortIncompleteMultipartUpload && {
      days_after_initiation: rule.abortIncompleteMultipartUpload.daysAfterInitiation,
    },
  };
}

function filterAsHcl(filter: LifecycleRule['filter']): Body {
  const tags = filter.tags ?? [];
  const others: Body = {
    prefix: filter.prefix,
    object_size_greater_than: filter.objectSizeGreaterThan,
    object_size_less_than: filter.objectSizeLessThan,
  };
  const count = tags.length + Object.values(others).filter((condition) => condition !== undefined).length;
  if (count === 0) return { prefix: '' };
  const [tag] = tags;
  if (count === 1) return tag ? { tag: { key: tag.key, value: tag.value } } : others;
  const map = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  return { and: { ...others, tags: tags.length > 0 ? collection(map) : undefined } };
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
