/** What the owner of an account wants of everything that is made there: a path, a boundary, tags. */

/**
 * A landing zone refuses what lacks them: a service control policy the role without its boundary, a tag policy the
 * resource without its tags. So they are for everything that the kit makes, and a test walks all of it.
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

/** For whatever can have tags. */
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
