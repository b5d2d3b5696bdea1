/** Enters the account of an export: with the usual credentials, those of a profile, or those of a role that they assume. */
import type { Access } from '../../../config/options/access';
import { Clients } from './clients';
import { assumeRole, renewing } from './credentials';
import { Session, type SessionOptions } from './session';

/** How an export's account is reached, and where its bucket is. */
export interface Reached extends Access {
  readonly region: string;
}

/**
 * Makes a session; AWS is not asked yet.
 * @throws UserError where the environment asks for what can't be done
 */
export async function sessionOf(
  { region, profile, assumeRoleArn, externalId }: Reached,
  more: Omit<SessionOptions, 'region' | 'profile'> = {},
): Promise<Session> {
  const options = { ...more, region, profile };
  const credentials =
    profile === undefined
      ? {}
      : {
          credentials: renewing(async () => (await import('./profile')).profileCredentials(profile, region)),
        };
  const clients = await Clients.make({ ...options, ...credentials });
  if (assumeRoleArn === undefined) return new Session(options, clients);
  // A call of the audited account waits for the role while it counts among those under way: asking for the role must not
  // wait for such calls to end.
  const { sharedLimit: _, ...apart } = options;
  const own = new Session(apart, clients);
  const role = { assumeRoleArn, externalId };
  // The caller's own session asks for the role; what it says of its account is not the audited account's.
  return new Session(
    options,
    await Clients.make({ ...options, credentials: renewing(() => assumeRole(own, role)) }),
  );
}
