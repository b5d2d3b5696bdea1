/** The backend that keeps a stack's state. */
import { join } from 'node:path';
import {
  CloudBackend,
  LocalBackend,
  NamedCloudWorkspace,
  NamedRemoteWorkspace,
  RemoteBackend,
  S3Backend,
  type TerraformStack,
} from 'cdktf';
import { hasIpHost } from '../../config/endpoint';
import type { BackendConfig } from '../../config/options/backend';

/** Gives the stack its backend. Without one, state is a file in the working directory. */
export function addBackend(stack: TerraformStack, name: string, backend: BackendConfig | undefined): void {
  if (backend?.local) {
    new LocalBackend(stack, { path: join(backend.local.directory, `terraform.${name}.tfstate`) });
  }
  if (backend?.s3) {
    const { bucket, region, keyPrefix, kmsKeyArn, profile, assumeRoleArn } = backend.s3;
    new S3Backend(stack, {
      bucket,
      region,
      key: `${keyPrefix}${name}.tfstate`,
      encrypt: true,
      kmsKeyId: kmsKeyArn,
      profile,
      ...(assumeRoleArn ? { assumeRole: { roleArn: assumeRoleArn } } : {}),
      ...(hasIpHost(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL)
        ? { usePathStyle: true }
        : {}),
    });
    // Locks by a file beside the state, since Terraform 1.10; cdktf does not know the argument.
    stack.addOverride('terraform.backend.s3.use_lockfile', true);
    stack.addOverride('terraform.required_version', '>= 1.10');
  }
  if (backend?.cloud) {
    const { organization, hostname, workspacePrefix } = backend.cloud;
    new CloudBackend(stack, {
      organization,
      workspaces: new NamedCloudWorkspace(`${workspacePrefix}${name}`),
      hostname,
    });
  }
  if (backend?.remote) {
    const { organization, hostname, workspacePrefix } = backend.remote;
    new RemoteBackend(stack, {
      organization,
      workspaces: new NamedRemoteWorkspace(`${workspacePrefix}${name}`),
      hostname,
    });
  }
}
