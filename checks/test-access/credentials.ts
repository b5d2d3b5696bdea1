/** Takes on the credentials that the user named for the test. */
import { UserError } from '../../contract/user-error';
import { Clients } from '../observe/live/clients';
import { assume } from './attempt';

/** Makes a profile's credentials those of this process: what the environment says besides does not count. */
export function useProfile(profile: string): void {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    delete process.env[name];
  process.env.AWS_PROFILE = profile;
}

/**
 * Assumes a role, and makes its credentials those of this process: every client that is made from now on has them.
 * @throws UserError where AWS does not let us
 */
export async function assumeFirst(region: string, roleArn: string, externalId?: string): Promise<void> {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+/.test(roleArn))
    throw new UserError(
      `--assume-role-arn ${roleArn} is not the ARN of a role; write it like arn:aws:iam::123456789012:role/name`,
    );
  const answer = await assume((await Clients.make({ region })).sts(), { roleArn, externalId });
  if (answer.result !== 'done') {
    const why = answer.result === 'failed' ? `${answer.code}: ${answer.message}` : answer.code;
    throw new UserError(
      `${roleArn} could not be assumed (${why}); check its trust policy, --assume-role-external-id, and your own credentials`,
    );
  }
  delete process.env.AWS_PROFILE;
  process.env.AWS_ACCESS_KEY_ID = answer.value.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = answer.value.secretAccessKey;
  process.env.AWS_SESSION_TOKEN = answer.value.sessionToken;
}
