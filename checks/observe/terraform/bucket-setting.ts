/** Settings of a bucket that are resources of their own. */
import {
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
