/**
 * How to fix the documents that decide what the role may do. A document has one correction, which every finding prints: so
 * the corrections of all findings can be applied in any order, and none undoes another.
 */
import { parseArn } from '../../contract/arn';
import { EXPORT_ACTION, KMS_REQUIRED_ACTION, keyWriteStatement } from '../../contract/policies';
import type { ContractStatement } from '../../contract/statement';
import type { RuleContext } from '../evidence/context';
import { excessStatements } from '../evidence/excess-grants';
import { lazily, remembered } from '../evidence/lazily';
import { parsedIdentityPolicy } from '../evidence/parsed';
import { keyRequest, putRequest, type RolePolicies } from '../evidence/role-policies';
import type { RoleObservation, RolePolicy } from '../observe/observation';
import { applications, decide, matchesAction, type Policy, type Request, type Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { fixBucketPolicy } from './corrected-bucket-policy';
import { collection, resource } from './hcl';
import { limitKeyUse } from './key-held-back';
import { roleBlock } from './role-block';
import { deleteInline, isAwsManaged, newVersion, putInline, redeployPolicies } from './role-policy-steps';
import { quote } from './shell';
import { documentOf, type Raw, sparing, written } from './statements';
import { denyingOf, excessOnceSpared, onlyAllows, openOf, othersWith, type Subject } from './subject';
import { trustAsRestored } from './trust';

/** Name of the inline policy that gives the role what it lacks. */
export const OWN_POLICY = 'altr-audit-log-export';

const FOR_EVERYBODY = 'This changes it for everybody it is attached to.';

/** Fixes one document that grants the role too much. */
export function remedyOf(policy: Policy, subject: Subject): Remediation {
  const own = subject.policies.identity.find(({ parsed }) => parsed === policy);
  return own ? fixRolePolicy(own.policy, policy, subject) : fixBucketPolicy(subject.context);
}

/** Fixes everything that keeps the role from putting objects: Deny statements, the boundary, a missing Allow. */
export function letTheRolePut(subject: Subject): Remediation {
  const { policies, context } = subject;
  const put = putRequest(policies, context);
  const steps: Remediation[] = [];
  const denies = (policy: Policy) =>
    applications([policy], 'Deny', put).some(({ verdict }) => verdict === 'true');
  const isInTheWay = (policy: Policy) =>
    denies(policy) || openOf(policy, subject).size > 0 || isHeldBack(policy, subject);
  for (const { policy, parsed } of policies.identity) {
    if (isInTheWay(parsed)) steps.push(fixRolePolicy(policy, parsed, subject));
  }
  if (policies.bucket && isInTheWay(policies.bucket)) steps.push(fixBucketPolicy(context));
  if (lacksPermissions(subject))
    steps.push(hasAttached(subject) ? givePermissions(subject) : attachAgain(subject));
  const { boundary } = policies;
  if (
    boundary &&
    (denies(boundary) || openOf(boundary, subject).size > 0 || !allowsPut([boundary], subject))
  ) {
    steps.push(fixBoundary(boundary, subject));
  }
  steps.push(...limitKeyUse(subject));
  const [first = givePermissions(subject), ...others] = steps;
  return combined([first, ...others]);
}

/** Corrects the boundary, which is the same document for every finding. */
export function fixBoundary(boundary: Policy, subject: Subject, reason?: string): Remediation {
  const { role, context } = subject;
  const arn = role.permissionsBoundary.state === 'value' ? role.permissionsBoundary.value.arn : '';
  if (isAwsManaged(arn)) {
    return {
      summary: 'Remove the permissions boundary: it is an AWS managed policy, which can’t be changed.',
      commands: [`aws iam delete-role-permissions-boundary --role-name ${quote(role.name)}`],
      terraform: `${roleBlock(role, { trust: trustAsRestored(context, role), permissionsBoundary: null })}\n# without the argument permissions_boundary`,
      cdktf: redeployPolicies(context),
    };
  }
  const bounded = [subject, ...othersWith(subject, (other) => boundaryOf(other.role) === arn)];
  const kept = bounded.reduce<Policy>((policy, each) => sparingRole(policy, each), boundary);
  const added = bounded.flatMap((each) =>
    allowsPut([boundary], each) && allowsKey(boundary, each) ? [] : ownStatements(each),
  );
  const summary = reason ?? 'Let the permissions boundary allow the role to put objects.';
  return newVersion(
    arn,
    documentOf(boundary, [...written(kept).map(({ raw }) => raw), ...distinct(added)]),
    `${summary} ${FOR_EVERYBODY}`,
  );
}

/** The policy with every Deny that hits or may hit the role sparing it. */
function sparingRole(policy: Policy, subject: Subject): Policy {
  const hit = denyingOf(policy, subject);
  const open = openOf(policy, subject);
  const statements = written(policy).map((statement) =>
    hit.has(statement) || open.has(statement) ? sparing(statement, subject.role.arn) : statement.raw,
  );
  const document = documentOf(policy, statements);
  return document ? parsedIdentityPolicy({ source: policy.source, text: JSON.stringify(document) }) : policy;
}

/** Fixes one policy of the role: removes what is too much and what denies, keeps the rest. */
export function fixRolePolicy(
  policy: RolePolicy,
  parsed: Policy,
  subject: Subject,
  reason?: string,
): Remediation {
  const { role, context } = subject;
  if (policy.kind === 'inline' && policy.name === OWN_POLICY && needsOwn(subject))
    return givePermissions(subject);
  const document = documentOf(parsed, correctedStatements(policy, parsed, subject));
  if (policy.kind === 'inline') {
    return document
      ? putInline(policy.name, document, reason ?? `Correct the inline policy ${policy.name}.`, subject)
      : deleteInline(policy.name, subject);
  }
  const arn = policy.arn ?? '';
  if (document && !isAwsManaged(arn) && !isShared(arn, subject)) {
    return newVersion(
      arn,
      document,
      `${reason ?? `Correct the policy ${policy.name}.`} ${FOR_EVERYBODY}`,
      redeployPolicies(context),
    );
  }
  // Another export needs other statements in the policy, and AWS's own can't be changed: the role gets a policy of its own.
  const given = needsOwnWithout(parsed, subject) ? givePermissions(subject) : undefined;
  const others = subject.policies.identity.flatMap((other) =>
    other.policy.kind === 'attached' && other.policy.arn !== arn ? [other.policy.arn ?? ''] : [],
  );
  const detach = `Detach the policy ${policy.name} from the role.`;
  return {
    summary: given ? `${given.summary} ${detach}` : detach,
    document: given?.document,
    commands: [
      ...(given?.commands ?? []),
      `aws iam detach-role-policy --role-name ${quote(role.name)} --policy-arn ${quote(arn)}`,
    ],
    terraform: [
      ...(given?.terraform ? [given.terraform] : []),
      resource('aws_iam_role_policy_attachments_exclusive', role.name, {
        role_name: role.name,
        policy_arns: collection(others),
      }),
    ].join('\n\n'),
    cdktf: redeployPolicies(context),
  };
}

/** Gives the role the contract's permissions by an inline policy, and keeps what that policy holds already. */
export function givePermissions(subject: Subject): Remediation {
  const { contract } = subject.context;
  const { policies } = subject;
  const existing = policies.identity.find(
    ({ policy }) => policy.kind === 'inline' && policy.name === OWN_POLICY,
  );
  const kept = existing ? correctedStatements(existing.policy, existing.parsed, subject) : [];
  const Statement = distinct([...ownStatements(subject), ...kept]);
  const document = { ...contract.permissions, Statement };
  return putInline(OWN_POLICY, document, 'Give the role the contract’s permission policy.', subject);
}

/** What the contract gives the role. */
function ownStatements({ policies: { key }, context: { contract } }: Subject): ContractStatement[] {
  return [...contract.permissions.Statement, ...(key ? [keyWriteStatement(key.arn)] : [])];
}

function distinct(statements: readonly unknown[]): unknown[] {
  return [...new Map(statements.map((statement) => [JSON.stringify(statement), statement])).values()];
}

function allowsPut(identity: readonly Policy[], { policies, context }: Subject, resource?: Policy): boolean {
  const documents = {
    identity: identity.map(onlyAllows),
    ...(resource ? { resource: onlyAllows(resource) } : {}),
  };
  return decide(documents, putRequest(policies, context)).verdict === 'allowed';
}

/** Whether a policy of the role or its boundary allows it to use the bucket's key, Deny statements aside. */
export function allowsKey(policy: Policy, { policies }: Subject): boolean {
  const { key } = policies;
  return (
    key === undefined ||
    decide({ identity: [onlyAllows(policy)] }, keyRequest(policies, key.arn)).verdict === 'allowed'
  );
}

/** Whether nothing allows the role to put objects, Deny statements aside. */
function lacksPermissions(subject: Subject): boolean {
  const { identity, bucket } = subject.policies;
  return !allowsPut(
    identity.map(({ parsed }) => parsed),
    subject,
    bucket,
  );
}

/** Whether a finding gives the role its own inline policy: no policy that stays holds what the role needs. */
function needsOwn(subject: Subject): boolean {
  const { identity } = subject.policies;
  return (
    lacksPermissions(subject) ||
    lacksKey(subject) ||
    identity.some(
      ({ policy, parsed }) => isDetached(policy, parsed, subject) && needsOwnWithout(parsed, subject),
    )
  );
}

/** Whether no policy of the role allows it the bucket's key, Deny statements aside, though the key leaves that to them. */
export function lacksKey(subject: Subject): boolean {
  const { policies } = subject;
  const { key, keyPolicy } = policies;
  if (!key || !keyPolicy) return false;
  if (policies.identity.some(({ parsed }) => allowsKey(parsed, subject))) return false;
  // A key of another account needs both policies to allow.
  const isOwn = parseArn(key.arn)?.accountId === policies.caller.accountId;
  const byKey = decide({ identity: [], resource: keyPolicy }, keyRequest(policies, key.arn));
  return !isOwn || byKey.verdict !== 'allowed';
}

/** Whether the correction of an attached policy is that the role loses it. */
function isDetached(policy: RolePolicy, parsed: Policy, subject: Subject): boolean {
  const arn = policy.arn ?? '';
  if (policy.kind === 'inline') return false;
  const isLeftAlone =
    excessOnceSpared(parsed, subject).length === 0 &&
    denyingOf(parsed, subject).size === 0 &&
    openOf(parsed, subject).size === 0;
  if (isLeftAlone) return false;
  return isAwsManaged(arn) || isShared(arn, subject);
}

/** Whether the role lacks something once it has lost this policy and every other loses what is too much. */
function needsOwnWithout(lost: Policy, subject: Subject): boolean {
  const { policies } = subject;
  const left = policies.identity.flatMap(({ policy, parsed }) => {
    if (parsed === lost || isDetached(policy, parsed, subject)) return [];
    const document = documentOf(parsed, correctedStatements(policy, parsed, subject));
    return document ? [parsedIdentityPolicy({ source: '', text: JSON.stringify(document) })] : [];
  });
  if (!allowsPut(left, subject)) return true;
  const { key } = policies;
  const had = (identity: Policy[]) =>
    key !== undefined &&
    decide({ identity: identity.map(onlyAllows) }, keyRequest(policies, key.arn)).verdict === 'allowed';
  return had(policies.identity.map(({ parsed }) => parsed)) && !had(left);
}

/**
 * Whether the export's own correction can't be one of the policy, since another export of the run has it as well, or since it
 * is a boundary, which is corrected otherwise.
 */
function isShared(arn: string, subject: Subject): boolean {
  const isBoundary = ({ role }: Subject) => boundaryOf(role) === arn;
  return (
    isBoundary(subject) ||
    othersWith(subject, (other) => hasPolicy(other.role, arn) || isBoundary(other)).length > 0
  );
}

/** Whether a Deny that keeps the role from putting objects also holds back what the policy grants beyond the contract. */
export function isHeldBack(parsed: Policy, subject: Subject): boolean {
  const { policies, context } = subject;
  return excessOnceSpared(parsed, subject).length > excessStatements(parsed, policies, context).length;
}

function hasPolicy({ attachedPolicies }: RoleObservation, arn: string): boolean {
  return attachedPolicies.state === 'value' && attachedPolicies.value.some((policy) => policy.arn === arn);
}

function boundaryOf({ permissionsBoundary }: RoleObservation): string | undefined {
  return permissionsBoundary.state === 'value' ? permissionsBoundary.value.arn : undefined;
}

function hasAttached({ policies }: Subject): boolean {
  return policies.identity.some(({ policy }) => policy.kind === 'attached');
}

/**
 * Attaches the policy that says exactly what the contract does, if the account has one: it was detached. Otherwise gives the
 * permissions by an inline policy.
 */
function attachAgain(subject: Subject): Remediation {
  const { role } = subject;
  const given = givePermissions(subject);
  const [put = ''] = given.commands ?? [];
  const wanted = ownStatements(subject).flatMap(({ Effect, Action, Resource }) =>
    [Effect, Action, Resource].flat(),
  );
  // Effect, actions, resources and condition of every statement as one flat list, however they are written.
  const flat =
    '[PolicyVersionList[?IsDefaultVersion].Document[].Statement][][].[Effect,[Action][],[Resource][],Condition][][]';
  const query = `Policies[?(${flat}) == \`${JSON.stringify(wanted)}\`].[Arn]`;
  const name = quote(role.name);
  return {
    ...given,
    summary:
      'Attach the role’s policy again, if it was detached; if the account has none that allows just this, give the role the contract’s permission policy.',
    commands: [
      `policy=$(aws iam get-account-authorization-details --filter LocalManagedPolicy --query ${quote(query)} --output text | head -n 1); if [ -n "$policy" ]; then aws iam attach-role-policy --role-name ${name} --policy-arn "$policy"; else ${put}; fi`,
    ],
  };
}

/** Exempts the role from every Deny that perhaps hits the role's writes. Each gets one more condition and loses none. */
export function exemptTheRole(subject: Subject): Remediation | undefined {
  const { role, policies, context } = subject;
  const steps: Remediation[] = [];
  for (const { policy, parsed } of policies.identity) {
    if (openOf(parsed, subject).size === 0 || isAwsManaged(policy.arn ?? '')) continue;
    const reason = `Exempt the role from the Deny in the policy ${policy.name}.`;
    const also =
      excessOnceSpared(parsed, subject).length > 0 ? ' Reduce what it allows to what the contract does.' : '';
    steps.push(fixRolePolicy(policy, parsed, subject, `${reason}${also}`));
  }
  const { boundary, bucket } = policies;
  if (boundary && openOf(boundary, subject).size > 0 && !isAwsManaged(boundaryOf(role) ?? ''))
    steps.push(fixBoundary(boundary, subject, 'Exempt the role from the Deny in its permissions boundary.'));
  if (bucket && openOf(bucket, subject).size > 0) steps.push(fixBucketPolicy(context));
  if (steps.length > 0) steps.push(...limitKeyUse(subject));
  const [first, ...others] = steps;
  return first && combined([first, ...others]);
}

/** The statements of a policy that stay: what is too much is removed or cut down, a Deny of ALTR's writes is removed. */
function correctedStatements(policy: RolePolicy, parsed: Policy, subject: Subject): unknown[] {
  const excess = excessOnceSpared(parsed, subject);
  const denying = denyingOf(parsed, subject);
  const open = openOf(parsed, subject);
  return written(parsed).flatMap((statement) => {
    if (excess.includes(statement)) return cutDown(statement, subject);
    if (open.has(statement)) return [sparing(statement, subject.role.arn)];
    if (!denying.has(statement)) return [statement.raw];
    // An inline policy concerns this role only; an attached one may also be needed elsewhere, Deny included.
    return policy.kind === 'inline' ? [] : [sparing(statement, subject.role.arn)];
  });
}

/** Whether the role, with nothing but the statements that grant it no more than the contract, lacks what it needs. */
const lackOf = remembered((policies: RolePolicies) =>
  remembered((context: RuleContext) => {
    const rest = lazily(() =>
      policies.identity.map(({ parsed }) => {
        const tooMuch = new Set(excessOnceSpared(parsed, { policies, context }));
        return onlyAllows({
          ...parsed,
          statements: parsed.statements.filter((entry) => !tooMuch.has(entry)),
        });
      }),
    );
    const { key } = policies;
    const denied = (request: Request) => decide({ identity: rest() }, request).verdict === 'denied';
    return {
      put: lazily(() => denied(putRequest(policies, context))),
      key: lazily(() => key !== undefined && denied(keyRequest(policies, key.arn))),
    };
  }),
);

/** What of a statement the role needs and has from nowhere else; empty where it needs nothing. */
function cutDown(statement: Statement, subject: Subject): unknown[] {
  const { policies, context } = subject;
  const { Sid, Condition } = statement.raw as Raw;
  const { key } = policies;
  const lacks = lackOf(policies)(context);
  const needed = matchesAction(statement.actions, EXPORT_ACTION) && lacks.put();
  const keyNeeded = matchesAction(statement.actions, KMS_REQUIRED_ACTION) && lacks.key();
  const conditioned = Condition === undefined ? {} : { Condition };
  return [
    ...(needed
      ? context.contract.permissions.Statement.map((own) => ({
          ...own,
          ...(Sid ? { Sid } : {}),
          ...conditioned,
        }))
      : []),
    ...(keyNeeded && key ? [{ ...keyWriteStatement(key.arn), ...conditioned }] : []),
  ];
}
