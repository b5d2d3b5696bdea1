/** Settings of a bucket that are resources of their own. */
import { type Observed, unreadable } from '../observation';
import {
  attribute,
  configured,
  isApplied,
  managed,
  onlyOne,
  refersTo,
  type TerraformResource,
  type TerraformWorld,
} from './resource';

/** `unclear` if several resources set it, or may; `destroyed` if the plan destroys the one that did. */
export type Setting = TerraformResource | 'unclear' | 'destroyed' | undefined;

/** The resource of a type that sets something of the bucket. */
export function settingOf(
  world: TerraformWorld,
  type: string,
  bucket: TerraformResource,
  name: string,
): Setting {
  // Of two that set the same thing, the one wins that is applied last, which no plan says.
  const ofBucket = managed(world, type).filter(
    // What is left alone while its bucket is replaced under its name goes with the old one.
    (resource) => !bucket.isNew || isApplied(resource),
  );
  const found = onlyOne(ofBucket, ({ values }) => refersTo(values.bucket, bucket, name));
  // The settings of a bucket that is made anew go with the old one.
  const gone = bucket.isNew
    ? undefined
    : world.destroyed.find((resource) => resource.type === type && resource.values.bucket === name);
  if (!gone || found === 'unclear') return found;
  // "Whether to retain the public access block upon destruction" (provider documentation, `skip_destroy`).
  if (gone.values.skip_destroy === true) return found ?? gone;
  // Where one is destroyed and one made, as without a `moved` block, which comes last no plan says.
  return found && isApplied(found) ? 'unclear' : 'destroyed';
}

/** The value of a setting without a resource: the default for a new bucket, and not known for another. */
export function unmanaged<T>(
  world: TerraformWorld,
  bucket: TerraformResource,
  what: string,
  value: Observed<T>,
): Observed<T> {
  if (bucket.isNew && !world.isPartial) return value;
  const later = world.isPartial ? ', and is not the whole plan, as with -target or deferred changes' : '';
  return unreadable({ message: `${world.source} does not manage ${what} of the bucket${later}` });
}

/** A setting in the bucket itself: what the configuration says of a new one, what the provider read of another. */
export function ownSetting(bucket: TerraformResource, name: string): unknown {
  return bucket.isNew ? configured(bucket, name) : attribute(bucket, name);
}

/** A bucket, and the file that it is in. */
export interface BucketPlace {
  readonly world: TerraformWorld;
  readonly bucket: TerraformResource;
  readonly name: string;
  /** The audited account, as far as it is known. */
  readonly accountId: Observed<string>;
}
