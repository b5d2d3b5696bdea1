/** A session with the account of a single export, for commands other than the check. */
import { Session } from './session';

/** How an export's account is reached, and where its bucket lies. */
export interface Reached {
  readonly region: string;
  readonly profile?: string;
}

/** Makes a session; AWS is not asked yet. */
export function sessionOf({ region, profile }: Reached, signal?: AbortSignal): Promise<Session> {
  return Session.open({ region, ...(profile ? { profile } : {}), ...(signal ? { signal } : {}) });
}
