/** Terraform's resources in one form, wherever they were read from. */

/** A value that is known only after apply, and the addresses that it comes from as far as they are known. */
export class KnownAfterApply {
  constructor(readonly references: readonly string[] = []) {}
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
}

/** What a Terraform file says. */
export interface TerraformWorld {
  /** For messages: `the plan plan.json`. */
  readonly source: string;
  readonly resources: readonly TerraformResource[];
  /** Addresses of what the plan destroys, with the values before. */
  readonly destroyed: readonly TerraformResource[];
  /** The region of the AWS provider, where it is constant. */
  readonly region: string | undefined;
}

/** An attribute; `undefined` also for null, which is Terraform's way to say "not set". */
export function attribute(resource: TerraformResource, name: string): unknown {
  return resource.values[name] ?? undefined;
}

/** The one block of a name: Terraform writes single blocks as lists of one. */
export function block(
  resource: { values: Readonly<Record<string, unknown>> },
  name: string,
): Record<string, unknown> | undefined {
  return blocks(resource.values[name])[0];
}

/** Blocks as a list, whether one or several were written. */
export function blocks(value: unknown): Record<string, unknown>[] {
  if (value === null || value === undefined || value instanceof KnownAfterApply) return [];
  return (Array.isArray(value) ? value : [value]).filter(
    (entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null,
  );
}

/** The address of the resource that a reference such as `module.x.aws_iam_role.this[0].arn` speaks of, without index and attribute. */
export function referencedAddress(reference: string): string {
  const parts = reference.replaceAll(/\[[^\]]*\]/g, '').split('.');
  const modules: string[] = [];
  while (parts[0] === 'module') modules.push(...parts.splice(0, 2));
  const length = parts[0] === 'data' ? 3 : 2;
  return [...modules, ...parts.slice(0, length)].join('.');
}

/** An address without the keys of count and for_each. */
export function plainAddress(address: string): string {
  return address.replaceAll(/\[(?:"[^"]*"|\d+)\]/g, '');
}
