/** The corrected bucket policy. It is the same for every finding, so that no correction undoes another. */
import { bucketPolicyDocument } from '../../config/options/bucket-policy';
import type { ContractDocument } from '../../contract/statement';
import type { RuleContext } from '../evidence/context';
import { declaredReaders, lacksDenials } from '../evidence/declared-denials';
import { effectiveForeignPrincipals } from '../evidence/foreign-principals';
import { parsedResourcePolicy } from '../evidence/parsed';
import { putRequest } from '../evidence/role-policies';
import {
  applications,
  decide,
  type Matcher,
  type Policy,
  resourceIncludes,
  resourceName,
  resourcePattern,
  type Statement,
} from '../policy';
import type { Remediation } from '../verdict/finding';
import { destroyed, jsonencode, redeploy, resource } from './hcl';
import { quote, quoteJson } from './shell';
import {
  butRoles,
  type Change,
  documentOf,
  isOnlyFor,
  principalsOfRole,
  type Raw,
  shutsOutForGood,
  sparingForGood,
  withoutSid,
  withStatements,
  written,
} from './statements';
import { denyingOf, excessOnceSpared, openOf, type Subject, subjectOf } from './subject';
import { type Correction, withinAccount, wordChanges } from './within-account';

const NOTHING: Policy = { source: '', statements: [], faults: [] };

/** Everything that a correction may change, in the order in which it is told. */
const CHANGES = {
  'role-spared': 'Exempt the role from the Deny in the bucket policy.',
  'account-spared':
    'Exempt this account from the Deny in the bucket policy: it applies to everybody, so nobody could change the policy any more. Everybody in the account may then do with the logs what their own policies allow.',
  'deny-removed': 'Remove the Deny of the role from the bucket policy.',
  removed: 'Take principals outside the account out of the bucket policy.',
  'everybody-limited': 'Limit what the bucket policy grants everybody to this account.',
  'services-limited': 'Let AWS services act by the bucket policy on behalf of this account alone.',
  'not-principal-removed':
    'Remove the Allow with NotPrincipal from the bucket policy: IAM does not support it. Those in the account who rely on it need grants by name.',
  'role-limited': 'Take from the role what the bucket policy grants it beyond writing logs.',
  'role-granted': 'Let the bucket policy allow the role to put objects, by a statement of its own.',
  denials: 'Add the declared denials to the bucket policy.',
  'denials-of-reading':
    'Add the declared denials to the bucket policy. Everybody but the declared readers can’t read logs from then on.',
} as const;

type BucketPolicyChange = keyof typeof CHANGES;

/**
 * The bucket policy without grants to foreign principals and without what it grants the role beyond the contract. What it grants
 * everybody or AWS services goes on for this account. Every Deny that hits or may hit the role's writes spares the role, and what
 * the config declares to be denied is denied.
 */
function correctedBucketPolicy(policy: Policy, context: RuleContext): Correction<BucketPolicyChange> {
  const subject = subjectOf(context);
  const changes = new Set<BucketPolicyChange>();
  const denying = subject ? [...denyingOf(policy, subject), ...openOf(policy, subject)] : [];
  const correctAllow = allowCorrector(policy, subject, context, changes);
  const statements = written(policy).flatMap((statement): unknown[] => {
    if (statement.effect === 'Allow') return correctAllow(statement);
    if (!subject || !denying.includes(statement)) return [statement.raw];
    if (isOnlyFor(statement, [subject.role.arn])) {
      changes.add('deny-removed');
      return [];
    }
    return [spared(statement, subject, changes)];
  });
  if (subject && losesGrant(policy, statements, subject)) {
    statements.push(...grantOf(subject, statements));
    changes.add('role-granted');
  }
  const corrected = documentOf(policy, statements);
  const document = withDeclaredDenials(corrected, policy, context);
  if (document !== corrected)
    changes.add(context.declared?.bucketPolicy?.onlyReaders ? 'denials-of-reading' : 'denials');
  return { document, changes };
}

