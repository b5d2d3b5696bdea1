/** How to fix a trust policy. */
import type { ExportContract } from '../../contract/contract';
import type { RuleContext } from '../evidence/context';
import { parsedTrustPolicy } from '../evidence/parsed';
import { assumeRequest } from '../evidence/role-policies';
import type { RoleObservation } from '../observe/observation';
import { decideByPolicy, type Policy, type Statement } from '../policy';
import type { Remediation } from '../verdict/finding';
import { redeploy } from './hcl';
import { roleBlock } from './role-block';
import { quote, quoteJson } from './shell';
import { documentOf, sparingAccount, written } from './statements';

/** Restores the contract's trust policy: the same document for every finding. */
export function restoreTrust(context: RuleContext, role: RoleObservation, policy: Policy): Remediation {
  return replaceTrust(
    'Restore the contract’s trust policy.',
    correctedTrust(context, policy),
    role,
    context.contract,
  );
}

/**
 * Every Allow becomes the contract's statement, since any other Allow lets somebody else in. A Deny that does not apply to
 * ALTR only restricts others, so it stays; any other Deny spares ALTR's account.
 */
function correctedTrust(context: RuleContext, policy: Policy): object {
  const { contract } = context;
  const kept = written(policy)
    .filter(({ effect, faults }) => effect === 'Deny' && faults.length === 0)
    .flatMap((statement) => {
      if (letsAltrIn(statement.raw, context)) return [statement.raw];
      const spared = sparingAccount(statement, contract.altrAccountId);
      return isOfAltrAlone(statement, contract) || !letsAltrIn(spared, context) ? [] : [spared];
    });
  if (kept.length === 0) return contract.trust;
  return documentOf(policy, [...contract.trust.Statement, ...kept]) ?? contract.trust;
}

/** Whether the Deny would apply to nobody if it spared ALTR's account. */
function isOfAltrAlone({ principals }: Statement, { altrAccountId }: ExportContract): boolean {
  return (
    principals?.negated === false &&
    principals.entries.every((entry) => 'accountId' in entry && entry.accountId === altrAccountId)
  );
}

/** The trust policy of a fix that is not about it: the one that every finding about it restores. */
export function trustAsRestored(context: RuleContext, { trustPolicy }: RoleObservation): object {
  return trustPolicy.state === 'value'
    ? correctedTrust(context, parsedTrustPolicy(trustPolicy.value))
    : context.contract.trust;
}

/** Puts another trust policy in place of a role's, which otherwise stays. */
export function replaceTrust(
  summary: string,
  document: object,
  role: RoleObservation,
  contract: ExportContract,
): Remediation {
  return {
    summary,
    document,
    commands: [
      `aws iam update-assume-role-policy --role-name ${quote(role.name)} --policy-document ${quoteJson(document)}`,
    ],
    terraform: roleBlock(role, { trust: document }),
    cdktf: redeploy(contract),
  };
}

/** Exempts ALTR's account from every Deny that perhaps applies to ALTR. The rest is as every finding about the document restores it. */
export function exemptAltr(
  context: RuleContext,
  role: RoleObservation,
  policy: Policy,
): Remediation | undefined {
  const isOpen = ({ effect, faults, raw }: Statement) =>
    effect === 'Deny' && faults.length === 0 && !letsAltrIn(raw, context);
  if (!written(policy).some(isOpen)) return undefined;
  const others = written(policy).filter(({ effect, faults }) => effect !== 'Deny' || faults.length > 0);
  const isContracts =
    JSON.stringify(others.map(({ raw }) => raw)) === JSON.stringify(context.contract.trust.Statement);
  const exempt = 'Exempt ALTR’s account from the Deny.';
  return {
    ...restoreTrust(context, role, policy),
    summary: isContracts
      ? exempt
      : `${exempt} This also replaces what the policy allows by the contract’s statement, which lets the whole of ALTR’s account in with the client ID as ExternalId.`,
  };
}

/** Whether ALTR with the right ExternalId can certainly assume the role in spite of this Deny. */
function letsAltrIn(deny: unknown, context: RuleContext): boolean {
  const { contract, observation } = context;
  const Statement = [...contract.trust.Statement, deny];
  const policy = parsedTrustPolicy({ source: '', text: JSON.stringify({ ...contract.trust, Statement }) });
  const role = observation.role.state === 'value' ? observation.role.value : undefined;
  return decideByPolicy(policy, assumeRequest(role, context)).verdict === 'allowed';
}
