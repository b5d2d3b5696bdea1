/** How to mend what is wrong: corrected documents from the contract, and the commands that install them. */
import type { ExportContract } from '../../contract/contract';
import type { Remediation } from '../finding';
import type { RolePolicy } from '../observe/observation';
import type { Policy } from '../policy';

const REDEPLOY = (contract: ExportContract) =>
  `npx cdktf deploy ${contract.name}   # puts back what the construct manages`;

/** Puts the contract's trust policy in place of the one that is there. */
export function restoreTrust(contract: ExportContract, roleName: string): Remediation {
  return {
    summary: 'Put the contract’s trust policy in place.',
    document: contract.trust,
    commands: [
      `aws iam update-assume-role-policy --role-name ${quote(roleName)} --policy-document ${quote(JSON.stringify(contract.trust))}`,
    ],
    terraform: REDEPLOY(contract),
  };
}

/** Takes statements out of a policy of the role, or the whole policy away where nothing else is in it. */
export function removeFromRole(
  contract: ExportContract,
  roleName: string,
  policy: RolePolicy,
  parsed: Policy,
  pointers: readonly string[],
): Remediation {
  const document = without(parsed, pointers);
  const role = quote(roleName);
  if (policy.kind === 'inline') {
    const name = quote(policy.name);
    return {
      summary: document
        ? `Take the statement out of the inline policy ${policy.name}.`
        : `Delete the inline policy ${policy.name}.`,
      ...(document ? { document } : {}),
      commands: [
        document
          ? `aws iam put-role-policy --role-name ${role} --policy-name ${name} --policy-document ${quote(JSON.stringify(document))}`
          : `aws iam delete-role-policy --role-name ${role} --policy-name ${name}`,
      ],
      terraform: REDEPLOY(contract),
    };
  }
  const arn = quote(policy.arn ?? '');
  const awsManaged = policy.arn?.includes(':iam::aws:policy/') ?? false;
  return {
    summary:
      document && !awsManaged
        ? `Take the statement out of the policy ${policy.name}.`
        : `Detach the policy ${policy.name} from the role.`,
    ...(document && !awsManaged ? { document } : {}),
    commands: [
      document && !awsManaged
        ? `aws iam create-policy-version --policy-arn ${arn} --set-as-default --policy-document ${quote(JSON.stringify(document))}`
        : `aws iam detach-role-policy --role-name ${role} --policy-arn ${arn}`,
    ],
    terraform: REDEPLOY(contract),
  };
}

/** Gives the role the contract's permissions. */
export function restorePermissions(contract: ExportContract, roleName: string): Remediation {
  return {
    summary: 'Give the role the contract’s permission policy, and take away what denies or narrows it.',
    document: contract.permissions,
    commands: [
      `aws iam put-role-policy --role-name ${quote(roleName)} --policy-name altr-audit-log-export --policy-document ${quote(JSON.stringify(contract.permissions))}`,
    ],
    terraform: REDEPLOY(contract),
  };
}

/** Takes statements out of the bucket policy, or deletes it where nothing else is in it. */
export function removeFromBucketPolicy(
  contract: ExportContract,
  parsed: Policy,
  pointers: readonly string[],
): Remediation {
  const document = without(parsed, pointers);
  const bucket = quote(contract.bucket);
  return {
    summary: document
      ? 'Take the statement out of the bucket policy.'
      : 'Delete the bucket policy: it holds nothing else.',
    ...(document ? { document } : {}),
    commands: [
      document
        ? `aws s3api put-bucket-policy --bucket ${bucket} --policy ${quote(JSON.stringify(document))}`
        : `aws s3api delete-bucket-policy --bucket ${bucket}`,
    ],
    terraform: REDEPLOY(contract),
  };
}

/** The document without some of its statements; `undefined` where none is left. */
function without(parsed: Policy, pointers: readonly string[]): unknown {
  const left = parsed.statements.filter(({ pointer }) => !pointers.includes(pointer)).map(({ raw }) => raw);
  if (left.length === 0) return undefined;
  const variables = parsed.statements.some((statement) => statement.variables);
  return { Version: variables ? '2012-10-17' : '2008-10-17', Statement: left };
}

/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
