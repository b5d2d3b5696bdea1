/**
 * Rules whose findings may lack a fix of the kit's: they are fixed in ALTR's portal, by the owner of the organization, or by hand,
 * since a deploy would change nothing, or take away what is not the kit's.
 */
export const FIXED_BY_HAND: readonly string[] = [
  'bucket-encryption-delivery',
  'bucket-foreign-access',
  'bucket-public-access',
  'delivery-alive',
  'logs-kept',
  'logs-stay',
  'permissions-action-scope',
  'permissions-put-object',
  'undeclared-altr-role',
];
