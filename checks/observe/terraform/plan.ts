/**
 * Reads `terraform show -json` of a plan or a state, of any Terraform.
 * Source: Terraform documentation, "JSON Output Format".
 */
import { UserError } from '../../../contract/user-error';
import { KnownAfterApply, plainAddress, type TerraformResource, type TerraformWorld } from './resource';

type Json = Readonly<Record<string, unknown>>;

interface StateResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly values?: Json;
}

interface Module {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly Module[];
}

interface ConfigModule {
  readonly resources?: readonly { readonly address: string; readonly expressions?: Json }[];
  readonly module_calls?: Readonly<
    Record<string, { readonly module?: ConfigModule; readonly expressions?: Json }>
  >;
}

interface Change {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Json | null;
    readonly after_unknown?: unknown;
  };
}

interface PlanJson {
  readonly format_version?: string;
  readonly planned_values?: { readonly root_module?: Module };
  readonly values?: { readonly root_module?: Module };
  readonly resource_changes?: readonly Change[];
  readonly prior_state?: { readonly values?: { readonly root_module?: Module } };
  readonly configuration?: {
    readonly root_module?: ConfigModule;
    readonly provider_config?: Readonly<
      Record<string, { readonly name?: string; readonly expressions?: Json }>
    >;
  };
}

/**
 * The resources that will exist after a plan, or that exist by a state.
 * @param source names the file in messages
 * @throws UserError where the text is no plan or state in JSON
 */
export function readPlan(text: string, source: string): TerraformWorld {
  let plan: PlanJson;
  try {
    plan = JSON.parse(text) as PlanJson;
  } catch {
    throw new UserError(`${source} is not JSON; write it with terraform show -json PLANFILE`);
  }
  if (typeof plan !== 'object' || plan === null || typeof plan.format_version !== 'string') {
    throw new UserError(
      `${source} is neither a plan nor a state in JSON; write it with terraform show -json PLANFILE`,
    );
  }
  if (!/^[01]\./.test(plan.format_version)) {
    throw new UserError(
      `${source} has the format version ${plan.format_version}, newer than this tool knows; upgrade the tool`,
    );
  }
  const root = plan.planned_values?.root_module ?? plan.values?.root_module;
  if (!root)
    throw new UserError(
      `${source} holds no resources; make the plan without -refresh-only and show it whole`,
    );
  const changes = new Map((plan.resource_changes ?? []).map((change) => [change.address, change]));
  const expressions = configuredExpressions(plan.configuration?.root_module, '');
  const resources = flatten(root).map((resource): TerraformResource => {
    const change = changes.get(resource.address)?.change;
    const unknown = merge(
      resource.values ?? {},
      change?.after_unknown,
      expressions.get(plainAddress(resource.address)),
    );
    return {
      address: resource.address,
      mode: resource.mode,
      type: resource.type,
      values: unknown as Json,
      isNew: change?.actions.includes('create') ?? false,
    };
  });
  if (!resources.some(({ type }) => type.startsWith('aws_'))) {
    throw new UserError(
      `${source} has no resource of the AWS provider; give the plan of the stack that makes the export`,
    );
  }
  const destroyed = (plan.resource_changes ?? [])
    .filter(({ change }) => change.actions.length === 1 && change.actions[0] === 'delete')
    .map(
      ({ address, mode, type, change }): TerraformResource => ({
        address,
        mode,
        type,
        values: change.before ?? {},
        isNew: false,
      }),
    );
  return { source, resources, destroyed, region: providerRegion(plan) };
}

function flatten(module: Module): StateResource[] {
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(flatten)];
}

/** Puts a KnownAfterApply wherever the plan says that a value is not known, with what it is made from. */
function merge(values: unknown, unknown: unknown, expressions: Json | undefined): unknown {
  if (unknown === true) return new KnownAfterApply(referencesOf(expressions));
  if (typeof unknown !== 'object' || unknown === null) return values;
  if (Array.isArray(unknown)) {
    const list = Array.isArray(values) ? values : [];
    return unknown.map((entry, index) => merge(list[index], entry, elementOf(expressions, index)));
  }
  const object = (typeof values === 'object' && values !== null ? values : {}) as Json;
  const merged: Record<string, unknown> = { ...object };
  for (const [key, entry] of Object.entries(unknown)) {
    merged[key] = merge(object[key], entry, expressions?.[key] as Json | undefined);
  }
  return merged;
}

function elementOf(expressions: unknown, index: number): Json | undefined {
  return (Array.isArray(expressions) ? expressions[index] : expressions) as Json | undefined;
}

function referencesOf(expression: Json | undefined): string[] {
  const { references } = (expression ?? {}) as { references?: unknown };
  return Array.isArray(references)
    ? references.filter((entry): entry is string => typeof entry === 'string')
    : [];
}

/** The expressions of every resource by its address without keys; references get the module's path before them. */
function configuredExpressions(module: ConfigModule | undefined, prefix: string): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const { address, expressions } of module?.resources ?? []) {
    found.set(prefix + address, prefixed(expressions ?? {}, prefix) as Json);
  }
  for (const [name, call] of Object.entries(module?.module_calls ?? {})) {
    for (const [address, expressions] of configuredExpressions(call.module, `${prefix}module.${name}.`)) {
      found.set(address, expressions);
    }
  }
  return found;
}

function prefixed(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => prefixed(entry, prefix));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === 'references' && Array.isArray(entry)
        ? entry.map((reference) => prefix + reference)
        : prefixed(entry, prefix),
    ]),
  );
}

function providerRegion(plan: PlanJson): string | undefined {
  const providers = Object.values(plan.configuration?.provider_config ?? {}).filter(
    ({ name }) => name === 'aws',
  );
  const regions = new Set(
    providers.map(
      ({ expressions }) => (expressions?.region as { constant_value?: unknown } | undefined)?.constant_value,
    ),
  );
  const [region] = regions;
  return regions.size === 1 && typeof region === 'string' ? region : undefined;
}
