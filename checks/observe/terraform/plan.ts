/**
 * Reads `terraform show -json` of a plan or a state, of any Terraform.
 * Source: Terraform documentation, "JSON Output Format".
 */
import { partitionOf } from '../../../contract/partition';
import { UserError } from '../../../contract/user-error';
import { accountArguments, boundAccount, credentialsIn } from './credentials';
import {
  type ConfigModule,
  type Json,
  type PlanJson,
  type ProviderConfig,
  planSchema,
  type ResourceChange,
  type StateModule,
  type StateResource,
} from './plan-json';
import { References, referencesOf } from './references';
import { KnownAfterApply, type TerraformResource, type TerraformWorld } from './resource';

/**
 * The resources that will exist after a plan, or that exist by a state.
 * @param source names the file in messages
 * @throws UserError if the text is no whole plan or state in JSON, or has no resource of AWS
 */
export function readPlan(text: string, source: string): TerraformWorld {
  const plan = parsePlan(text, source);
  const root = plan.planned_values?.root_module ?? plan.values?.root_module;
  if (!root || isRefreshOnly(plan))
    throw new UserError(
      `${source} holds no resources; make the plan without -refresh-only and show it whole`,
    );
  const planned = flatten(root);
  // Data sources that were read already stand beside the plan, in the state before it.
  const read = flatten(plan.prior_state?.values?.root_module ?? {}).filter(({ mode }) => mode === 'data');
  const all = new Map([...read, ...planned].map((resource) => [resource.address, resource]));
  const references = new References(plan, all.values());
  const changes = new Map(
    (plan.resource_changes ?? [])
      .filter(({ deposed }) => deposed === undefined)
      .map((change) => [change.address, change]),
  );
  const regionOf = providerRegions(plan, references);
  const providerOf = providers(plan, references);
  const resources = [...all.values()].map((resource): TerraformResource => {
    const change = changes.get(resource.address)?.change;
    const config = references.configOf(resource.address);
    return {
      address: resource.address,
      mode: resource.mode,
      type: resource.type,
      values: valuesOf(resource, change?.after_unknown, references),
      isNew: change?.actions.includes('create') ?? false,
      isChanged: change?.actions.includes('update') ?? false,
      region: regionOf(resource.address),
      sets: config?.expressions && Object.keys(config.expressions),
      providerKey: config && (config.provider_config_key ?? 'aws'),
      ...providerOf(resource.address),
    };
  });
  const before = [...changes.values()].filter(({ mode }) => mode !== 'data');
  const changed = before.filter(({ change }) =>
    change.actions.some((did) => did === 'delete' || did === 'update'),
  );
  const destroyed = before.filter(({ change }) => change.actions.join() === 'delete');
  if (![...resources, ...destroyed].some(({ type }) => type.startsWith('aws_'))) {
    throw new UserError(
      `${source} has no resource of the AWS provider; give the plan of the stack that makes the export`,
    );
  }
  return {
    source,
    resources,
    destroyed: destroyed.map(asBefore),
    before: changed.map(asBefore),
    changes: plan.planned_values ? changesOf(plan, planned, source) : undefined,
    region: regionOf(undefined) ?? currentRegion(resources),
    isPartial: plan.complete === false,
    sensitiveValues: sensitiveValues(plan),
  };
}

/** Whether a plan shows nothing of what is there: one of `-refresh-only` has the state before it alone. */
function isRefreshOnly({ planned_values: planned, resource_changes: changes, prior_state: prior }: PlanJson) {
  const holds = (values: typeof planned) =>
    flatten(values?.root_module ?? {}).some(({ mode }) => mode === 'managed');
  return planned !== undefined && changes === undefined && !holds(planned) && holds(prior?.values);
}

