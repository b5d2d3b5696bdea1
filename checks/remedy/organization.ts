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
import { documentOf, exempting, nameAsWritten, type Raw, written } from './statements';

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

/** What `exempting` does to a statement, to be followed by the place. A second operator of the same name would be no valid JSON. */
function editOf(raw: Raw, { operator, key, value }: Exemption): string {
  const condition = (raw[nameAsWritten(raw, 'Condition')] ?? {}) as Raw;
  const own = nameAsWritten(condition, operator);
  const text = JSON.stringify;
  if (!(own in condition)) return `add ${text(operator)}: {${text(key)}: ${text(value)}} to`;
  const keys = condition[own] as Raw;
  const ownKey = nameAsWritten(keys, key);
  return ownKey in keys
    ? `add ${text(value)} to the values of ${text(ownKey)} under ${text(own)} in`
    : `add ${text(key)}: ${text(value)} under ${text(own)} in`;
}

/** The corrected policies, for those who own them. */
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
  const steps = [...byPolicy.values()].map(({ attached, statements }) => {
    const edits = new Map<string, string[]>();
    for (const { faults, pointer, raw } of statements) {
      if (faults.length > 0) continue;
      const edit = editOf(raw as Raw, exemption);
      edits.set(edit, [...(edits.get(edit) ?? []), pointer]);
    }
    return edits.size > 0
      ? `exempt ${who} in ${attachedName(attached)}: ${[...edits].map(([edit, places]) => `${edit} the condition at ${places.join(' and ')}`).join(', and ')}`
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
