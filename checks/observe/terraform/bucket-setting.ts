/** Settings of a bucket that are resources of their own. */
import { managed, onlyOne, speaksOf, type TerraformResource, type TerraformWorld } from './resource';

/** `unclear` where several resources speak of the bucket, or may; `destroyed` where the plan takes away the one that did. */
export type Setting = TerraformResource | 'unclear' | 'destroyed' | undefined;

/** The resource of a type that sets something of the bucket. */
export function settingOf(
  world: TerraformWorld,
  type: string,
  bucket: TerraformResource,
  name: string,
): Setting {
  // Of two that set the same thing, the one wins that is applied last, which no plan says.
  const found = onlyOne(managed(world, type), ({ values }) => speaksOf(values.bucket, bucket, name));
  if (found) return found;
  // The settings of a bucket that is made anew go with the old one.
  const gone = world.destroyed.find((resource) => resource.type === type && resource.values.bucket === name);
  if (!gone || bucket.isNew) return undefined;
  // "Whether to retain the public access block upon destruction" (provider documentation, `skip_destroy`).
  return gone.values.skip_destroy === true ? gone : 'destroyed';
}
