import type { FindingLocation } from '../verdict/finding';

/** Where a finding is: the document, the place in it, and the Terraform resource that holds it. */
export function placeOf({ document, pointer, address }: FindingLocation): string {
  const resource = address === undefined || document.includes(address) ? '' : ` (${address})`;
  return `${document}${pointer ? ` at ${pointer}` : ''}${resource}`;
}
