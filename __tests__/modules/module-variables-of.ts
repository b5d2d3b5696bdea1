/** Between options of the construct and variables of the plain Terraform module. */
import type { ExportOptionsInput } from '../../config/options';
import type { ExportDefinition } from '../../contract/contract';
import { OPTION_OF_VARIABLE, snakeCase } from '../../modules/module-option-variables';
import { MODULE_VARIABLES } from '../../modules/module-variables';

export type Variables = Readonly<Record<string, unknown>>;

/** Which variable an option is, beside those that are options of the same kind. */
const OTHER_OPTIONS: Readonly<Record<string, string>> = {
  role_path: 'role.path',
  role_description: 'role.description',
  max_session_hours: 'role.maxSessionHours',
  permissions_boundary: 'role.permissionsBoundary',
  policy_name: 'role.policyName',
  existing_bucket: 'existingBucket',
  force_destroy: 'forceDestroy',
  tags: 'tags',
};
const OPTIONS = { ...OTHER_OPTIONS, ...OPTION_OF_VARIABLE };

/** Every option that a variable stands for. */
export function optionNames(): string[] {
  return Object.values(OPTIONS);
}

/** The module's variables for an export. @throws Error where the module has no variable for an option */
export function variablesOf(definition: ExportDefinition, options: ExportOptionsInput): Variables {
  const left = structuredClone(options) as Record<string, unknown>;
  if (options.replication?.existingBucket)
    Reflect.deleteProperty(left.replication as object, 'existingBucket');
  const variables = Object.entries(OPTIONS).flatMap(([name, option]) => {
    const value = take(left, option.split('.'));
    return value === undefined ? [] : [[name, inSnakeCase(value)]];
  });
  if (JSON.stringify(left) !== '{}')
    throw new Error(`the module has no variable for ${JSON.stringify(left)}`);
  const { altrAccountId, clientId, bucket, roleName } = definition;
  return {
    altr_account_id: altrAccountId,
    client_id: clientId,
    bucket,
    role_name: roleName,
    ...Object.fromEntries(variables),
  };
}

/** The options that variables stand for. What is null or as by default is left out. */
export function optionsOf(variables: Variables): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { name, default: otherwise } of MODULE_VARIABLES) {
    const option = OPTIONS[name];
    const value = variables[name];
    if (option === undefined || value === undefined || JSON.stringify(value) === JSON.stringify(otherwise))
      continue;
    put(options, option.split('.'), inCamelCase(value));
  }
  const { replication } = options;
  if (typeof replication === 'object') options.replication = { ...replication, existingBucket: true };
  return options;
}

function take(value: Record<string, unknown>, [key = '', ...more]: readonly string[]): unknown {
  const inner = value[key];
  const taken =
    more.length === 0 || inner === undefined ? inner : take(inner as Record<string, unknown>, more);
  if (more.length === 0 || JSON.stringify(inner) === '{}') Reflect.deleteProperty(value, key);
  return taken;
}

function put(target: Record<string, unknown>, [key = '', ...more]: readonly string[], value: unknown): void {
  if (more.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  put(target[key] as Record<string, unknown>, more, value);
}

/** Keys of the objects in lists; those of tags stay as they are. */
function inSnakeCase(value: unknown): unknown {
  return inLists(value, snakeCase);
}

function inCamelCase(value: unknown): unknown {
  return inLists(value, (key) => key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

function inLists(value: unknown, rename: (key: string) => string): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry) =>
    typeof entry === 'object' && entry !== null
      ? Object.fromEntries(
          Object.entries(entry as object).flatMap(([key, inner]) =>
            inner === null ? [] : [[rename(key), inner]],
          ),
        )
      : entry,
  );
}
