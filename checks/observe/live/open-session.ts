/** Enters an account: with the credentials of a profile, the usual ones, or those of a role that they assume. */
import { Clients } from './clients';
import { type AssumedRole, assumeRole, renewing } from './credentials';
import { Session, type SessionOptions } from './session';

export interface OpenOptions extends SessionOptions {
  /** A role to assume, with the profile's credentials or the usual ones. */
  readonly role?: AssumedRole;
}

/**
 * Makes a session; AWS is not asked yet.
 * @throws UserError where the environment asks for what can't be done
 */
export async function openSession({ role, ...options }: OpenOptions): Promise<Session> {
  const { profile } = options;
  const own = new Session(
    options,
    await Clients.make({
      ...options,
      ...(profile === undefined
        ? {}
        : { credentials: renewing(async () => (await import('./profile')).profileCredentials(profile)) }),
    }),
  );
  if (!role) return own;
  // The caller's own session asks for the role; what it says of its account is not the audited account's.
  const credentials = renewing(() => assumeRole(own, role));
  return new Session(options, await Clients.make({ ...options, credentials }));
}
