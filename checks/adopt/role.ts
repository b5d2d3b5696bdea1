/** What a role that exists already tells of the export that it is for. Pure; if a fact is ambiguous, it says why. */
import { parseArn } from '../../contract/arn';
import { clientIdFaults, roleNameFaults, vendorRoleNameFaults } from '../../contract/names';
import { EXPORT_ACTION, EXTERNAL_ID_KEY } from '../../contract/policies';
import { parsedIdentityPolicy, parsedTrustPolicy } from '../evidence/parsed';
import { letsInByName } from '../evidence/trust-callers';
import type { Observed, PolicyText, RoleObservation, RolePolicy } from '../observe/observation';
import { actionPattern, glob, overlaps, type Policy, splitArn } from '../policy';

/** A role, and the settings of it that only provisioning cares about. */
export interface RoleSettings {
  readonly description?: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** How many roles, users and groups each of its managed policies is attached to, by the policy's ARN. */
  readonly attachments: Readonly<Record<string, Observed<number>>>;
  /**
   * A managed policy of the role's own name and path, which would take the place of an inline one. Read only for a role that
   * has inline policies alone.
   */
  readonly namesake?: Observed<unknown>;
}

/** The role's permission policy. */
export interface AdoptablePolicy {
  readonly name: string;
  /** `undefined` for an inline policy. */
  readonly arn?: string;
  readonly text: string;
}

/** What a role is for. Whatever could not be told is missing, and a reason says why. */
export interface RoleFacts {
  readonly bucket?: string;
  readonly clientId?: string;
  readonly policy?: AdoptablePolicy;
  readonly boundaryArn?: string;
  /** Why the role can't be adopted, each as it follows “because”; empty if it can be. */
  readonly reasons: readonly string[];
}

/**
 * What the role is for.
 * @param clientId used if the trust policy demands no ExternalId
 */
export function roleFacts(
  role: RoleObservation,
  settings: RoleSettings,
  options: { altrAccountId: string; clientId?: string },
): RoleFacts {
  const trust = clientIdOf(role, options);
  const permissions = policyOf(role, settings);
  const boundary = role.permissionsBoundary;
  const reasons = [
    ...[...roleNameFaults(role.name), ...vendorRoleNameFaults(role.name)].map(
      (fault) => `its name ${fault}, and IAM can’t rename a role; make a new export beside it`,
    ),
    ...trust.reasons,
    ...permissions.reasons,
    ...(boundary.state === 'unreadable'
      ? [`its permissions boundary could not be read: ${boundary.reason.message}`]
      : []),
  ];
  return {
    clientId: trust.clientId,
    bucket: permissions.bucket,
    policy: permissions.policy,
    ...(boundary.state === 'value' ? { boundaryArn: boundary.value.arn } : {}),
    reasons,
  };
}

function clientIdOf(
  { trustPolicy }: RoleObservation,
  options: { altrAccountId: string; clientId?: string },
): { clientId?: string; reasons: string[] } {
  const read = readPolicy(parsedTrustPolicy, trustPolicy, 'its trust policy');
  if (!read.policy) return { reasons: [read.reason] };
  const { policy } = read;
  const reasons = letsInByName(policy, options.altrAccountId)
    ? []
    : [`its trust policy does not name ALTR’s account ${options.altrAccountId}`];
  const demanded = externalIds(policy);
  if (demanded.length === 0) {
    const given = options.clientId;
    if (given !== undefined) return { clientId: given, reasons };
    return {
      reasons: [
        ...reasons,
        'its trust policy demands no ExternalId, which would be the client ID; name it with --client-id',
      ],
    };
  }
  const [clientId = ''] = demanded;
  if (demanded.length > 1) {
    return {
      reasons: [
        ...reasons,
        `its trust policy accepts several ExternalIds (${demanded.join(', ')}), and only one can be the client ID; take the others out`,
      ],
    };
  }
  const faults = clientIdFaults(clientId).map(
    (fault) => `the ExternalId ${JSON.stringify(clientId)} of its trust policy ${fault}`,
  );
  return faults.length > 0 ? { reasons: [...reasons, ...faults] } : { clientId, reasons };
}

/** Every value that a trust policy compares the ExternalId with, to let somebody in. */
function externalIds(policy: Policy): string[] {
  const values = policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ conditions }) => conditions)
    .filter(
      ({ key, operator }) => key.toLowerCase() === EXTERNAL_ID_KEY.toLowerCase() && !/not/i.test(operator),
    )
    // `Null` asks only whether there is one.
    .filter(({ operator }) => operator.toLowerCase() !== 'null')
    .flatMap(({ values: texts }) => texts);
  return [...new Set(values)];
}

function policyOf(
  role: RoleObservation,
  settings: RoleSettings,
): { policy?: AdoptablePolicy; bucket?: string; reasons: string[] } {
  const { inlinePolicies, attachedPolicies } = role;
  const unlisted = [
    ...(inlinePolicies.state === 'unreadable'
      ? [`its inline policies could not be listed: ${inlinePolicies.reason.message}`]
      : []),
    ...(attachedPolicies.state === 'unreadable'
      ? [`its policies could not be listed: ${attachedPolicies.reason.message}`]
      : []),
  ];
  const inline = inlinePolicies.state === 'value' ? inlinePolicies.value : [];
  const attached = attachedPolicies.state === 'value' ? attachedPolicies.value : [];
  const [only] = attached.length > 0 ? attached : inline;
  if (unlisted.length > 0) return { reasons: unlisted };
  if (!only) return { reasons: ['it has no policy, so nothing tells its bucket'] };
  const reasons = severalReasons(role.name, inline, attached);
  if (attached.length > 1 || (attached.length === 0 && inline.length > 1)) return { reasons };
  reasons.push(
    ...(only.kind === 'inline'
      ? namesakeReasons(role.name, only, settings.namesake)
      : adoptableReasons(only, role, settings.attachments[only.arn ?? ''])),
  );
  return { ...readBucket(only, reasons) };
}

