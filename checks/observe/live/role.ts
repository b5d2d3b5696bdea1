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
import { ABSENT, known } from '../observation';
import type { ApiName } from './api';
import { ifFound, type Page, pages, type Session } from './session';

/** Everything about a role, in at most three calls one after the other. */
export function observeRole(session: Session, roleName: string): Promise<Observed<RoleObservation>> {
  return session.untilItExists(() => readRole(session, roleName));
}

async function readRole(session: Session, roleName: string): Promise<Observed<RoleObservation>> {
  const asked = getRole(session, roleName);
  const [role, permissionsBoundary, inlinePolicies, attachedPolicies] = await Promise.all([
    asked,
    // As soon as the role has said which it is, whatever its policies still ask for.
    asked.then((seen) => boundaryOf(session, seen)),
    inlinePoliciesOf(session, roleName),
    attachedPoliciesOf(session, roleName),
  ]);
  return ifFound(role, async ({ boundaryArn: _, trust, ...rest }) =>
    known({
      ...rest,
      trustPolicy: await documentOf(session, 'iam:GetRole', `trust policy of role ${rest.name}`, trust),
      // The role exists, so a listing that finds no role was asked too early or too late.
      inlinePolicies: await existing(
        session,
        await session.untilItExists(() => inlinePoliciesOf(session, roleName), inlinePolicies),
        'iam:ListRolePolicies',
      ),
      attachedPolicies: await existing(
        session,
        await session.untilItExists(() => attachedPoliciesOf(session, roleName), attachedPolicies),
        'iam:ListAttachedRolePolicies',
      ),
      permissionsBoundary,
    }),
  );
}

/** The boundary of a role; absent where it has none. */
async function boundaryOf(
  session: Session,
  role: Awaited<ReturnType<typeof getRole>>,
): Promise<RoleObservation['permissionsBoundary']> {
  const arn = role.state === 'value' ? role.value.boundaryArn : undefined;
  return arn === undefined ? ABSENT : known({ arn, document: await managedPolicy(session, arn) });
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
        roleId: Role.RoleId,
        maxSessionDuration:
          Role.MaxSessionDuration === undefined ? undefined : known(Role.MaxSessionDuration),
        tags: known(Object.fromEntries((Role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))),
        description: Role.Description ? known(Role.Description) : ABSENT,
        trust: Role.AssumeRolePolicyDocument,
        boundaryArn: Role.PermissionsBoundary?.PermissionsBoundaryArn,
      };
    },
  );
}

/**
 * When the role was last used; absent if it was not in the 400 days that AWS remembers. IAM knows it with a delay of up to
 * four hours (IAM User Guide, "Last accessed information").
 */
export async function lastUseOf(session: Session, RoleName: string): Promise<Observed<string>> {
  const iam = session.clients.iam();
  const used = await session.ask(
    'iam:GetRole',
    session.clients.region,
    (options) => iam.send(new GetRoleCommand({ RoleName }), options),
    ({ Role }) => Role && { at: Role.RoleLastUsed?.LastUsedDate?.toISOString() },
  );
  return ifFound(used, async ({ at }) => (at === undefined ? ABSENT : known(at)));
}

async function inlinePoliciesOf(
  session: Session,
  RoleName: string,
): Promise<Observed<readonly RolePolicy[]>> {
  const iam = session.clients.iam();
  const { region } = session.clients;
  const names = await pages(session, 'iam:ListRolePolicies', region, (Marker) =>
    session.ask(
      'iam:ListRolePolicies',
      region,
      (options) => iam.send(new ListRolePoliciesCommand({ RoleName, Marker }), options),
      ({ PolicyNames, IsTruncated, Marker: next }) => page(PolicyNames, IsTruncated, next),
    ),
  );
  return ifFound(names, async (list) =>
    known(
      await Promise.all(
        list.map(async (name) => {
          const source = `inline policy ${name} of role ${RoleName}`;
          const text = await session.untilItExists(() =>
            session.ask(
              'iam:GetRolePolicy',
              region,
              (options) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }), options),
              ({ PolicyDocument }) => PolicyDocument,
            ),
          );
          const document = await ifFound(text, (encoded) =>
            documentOf(session, 'iam:GetRolePolicy', source, encoded),
          );
          return {
            kind: 'inline' as const,
            name,
            document: await existing(session, document, 'iam:GetRolePolicy'),
          };
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
  const { region } = session.clients;
  const attached = await pages(session, 'iam:ListAttachedRolePolicies', region, (Marker) =>
    session.ask(
      'iam:ListAttachedRolePolicies',
      region,
      (options) => iam.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker }), options),
      ({ AttachedPolicies, IsTruncated, Marker: next }) =>
        AttachedPolicies?.every((policy) => policy.PolicyArn && policy.PolicyName)
          ? page(AttachedPolicies, IsTruncated, next)
          : undefined,
    ),
  );
  return ifFound(attached, async (list) =>
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

/** The default version of a managed policy that is attached to a role. */
async function managedPolicy(session: Session, PolicyArn: string): Promise<Observed<PolicyText>> {
  return existing(session, await policyOf(session, PolicyArn), 'iam:GetPolicy');
}

/** The default version of a managed policy, read once however many roles it is attached to. */
export function policyOf(session: Session, PolicyArn: string): Promise<Observed<PolicyText>> {
  return session.once(`policy ${PolicyArn}`, async () => {
    const iam = session.clients.iam();
    const { region } = session.clients;
    const versionId = await session.untilItExists(() =>
      session.ask(
        'iam:GetPolicy',
        region,
        (options) => iam.send(new GetPolicyCommand({ PolicyArn }), options),
        ({ Policy }) => Policy?.DefaultVersionId,
      ),
    );
    return ifFound(versionId, async (VersionId) => {
      const text = await session.untilItExists(() =>
        session.ask(
          'iam:GetPolicyVersion',
          region,
          (options) => iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }), options),
          ({ PolicyVersion }) => PolicyVersion?.Document,
        ),
      );
      const source = `policy ${PolicyArn} version ${VersionId}`;
      const document = await ifFound(text, (encoded) =>
        documentOf(session, 'iam:GetPolicyVersion', source, encoded),
      );
      return existing(session, document, 'iam:GetPolicyVersion');
    });
  });
}

/** A page of an IAM listing; `undefined` where the answer lacks what says whether there are more. */
export function page<T>(
  items: readonly T[] | undefined,
  truncated: boolean | undefined,
  marker: string | undefined,
): Page<T> | undefined {
  if (!items || truncated === undefined || (truncated && !marker)) return undefined;
  return { items, next: truncated ? marker : undefined };
}

/** IAM gives documents URL-encoded as by RFC 3986 (IAM API Reference, GetRolePolicy): decoded exactly once. */
export function decoded(encoded: string | undefined): string | undefined {
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

async function documentOf(
  session: Session,
  api: ApiName,
  source: string,
  encoded: string | undefined,
): Promise<Observed<PolicyText>> {
  const text = decoded(encoded);
  if (text !== undefined) return known({ source, text });
  const message = `${api} answered without the ${source} as IAM encodes documents`;
  return session.unreadable(api, session.clients.region, message);
}

/** What was listed a moment ago and is not there now could not be read. */
async function existing<T>(session: Session, observed: Observed<T>, api: ApiName): Promise<Observed<T>> {
  if (observed.state !== 'absent') return observed;
  const message = `what ${api} asked for was changed during the audit; run it again, or with --wait`;
  return session.unreadable(api, session.clients.region, message);
}
