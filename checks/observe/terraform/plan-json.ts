/** The parts that we read of `terraform show -json`. Source: Terraform documentation, "JSON Output Format". */

export type Json = Readonly<Record<string, unknown>>;

export interface StateResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly values?: Json;
}

export interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

export interface ConfigResource {
  /** Without the module's path and without keys. */
  readonly address: string;
  readonly expressions?: Json;
  readonly for_each_expression?: Json;
  readonly provider_config_key?: string;
}

export interface ConfigModule {
  readonly resources?: readonly ConfigResource[];
  readonly outputs?: Readonly<Record<string, { readonly expression?: Json }>>;
  readonly module_calls?: Readonly<
    Record<
      string,
      { readonly module?: ConfigModule; readonly expressions?: Json; readonly for_each_expression?: Json }
    >
  >;
}

export interface ResourceChange {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Json | null;
    readonly after_unknown?: unknown;
  };
}

export interface PlanJson {
  readonly format_version?: string;
  /** The plan broke off: what it shows is not all that it would do. */
  readonly errored?: boolean;
  readonly planned_values?: { readonly root_module?: StateModule };
  /** Of a state. */
  readonly values?: { readonly root_module?: StateModule };
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly resource_changes?: readonly ResourceChange[];
  readonly prior_state?: { readonly values?: { readonly root_module?: StateModule } };
  readonly configuration?: {
    readonly root_module?: ConfigModule;
    readonly provider_config?: Readonly<
      Record<string, { readonly name?: string; readonly alias?: string; readonly expressions?: Json }>
    >;
  };
}
