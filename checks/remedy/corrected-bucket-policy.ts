/** The corrected bucket policy. It is the same for every finding, so that no correction undoes another. */
import { bucketPolicyDocument } from '../../config/options/bucket-policy';
import type { ContractDocument } from '../../contract/statement';
import type { RuleContext } from '../evidence/context';
import { declaredReaders, lacksDenials } from '../evidence/declared-denials';
import {
  effectiveForeignPrincipals,
  type ForeignPrincipal,
  namesService,
  namesSource,
} from '../evidence/foreign-principals';
import { parsedResourcePolicy } from '../evidence/parsed';
import { putRequest } from '../evidence/role-policies';
import type { RoleObservation } from '../observe/observation';
import {
  decide,
  matchesAction,
  type Policy,
  resourceIncludes,
  resourceName,
  resourcePattern,
  type Statement,
} from '../policy';
import type { Remediation } from '../verdict/finding';
import { destroyed, jsonencode, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import { documentOf, exempting, type Raw, sparingForGood, withoutPrincipals, written } from './statements';
import { denyingOf, excessOnceSpared, openOf, type Subject, subjectOf } from './subject';

const NOTHING: Policy = { source: '', statements: [], faults: [] };

/**
 * The bucket policy without grants to foreign principals and without what it grants the role beyond the contract. AWS services go
 * on acting for this account. Every Deny that hits or may hit the role's writes spares the role, and what the config declares to
 * be denied is denied. `undefined` if nothing is left.
 */
function correctedBucketPolicy(policy: Policy, context: RuleContext): object | undefined {
  const subject = subjectOf(context);
  const foreign = effectiveForeignPrincipals(policy, context);
  const excess = subject ? excessOnceSpared(policy, subject) : [];
  const denying = subject ? [...denyingOf(policy, subject), ...openOf(policy, subject)] : [];
  const statements = written(policy).flatMap((statement): unknown[] => {
    const outside = foreign.filter((principal) => principal.statement === statement);
    const hasServices = outside.some(isServiceOfAnybody);
    const pointers = [
      ...outside.filter((principal) => !isServiceOfAnybody(principal)).map(({ pointer }) => pointer),
      ...(subject && excess.includes(statement) ? principalsOfRole(statement, subject.role) : []),
    ];
    const granted =
      subject && excess.includes(statement) && needsGrant(statement, subject)
        ? context.contract.permissions.Statement.map((own) => ({
            ...own,
            Principal: { AWS: subject.role.arn },
          }))
        : [];
    if (pointers.length > 0 || hasServices) {
      const left = pointers.length > 0 ? withoutPrincipals(statement, pointers) : statement.raw;
      const kept = hasServices ? forThisAccount(statement, left, context) : left;
      return [...(kept === undefined ? [] : [kept]), ...granted];
    }
    if (!subject || !denying.includes(statement)) return [statement.raw];
    return namesOnlyTheRole(statement, subject.role) ? [] : [spared(statement, subject)];
  });
  return withDeclaredDenials(documentOf(policy, statements), policy, context);
}

/** A service that the policy names without saying for whom it may act. It may well act for this account. */
function isServiceOfAnybody({ statement, text }: ForeignPrincipal): boolean {
  return !namesSource(statement) && namesService(text);
}

/** A statement for services, for what they do on behalf of this account. */
function forThisAccount(statement: Statement, raw: unknown, { observation }: RuleContext): unknown {
  const { accountId } = observation;
  if (raw === undefined || accountId.state !== 'value') return undefined;
  return exempting({ ...statement, raw }, 'StringEquals', 'aws:SourceAccount', accountId.value);
}

/** The document with the declared denials, if it lacks one of them. */
function withDeclaredDenials(
  document: object | undefined,
  policy: Policy,
  context: RuleContext,
): object | undefined {
  const { declared, observation } = context;
  const own = declaredPolicy(context);
  if (!declared || !own || observation.accountId.state !== 'value') return document;
  const corrected = document ? parsedResourcePolicy({ source: '', text: JSON.stringify(document) }) : NOTHING;
  if (!lacksDenials(corrected, { ...context, declared }, observation.accountId.value)) return document;
  const sids = new Set(own.Statement.map(({ Sid }) => Sid));
  const kept = written(corrected)
    .map(({ raw }) => raw)
    .filter((raw) => !sids.has((raw as Raw).Sid as string | undefined));
  return documentOf(policy, [...kept, ...own.Statement]);
}

/** The policy that the kit makes as declared. */
function declaredPolicy(context: RuleContext): ContractDocument | undefined {
  const { contract, declared, observation } = context;
  if (!declared?.bucketPolicy || observation.accountId.state !== 'value') return undefined;
  const { requireTls, minimumTlsVersion, onlyReaders } = declared.bucketPolicy;
  return bucketPolicyDocument(contract.partition, contract.bucket, {
    requireTls,
    minimumTlsVersion,
    onlyReaders: onlyReaders && declaredReaders({ ...context, declared }, observation.accountId.value),
  });
}

/** Corrects the bucket policy, or deletes it if nothing is left. */
export function fixBucketPolicy(context: RuleContext): Remediation {
  const { contract, observation } = context;
  const found =
    observation.bucket.state === 'value' && observation.bucket.value.policy.state === 'value'
      ? observation.bucket.value.policy.value
      : undefined;
  const document = correctedBucketPolicy(found ? parsedResourcePolicy(found) : NOTHING, context);
  const bucket = quote(contract.bucket);
  if (!document) {
    return {
      summary: 'Delete the bucket policy: it holds nothing else.',
      commands: [`aws s3api delete-bucket-policy --bucket ${bucket}`],
      terraform: destroyed(
        'aws_s3_bucket_policy',
        `the resource of bucket ${JSON.stringify(contract.bucket)}`,
      ),
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
    cdktf: isOwnAlone(document, context) ? redeploy(contract) : undefined,
  };
}

/** Whether nothing but the kit's own policy is left: a deploy replaces all that is there. */
function isOwnAlone(document: object, context: RuleContext): boolean {
  return JSON.stringify(document) === JSON.stringify(declaredPolicy(context));
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
function needsGrant({ actions }: Statement, { policies, context }: Subject): boolean {
  const identity = policies.identity.map(({ parsed }) => parsed);
  const put = putRequest(policies, context);
  return matchesAction(actions, put.action) && decide({ identity }, put).verdict === 'denied';
}

/** The Deny without the role. */
function spared(statement: Statement, { role, policies, context: { contract } }: Subject): unknown {
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
