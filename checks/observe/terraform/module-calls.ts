/**
 * The exports that a plan makes with this kit's Terraform module: what the module is called with says what they should be, so
 * nobody needs a config beside it. Pure.
 */
import { UserError } from '../../../contract/user-error';
import { parsePlan, readPlan } from './plan';
import type { ConfigModule, Json, PlanJson } from './plan-json';
import { referencesOf } from './references';
import type { TerraformResource } from './resource';

export interface CalledExport {
  readonly name: string;
  readonly altrAccountId: string;
  readonly clientId: string;
  readonly bucket: string;
  readonly roleName: string;
  readonly region: string;
}

/** The variables by which the module is recognised. */
const VARIABLES = ['altr_account_id', 'client_id', 'bucket', 'role_name'] as const;

type Variable = (typeof VARIABLES)[number];

/** An argument's value. */
interface Value {
  readonly value: string;
  /** The variable of the root that it comes from, perhaps with something added: the JSON has no more than the reference. */
  readonly from?: string;
}

type Scope = (variable: string) => Value | undefined;

interface Call {
  /** For example `module.logs.module.altr`. */
  readonly address: string;
  readonly argument: Scope;
}

/**
 * @param source names the file in messages
 * @returns none if the plan calls no such module
 * @throws UserError if the file is no plan, or does not say for certain what the module is called with
 */
export function exportsOfModules(text: string, source: string): CalledExport[] {
  const plan = parsePlan(text, source);
  const root = plan.configuration?.root_module ?? {};
  const calls = callsIn(root, '', (name) => rootVariable(plan, name));
  if (calls.length === 0) return [];
  const { resources } = readPlan(text, source);
  return calls.map((call) => exportOf(call, resources, root, source));
}

function callsIn(module: ConfigModule, path: string, scope: Scope): Call[] {
  return Object.entries(module.module_calls ?? {}).flatMap(([name, { module: called, expressions = {} }]) => {
    const address = `${path}module.${name}`;
    const argument: Scope = (variable) => evaluate(expressions[variable], scope);
    return VARIABLES.every((variable) => called?.variables?.[variable])
      ? [{ address, argument }]
      : callsIn(called ?? {}, `${address}.`, argument);
  });
}

function rootVariable({ variables }: PlanJson, name: string): Value | undefined {
  const value = variables?.[name]?.value;
  return typeof value === 'string' ? { value, from: name } : undefined;
}

function evaluate(expression: unknown, scope: Scope): Value | undefined {
  const { constant_value: constant } = (expression ?? {}) as Json;
  if (typeof constant === 'string') return { value: constant };
  const [reference = '', ...more] = referencesOf(expression);
  const variable = more.length === 0 ? /^var\.([\w-]+)$/.exec(reference)?.[1] : undefined;
  const found = variable === undefined ? undefined : scope(variable);
  // "x-${var.a}" has the same reference, also if the variable of this module is a constant.
  return found && { ...found, from: found.from ?? variable };
}

function exportOf(
  { address, argument }: Call,
  all: readonly TerraformResource[],
  root: ConfigModule,
  source: string,
): CalledExport {
  const isInside = ({ address: inner }: TerraformResource) => withoutKeys(inner).startsWith(`${address}.`);
  const resources = all.filter(isInside);
  const values = Object.fromEntries(
    VARIABLES.map((variable) => [variable, argument(variable)] as const),
  ) as Record<Variable, Value | undefined>;
  const refuse = (variable: string, why: string) =>
    new UserError(
      `${source} does not say for certain what ${variable} of ${address} is: ${why}; write altr-exports.yaml for it, and give --config`,
    );
  const valueIn = (variable: Variable): string => {
    const found = values[variable];
    if (!found) throw refuse(variable, 'it is neither a constant nor a variable of the root module');
    const { value, from } = found;
    if (from === undefined) return value;
    if (root.variables?.[from]?.sensitive)
      throw refuse(
        variable,
        `the variable ${from} is sensitive, and a report shows what an export should be`,
      );
    if (!isUsed(variable, value, resources))
      throw refuse(
        variable,
        `it is made from the variable ${from}, and nothing planned in the module has that value`,
      );
    return value;
  };
  const [region, ...more] = regionsOf(resources);
  if (region === undefined || more.length > 0)
    throw refuse('the region', 'neither its provider nor data.aws_region tells one');
  const roleName = valueIn('role_name');
  return {
    // As in the module's output altr_export: the name of an export takes fewer characters than that of a role.
    name: roleName.replaceAll(/[^A-Za-z0-9_-]/g, '-'),
    altrAccountId: valueIn('altr_account_id'),
    clientId: valueIn('client_id'),
    bucket: valueIn('bucket'),
    roleName,
    region,
  };
}

/** Whether the module makes what it must make from a value, so that nothing was added to the variable on the way. */
function isUsed(variable: Variable, value: string, resources: readonly TerraformResource[]): boolean {
  const has = (type: string, isMeant: (values: Json) => boolean) =>
    resources.some((resource) => resource.type === type && isMeant(resource.values));
  if (variable === 'bucket') return has('aws_s3_bucket', ({ bucket }) => bucket === value);
  if (variable === 'role_name') return has('aws_iam_role', ({ name }) => name === value);
  const escaped = value.replaceAll(/\W/g, '\\$&');
  const whole = new RegExp(`(?<![\\w.-])${escaped}(?![\\w.-])`);
  return has(
    'aws_iam_role',
    ({ assume_role_policy: trust }) => typeof trust === 'string' && whole.test(trust),
  );
}

function regionsOf(resources: readonly TerraformResource[]): string[] {
  const asked = resources
    .filter(({ type, mode }) => type === 'aws_region' && mode === 'data')
    .map(({ values }) => values.region ?? values.name);
  const found = asked.length > 0 ? asked : resources.map(({ region }) => region);
  return [...new Set(found)].filter((region): region is string => typeof region === 'string');
}

function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');
}
