/** Terraform's resources in one form, wherever they were read from. */

import type { ResourceChange } from './plan-json';

/** Where a value that is not known yet comes from. */
export interface Origin {
  /** Addresses of resources, for example `module.logs.aws_iam_role.this["a"]`. */
  readonly addresses: readonly string[];
  /** Whether nothing else contributes: false if a part of the way could not be followed, as through a local. */
  readonly complete: boolean;
  /** Whether it may come from only some of them, and the file does not say which. */
  readonly isChoice?: boolean;
}

/** A value that is known only after apply. */
export class KnownAfterApply {
  constructor(
    readonly origin: Origin = { addresses: [], complete: false },
    /** Whether the configuration sets it; otherwise it is AWS's default. */
    readonly configured = true,
  ) {}

  /** For messages and in place of a name. */
  get shown(): string {
    const { addresses } = this.origin;
    return addresses.length === 1 && addresses[0] ? addresses[0] : '(known after apply)';
  }
}

export interface TerraformResource {
  /** For example `module.logs.aws_s3_bucket.this["a"]`. */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  /** For example `aws_s3_bucket`. */
  readonly type: string;
  /** Attributes and blocks; a part that is not known yet is a KnownAfterApply. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether it will be made by this plan: AWS's defaults for new things hold for what is not said. */
  readonly isNew: boolean;
  /** Whether this plan changes it in place. */
  readonly isChanged?: boolean;
  /** The arguments that the configuration sets; missing in a state, which has none. */
  readonly sets?: readonly string[];
  /** The provider block that it uses. */
  readonly providerKey?: string;
  /** The region of its provider, if that is constant. */
  readonly region?: string | undefined;
  /**
   * The credentials and account that its provider is given: resources with the same are in one account. Missing if the
   * file does not say it, as a state.
   */
  readonly provider?: string | undefined;
  /** The account that its provider is bound to by its arguments. */
  readonly boundTo?: string | undefined;
}

/** What a Terraform file says. */
export interface TerraformWorld {
  /** For messages: `the plan plan.json`. */
  readonly source: string;
  /** What will exist, and the data sources that were read. */
  readonly resources: readonly TerraformResource[];
  /** What the plan destroys, with the values before. */
  readonly destroyed: readonly TerraformResource[];
  /** What the plan changes, replaces or destroys, with the values before. */
  readonly before: readonly TerraformResource[];
  /** What the plan does, resources that stay as they are included; missing in a state. */
  readonly changes?: readonly ResourceChange[];
  /** The region of the AWS provider, if it is constant. */
  readonly region: string | undefined;
  /** The values of sensitive variables. */
  readonly sensitiveValues?: readonly string[];
  /** Whether more will follow after an apply: then a resource that the file lacks may still be made. */
  readonly isPartial?: boolean;
}

const byType = new WeakMap<TerraformWorld, ReadonlyMap<string, readonly TerraformResource[]>>();

/** Resources and data sources of a type. Sorted out once for a file: it may hold thousands. */
export function ofType(world: TerraformWorld, type: string): readonly TerraformResource[] {
  return sorted(world).get(type) ?? [];
}

function sorted(world: TerraformWorld): ReadonlyMap<string, readonly TerraformResource[]> {
  const known = byType.get(world);
  if (known) return known;
  const types = new Map<string, TerraformResource[]>();
  for (const resource of world.resources) {
    const list = types.get(resource.type) ?? [];
    list.push(resource);
    types.set(resource.type, list);
  }
  byType.set(world, types);
  return types;
}

/** Managed resources of a type. */
export function managed(world: TerraformWorld, type: string): TerraformResource[] {
  return ofType(world, type).filter(({ mode }) => mode === 'managed');
}

/**
 * A resource that may set the same by other means, which this tool does not read: of the provider `awscc`, of Cloud Control, or a
 * CloudFormation stack, which may hold anything.
 * @param types of `awscc`; Cloud Control has the same ones under CloudFormation's names
 */
export function byOtherMeans(
  world: TerraformWorld,
  types: RegExp,
  mayConcern: (resource: TerraformResource) => boolean = () => true,
): TerraformResource | undefined {
  const ofTypes = [...sorted(world).keys()].flatMap((type) => {
    if (STACK.test(type)) return managed(world, type);
    return types.test(type) ? managed(world, type).filter(mayConcern) : [];
  });
  const cloudControl = managed(world, 'aws_cloudcontrolapi_resource').filter(({ values }) => {
    const type = typeof values.type_name === 'string' ? awsccType(values.type_name) : undefined;
    return type === undefined || types.test(type) || STACK.test(type);
  });
  return ofTypes[0] ?? cloudControl[0];
}

/**
 * The types that make a stack: of the providers `aws` and `awscc`. A stack set of `aws` makes none before it has an instance; one of
 * `awscc` may hold its instances itself.
 */
