import type { PublicAccessBlock } from '../observation';

/** AWS's block as we keep it; a switch that is not named is off. */
export function switches(block: {
  BlockPublicAcls?: boolean | undefined;
  IgnorePublicAcls?: boolean | undefined;
  BlockPublicPolicy?: boolean | undefined;
  RestrictPublicBuckets?: boolean | undefined;
}): PublicAccessBlock {
  return {
    blockPublicAcls: block.BlockPublicAcls === true,
    ignorePublicAcls: block.IgnorePublicAcls === true,
    blockPublicPolicy: block.BlockPublicPolicy === true,
    restrictPublicBuckets: block.RestrictPublicBuckets === true,
  };
}
