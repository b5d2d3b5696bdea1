/** Resources that Terraform forgets instead of destroying them: `removed` blocks (Terraform 1.7, OpenTofu 1.9). */
import { TerraformElement, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

interface RemovedBlock {
  /** Address of the resource in the state. */
  readonly from: string;
  readonly lifecycle: { readonly destroy: false };
}

const BLOCKS = new WeakMap<TerraformStack, RemovedBlock[]>();

/**
 * Makes Terraform forget a resource that an earlier configuration made at this place in the tree. Without it, Terraform would
 * destroy the resource, and `prevent_destroy` could not stop that: the guard leaves the configuration with the resource.
 * A block for a resource that is not in the state does nothing.
 * @param path ids from the scope to the resource
 */
export function forget(scope: Construct, type: string, path: readonly [string, ...string[]]): void {
  const stack = TerraformStack.of(scope);
  const blocks = BLOCKS.get(stack) ?? [];
  BLOCKS.set(stack, blocks);
  blocks.push({ from: `${type}.${logicalIdAt(scope, path)}`, lifecycle: { destroy: false } });
  stack.addOverride('removed', blocks);
}

/** The logical id of an element at this place, which exists only while it is asked. */
function logicalIdAt(scope: Construct, [first, ...rest]: readonly string[]): string {
  if (first === undefined) throw new Error('a path has at least one id');
  const existing = scope.node.tryFindChild(first);
  if (rest.length > 0 && existing) return logicalIdAt(existing as Construct, rest);
  const child = rest.length > 0 ? new Construct(scope, first) : new TerraformElement(scope, first);
  const id =
    child instanceof TerraformElement ? child.friendlyUniqueId : logicalIdAt(child as Construct, rest);
  scope.node.tryRemoveChild(first);
  return id;
}