const STACK = new RegExp(
  `^(${[
    'aws_cloudformation_stack(_instances|_set_instance)?',
    'aws_serverlessapplicationrepository_cloudformation_stack',
    'aws_servicecatalog_provisioned_product',
    'awscc_cloudformation_stack(_set)?',
    'awscc_servicecatalog_cloud_?formation_provisioned_product',
  ].join('|')})$`,
);

/** For example `awscc_iam_role_policy`, of `AWS::IAM::RolePolicy`. A type that is not AWS's own may do anything. */
function awsccType(cloudFormationType: string): string | undefined {
  const [owner, service = '', ...parts] = cloudFormationType.split('::');
  if (owner !== 'AWS') return undefined;
  const words = parts.map((part) => part.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_'));
  return ['awscc', service, ...words].join('_').toLowerCase();
}

/** Whether the plan makes it, or changes it in place. */
export function isApplied({ isNew, isChanged }: TerraformResource): boolean {
  return isNew || isChanged === true;
}

/** An attribute; `undefined` also for null, which is Terraform's way to say "not set". */
export function attribute(resource: TerraformResource, name: string): unknown {
  return resource.values[name] ?? undefined;
}

/** An attribute that counts only if the configuration sets it: what AWS gives otherwise is not known for a new resource. */
export function configured(resource: TerraformResource, name: string): unknown {
  const value = attribute(resource, name);
  return value instanceof KnownAfterApply && !value.configured ? undefined : value;
}

/** The one block of a name: Terraform writes single blocks as lists of one. */
export function block(
  resource: { values: Readonly<Record<string, unknown>> },
  name: string,
): Record<string, unknown> | undefined {
  return blocks(resource.values[name])[0];
}

/** Whether blocks, or one of them, are known only after apply: `blocks` leaves those out. */
export function hasOpenBlocks(value: unknown): boolean {
  return [value].flat().some((entry) => entry instanceof KnownAfterApply);
}

/** Blocks as a list, whether one or several were written. */
export function blocks(value: unknown): Record<string, unknown>[] {
  if (value === null || value === undefined || value instanceof KnownAfterApply) return [];
  return (Array.isArray(value) ? value : [value]).filter(
    (entry): entry is Record<string, unknown> =>
      typeof entry === 'object' && entry !== null && !(entry instanceof KnownAfterApply),
  );
}

/**
 * Whether a value refers to the resource: by its name if it is known, else by its origin.
 * @returns `undefined` if that is not known
 */
export function refersTo(value: unknown, resource: TerraformResource, name: string): boolean | undefined {
  if (!(value instanceof KnownAfterApply))
    return value === name || (isSameRole(value, name, resource) ? undefined : false);
  const { addresses, complete } = value.origin;
  if (addresses.includes(resource.address)) return complete && addresses.length === 1 ? true : undefined;
  // Another resource of the kind has another name; anything else may come to this one.
  const kinds = [resource.type, ...(FOUND_BY_NAME.includes(resource.type) ? [`data.${resource.type}`] : [])];
  const others = addresses.every((address) => kinds.includes(kindOf(address)));
  return complete && addresses.length > 0 && others ? false : undefined;
}

/**
 * Types that a data source finds by their name alone. One that finds a resource of the file was followed to it (references.ts), so
 * one that is left finds another.
 */
const FOUND_BY_NAME = ['aws_iam_role', 'aws_s3_bucket'];

/** "Names are not distinguished by case" (IAM API Reference, CreateRole), and how IAM looks a role up is not documented. */
function isSameRole(value: unknown, name: string, { type }: TerraformResource): boolean {
  return type === 'aws_iam_role' && String(value).toLowerCase() === name.toLowerCase();
}

/** The one resource that refers to something; `unclear` if several do, or may. */
export function onlyOne(
  resources: readonly TerraformResource[],
  speaks: (resource: TerraformResource) => boolean | undefined,
): TerraformResource | 'unclear' | undefined {
  const [first, ...more] = resources.filter((resource) => speaks(resource) !== false);
  if (!first) return undefined;
  return more.length === 0 && speaks(first) ? first : 'unclear';
}

/**
 * The resource that an ARN, ID or name is of, among candidates; `unclear` if it may be one of several.
 */
export function referred(
  value: unknown,
  candidates: readonly TerraformResource[],
  attributes: readonly string[],
): TerraformResource | 'unclear' | undefined {
  if (!(value instanceof KnownAfterApply)) {
    return candidates.find((resource) => attributes.some((name) => resource.values[name] === value));
  }
  const { addresses, complete } = value.origin;
  if (!complete || addresses.length !== 1) return 'unclear';
  return candidates.find(({ address }) => address === addresses[0]);
}

const kinds = new Map<string, string>();

/** The type in an address, with `data.` before it for a data source. */
export function kindOf(address: string): string {
  let kind = kinds.get(address);
  if (kind === undefined) {
    const plain = address.replaceAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, '').split('.');
    while (plain[0] === 'module') plain.splice(0, 2);
    kind = plain[0] === 'data' ? `data.${plain[1]}` : (plain[0] ?? '');
    kinds.set(address, kind);
  }
  return kind;
}
