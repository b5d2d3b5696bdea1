/**
 * The parts that we read of `terraform show -json`, and nothing of the rest. Source: Terraform documentation, "JSON Output
 * Format".
 */
import * as z from 'zod';

export type Json = Readonly<Record<string, unknown>>;

const json = z.record(z.string(), z.unknown());
const mode = z.enum(['managed', 'data']);

const stateResource = z.looseObject({
  address: z.string(),
  mode,
  type: z.string(),
  values: json.nullish(),
  /** `true` in the place of each sensitive value. */
  sensitive_values: z.unknown().optional(),
  /** Of an object in a state that was left over when its successor was made: the address is the successor's. */
  deposed_key: z.string().optional(),
});

const stateModule = z.looseObject({
  resources: z.array(stateResource).optional(),
  get child_modules() {
    return z.array(stateModule).optional();
  },
});

const configResource = z.looseObject({
  /** Without the module's path and without keys. */
  address: z.string(),
  expressions: json.optional(),
  for_each_expression: json.optional(),
  provider_config_key: z.string().optional(),
});

const configModule = z.looseObject({
  variables: z
    .record(z.string(), z.looseObject({ sensitive: z.boolean().optional(), default: z.unknown().optional() }))
    .optional(),
  resources: z.array(configResource).optional(),
  outputs: z.record(z.string(), z.looseObject({ expression: json.optional() })).optional(),
  get module_calls() {
    return z
      .record(
        z.string(),
        z.looseObject({
          module: configModule.optional(),
          expressions: json.optional(),
          for_each_expression: json.optional(),
        }),
      )
      .optional();
  },
});

const resourceChange = z.looseObject({
  address: z.string(),
  mode: mode.optional(),
  type: z.string(),
  /** Of an object that was left over when its successor was made: the address is the successor's. */
  deposed: z.string().optional(),
  change: z.looseObject({
    actions: z.array(z.string()),
    before: json.nullish(),
    after: json.nullish(),
    after_unknown: z.unknown(),
    before_sensitive: z.unknown().optional(),
    after_sensitive: z.unknown().optional(),
  }),
});

const providerConfig = z.looseObject({
  name: z.string().optional(),
  full_name: z.string().optional(),
  alias: z.string().optional(),
  /** The module that the provider is in. */
  module_address: z.string().optional(),
  expressions: json.optional(),
});

const values = z.looseObject({ root_module: stateModule.optional() });

export const planSchema = z.looseObject({
  format_version: z.string(),
  /** The plan broke off: what it shows is not all that it would do. */
  errored: z.boolean().optional(),
  /** False if more is to be done after an apply of this plan, as with `-target` or deferred changes. */
  complete: z.boolean().optional(),
  planned_values: values.optional(),
  /** Of a state. */
  values: values.optional(),
  variables: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
  resource_changes: z.array(resourceChange).optional(),
  prior_state: z.looseObject({ values: values.optional() }).optional(),
  configuration: z
    .looseObject({
      root_module: configModule.optional(),
      provider_config: z.record(z.string(), providerConfig).optional(),
    })
    .optional(),
});

export type PlanJson = z.output<typeof planSchema>;
export type StateModule = z.output<typeof stateModule>;
export type StateResource = z.output<typeof stateResource>;
export type ConfigModule = z.output<typeof configModule>;
export type ConfigResource = z.output<typeof configResource>;
export type ProviderConfig = z.output<typeof providerConfig>;
export type ResourceChange = z.output<typeof resourceChange>;
