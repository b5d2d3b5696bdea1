/**
 * A role that is replaced under its name, as for another path, loses its policies to what names it by that name: Terraform sees no
 * change in it. Its id is known after apply then, so what names it by its id is replaced, too.
 */
import { Testing } from 'cdktf';
import { ExportStack } from '../../modules/export-stack';
import { MATRIX, MATRIX_ACCOUNT } from './option-matrix';

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

const NAMING: Readonly<Record<string, string>> = {
  aws_iam_role_policy: 'role',
  aws_iam_role_policy_attachment: 'role',
  aws_iam_role_policies_exclusive: 'role_name',
  aws_iam_role_policy_attachments_exclusive: 'role_name',
};

test('whatever gives a role a policy names the role by its id', () => {
  const named = MATRIX.flatMap(({ name, options }) => {
    const stack = new ExportStack(Testing.app(), {
      name,
      altrAccountId: '000011112222',
      accountId: MATRIX_ACCOUNT,
      clientId: 'the-client',
      bucket: `matrix-${name}`,
      region: 'us-east-1',
      roleName: `ALTRPublishSIEMData-${name}`,
      ...options,
    });
    const { resource } = stack.toTerraform() as { resource: Resources };
    return Object.entries(NAMING).flatMap(([type, key]) =>
      Object.values(resource[type] ?? {}).map((entry) => entry[key]),
    );
  });
  expect(named.length).toBeGreaterThan(3 * MATRIX.length);
  expect(named.filter((of) => !/^\$\{aws_iam_role\.[\w-]+\.id\}$/.test(String(of)))).toEqual([]);
});
