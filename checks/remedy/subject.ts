/** The role whose permissions are to be fixed, and what keeps it from putting objects. */
import type { RuleContext } from '../evidence/context';
import { allowedBy, excessStatements, KEY_POLICY_SIDE, sortGrants } from '../evidence/excess-grants';
import { remembered } from '../evidence/lazily';
import {
  isUnreadable,
  keyRequest,
  putRequest,
  type RolePolicies,
  rolePolicies,
} from '../evidence/role-policies';
import type { RoleObservation } from '../observe/observation';
import { applications, type Policy, type Statement } from '../policy';

export interface Subject {
  readonly role: RoleObservation;
  readonly policies: RolePolicies;
  readonly context: RuleContext;
}

/** The export's role, if it exists and could be read. */
export function subjectOf(context: RuleContext): Subject | undefined {
  const { role } = context.observation;
  if (role.state !== 'value') return undefined;
  const policies = rolePolicies(role.value, context);
  return isUnreadable(policies) ? undefined : { role: role.value, policies, context };
}

/** Other exports of the run with roles of their own that fit. */
export function othersWith({ role, context }: Subject, fits: (other: Subject) => boolean): Subject[] {
  return (context.run ?? []).flatMap((other) => {
    const subject = subjectOf(other);
    return subject && subject.role.arn !== role.arn && fits(subject) ? [subject] : [];
  });
}

/** Deny statements that surely hit the role where it puts objects or uses the bucket's key. */
export function denyingOf(policy: Policy, { policies, context }: Omit<Subject, 'role'>): Set<Statement> {
  const requests = [
    putRequest(policies, context),
    ...(policies.key ? [keyRequest(policies, policies.key.arn)] : []),
  ];
  const hit = requests.flatMap((request) => applications([policy], 'Deny', request));
  return new Set(hit.filter(({ verdict }) => verdict === 'true').map(({ statement }) => statement));
}

/** Deny statements that may hit the role where it puts objects: that can't be decided. */
export function openOf(policy: Policy, { policies, context }: Omit<Subject, 'role'>): Set<Statement> {
  const hit = denyingOf(policy, { policies, context });
  const open = applications([policy], 'Deny', putRequest(policies, context)).filter(
    ({ verdict, statement }) => verdict !== 'false' && statement.faults.length === 0 && !hit.has(statement),
  );
  return new Set(open.map(({ statement }) => statement));
}

/** The statements that grant the role too much once no Deny keeps it from putting objects. */
export function excessOnceSpared(policy: Policy, { policies, context }: Omit<Subject, 'role'>): Statement[] {
  return excessStatements(policy, onceSpared({ policies, context }), context);
}

/** Whether a statement of the key's policy lets the role do more than use the key, once no Deny keeps it from writing. */
export function isKeyExcessOnceSpared(statement: Statement, subject: Omit<Subject, 'role'>): boolean {
  return isKeyExcess(statement, onceSpared(subject), subject.context);
}

/** The role's policies without every Deny that keeps it from writing. */
export function onceSpared({ policies, context }: Omit<Subject, 'role'>): RolePolicies {
  return spared(policies)(context);
}

/** Whether a statement of the key's policy lets the role do more than use the key. */
export function isKeyExcess(statement: Statement, policies: RolePolicies, context: RuleContext): boolean {
  return sortGrants(statement, policies, allowedBy(context), KEY_POLICY_SIDE).excess.length > 0;
}

const spared = remembered((policies: RolePolicies) =>
  remembered((context: RuleContext): RolePolicies => {
    let hasChanged = false;
    const without = (policy: Policy): Policy => {
      const gone = [denyingOf(policy, { policies, context }), openOf(policy, { policies, context })];
      const statements = policy.statements.filter((statement) => !gone.some((set) => set.has(statement)));
      hasChanged ||= statements.length < policy.statements.length;
      return { ...policy, statements };
    };
    const left: RolePolicies = {
      ...policies,
      identity: policies.identity.map(({ policy, parsed }) => ({ policy, parsed: without(parsed) })),
      boundary: policies.boundary && without(policies.boundary),
      bucket: policies.bucket && without(policies.bucket),
      keyPolicy: policies.keyPolicy && without(policies.keyPolicy),
    };
    return hasChanged ? left : policies;
  }),
);

export function onlyAllows(policy: Policy): Policy {
  return { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Allow') };
}