/** What corrects one Allow of the policy after the other. */
function allowCorrector(
  policy: Policy,
  subject: Subject | undefined,
  context: RuleContext,
  changes: Set<BucketPolicyChange>,
): (statement: Statement) => unknown[] {
  const { contract, observation } = context;
  const foreign = effectiveForeignPrincipals(policy, context);
  const excess = subject ? excessOnceSpared(policy, subject) : [];
  const accountId =
    observation.accountId.state === 'value'
      ? observation.accountId.value
      : (subject?.policies.caller.accountId ?? '');
  const account = { partition: contract.partition, accountId, callerKey: 'aws:PrincipalAccount' } as const;
  return (statement) => {
    const outside = foreign.filter((entry) => entry.statement === statement).map(({ pointer }) => pointer);
    const role = subject && excess.includes(statement) ? subject.role : undefined;
    if (outside.length === 0 && !role) return [statement.raw];
    const own = role ? principalsOfRole(statement, role) : [];
    const limited = withinAccount(statement, outside, account, changes, own);
    if (role) changes.add('role-limited');
    const people = butRoles(statement, limited.people, role ? [role.arn] : []);
    return [people, limited.services].filter((raw) => raw !== undefined);
  };
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
  const ofKit = parsedResourcePolicy({ source: '', text: JSON.stringify(own) }).statements;
  const kept = written(corrected).flatMap((statement): unknown[] => {
    const made = ofKit.find(({ sid }) => sid === statement.sid);
    if (!made) return [statement.raw];
    return isVersionOf(made, statement) ? [] : [withoutSid(statement.raw as Raw)];
  });
  return documentOf(policy, [...kept, ...own.Statement]);
}

/** Whether a statement is the kit's, for other readers perhaps: somebody may have given it a meaning of its own. */
function isVersionOf(own: Statement, found: Statement): boolean {
  return JSON.stringify(shapeOf(own)) === JSON.stringify(shapeOf(found));
}

function shapeOf({ effect, principals, actions, resources, conditions }: Statement): object {
  const textsOf = (matcher: Matcher<{ readonly text: string }> | undefined) => [
    matcher?.negated,
    matcher?.entries.map(({ text }) => text).sort(),
  ];
  return [
    effect,
    textsOf(principals),
    textsOf(actions),
    textsOf(resources),
    conditions
      .map(({ operator, key, values }) => [
        `${operator} ${key}`.toLowerCase(),
        ...(key.toLowerCase() === 'aws:principalarn' ? [] : values),
      ])
      .sort(),
  ];
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
  const { document, changes } = correctedBucketPolicy(found ? parsedResourcePolicy(found) : NOTHING, context);
  const bucket = quote(contract.bucket);
  const told = wordChanges(CHANGES, changes);
  if (!document) {
    return {
      summary: `${told} Nothing else is in it, so delete it.`,
      commands: [`aws s3api delete-bucket-policy --bucket ${bucket}`],
      terraform: destroyed(
        'aws_s3_bucket_policy',
        `the resource of bucket ${JSON.stringify(contract.bucket)}`,
      ),
    };
  }
  return {
    summary: told || 'Correct the bucket policy.',
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

/** Whether the role may put objects by the policy alone, and neither by what is kept of it nor by policies of its own. */
function losesGrant(policy: Policy, kept: readonly unknown[], { policies, context }: Subject): boolean {
  const identity = policies.identity.map(({ parsed }) => parsed);
  const put = putRequest(policies, context);
  const allows = (found: Policy) =>
    applications([found], 'Allow', put).some(({ verdict }) => verdict !== 'false');
  return (
    allows(policy) &&
    !allows(withStatements(policy, kept, parsedResourcePolicy)) &&
    decide({ identity }, put).verdict === 'denied'
  );
}

/** The contract's permissions as a statement of a bucket policy. A Sid may be in a policy once. */
function grantOf({ role, context }: Subject, others: readonly unknown[]): unknown[] {
  const taken = others.map((raw) => (raw as Raw).Sid);
  return context.contract.permissions.Statement.map(({ Sid, ...own }) => ({
    ...(taken.includes(Sid) ? {} : { Sid }),
    ...own,
    Principal: { AWS: role.arn },
  }));
}

/** The Deny without the role. */
function spared(
  statement: Statement,
  { role, policies, context: { contract } }: Subject,
  changes: Set<BucketPolicyChange>,
): unknown {
  const { resources } = statement;
  const bucket = resourceName(contract.bucketArn);
  const isReached =
    resources !== undefined &&
    (resources.negated ||
      resources.entries.some(({ text }) => resourceIncludes(resourcePattern(text, false), bucket)));
  const who = { arn: role.arn, accountId: policies.caller.accountId };
  const change: Change = { action: 's3:PutBucketPolicy', isReached };
  changes.add(shutsOutForGood(statement, who, change) ? 'account-spared' : 'role-spared');
  return sparingForGood(statement, who, change);
}
