/** No undeclared role in the account has the prefix or lets ALTR's account in. */
import { hasRoleNamePrefix, ROLE_NAME_PREFIX } from '../../contract/names';
import type { RuleContext } from '../evidence/context';
import { type Outcome, unread } from '../evidence/outcome';
import { parsedTrustPolicy } from '../evidence/parsed';
import { letsAltrIn } from '../evidence/trust-callers';
import { grantFaults, notUnderstood } from '../evidence/wording';
import type { ListedRole } from '../observe/observation';
import type { Policy, Statement } from '../policy';
import { declareRole } from '../remedy/missing';
import type { Rule } from './rule';

export const undeclaredAltrRole: Rule = {
  metadata: {
    id: 'undeclared-altr-role',
    title: 'No undeclared role in the account has the prefix or trusts ALTR’s account',
    severity: 'medium',
    needs: 'account-roles',
    scope: 'account',
    requirement: {
      text: 'The ALTR platform will use an IAM Role. (One, which the config declares.)',
      source: 'vendor page, step 4 “Configure an IAM Role”',
    },
    risk: 'A forgotten role is a way into your account that nobody audits.',
    remediation:
      'Declare the role in the config, so that it is audited (`altr-export adopt --role NAME`); delete it only if nobody needs it.',
    examples: {
      violating: {
        summary: 'A role of an earlier trial is still there.',
        setUp: {
          otherRoles: {
            ALTRPublishSIEMDataTrial: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
            },
          },
        },
      },
      compliant: {
        summary: 'Another role lets in a service of AWS.',
        setUp: {
          otherRoles: {
            LambdaBasic: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
              ],
            },
          },
        },
      },
    },
  },
  resource: ({ observation }) =>
    observation.accountId.state === 'value' ? `account ${observation.accountId.value}` : 'the account',
  judge: (context) => {
    const { account, declaredRoles } = context;
    // Another export carries the account's findings, or the account was not read for this rule.
    if (!account) return [];
    if (account.roles.state === 'unreadable') return [unread(account.roles.reason)];
    if (account.roles.state === 'absent') return [];
    const outcomes = account.roles.value
      .filter((role) => !declaredRoles.surely.has(role.name.toLowerCase()))
      .flatMap((role) => judge(role, context));
    // A partial list can't prove that there is none.
    if (outcomes.length > 0 || account.partial) return outcomes;
    return [{ status: 'pass', fact: 'none', message: 'Every role for ALTR in the account is declared.' }];
  },
};

function judge(role: ListedRole, context: RuleContext): Outcome[] {
  const policy = parsedTrustPolicy(role.trustPolicy);
  const why = whyForAltr(role, policy, context);
  if (!why) return notUnderstoodOf(role, policy, context);
  const declaredBy = context.declaredRoles.perhaps.get(role.name.toLowerCase());
  if (declaredBy !== undefined) return [perhapsDeclared(role, why, declaredBy)];
  return [
    {
      status: 'fail',
      fact: 'undeclared',
      resource: role.arn,
      message: `The role ${role.name} ${why}, and the config does not declare it.${lastUse(role)}`,
      expected: 'a role that the config declares',
      actual: role.name,
      location: { document: role.trustPolicy.source, pointer: '' },
      remediation: declareRole(role.name, context.contract),
    },
  ];
}

/** When the role was last used, if that was observed: IAM tells it of single roles, not in its list. */
function lastUse({ lastUsed }: ListedRole): string {
  switch (lastUsed?.state) {
    case 'value':
      return ` It was last used at ${lastUsed.value}.`;
    case 'absent':
      return ' Nobody used it in the last 400 days, which is as long as AWS remembers.';
    case 'unreadable':
      return ` When it was last used is not known: ${lastUsed.reason.message}.`;
    default:
      return '';
  }
}

/** A trust policy that names ALTR's account, or everybody, and was not fully understood: it may let ALTR in. */
function notUnderstoodOf(role: ListedRole, policy: Policy, { contract }: RuleContext): Outcome[] {
  const faults = grantFaults(policy);
  const mayMeanAltr = ({ faults, principals, raw }: Statement) =>
    faults.length > 0 &&
    (principals?.negated ||
      principals?.entries.some(({ kind }) => kind === 'anyone') ||
      (JSON.stringify(raw) ?? '').includes(contract.altrAccountId));
  const namesAltr = role.trustPolicy.text.includes(contract.altrAccountId);
  if (faults.length === 0 || !(namesAltr || policy.statements.some(mayMeanAltr))) return [];
  return [{ ...notUnderstood(policy.source, faults), resource: role.arn }];
}

/** A role of that name is declared, in an unknown account. */
function perhapsDeclared(role: ListedRole, why: string, declaredBy: string): Outcome {
  return {
    status: 'unknown',
    fact: 'perhaps-declared',
    cause: 'unreadable',
    resource: role.arn,
    message: `It can’t be decided: the role ${role.name} ${why}, and the export ${declaredBy} declares a role of that name in an account which this run does not know.`,
    expected: 'a role that the config declares in this account',
    actual: role.name,
    remediation: {
      summary: `Name the accountId of export ${declaredBy}, or check it in the same run.`,
    },
  };
}

function whyForAltr(
  role: ListedRole,
  policy: Policy,
  { contract, observedAt }: RuleContext,
): string | undefined {
  if (hasRoleNamePrefix(role.name)) return `has the prefix ${ROLE_NAME_PREFIX}`;
  return letsAltrIn(policy, contract, observedAt) ? 'lets ALTR’s account in' : undefined;
}
