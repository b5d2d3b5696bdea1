/** The corrected bucket policy. It is the same for every finding, so that no correction undoes another. */
import type { ExportContract } from '../../contract/contract';
import type { RuleContext } from '../evidence/context';
import { excessStatements } from '../evidence/excess-grants';
import { effectiveForeignPrincipals } from '../evidence/foreign-principals';
import { isUnreadable, putRequest, type RolePolicies, rolePolicies } from '../evidence/role-policies';
import type { RoleObservation } from '../observe/observation';
import {
  applications,
  decide,
  matchesAction,
  type Policy,
  resourceIncludes,
  resourceName,
  resourcePattern,
  type Statement,
} from '../policy';
import type { Remediation } from '../verdict/finding';
import { configChange, destroyed, jsonencode, resource } from './hcl';
import { quote, quoteJson } from './shell';
import { documentOf, sparingForGood, withoutPrincipals, written } from './statements';

/** The role that ALTR assumes, where it exists and could be read. */
export interface RoleOfBucket {
  readonly role: RoleObservation;
  readonly policies: RolePolicies;
}

/**
 * The bucket policy without grants to foreign principals, without what it grants the role beyond the contract, and with every
 * Deny of the role's writes sparing the role. `undefined` where nothing is left.
 */
export function correctBucketPolicy(
  policy: Policy,
  context: RuleContext,
  subject: RoleOfBucket | undefined,
): object | undefined {
  const foreign = effectiveForeignPrincipals(policy, context);
  const excess = subject ? excessStatements(policy, subject.policies, context) : [];
  const denying = subject ? denyingPut(policy, subject, context) : [];
  const statements = written(policy).flatMap((statement): unknown[] => {
    const pointers = [
      ...foreign.filter((principal) => principal.statement === statement).map(({ pointer }) => pointer),
      ...(subject && excess.includes(statement) ? principalsOfRole(statement, subject.role) : []),
    ];
    const granted =
      subject && excess.includes(statement) && needsGrant(statement, subject, context)
        ? context.contract.permissions.Statement.map((own) => ({
            ...own,
            Principal: { AWS: subject.role.arn },
          }))
        : [];
    if (pointers.length > 0) {
      const left = withoutPrincipals(statement, pointers);
      return [...(left === undefined ? [] : [left]), ...granted];
    }
    if (!subject || !denying.includes(statement)) return [statement.raw];
    return namesOnlyTheRole(statement, subject.role) ? [] : [spared(statement, subject, context)];
  });
  return documentOf(policy, statements);
}

/** Fixes the bucket policy, and what it does to the role if that could be read. */
export function fixBucketPolicy(policy: Policy, context: RuleContext): Remediation {
  const { role } = context.observation;
  const policies = role.state === 'value' ? rolePolicies(role.value, context) : undefined;
  const subject =
    role.state === 'value' && policies && !isUnreadable(policies)
      ? { role: role.value, policies }
      : undefined;
  return replaceBucketPolicy(context.contract, correctBucketPolicy(policy, context, subject));
}

/** The kit's own policy replaces the existing one and all that it holds. */
const kitPolicy = (contract: ExportContract) =>
  configChange(contract, 'bucketPolicy:\n  requireTls: true # this policy replaces the existing one');

/** Installs a corrected bucket policy, or deletes the policy. */
export function replaceBucketPolicy(contract: ExportContract, document: object | undefined): Remediation {
  const bucket = quote(contract.bucket);
  if (!document) {
    return {
      summary: 'Delete the bucket policy: it holds nothing else.',
      commands: [`aws s3api delete-bucket-policy --bucket ${bucket}`],
      terraform: destroyed(
        'aws_s3_bucket_policy',
        `the resource of bucket ${JSON.stringify(contract.bucket)}`,
      ),
      cdktf: kitPolicy(contract),
    };
  }
  return {
    summary: 'Correct the bucket policy.',
    document,
    commands: [`aws s3api put-bucket-policy --bucket ${bucket} --policy ${quoteJson(document)}`],
    terraform: resource('aws_s3_bucket_policy', contract.bucket, {
      bucket: contract.bucket,
      policy: jsonencode(document),
    }),
    cdktf: kitPolicy(contract),
  };
}

/** Principals of a statement that are the role, its sessions or everybody, not the account as a whole. */
function principalsOfRole({ principals }: Statement, role: RoleObservation): string[] {
  return (principals?.entries ?? [])
    .filter(
      (entry) =>
        entry.kind === 'anyone' ||
        entry.text === role.arn ||
        (entry.kind === 'session' && entry.name.startsWith(`${role.name}/`)),
    )
    .map(({ pointer }) => pointer);
}

/** Whether the role may put objects by this statement, and not by policies of its own. */
function needsGrant({ actions }: Statement, { policies }: RoleOfBucket, context: RuleContext): boolean {
  const identity = policies.identity.map(({ parsed }) => parsed);
  const put = putRequest(policies, context);
  return matchesAction(actions, put.action) && decide({ identity }, put).verdict === 'denied';
}

function denyingPut(policy: Policy, { policies }: RoleOfBucket, context: RuleContext): Statement[] {
  return applications([policy], 'Deny', putRequest(policies, context))
    .filter(({ verdict }) => verdict === 'true')
    .map(({ statement }) => statement);
}

/** The Deny without the role. */
function spared(statement: Statement, { role, policies }: RoleOfBucket, { contract }: RuleContext): unknown {
  const { resources } = statement;
  const bucket = resourceName(contract.bucketArn);
  const isReached =
    resources !== undefined &&
    (resources.negated ||
      resources.entries.some(({ text }) => resourceIncludes(resourcePattern(text, false), bucket)));
  const { accountId } = policies.caller;
  return sparingForGood(statement, { arn: role.arn, accountId }, { action: 's3:PutBucketPolicy', isReached });
}

function namesOnlyTheRole({ principals }: Statement, role: RoleObservation): boolean {
  return principals?.negated === false && principals.entries.every(({ text }) => text === role.arn);
}
