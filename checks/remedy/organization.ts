/** How to fix what an organization's policies stop. They are other people's: nothing here changes one. */
import {
  type AttachedPolicy,
  attachedName,
  type OrganizationDecision,
  targetName,
} from '../evidence/organization';
import type { OrganizationObservation } from '../observe/observation';
import type { Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import { documentOf, exempting, written } from './statements';

/** Who is exempted, as AWS's examples for data perimeters do it. */
export interface Exemption {
  /** For example `ALTR’s account`. */
  readonly who: string;
  readonly operator: string;
  readonly key: string;
  readonly value: string;
}

/** AWS's key for accounts of third parties. */
export function altrsAccount(accountId: string): Exemption {
  const [operator, key] = ['StringNotEqualsIfExists', 'aws:PrincipalAccount'];
  return { who: 'ALTR’s account', operator, key, value: accountId };
}

/** The role's ARN is also that of its sessions. */
export function theRole(roleArn: string): Exemption {
  return { who: 'the role', operator: 'ArnNotLikeIfExists', key: 'aws:PrincipalArn', value: roleArn };
}

/** The corrected policies, for whoever owns them. */
export function exemptInOrganization(
  decisions: readonly OrganizationDecision[],
  { id, managementAccountId }: OrganizationObservation,
  exemption: Exemption,
): Remediation {
  const { who, operator, key, value } = exemption;
  const byPolicy = new Map<
    string,
    { readonly attached: AttachedPolicy; readonly statements: Set<Statement> }
  >();
  for (const { attached, statement } of decisions.flatMap(({ stops }) => stops)) {
    const known = byPolicy.get(attached.policy.id) ?? { attached, statements: new Set() };
    byPolicy.set(attached.policy.id, { attached, statements: known.statements.add(statement) });
  }
  const condition = `${JSON.stringify(operator)}: {${JSON.stringify(key)}: ${JSON.stringify(value)}}`;
  const steps = [...byPolicy.values()].map(({ attached, statements }) => {
    const places = [...statements].flatMap(({ faults, pointer }) => (faults.length > 0 ? [] : [pointer]));
    return places.length > 0
      ? `exempt ${who} in ${attachedName(attached)}: add ${condition} to the condition at ${places.join(' and ')}`
      : `correct ${attachedName(attached)}, which this audit does not understand`;
  });
  const lacking = decisions.flatMap((decision) =>
    decision.lacking.map(
      ({ target }) => `attach a policy that allows ${decision.action} to ${targetName(target)}`,
    ),
  );
  const all = [...steps, ...new Set(lacking)].join('; ');
  const documents = [...byPolicy.values()].flatMap(({ attached: { policy, parsed }, statements }) => {
    const edited = written(parsed).map((statement) =>
      statements.has(statement) && statement.faults.length === 0
        ? exempting(statement, operator, key, value)
        : statement.raw,
    );
    return statements.size > 0
      ? [[`${policy.name} (${policy.id})`, documentOf(parsed, edited)] as const]
      : [];
  });
  const [only, ...others] = documents;
  return {
    summary: `Ask the owner of the organization ${id} (management account ${managementAccountId}) to ${all || 'review its policies'}. The policy is theirs and binds other accounts, too, so no command is offered.`,
    document: others.length > 0 ? Object.fromEntries(documents) : only?.[1],
  };
}
