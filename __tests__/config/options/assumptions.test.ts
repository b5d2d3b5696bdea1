import { assumptionsSchema } from '../../../config/options/assumptions';

test.each(['bucket-owner-full-control', 'none'])('the ACL header may be %s', (aclHeader) => {
  expect(assumptionsSchema.safeParse({ aclHeader }).success).toBe(true);
});

test.each(['private', 'public-read'])('the ACL header %s is refused, with the reason', (aclHeader) => {
  const { error } = assumptionsSchema.safeParse({ aclHeader });
  expect(error?.issues[0]?.message).toContain('refuses a PutObject with any other ACL');
});
