export const OBJECT_OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;

export type ObjectOwnership = (typeof OBJECT_OWNERSHIPS)[number];

/** Whether it is one that the rules know: AWS may add more, and Terraform passes on any text. */
export function isObjectOwnership(value: string | undefined): value is ObjectOwnership {
  return OBJECT_OWNERSHIPS.some((known) => known === value);
}
