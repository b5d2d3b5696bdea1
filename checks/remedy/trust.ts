/** How to fix a trust policy. */
import type { ExportContract } from '../../contract/contract';
import type { RuleContext } from '../evidence/context';
import { parsedTrustPolicy } from '../evidence/parsed';
import { assumeRequest } from '../evidence/role-policies';
import type { RoleObservation } from '../observe/observation';
import { decideByPolicy, type Policy, type Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import { jsonencode, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import { documentOf, sparingAccount, written } from './statements';

/**
 * Replaces every Allow by the contract's statement, since any other Allow lets somebody else in. A Deny that does not
 * apply to ALTR only restricts others, so it stays.
 */
export function restoreTrust(context: RuleContext, role: RoleObservation, policy: Policy): Remediation {
  const { contract } = context;
  const kept = written(policy)
    .filter(({ effect, faults, raw }) => effect === 'Deny' && faults.length === 0 && letsAltrIn(raw, context))
    .map(({ raw }) => raw);
  const document = { ...contract.trust, Statement: [...contract.trust.Statement, ...kept] };
  return replaceTrust(document, contract, role);
}

function replaceTrust(document: object, contract: ExportContract, role: RoleObservation): Remediation {
  return {
    summary: 'Restore the contract’s trust policy.',
    document,
    commands: [
      `aws iam update-assume-role-policy --role-name ${quote(role.name)} --policy-document ${quoteJson(document)}`,
    ],
    terraform: resource('aws_iam_role', role.name, {
      name: role.name,
      ...(role.path === '/' ? {} : { path: role.path }),
      assume_role_policy: jsonencode(document),
    }),
    cdktf: redeploy(contract),
  };
}

/** Exempts ALTR's account from every Deny of which it can't be decided whether it applies to ALTR. */
export function exemptAltr(
  context: RuleContext,
  role: RoleObservation,
  policy: Policy,
): Remediation | undefined {
  const { contract } = context;
  const isOpen = ({ effect, faults, raw }: Statement) =>
    effect === 'Deny' && faults.length === 0 && !letsAltrIn(raw, context);
  if (!written(policy).some(isOpen)) return undefined;
  const statements = written(policy).map((statement) =>
    isOpen(statement) ? sparingAccount(statement, contract.altrAccountId) : statement.raw,
  );
  const document = documentOf(policy, statements);
  return (
    document && { ...replaceTrust(document, contract, role), summary: 'Exempt ALTR’s account from the Deny.' }
  );
}

/** Whether ALTR with the right ExternalId can certainly assume the role in spite of this Deny. */
function letsAltrIn(deny: unknown, context: RuleContext): boolean {
  const { contract, observation } = context;
  const Statement = [...contract.trust.Statement, deny];
  const policy = parsedTrustPolicy({ source: '', text: JSON.stringify({ ...contract.trust, Statement }) });
  const role = observation.role.state === 'value' ? observation.role.value : undefined;
  return decideByPolicy(policy, assumeRequest(role, context)).verdict === 'allowed';
}
