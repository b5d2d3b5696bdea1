/**
 * How to fix the documents that decide what the role may do. Each document is corrected as a whole, for whichever finding:
 * so the corrections of all findings can be applied one after another, and none undoes another.
 */
import { parseArn } from '../../contract/arn';
import { EXPORT_ACTION, KMS_REQUIRED_ACTION, keyWriteStatement } from '../../contract/policies';
import type { RuleContext } from '../evidence/context';
import { excessStatements } from '../evidence/excess-grants';
import { lazily, remembered } from '../evidence/lazily';
import { keyRequest, putRequest, type RolePolicies } from '../evidence/role-policies';
import type { RoleObservation, RolePolicy } from '../observe/observation';
import {
  type AccountPolicies,
  applications,
  decide,
  matchesAction,
  type Policy,
  type Request,
  type Statement,
} from '../policy';
import type { Remediation } from '../verdict/finding';
import { combined } from './combined';
import { correctBucketPolicy, replaceBucketPolicy } from './corrected-bucket-policy';
import { configChange, jsonencode, ownPoliciesOnly, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import { documentOf, type Raw, sparing, written } from './statements';

/** The role whose permissions are to be fixed. */
export interface Subject {
  readonly role: RoleObservation;
  readonly policies: RolePolicies;
  readonly context: RuleContext;
}

/** Name of the inline policy that gives the role what it lacks. */
export const OWN_POLICY = 'altr-audit-log-export';

const FOR_EVERYBODY = 'This changes it for everybody it is attached to.';

/** Fixes one document that grants the role too much. */
export function remedyOf(policy: Policy, subject: Subject): Remediation {
  const own = subject.policies.identity.find(({ parsed }) => parsed === policy);
  if (own) return fixRolePolicy(own.policy, policy, subject);
  return replaceBucketPolicy(subject.context.contract, correctBucketPolicy(policy, subject.context, subject));
}

/** Fixes everything that keeps the role from putting objects: Deny statements, the boundary, a missing Allow. */
export function letTheRolePut(subject: Subject): Remediation {
  const { role, policies, context } = subject;
  const { contract } = context;
  const put = putRequest(policies, context);
  const steps: Remediation[] = [];
  const denies = (policy: Policy) =>
    applications([policy], 'Deny', put).some(({ verdict }) => verdict === 'true');
  for (const { policy, parsed } of policies.identity) {
    if (denies(parsed)) steps.push(fixRolePolicy(policy, parsed, subject));
  }
  if (policies.bucket && denies(policies.bucket)) {
    steps.push(replaceBucketPolicy(contract, correctBucketPolicy(policies.bucket, context, subject)));
  }
  const allows = (documents: AccountPolicies) => decide(documents, put).verdict === 'allowed';
  const identity = policies.identity.map(({ parsed }) => onlyAllows(parsed));
  const byBucket = policies.bucket ? { resource: onlyAllows(policies.bucket) } : {};
  if (!allows({ identity, ...byBucket }))
    steps.push(hasAttached(subject) ? givePermissions(subject) : attachAgain(subject));
  const { boundary } = policies;
  if (boundary && (denies(boundary) || !allows({ identity: [onlyAllows(boundary)] }))) {
    steps.push(fixBoundary(boundary, subject));
  }
  const [first = givePermissions(subject), ...others] = steps;
  return combined([first, ...others]);

  function fixBoundary(document: Policy, { policies: { key } }: Subject): Remediation {
    const arn = role.permissionsBoundary.state === 'value' ? role.permissionsBoundary.value.arn : '';
    if (isAwsManaged(arn)) {
      return {
        summary: 'Remove the permissions boundary: it is an AWS managed policy, which can’t be changed.',
        commands: [`aws iam delete-role-permissions-boundary --role-name ${quote(role.name)}`],
        terraform: `${resource('aws_iam_role', role.name, { name: role.name, assume_role_policy: { expression: 'data.aws_iam_policy_document.trust.json' } })}\n# without the argument permissions_boundary`,
        cdktf: redeploy(contract),
      };
    }
    const kept = written(document).map((statement) =>
      denyingOf(document, subject).has(statement) ? sparing(statement, role.arn) : statement.raw,
    );
    const allowed = allows({ identity: [onlyAllows(document)] });
    const added = allowed
      ? []
      : [...contract.permissions.Statement, ...(key ? [keyWriteStatement(key.arn)] : [])];
    return {
      ...newVersion(
        arn,
        documentOf(document, [...kept, ...added]),
        `Let the permissions boundary allow the role to put objects. ${FOR_EVERYBODY}`,
        subject,
      ),
      cdktf: configChange(contract, `role:\n  permissionsBoundary: ${arn} # once that policy is corrected`),
    };
  }
}

/** Fixes one policy of the role: removes what is too much and what denies, keeps the rest. */
export function fixRolePolicy(policy: RolePolicy, parsed: Policy, subject: Subject): Remediation {
  const { role, context } = subject;
  const document = documentOf(parsed, correctedStatements(policy, parsed, subject));
  if (policy.kind === 'inline') {
    return document
      ? putInline(policy.name, document, `Correct the inline policy ${policy.name}.`, subject)
      : deleteInline(policy.name, subject);
  }
  const arn = policy.arn ?? '';
  if (document && !isAwsManaged(arn)) {
    return newVersion(arn, document, `Correct the policy ${policy.name}. ${FOR_EVERYBODY}`, subject);
  }
  // The role must keep what else it needs from the policy.
  const given = document && needsReplacement(parsed, subject) ? givePermissions(subject) : undefined;
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
        policy_arns: others,
      }),
    ].join('\n\n'),
    cdktf: ownPoliciesOnly(context.contract),
  };
}