/** The policy, and the one bucket that it is for. */
function readBucket(
  { name, arn, kind, document }: RolePolicy,
  before: readonly string[],
): { policy?: AdoptablePolicy; bucket?: string; reasons: string[] } {
  const what = `its ${kind === 'inline' ? 'inline ' : ''}policy ${name}`;
  const read = readPolicy(parsedIdentityPolicy, document, what);
  if (!read.policy) return { reasons: [...before, read.reason] };
  const buckets = bucketsOf(read.policy);
  const bucket = buckets.length === 1 && !/[*?]/.test(buckets[0] ?? '*') ? buckets[0] : undefined;
  const policy = { name, arn, text: read.text };
  if (bucket !== undefined) return { policy, bucket, reasons: [...before] };
  const found = buckets.length === 0 ? 'grants s3:PutObject on no bucket' : `reaches ${buckets.join(', ')}`;
  const reason = `${what} ${found}, so which bucket is meant can’t be told; name one bucket there`;
  return { policy, reasons: [...before, reason] };
}

/** IAM's names need no quotes in a shell: letters, digits and `_+=,.@-`. */
function severalReasons(
  roleName: string,
  inline: readonly RolePolicy[],
  attached: readonly RolePolicy[],
): string[] {
  const names = (policies: readonly RolePolicy[]) => policies.map(({ name, arn }) => arn ?? name).join(', ');
  const takeOff = `aws iam delete-role-policy --role-name ${roleName} --policy-name`;
  return [
    ...(attached.length > 1
      ? [
          `several policies are attached to it (${names(attached)}), and ALTR’s role needs one; keep the one that lets it put objects, and detach each other one: aws iam detach-role-policy --role-name ${roleName} --policy-arn ARN`,
        ]
      : []),
    ...(attached.length === 0 && inline.length > 1
      ? [
          `it has several inline policies (${names(inline)}), and ALTR’s role needs one; keep the one that lets it put objects, and delete each other one: ${takeOff} NAME`,
        ]
      : []),
    ...(attached.length > 0 && inline.length > 0
      ? [
          `it has inline policies (${names(inline)}) beside what is attached to it, and the first apply would take them off; where ALTR needs nothing of them, and they deny nothing that must stay denied, delete each: ${takeOff} NAME`,
        ]
      : []),
  ];
}

/** A managed policy replaces an inline one: it has the role's name and path. */
function namesakeReasons(
  roleName: string,
  { name }: RolePolicy,
  namesake: RoleSettings['namesake'],
): string[] {
  if (namesake?.state === 'absent') return [];
  if (namesake?.state === 'value') {
    return [
      `a managed policy would take the place of its inline policy ${name}, and one named ${roleName} exists already without being attached; attach that one instead of the inline policy, or delete it`,
    ];
  }
  return [
    `whether a managed policy ${roleName} exists, which would take the place of its inline policy ${name}, could not be read${namesake ? `: ${namesake.reason.message}` : ''}`,
  ];
}

function adoptableReasons(
  { name, arn = '' }: RolePolicy,
  role: RoleObservation,
  uses: Observed<number> | undefined,
): string[] {
  const { accountId, resource = '' } = parseArn(arn) ?? {};
  const [, path] = /^policy(\/.*?)[^/]+$/.exec(resource) ?? [];
  if (accountId === 'aws')
    return [`its policy ${name} is AWS’s own, which can’t be changed; attach one of yours`];
  const reasons: string[] = [];
  if (path !== role.path) {
    reasons.push(
      `the role has the path ${role.path} and its policy ${name} the path ${path ?? '?'}; Terraform gives both the same, and IAM can’t move either`,
    );
  }
  if (uses?.state !== 'value') {
    reasons.push(
      `what else its policy ${name} is attached to could not be read${uses?.state === 'unreadable' ? `: ${uses.reason.message}` : ''}`,
    );
  } else if (uses.value > 1) {
    reasons.push(
      `its policy ${name} is attached to ${uses.value - 1} more than this role, which a change would reach; give the role a policy of its own`,
    );
  }
  return reasons;
}

/** The bucket part of every resource on which a policy allows `s3:PutObject`; `*` for everything. */
function bucketsOf(policy: Policy): string[] {
  const action = glob(EXPORT_ACTION.toLowerCase());
  const buckets = policy.statements
    .filter(
      ({ effect, actions }) =>
        effect === 'Allow' &&
        (actions.negated || actions.entries.some((entry) => overlaps(actionPattern(entry), action))),
    )
    .flatMap(({ resources }) =>
      !resources || resources.negated ? ['*'] : resources.entries.map(({ text }) => bucketIn(text)),
    );
  return [...new Set(buckets)];
}

function bucketIn(resource: string): string {
  const parts = splitArn(resource);
  return parts?.[2] === 's3' ? (parts[5] ?? '*').replace(/\/.*$/s, '') : '*';
}

function readPolicy(
  parse: (document: PolicyText) => Policy,
  document: Observed<PolicyText>,
  what: string,
): { policy: Policy; text: string } | { policy?: undefined; reason: string } {
  if (document.state === 'absent') return { reason: `${what} does not exist` };
  if (document.state === 'unreadable')
    return { reason: `${what} could not be read: ${document.reason.message}` };
  const policy = parse(document.value);
  const [fault] = policy.faults;
  return fault
    ? { reason: `${what} is not understood${fault.pointer ? ` at ${fault.pointer}` : ''}: ${fault.reason}` }
    : { policy, text: document.value.text };
}
