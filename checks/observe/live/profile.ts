/** Credentials of a named profile. A file of its own: what reads profiles is loaded only where an export names one. */
import { fromIni } from '@aws-sdk/credential-providers';
import type { AwsCredentials } from './clients';

/**
 * The credentials of a profile of the AWS configuration files, by whatever way it has: keys, SSO, a process, a role.
 * Asked for by name, so that keys in the environment never take its place.
 * @param region where STS is asked for them, unless the profile names its own: one of the audited partition. SSO is asked in
 *   the profile's `sso_region` all the same, which a `clientConfig` would override
 */
export async function profileCredentials(profile: string, region: string): Promise<AwsCredentials> {
  return fromIni({ profile })({ callerClientConfig: { region: async () => region } });
}