/** The changes of managed resources, of leftovers as well. @throws UserError if the plan hides them */
function changesOf(
  { resource_changes: changes }: PlanJson,
  planned: readonly StateResource[],
  source: string,
): ResourceChange[] {
  // Terraform lists what stays as it is, too.
  if (changes === undefined && planned.some(({ mode }) => mode === 'managed'))
    throw new UserError(
      `${source} does not say what the plan changes; write it anew with terraform show -json`,
    );
  return (changes ?? []).filter(({ mode }) => mode !== 'data');
}

/** @throws UserError if the text is no whole plan or state in JSON */
export function parsePlan(text: string, source: string): PlanJson {
  let value: unknown;
  try {
    // Windows programs may write a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UserError(`${source} is not JSON; write it with terraform show -json PLANFILE`);
  }
  const version = (value as { format_version?: unknown } | null)?.format_version;
  if (typeof version !== 'string') {
    throw new UserError(
      `${source} is neither a plan nor a state in JSON; write it with terraform show -json PLANFILE`,
    );
  }
  if (!/^[01]\./.test(version)) {
    throw new UserError(
      `${source} has the format version ${version}, newer than this tool knows; upgrade the tool`,
    );
  }
  const { data: plan, error } = planSchema.safeParse(value);
  if (!plan) {
    const [issue] = error.issues;
    throw new UserError(
      `${source} is not what terraform show -json writes (${issue?.path.join('.') || 'the whole'}: ${issue?.message}); write it anew`,
    );
  }
  if (plan.errored === true) {
    throw new UserError(
      `${source} is a plan that ended with an error, so it does not show all that would be; fix the configuration and plan again`,
    );
  }
  return plan;
}

/** Resources whose attributes reports show: another one's secrets may be words of any report. */
const SHOWN = /^(aws|awscc)_(iam|s3|kms|organizations)/;

/** Values of sensitive variables, and of attributes that Terraform marks as sensitive. */
function sensitiveValues(plan: PlanJson): string[] {
  const root = plan.configuration?.root_module;
  const given = (name: string) => plan.variables?.[name]?.value;
  const marked = [plan.planned_values, plan.values, plan.prior_state?.values]
    .flatMap((values) => (values?.root_module ? flatten(values.root_module) : []))
    .filter(({ type }) => SHOWN.test(type))
    .flatMap(({ values, sensitive_values: marks }) => markedIn(values, marks));
  const changed = (plan.resource_changes ?? [])
    .filter(({ type }) => SHOWN.test(type))
    .flatMap(({ change }) => [
      ...markedIn(change.before, change.before_sensitive),
      ...markedIn(change.after, change.after_sensitive),
    ]);
  return [...new Set([...(root ? sensitiveVariables(root, given) : []), ...marked, ...changed])];
}

/** The sensitive variables of a module and of those that it calls, as far as the plan tells their values. */
function sensitiveVariables(module: ConfigModule, given: (name: string) => unknown): string[] {
  const passedOrDefault = (name: string) => given(name) ?? module.variables?.[name]?.default;
  const own = Object.entries(module.variables ?? {}).flatMap(([name, { sensitive }]) =>
    sensitive ? markedIn(passedOrDefault(name), true) : [],
  );
  const called = Object.values(module.module_calls ?? {}).flatMap(({ module: child, expressions = {} }) => {
    const passed = (name: string): unknown => {
      const { constant_value: constant, references } = (expressions[name] ?? {}) as {
        readonly constant_value?: unknown;
        readonly references?: readonly string[];
      };
      return (
        constant ??
        references?.flatMap((reference) =>
          /^var\.[\w-]+$/.test(reference) ? [passedOrDefault(reference.slice('var.'.length))] : [],
        )
      );
    };
    return child ? sensitiveVariables(child, passed) : [];
  });
  return [...own, ...called];
}

/** The texts at marks of `true`, and those in a policy document that is marked as a whole. */
function markedIn(value: unknown, marks: unknown): string[] {
  if (marks === true) return textsIn(value).flatMap((text) => [text, ...namesIn(text)]);
  if (typeof marks !== 'object' || marks === null || typeof value !== 'object' || value === null) return [];
  return Object.entries(marks).flatMap(([key, entry]) => markedIn((value as Json)[key], entry));
}

