/** Settings of a bucket that are resources of their own. */
import { managed, speaksOf, type TerraformResource, type TerraformWorld } from './resource';

/** `unclear` where a resource may speak of the bucket; `destroyed` where the plan takes away the one that did. */
export type Setting = TerraformResource | 'unclear' | 'destroyed' | undefined;

/** The resource of a type that sets something of the bucket. */
export function settingOf(
  world: TerraformWorld,
  type: string,
  bucket: TerraformResource,
  name: string,
): Setting {
  const settings = managed(world, type).map((resource) => ({
    resource,
    speaks: speaksOf(resource.values.bucket, bucket, name),
  }));
  const found = settings.find(({ speaks }) => speaks);
  if (found) return found.resource;
  if (settings.some(({ speaks }) => speaks === undefined)) return 'unclear';
  // The settings of a bucket that is made anew go with the old one.
  const gone = world.destroyed.some((resource) => resource.type === type && resource.values.bucket === name);
  return gone && !bucket.isNew ? 'destroyed' : undefined;
}
