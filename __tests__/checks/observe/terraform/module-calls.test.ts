/** What an export should be, from the call of the kit's Terraform module: certain, or refused with a sentence. */
import { exportsOfModules } from '../../../../checks/observe/terraform/module-calls';
import { contractFor } from '../../../../contract/contract';

const VARIABLES = { altr_account_id: {}, client_id: {}, bucket: {}, role_name: {}, versioning: {} };
const EXPORT = {
  name: 'ALTRPublishSIEMDataX',
  altrAccountId: '111122223333',
  clientId: 'client-1',
  bucket: 'logs',
  roleName: 'ALTRPublishSIEMDataX',
  region: 'eu-west-1',
};
const constant = (value: string) => ({ constant_value: value });
const variable = (name: string) => ({ references: [`var.${name}`] });
const CALLED = {
  altr_account_id: constant(EXPORT.altrAccountId),
  client_id: constant(EXPORT.clientId),
  bucket: constant(EXPORT.bucket),
  role_name: constant(EXPORT.roleName),
};

interface Given {
  readonly call?: Record<string, unknown>;
  readonly variables?: Record<string, { value: unknown }>;
  readonly declared?: Record<string, { sensitive?: boolean }>;
  readonly made?: Partial<typeof EXPORT>;
  readonly regions?: readonly string[];
  readonly called?: object;
  readonly nested?: Record<string, unknown>;
}

function read({ call = {}, variables, declared, made, regions = ['eu-west-1'], called, nested }: Given) {
  const is = { ...EXPORT, ...made };
  const path = nested ? 'module.outer.module.altr' : 'module.altr["a.b"]';
  const at = (address: string, values: object, mode = 'managed') => ({
    address: `${path}.${address}`,
    type: address.replace('data.', '').split('.')[0],
    mode,
    values,
  });
  const resources = [
    at('aws_iam_role.writer', {
      name: is.roleName,
      assume_role_policy: JSON.stringify(contractFor({ ...is, name: 'x' }).trust),
    }),
    at('aws_s3_bucket.this[0]', { bucket: is.bucket }),
    ...regions.map((name, index) => at(`data.aws_region.r${index}`, { name }, 'data')),
  ];
  const module = { variables: VARIABLES };
  const inner = { altr: { module, expressions: { ...CALLED, ...call }, ...called } };
  const plan = {
    format_version: '1.2',
    planned_values: { root_module: { child_modules: [{ resources }] } },
    resource_changes: [],
    variables,
    configuration: {
      root_module: {
        variables: declared,
        module_calls: nested ? { outer: { module: { module_calls: inner }, expressions: nested } } : inner,
      },
    },
  };
  return exportsOfModules(JSON.stringify(plan), 'plan.json');
}

describe('certain', () => {
  test.each<[what: string, Given]>([
    ['constants', {}],
    [
      'a variable of the root',
      { call: { client_id: variable('id') }, variables: { id: { value: 'client-1' } } },
    ],
    [
      'each of them a variable',
      {
        call: { altr_account_id: variable('a'), bucket: variable('b'), role_name: variable('r') },
        variables: {
          a: { value: EXPORT.altrAccountId },
          b: { value: EXPORT.bucket },
          r: { value: EXPORT.roleName },
        },
      },
    ],
    [
      'a call in another module',
      {
        call: { client_id: variable('inner'), bucket: variable('name') },
        nested: { inner: variable('id'), name: constant('logs') },
        variables: { id: { value: 'client-1' } },
      },
    ],
  ])('%s', (_what, given) => {
    expect(read(given)).toEqual([EXPORT]);
  });

  test('a constant counts, whatever the module makes of it: that is for the audit', () => {
    expect(read({ made: { clientId: 'another' } })).toEqual([EXPORT]);
  });
});

describe('refused', () => {
  test.each<[what: string, Given, message: RegExp]>([
    [
      'a local',
      { call: { client_id: { references: ['local.id'] } } },
      /client_id of module.altr is: it is neither a constant nor/,
    ],
    [
      'each.value',
      { call: { role_name: { references: ['each.value'] } } },
      /role_name of module.altr is: it is neither/,
    ],
    [
      'two variables',
      { call: { bucket: { references: ['var.a', 'var.b'] } }, variables: { a: { value: 'logs' } } },
      /bucket of module.altr is: it is neither/,
    ],
    [
      'a variable with something added',
      {
        call: { client_id: variable('id') },
        variables: { id: { value: 'client-1' } },
        made: { clientId: 'client-1-x' },
      },
      /it is made from the variable id, and nothing planned in the module has that value/,
    ],
    [
      'a name with something added',
      { call: { bucket: variable('b') }, variables: { b: { value: 'logs' } }, made: { bucket: 'logs-eu' } },
      /bucket of module.altr is: it is made from the variable b/,
    ],
    [
      'a constant of another module with something added',
      {
        call: { client_id: variable('inner') },
        nested: { inner: constant('client-1') },
        made: { clientId: 'client-1-x' },
      },
      /client_id of module.outer.module.altr is: it is made from the variable inner/,
    ],
    [
      'a sensitive variable',
      {
        call: { client_id: variable('id') },
        variables: { id: { value: 'client-1' } },
        declared: { id: { sensitive: true } },
      },
      /the variable id is sensitive/,
    ],
    ['no region', { regions: [] }, /the region of module.altr is: neither its provider nor data.aws_region/],
    ['two regions', { regions: ['eu-west-1', 'us-east-1'] }, /the region of module.altr/],
  ])('%s', (_what, given, message) => {
    expect(() => read(given)).toThrow(message);
  });
});

test('a module with other variables is none of ours', () => {
  expect(read({ called: { module: { variables: { bucket: {}, role_name: {} } } } })).toEqual([]);
});
