/** Credentials of a role that is assumed to audit its account: fetched once, shared by all clients, renewed in time. */
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Observed, Unreadable } from '../observation';
import { RoleNotAssumed } from './aws-error';
import type { AwsCredentials } from './clients';
import type { Session } from './session';

/** A role to assume. */
export interface AssumedRole {
  readonly assumeRoleArn: string;
  /** What the role demands as `sts:ExternalId`. */
  readonly externalId?: string;
}

/** The session's name, as the audited account's CloudTrail shows it. */
const SESSION_NAME = 'altr-export';

/** The SDK renews credentials five minutes before they expire; ours must not be older than that. */
const RENEW_BEFORE = 5 * 60_000;

/**
 * Credentials that all clients of a session share: fetched when first needed, again before they expire. What was refused
 * once is refused for the whole run: a thousand exports must not ask a thousand times.
 */
export function renewing(fetch: () => Promise<AwsCredentials>): () => Promise<AwsCredentials> {
  let current: Promise<AwsCredentials> | undefined;
  let renewAt = Number.POSITIVE_INFINITY;
  return () => {
    if (!current || Date.now() >= renewAt) {
      renewAt = Number.POSITIVE_INFINITY;
      current = fetch().then((credentials) => {
        if (credentials.expiration) renewAt = credentials.expiration.getTime() - RENEW_BEFORE;
        return credentials;
      });
    }
    return current;
  };
}

/**
 * Assumes the role.
 * @param session asks with the credentials that assume the role
 * @throws RoleNotAssumed
 */
export async function assumeRole(
  session: Session,
  { assumeRoleArn, externalId }: AssumedRole,
): Promise<AwsCredentials> {
  const sts = session.clients.sts();
  const answer = await session.ask(
    'sts:AssumeRole',
    session.clients.region,
    (options) =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: assumeRoleArn,
          RoleSessionName: SESSION_NAME,
          ExternalId: externalId,
        }),
        options,
      ),
    ({ Credentials: made }) => {
      if (!made?.AccessKeyId || !made.SecretAccessKey || !made.SessionToken || !made.Expiration) {
        return undefined;
      }
      return {
        accessKeyId: made.AccessKeyId,
        secretAccessKey: made.SecretAccessKey,
        sessionToken: made.SessionToken,
        expiration: made.Expiration,
      };
    },
  );
  if (answer.state === 'value') return answer.value;
  throw new RoleNotAssumed(refusal(answer, assumeRoleArn, externalId !== undefined));
}

function refusal(
  answer: Exclude<Observed<unknown>, { state: 'value' }>,
  arn: string,
  hasExternalId: boolean,
): Unreadable {
  if (answer.state === 'absent')
    return { message: `there is no role ${arn} to assume`, api: 'sts:AssumeRole' };
  const { reason } = answer;
  const remedy = reason.permission
    ? `; its trust policy must let you in${hasExternalId ? ', and with this externalId' : ' (does it demand an externalId?)'}, and you need sts:AssumeRole on it`
    : '';
  return { ...reason, message: `the role ${arn} could not be assumed: ${reason.message}${remedy}` };
}