/** Whom and what a policy document names and what its conditions demand: findings quote those one by one. */
function namesIn(text: string): string[] {
  if (!text.startsWith('{')) return [];
  try {
    const { Statement } = JSON.parse(text) as { readonly Statement?: unknown };
    return ([Statement].flat() as (Json | null)[])
      .flatMap((statement) =>
        ['Principal', 'NotPrincipal', 'Resource', 'NotResource', 'Condition'].map((key) => statement?.[key]),
      )
      .flatMap(textsIn)
      .filter((value) => value !== 'true' && value !== 'false');
  } catch {
    return [];
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return value === null || value === undefined || typeof value === 'boolean' ? [] : [String(value)];
}

function asBefore({ address, mode, type, change }: ResourceChange): TerraformResource {
  return { address, mode: mode ?? 'managed', type, values: change.before ?? {}, isNew: false };
}

function flatten(module: StateModule): StateResource[] {
  return [...(module.resources ?? []).map(byItself), ...(module.child_modules ?? []).flatMap(flatten)];
}

/** What was left over when its successor was made exists beside it. */
function byItself(resource: StateResource): StateResource {
  const { address, deposed_key: key } = resource;
  return key === undefined ? resource : { ...resource, address: `${address} (deposed ${key})` };
}

/** The values, with a KnownAfterApply wherever the plan says that one is not known. */
function valuesOf({ address, values: given }: StateResource, unknown: unknown, references: References): Json {
  const values = given ?? {};
  if (typeof unknown !== 'object' || unknown === null) return values;
  const expressions = references.configOf(address)?.expressions ?? {};
  const merged: Record<string, unknown> = { ...values };
  for (const [name, entry] of Object.entries(unknown)) {
    const expression = expressions[name];
    // What is not in the configuration is what AWS gives by itself.
    merged[name] =
      entry === true
        ? new KnownAfterApply(references.originOf(address, expression), expression !== undefined)
        : merge(values[name], entry, expression, (of) => references.originOf(address, of));
  }
  return merged;
}

type OriginOf = (expression: unknown) => KnownAfterApply['origin'];

function merge(values: unknown, unknown: unknown, expression: unknown, originOf: OriginOf): unknown {
  if (unknown === true) return new KnownAfterApply(originOf(expression));
  if (typeof unknown !== 'object' || unknown === null) return values;
  if (Array.isArray(unknown)) {
    const list = Array.isArray(values) ? values : [];
    return Array.from({ length: Math.max(list.length, unknown.length) }, (_, index) =>
      merge(
        list[index],
        unknown[index],
        Array.isArray(expression) ? expression[index] : expression,
        originOf,
      ),
    );
  }
  const object = (typeof values === 'object' && values !== null ? values : {}) as Json;
  const merged: Record<string, unknown> = { ...object };
  for (const [key, entry] of Object.entries(unknown)) {
    merged[key] = merge(object[key], entry, (expression as Json | undefined)?.[key], originOf);
  }
  return merged;
}

/** The region of a resource's provider, or of all AWS providers if they agree. */
function providerRegions(
  plan: PlanJson,
  references: References,
): (address: string | undefined) => string | undefined {
  const providers = Object.entries(plan.configuration?.provider_config ?? {}).filter(
    ([, { name, full_name: fullName }]) => name === 'aws' || /\/hashicorp\/aws$/.test(fullName ?? ''),
  );
  const regions = new Map(
    // A module's entry without expressions is the provider of its parent under another name.
    providers
      .filter(([key, { expressions }]) => expressions?.region !== undefined || !key.includes(':'))
      .map(([key, entry]) => [key, regionIn(plan, entry)]),
  );
  const distinct = [...new Set(regions.values())];
  const common = distinct.length === 1 ? distinct[0] : undefined;
  return (address) => {
    const key = address === undefined ? undefined : references.configOf(address)?.provider_config_key;
    if (key === undefined) return common;
    // A module without a provider of its own inherits its parent's default one.
    return regions.get(regions.has(key) || !isDefault(key) ? key : 'aws');
  };
}

/** A variable's value counts only if it is a region: the provider's region may be made from it. */
function regionIn(plan: PlanJson, entry: ProviderConfig): string | undefined {
  const region = constant(plan, entry.expressions?.region, entry);
  return region !== undefined && partitionOf(region) ? region : undefined;
}

/** The credentials and account that a resource's provider is given; nothing if the file does not say which provider it is. */
function providers(
  plan: PlanJson,
  references: References,
): (address: string) => Pick<TerraformResource, 'provider' | 'boundTo'> {
  const known = new Map<string, Pick<TerraformResource, 'provider' | 'boundTo'>>();
  const ofKey = (key: string) => {
    const found = known.get(key) ?? providerOf(plan, key);
    known.set(key, found);
    return found;
  };
  return (address) => {
    const config = references.configOf(address);
    return config ? ofKey(config.provider_config_key ?? 'aws') : {};
  };
}

/**
 * Of an expression the JSON holds the references and no constants beside them (Terraform documentation, "JSON Output Format",
 * "Expression Representation"): two that refer to the same may differ all the same, so a provider with one is like no other.
 */
function providerOf(plan: PlanJson, key: string): Pick<TerraformResource, 'provider' | 'boundTo'> {
  const entries = plan.configuration?.provider_config ?? {};
  // A module without a provider of its own inherits its parent's default one.
  const entry = entries[key]?.expressions ? entries[key] : isDefault(key) ? (entries.aws ?? {}) : undefined;
  if (!entry) return {};
  const read = (expression: unknown) => constant(plan, expression, entry);
  const expressions = withKnownRoles(entry.expressions ?? {}, read);
  const references = referencesOf(Object.fromEntries(accountArguments(expressions)));
  // OpenTofu makes several of one block.
  if (references.some((text) => text.startsWith('each.'))) return {};
  return {
    provider: credentialsIn(expressions) + (references.length > 0 ? ` ${key}` : ''),
    boundTo: boundAccount(expressions, (expression) => constantValue(expression)),
  };
}

/** Whether a key, such as `module.logs:aws.frankfurt`, is of a provider without an alias. */
function isDefault(key: string): boolean {
  return !key.replace(/^.*:/, '').includes('.');
}

/** Roles to assume that are a variable's value, in place of the reference: nothing can stand beside a whole ARN. */
function withKnownRoles(expressions: Json, read: (expression: unknown) => string | undefined): Json {
  if (!Array.isArray(expressions.assume_role)) return expressions;
  const roles = expressions.assume_role.map((role: Json) => {
    const arn = read(role.role_arn);
    return arn?.startsWith('arn:') ? { ...role, role_arn: { constant_value: arn } } : role;
  });
  return { ...expressions, assume_role: roles };
}

function constantValue(expression: unknown): unknown {
  return ((expression ?? {}) as { constant_value?: unknown }).constant_value;
}

/** A constant, or a variable of the root: those of other modules are not in the JSON. */
function constant(
  plan: PlanJson,
  expression: unknown,
  { module_address: module }: { readonly module_address?: unknown } = {},
): string | undefined {
  const value = constantValue(expression);
  if (typeof value === 'string') return value;
  const [reference, ...more] = referencesOf(expression);
  const variable =
    more.length === 0 && module === undefined ? /^var\.([\w-]+)$/.exec(reference ?? '')?.[1] : undefined;
  const given = variable === undefined ? undefined : plan.variables?.[variable]?.value;
  return typeof given === 'string' ? given : undefined;
}

/** The region in `data.aws_region`, if there is only one. */
function currentRegion(resources: readonly TerraformResource[]): string | undefined {
  const asked = resources.filter(({ type, mode }) => type === 'aws_region' && mode === 'data');
  const names = new Set(asked.map(({ values }) => values.region ?? values.name));
  const [name] = names;
  return names.size === 1 && typeof name === 'string' ? name : undefined;
}
