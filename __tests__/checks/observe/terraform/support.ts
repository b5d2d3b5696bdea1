/** Builds the part of a plan's JSON that matters to a case, and observes it. */
import { observePlan } from '../../../../checks/observe/terraform';

export const TARGET = {
  name: 'x',
  bucket: 'logs',
  roleName: 'ALTRPublishSIEMDataX',
  altrAccountId: '111122223333',
};

export interface Part {
  readonly type: string;
  readonly mode?: 'managed' | 'data';
  /** `this` by default. */
  readonly name?: string;
  /** `["a"]` or `[0]` after the address. */
  readonly key?: string;
  readonly forEach?: unknown;
  /** `module.a["x"].` before the address. */
  readonly module?: string;
  readonly values?: Record<string, unknown>;
  readonly unknown?: Record<string, unknown>;
  readonly actions?: readonly string[];
  /** Expressions in the configuration. */
  readonly expressions?: Record<string, unknown>;
}

/** The JSON of a plan with these resources. */
export function planOf(parts: readonly Part[], more: Record<string, unknown> = {}) {
  const addressOf = ({ module = '', mode, type, name = 'this', key = '' }: Part) =>
    `${module}${mode === 'data' ? 'data.' : ''}${type}.${name}${key}`;
  const stays = ({ actions = ['create'] }: Part) => actions.join() !== 'delete';
  const resource = (part: Part) => ({
    address: addressOf(part),
    mode: part.mode ?? 'managed',
    type: part.type,
    values: part.values ?? {},
  });
  const config = (module: string) => ({
    resources: parts
      .filter((part) => (part.module ?? '').replaceAll(/\["[^"]*"\]/g, '') === module)
      .map(({ mode, type, name = 'this', expressions = {}, forEach }) => ({
        address: addressOf({ mode, type, name }),
        expressions,
        for_each_expression: forEach,
      })),
  });
  return {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: parts.filter((part) => stays(part) && !part.module).map(resource),
        child_modules: [{ resources: parts.filter((part) => stays(part) && part.module).map(resource) }],
      },
    },
    resource_changes: parts.map((part) => ({
      address: addressOf(part),
      mode: part.mode ?? 'managed',
      type: part.type,
      change: {
        actions: part.actions ?? ['create'],
        before: part.values ?? {},
        after_unknown: part.unknown ?? {},
      },
    })),
    configuration: {
      root_module: { ...config(''), module_calls: { logs: { module: config('module.logs.') } } },
      provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } } },
    },
    ...more,
  };
}

/** The only export of a plan with these resources. */
export function observe(parts: readonly Part[], more: Record<string, unknown> = {}) {
  const plan = planOf(parts, more);
  const [seen] = observePlan(JSON.stringify(plan), 'the plan', [TARGET]).exports;
  if (!seen) throw new Error('nothing was observed');
  return seen;
}

export const ROLE: Part = {
  type: 'aws_iam_role',
  values: { name: TARGET.roleName, assume_role_policy: '{}' },
};
export const BUCKET: Part = { type: 'aws_s3_bucket', values: { bucket: 'logs' } };
export const OLD_BUCKET: Part = { ...BUCKET, actions: ['no-op'] };
export const OFF = {
  block_public_acls: false,
  ignore_public_acls: false,
  block_public_policy: false,
  restrict_public_buckets: false,
};
export const bucketOf = (parts: readonly Part[], more?: Record<string, unknown>) => {
  const { bucket } = observe(parts, more);
  if (bucket.state !== 'value') throw new Error(JSON.stringify(bucket));
  return bucket.value;
};
export const attachedOf = (parts: readonly Part[], more?: Record<string, unknown>) => {
  const { role } = observe(parts, more);
  if (role.state !== 'value' || role.value.attachedPolicies.state !== 'value')
    throw new Error(JSON.stringify(role));
  return role.value.attachedPolicies.value;
};
export const inlineOf = (parts: readonly Part[]) => {
  const { role } = observe(parts);
  if (role.state !== 'value' || role.value.inlinePolicies.state !== 'value')
    throw new Error(JSON.stringify(role));
  return role.value.inlinePolicies.value.map(({ document }) =>
    document.state === 'unreadable' ? document.reason.message : document.state,
  );
};
