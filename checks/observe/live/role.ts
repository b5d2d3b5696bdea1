/** Reads a role: its trust policy, its permissions, its boundary. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Observed, PolicyText, RoleObservation, RolePolicy } from '../observation';
import { ABSENT, known, unreadable } from '../observation';
import { pages, type Session, then } from './session';

/** Everything about a role, in at most three calls one after the other. */
export async function observeRole(session: Session, roleName: string): Promise<Observed<RoleObservation>> {
  const [role, inlinePolicies, attachedPolicies] = await Promise.all([
    getRole(session, roleName),
    inlinePoliciesOf(session, roleName),
    attachedPoliciesOf(session, roleName),
  ]);
  return then(role, async ({ boundaryArn, ...rest }) =>
    known({
      ...rest,
      // The role exists, so a listing that finds no role was asked too early or too late.
      inlinePolicies: existing(inlinePolicies, 'iam:ListRolePolicies'),
      attachedPolicies: existing(attachedPolicies, 'iam:ListAttachedRolePolicies'),
      permissionsBoundary:
        boundaryArn === undefined
          ? ABSENT
          : known({ arn: boundaryArn, document: await managedPolicy(session, boundaryArn) }),
    }),
  );
}

/** ListRoles leaves out the boundary, so the role is asked for by name (IAM API Reference, ListRoles). */
async function getRole(session: Session, RoleName: string) {
  const iam = session.clients.iam();
  return session.ask(
    'iam:GetRole',
    session.clients.region,
    (options) => iam.send(new GetRoleCommand({ RoleName }), options),
    ({ Role }) => {
      if (!Role?.Arn || !Role.RoleName || !Role.Path) return undefined;
      return {
        name: Role.RoleName,
        arn: Role.Arn,
        path: Role.Path,
        trustPolicy: decoded(
          `trust policy of role ${Role.RoleName}`,
          Role.AssumeRolePolicyDocument,
          'iam:GetRole',
        ),
        boundaryArn: Role.PermissionsBoundary?.PermissionsBoundaryArn,
      };
    },
  );
}

async function inlinePoliciesOf(
  session: Session,
  RoleName: string,
): Promise<Observed<readonly RolePolicy[]>> {
  const iam = session.clients.iam();
  const { region } = session.clients;
  const names = await pages((Marker) =>
    session.ask(
      'iam:ListRolePolicies',
      region,
      (options) =>
        iam.send(new ListRolePoliciesCommand({ RoleName, ...(Marker ? { Marker } : {}) }), options),
      ({ PolicyNames, IsTruncated, Marker: next }) => page(PolicyNames, IsTruncated, next),
    ),
  );
  return then(names, async (list) =>
    known(
      await Promise.all(
        list.map(async (name) => {
          const source = `inline policy ${name} of role ${RoleName}`;
          const text = await session.ask(
            'iam:GetRolePolicy',
            region,
            (options) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }), options),
            ({ PolicyDocument }) => PolicyDocument,
          );
          const document = await then(text, async (encoded) => decoded(source, encoded, 'iam:GetRolePolicy'));
          return { kind: 'inline' as const, name, document: existing(document, 'iam:GetRolePolicy') };
        }),
      ),
    ),
  );
}

async function attachedPoliciesOf(
  session: Session,
  RoleName: string,
): Promise<Observed<readonly RolePolicy[]>> {
  const iam = session.clients.iam();
  const attached = await pages((Marker) =>
    session.ask(
      'iam:ListAttachedRolePolicies',
      session.clients.region,
      (options) =>
        iam.send(new ListAttachedRolePoliciesCommand({ RoleName, ...(Marker ? { Marker } : {}) }), options),
      ({ AttachedPolicies, IsTruncated, Marker: next }) =>
        AttachedPolicies?.every((policy) => policy.PolicyArn && policy.PolicyName)
          ? page(AttachedPolicies, IsTruncated, next)
          : undefined,
    ),
  );
  return then(attached, async (list) =>
    known(
      await Promise.all(
        list.map(async ({ PolicyArn = '', PolicyName = '' }) => ({
          kind: 'attached' as const,
          name: PolicyName,
          arn: PolicyArn,
          document: await managedPolicy(session, PolicyArn),
        })),
      ),
    ),
  );
}

/** The default version of a managed policy, read once however many roles it is attached to. */
function managedPolicy(session: Session, PolicyArn: string): Promise<Observed<PolicyText>> {
  return session.once(`policy ${PolicyArn}`, async () => {
    const iam = session.clients.iam();
    const { region } = session.clients;
    const versionId = await session.ask(
      'iam:GetPolicy',
      region,
      (options) => iam.send(new GetPolicyCommand({ PolicyArn }), options),
      ({ Policy }) => Policy?.DefaultVersionId,
    );
    const document = await then(versionId, async (VersionId) => {
      const text = await session.ask(
        'iam:GetPolicyVersion',
        region,
        (options) => iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }), options),
        ({ PolicyVersion }) => PolicyVersion?.Document,
      );
      return then(text, async (encoded) =>
        decoded(`policy ${PolicyArn} version ${VersionId}`, encoded, 'iam:GetPolicyVersion'),
      );
    });
    return existing(document, 'iam:GetPolicy');
  });
}

/** A page of an IAM listing; `undefined` where the answer lacks what says whether there are more. */
export function page<T>(
  items: readonly T[] | undefined,
  truncated: boolean | undefined,
  marker: string | undefined,
): { items: readonly T[]; next: string | undefined } | undefined {
  if (!items || truncated === undefined || (truncated && !marker)) return undefined;
  return { items, next: truncated ? marker : undefined };
}

/** IAM gives documents URL-encoded as by RFC 3986 (IAM API Reference, GetRolePolicy): decoded exactly once. */
export function decoded(source: string, encoded: string | undefined, api: string): Observed<PolicyText> {
  if (encoded === undefined) return unreadable({ message: `${api} answered without a policy document`, api });
  try {
    return known({ source, text: decodeURIComponent(encoded) });
  } catch {
    return unreadable({ message: `the ${source} is not URL-encoded as IAM encodes documents`, api });
  }
}

/** What was listed a moment ago and is not there now could not be read. */
function existing<T>(observed: Observed<T>, api: string): Observed<T> {
  return observed.state === 'absent'
    ? unreadable({ message: `what ${api} asked for was changed during the audit; run it again`, api })
    : observed;
}
