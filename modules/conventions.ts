/** What an account's owner demands of everything that is made there: a path, a boundary, tags. */

/**
 * A landing zone refuses resources without them: a service control policy refuses a role without its boundary, a tag policy
 * a resource without its tags. So they apply to everything that the kit makes; a test checks every resource.
 */
export interface Conventions {
  /**
   * IAM path of roles and policies.
   * @default /
   */
  readonly path?: string;
  /**
   * ARN of the policy that bounds roles.
   * @default none
   */
  readonly permissionsBoundary?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** For resources that can have tags. */
export function tagged({ tags }: Conventions): { tags?: Record<string, string> } {
  return tags ? { tags: { ...tags } } : {};
}

/** For a managed policy. */
export function conventionsOfPolicy(conventions: Conventions) {
  return { path: conventions.path ?? '/', ...tagged(conventions) };
}

/** For a role. */
export function conventionsOfRole(conventions: Conventions) {
  const { permissionsBoundary } = conventions;
  return { ...conventionsOfPolicy(conventions), permissionsBoundary };
}
