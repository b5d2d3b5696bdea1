/**
 * A role that is replaced under its name, as for another path, loses its policies to what names it by that name: Terraform sees no
 * change in it. Its id is known after apply then, so what names it by its id is replaced, too.
 */
import { Testing } from 'cdktf';
import { configSchema } from '../../../config/schema';
import { addReaders } from '../../../modules/feed/export-readers';
import { ExportStack } from '../../../modules/stack/export-stack';
import { MATRIX, MATRIX_ACCOUNT } from '../option-matrix';

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

const NAMING: Readonly<Record<string, string>> = {
  aws_iam_role_policy: 'role',
  aws_iam_role_policy_attachment: 'role',
  aws_iam_role_policies_exclusive: 'role_name',
  aws_iam_role_policy_attachments_exclusive: 'role_name',
};

const namedIn = (stack: ExportStack): unknown[] => {
  const { resource } = stack.toTerraform() as { resource: Resources };
  return Object.entries(NAMING).flatMap(([type, key]) =>
    Object.values(resource[type] ?? {}).map((entry) => entry[key]),
  );
};
const byItsId = expect.stringMatching(/^\$\{aws_iam_role\.[\w-]+\.id\}$/);
const definition = (name: string) => ({
  name,
  clientId: 'the-client',
  bucket: `matrix-${name}`,
  region: 'us-east-1',
  roleName: `ALTRPublishSIEMData-${name}`,
});

test('whatever gives a role a policy names the role by its id', () => {
  const named = MATRIX.flatMap(({ name, options }) =>
    namedIn(
      new ExportStack(Testing.app(), {
        ...definition(name),
        altrAccountId: '000011112222',
        accountId: MATRIX_ACCOUNT,
        ...options,
      }),
    ),
  );
  expect(named.length).toBeGreaterThan(3 * MATRIX.length);
  expect(named).toEqual(named.map(() => byItsId));
});

test('so does what is made beside the export', () => {
  const feeds = {
    splunkFeed: { readerPrincipalArn: `arn:aws:iam::${MATRIX_ACCOUNT}:role/Splunk` },
    alerts: { emails: ['a@example.com'] },
  };
  const entry = { ...definition('feeds'), ...feeds };
  const { exports } = configSchema.parse({ altr: { awsAccountId: '000011112222' }, exports: [entry] });
  const [parsed] = exports;
  if (!parsed) throw new Error('no export');
  const stack = new ExportStack(Testing.app(), { ...parsed, altrAccountId: '000011112222' });
  const before = namedIn(stack).length;
  addReaders(stack, parsed);
  const named = namedIn(stack);
  expect(named).toHaveLength(before + 2);
  expect(named).toEqual(named.map(() => byItsId));
});
