import { roleOptionsSchema } from '../../../config/options/role';
import { notesFor } from './notes';

describe('what the options leave to others', () => {
  test('a permissions boundary: what ALTR’s role needs of it, with and without a key', () => {
    const permissionsBoundary = 'arn:aws:iam::123456789012:policy/b';
    const role = roleOptionsSchema.parse({ permissionsBoundary });
    const needs = 'role.permissionsBoundary must allow s3:PutObject on arn:aws:s3:::acme-logs/*';
    expect(notesFor({ role })).toBe(`${needs}: without that ALTR can’t write.`);
    expect(notesFor({ role, encryption: { type: 'kms' } })).toBe(
      `${needs}, and kms:GenerateDataKey and kms:Decrypt on the bucket’s key: without that ALTR can’t write.`,
    );
  });

  test('a boundary, and the other roles that get it', () => {
    const role = roleOptionsSchema.parse({ permissionsBoundary: 'arn:aws:iam::123456789012:policy/B' });
    expect(notesFor({ role })).not.toContain('as well');
    expect(
      notesFor({ role, readers: [{ name: 'siem', trustedPrincipals: ['210987654321'], roleName: 'Siem' }] }),
    ).toContain(
      '\nrole.permissionsBoundary bounds Siem as well: what it does not allow of their own policies, they can’t do.',
    );
  });
});
