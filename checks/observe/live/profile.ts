/** Credentials of a named profile. A file of its own: what reads profiles is loaded only where an export names one. */
import { fromIni } from '@aws-sdk/credential-providers';
import type { AwsCredentials } from './clients';

/**
 * The credentials of a profile of the AWS configuration files, by whatever way it has: keys, SSO, a process, a role.
 * Asked for by name, so that keys in the environment never take its place.
 */
export async function profileCredentials(profile: string): Promise<AwsCredentials> {
  return fromIni({ profile })();
}
