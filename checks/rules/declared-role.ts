/** The role that ALTR assumes has the path, boundary, session, policies and tags that the config declares. */
import { permissionPolicyName } from '../../config/names';
import type { ProvisionedOptions } from '../../config/options';
import type { DeclaringContext } from '../evidence/context';
import { judged, orAsDeclared } from '../evidence/declared';
import { type Outcome, unread } from '../evidence/outcome';
import type { RoleObservation, RolePolicy } from '../observe/observation';
import { boundaryAsDeclared, pathAsFound, sessionAsDeclared } from '../remedy/declared-role';
import { redeploy } from '../remedy/hcl';
import { declaredRoleRule } from './rule';

export const declaredRole = declaredRoleRule(
  {
    id: 'declared-role',
    audits: 'role',
    alsoAudits: 'tags',
    title: 'The role has the path, boundary, session length, policies and tags that the config declares',
    severity: 'medium',
    requirement: {
      text: 'Path, permissions boundary and longest session of the role are the declared ones, it has the declared tags, and no policy is beside its own. Tags of what else the export makes are not looked at.',
      source: '`role` and `tags` in your config',
    },
    risk: 'Someone who gets the role’s credentials can do more with them, or for longer, than you declared.',
    remediation: 'Deploy the export again: that restores the role.',
    examples: {
      violating: {
        summary: 'A session of an hour is declared, and the role allows twelve.',
        setUp: {
          declares: { role: { maxSessionHours: 1 } },
          role: { maxSessionDuration: { state: 'value', value: 43_200 } },
        },
      },
      compliant: {
        summary: 'The role allows sessions of an hour, as declared.',
        setUp: { declares: { role: { maxSessionHours: 1 } } },
      },
    },
  },
  (role, context) => {
    const { role: settings, tags } = context.declared;
    return orAsDeclared(
      [
        ...(settings ? judgeSettings(role, settings, context) : []),
        ...(tags ? judgeTags(role, tags, context) : []),
      ],
      'The role is as declared.',
    );
  },
);

function judgeSettings(
  role: RoleObservation,
  { path, permissionsBoundary, maxSessionHours, exclusive }: NonNullable<ProvisionedOptions['role']>,
  context: DeclaringContext,
): Outcome[] {
  return [
    ...judgePath(role, path, context),
    ...judgeBoundary(role, permissionsBoundary, context),
    ...judgeSession(role, maxSessionHours, context),
    ...(exclusive ? judgePolicies(role, context) : []),
  ];
}

function judgePath(role: RoleObservation, declared: string, context: DeclaringContext): Outcome[] {
  const { path } = role;
  if (path === declared) return [];
  return [
    {
      status: 'fail',
      fact: 'path',
      message: `The role is in the path ${path}, and the config declares ${declared}: policies that name the path don’t hold for it.`,
      expected: declared,
      actual: path,
      remediation: pathAsFound(role, context),
    },
  ];
}

function judgeBoundary(
  role: RoleObservation,
  declared: string | undefined,
  context: DeclaringContext,
): Outcome[] {
  const { permissionsBoundary } = role;
  // A boundary can only take away: one that nobody declared is stricter.
  if (!declared) return [];
  if (permissionsBoundary.state === 'unreadable') return [unread(permissionsBoundary.reason)];
  const arn = permissionsBoundary.state === 'value' ? permissionsBoundary.value.arn : undefined;
  if (arn === declared) return [];
  return [
    {
      status: 'fail',
      fact: 'boundary',
      message: `The role has ${arn ? `the permissions boundary ${arn}` : 'no permissions boundary'}, and the config declares ${declared}.`,
      expected: declared,
      actual: arn ?? null,
      remediation: boundaryAsDeclared(role, declared, context),
    },
  ];
}

function judgeSession(role: RoleObservation, hours: number, context: DeclaringContext): readonly Outcome[] {
  return judged(role.maxSessionDuration, 'the role’s longest session', (seconds) => {
    if (seconds === undefined || seconds <= hours * 3600) return [];
    return [
      {
        status: 'fail',
        fact: 'session',
        message: `The role allows sessions of ${seconds} seconds, and the config declares ${hours * 3600} (role.maxSessionHours).`,
        expected: hours * 3600,
        actual: seconds,
        remediation: sessionAsDeclared(role, context),
      },
    ];
  });
}

/** One policy is the export's own, whatever its name: a role that was set up by hand has one, too. */
function judgePolicies(
  { inlinePolicies, attachedPolicies }: RoleObservation,
  context: DeclaringContext,
): Outcome[] {
  const lists = [inlinePolicies, attachedPolicies];
  const found = lists.flatMap((list) => (list.state === 'value' ? list.value : []));
  const { contract, declared } = context;
  const own = permissionPolicyName(contract, declared);
  const isOwn = ({ name, arn, kind }: RolePolicy) =>
    kind === 'attached' && (arn === declared.adopt?.policyArn || name === own);
  const foreign = found.some(isOwn)
    ? found.filter((policy) => !isOwn(policy))
    : found.length > 1
      ? found
      : [];
  const outcomes: Outcome[] = lists.flatMap((list) =>
    list.state === 'unreadable' ? [unread(list.reason)] : [],
  );
  if (foreign.length === 0) return outcomes;
  const names = foreign.map(({ arn, name }) => arn ?? name);
  return [
    ...outcomes,
    {
      status: 'fail',
      fact: 'foreign-policies',
      message: `The role has ${found.some(isOwn) ? `policies beside its own: ${names.join(', ')}` : `several policies, ${names.join(', ')}, and none is named ${own}`}. The config declares that it has its own alone (role.exclusive).`,
      expected: own,
      actual: names,
      remediation: {
        summary:
          'Deploy the export again: that takes foreign policies off the role. See first what they are for, or set role.exclusive to false.',
        cdktf: redeploy(context.contract),
      },
    },
  ];
}

function judgeTags(
  { tags }: RoleObservation,
  declared: Readonly<Record<string, string>>,
  context: DeclaringContext,
): readonly Outcome[] {
  return judged(tags, 'the role’s tags', (found = {}) => {
    const wrong = Object.entries(declared).filter(([key, value]) => found[key] !== value);
    if (wrong.length === 0) return [];
    return [
      {
        status: 'fail',
        fact: 'tags',
        message: `The role lacks declared tags: ${wrong.map(([key, value]) => `${key}=${value}`).join(', ')}.`,
        expected: declared,
        actual: found,
        remediation: { summary: 'Deploy the export again.', cdktf: redeploy(context.contract) },
      },
    ];
  });
}
