/** A role in Terraform. */
import type { RoleObservation } from '../observe/observation';
import { jsonencode, resource } from './hcl';

/** What a fix changes about a role; `null` takes it away. */
export interface RoleChanges {
  readonly trust: object;
  readonly maxSessionDuration?: number;
  readonly permissionsBoundary?: string | null;
}

/** The role's block as it is, with changes. Terraform would replace a role in another path, and takes away what a block lacks. */
export function roleBlock(role: RoleObservation, changes: RoleChanges): string {
  const { name, path, maxSessionDuration, permissionsBoundary } = role;
  const seconds = maxSessionDuration?.state === 'value' ? maxSessionDuration.value : undefined;
  // IAM's default is an hour.
  const session = changes.maxSessionDuration ?? (seconds === 3600 ? undefined : seconds);
  const found = permissionsBoundary.state === 'value' ? permissionsBoundary.value.arn : undefined;
  const boundary = changes.permissionsBoundary === undefined ? found : changes.permissionsBoundary;
  return resource('aws_iam_role', name, {
    name,
    path: path === '/' ? undefined : path,
    assume_role_policy: jsonencode(changes.trust),
    max_session_duration: session,
    permissions_boundary: boundary ?? undefined,
  });
}