/** Gives the role the contract's permissions by an inline policy, and keeps what that policy holds already. */
export function givePermissions(subject: Subject): Remediation {
  const { context, policies } = subject;
  const { contract } = context;
  const existing = policies.identity.find(
    ({ policy }) => policy.kind === 'inline' && policy.name === OWN_POLICY,
  );
  const kept = existing ? correctedStatements(existing.policy, existing.parsed, subject) : [];
  const given = [
    ...contract.permissions.Statement,
    ...(policies.key ? [keyWriteStatement(policies.key.arn)] : []),
  ];
  const texts = new Set(given.map((statement) => JSON.stringify(statement)));
  const Statement = [...given, ...kept.filter((statement) => !texts.has(JSON.stringify(statement)))];
  const document = { ...contract.permissions, Statement };
  return putInline(OWN_POLICY, document, 'Give the role the contract’s permission policy.', subject);
}

function hasAttached({ policies }: Subject): boolean {
  return policies.identity.some(({ policy }) => policy.kind === 'attached');
}

/**
 * Attaches the policy that says exactly what the contract does, if the account has one: it was detached. Otherwise gives the
 * permissions by an inline policy.
 */
function attachAgain(subject: Subject): Remediation {
  const { role, policies, context } = subject;
  const given = givePermissions(subject);
  const [put = ''] = given.commands ?? [];
  const wanted = [
    ...context.contract.permissions.Statement,
    ...(policies.key ? [keyWriteStatement(policies.key.arn)] : []),
  ].flatMap(({ Effect, Action, Resource }) => [Effect, Action, Resource].flat());
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

/**
 * Exempts the role from every Deny of which it can't be decided whether it hits the role's writes. Each gets one more
 * condition and loses none, so that nobody else is affected.
 */
export function exemptTheRole(subject: Subject): Remediation | undefined {
  const { role, policies, context } = subject;
  const put = putRequest(policies, context);
  const openIn = (policy: Policy) =>
    new Set(
      applications([policy], 'Deny', put)
        .filter(({ verdict, statement }) => verdict !== 'false' && statement.faults.length === 0)
        .map(({ statement }) => statement),
    );
  const corrected = (policy: Policy) => {
    const open = openIn(policy);
    const statements = written(policy).map((statement) =>
      open.has(statement) ? sparing(statement, role.arn) : statement.raw,
    );
    return open.size > 0 ? documentOf(policy, statements) : undefined;
  };
  const steps: Remediation[] = [];
  for (const { policy, parsed } of policies.identity) {
    const document = corrected(parsed);
    if (!document) continue;
    const summary = `Exempt the role from the Deny in the policy ${policy.name}.`;
    if (policy.kind === 'inline') steps.push(putInline(policy.name, document, summary, subject));
    else if (!isAwsManaged(policy.arn ?? ''))
      steps.push(newVersion(policy.arn ?? '', document, `${summary} ${FOR_EVERYBODY}`, subject));
  }
  const boundaryArn = role.permissionsBoundary.state === 'value' ? role.permissionsBoundary.value.arn : '';
  const boundary = policies.boundary && corrected(policies.boundary);
  if (boundary && !isAwsManaged(boundaryArn)) {
    const summary = `Exempt the role from the Deny in its permissions boundary. ${FOR_EVERYBODY}`;
    steps.push(newVersion(boundaryArn, boundary, summary, subject));
  }
  const bucket = policies.bucket && corrected(policies.bucket);
  if (bucket)
    steps.push({
      ...replaceBucketPolicy(context.contract, bucket),
      summary: 'Exempt the role from the Deny in the bucket policy.',
    });
  const [first, ...others] = steps;
  return first && combined([first, ...others]);
}

/** The statements of a policy that stay: what is too much is removed or cut down, a Deny of ALTR's writes is removed. */
function correctedStatements(policy: RolePolicy, parsed: Policy, subject: Subject): unknown[] {
  const excess = excessStatements(parsed, subject.policies, subject.context);
  const denying = denyingOf(parsed, subject);
  return written(parsed).flatMap((statement) => {
    if (excess.includes(statement)) return cutDown(statement, subject);
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
        const tooMuch = new Set(excessStatements(parsed, policies, context));
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

function needsReplacement(parsed: Policy, subject: Subject): boolean {
  return excessStatements(parsed, subject.policies, subject.context).some(
    (statement) => cutDown(statement, subject).length > 0,
  );
}

/** Deny statements that surely hit the role where it puts objects or uses the bucket's key. */
export function denyingOf(policy: Policy, { policies, context }: Subject): Set<Statement> {
  const requests = [
    putRequest(policies, context),
    ...(policies.key ? [keyRequest(policies, policies.key.arn)] : []),
  ];
  const hit = requests.flatMap((request) => applications([policy], 'Deny', request));
  return new Set(hit.filter(({ verdict }) => verdict === 'true').map(({ statement }) => statement));
}

export function putInline(
  name: string,
  document: object,
  summary: string,
  { role, context }: Subject,
): Remediation {
  return {
    summary,
    document,
    commands: [
      `aws iam put-role-policy --role-name ${quote(role.name)} --policy-name ${quote(name)} --policy-document ${quoteJson(document)}`,
    ],
    terraform: resource('aws_iam_role_policy', name, { role: role.name, name, policy: jsonencode(document) }),
    cdktf: ownPoliciesOnly(context.contract),
  };
}

function deleteInline(name: string, { role, policies, context }: Subject): Remediation {
  const others = policies.identity.flatMap(({ policy }) =>
    policy.kind === 'inline' && policy.name !== name ? [policy.name] : [],
  );
  return {
    summary: `Delete the inline policy ${name}: the role needs nothing in it.`,
    commands: [`aws iam delete-role-policy --role-name ${quote(role.name)} --policy-name ${quote(name)}`],
    terraform: resource('aws_iam_role_policies_exclusive', role.name, {
      role_name: role.name,
      policy_names: others,
    }),
    cdktf: ownPoliciesOnly(context.contract),
  };
}

function newVersion(
  arn: string,
  document: object | undefined,
  summary: string,
  { context }: Subject,
): Remediation {
  const [path = '', name = ''] = /^policy(\/.*?)([^/]+)$/.exec(parseArn(arn)?.resource ?? '')?.slice(1) ?? [];
  const policyArn = quote(arn);
  const oldest = 'reverse(sort_by(Versions[?!IsDefaultVersion],&CreateDate))[3:].[VersionId]';
  return {
    summary: `${summary} If the policy has five versions, the most that IAM keeps, the first command deletes the oldest that is not in force.`,
    document,
    commands: [
      `for version in $(aws iam list-policy-versions --policy-arn ${policyArn} --query ${quote(oldest)} --output text); do aws iam delete-policy-version --policy-arn ${policyArn} --version-id "$version"; done`,
      `aws iam create-policy-version --policy-arn ${quote(arn)} --set-as-default --policy-document ${quoteJson(document)}`,
    ],
    terraform: resource('aws_iam_policy', name, {
      name,
      ...(path === '/' ? {} : { path }),
      policy: jsonencode(document),
    }),
    cdktf: ownPoliciesOnly(context.contract),
  };
}

function onlyAllows(policy: Policy): Policy {
  return { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Allow') };
}

function isAwsManaged(arn: string): boolean {
  return parseArn(arn)?.accountId === 'aws';
}
