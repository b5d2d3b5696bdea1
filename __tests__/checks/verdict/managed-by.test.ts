import { EXAMPLE } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import { exportOptionsSchema } from '../../../config/options';
import { KIT_DESCRIPTION } from '../../../config/options/role';
import { value } from '../rules/builders';

const managerOf = (role: SetUp['role'], declares: object = {}, managedBy?: 'terraform') => {
  const declared = new Map([[EXAMPLE.name, exportOptionsSchema.parse(declares)]]);
  const [report] = judge(observationOf({ role }, EXAMPLE), {
    contracts: [EXAMPLE],
    declaredRoles: [EXAMPLE],
    declared,
    managedBy,
  });
  return report?.managedBy;
};

test.each<[string, Parameters<typeof managerOf>, ReturnType<typeof managerOf>]>([
  ['the kit by its description of the role', [{ description: value(KIT_DESCRIPTION) }], 'kit'],
  [
    'nobody knows by another description',
    [{ description: value('Allows S3 to call AWS services.') }],
    undefined,
  ],
  ['nobody knows without a description', [{}], undefined],
  ['nobody knows by a description that was not looked at', [{ description: undefined }], undefined],
  [
    'nobody knows of a bucket that has another owner',
    [{ description: value(KIT_DESCRIPTION) }, { existingBucket: true }],
    undefined,
  ],
  [
    'Terraform by an address',
    [{ address: 'aws_iam_role.altr', description: value(KIT_DESCRIPTION) }],
    'terraform',
  ],
  [
    'Terraform by what the user says',
    [{ description: value(KIT_DESCRIPTION) }, {}, 'terraform'],
    'terraform',
  ],
])('who manages the export: %s', (_why, given, expected) => {
  expect(managerOf(...given)).toBe(expected);
});
