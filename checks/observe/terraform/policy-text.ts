/** Policy documents in Terraform's values. */
import { parseArn } from '../../../contract/arn';
import { ABSENT, known, type Observed, type PolicyText, unreadable } from '../observation';
import { isReadLate, unknownOrigins, visibleStatements } from './policy-document';
import {
  attribute,
  KnownAfterApply,
  managed,
  ofType,
  referred,
  type TerraformResource,
  type TerraformWorld,
} from './resource';

/**
 * The document in an attribute. Of one that is not known as a whole, what is certain: the rest is a statement that nobody can
 * judge, so that nothing passes by it.
 */
export function documentOf(
  world: TerraformWorld,
  source: string,
  value: unknown,
  address: string,
): Observed<PolicyText> {
  if (typeof value === 'string' && value !== '') return known({ source, text: value, address });
  const unknown = `is known after apply, says ${world.source}`;
  if (!(value instanceof KnownAfterApply)) return unreadable({ message: `the ${source} ${unknown}` });
  const { values, statements: Statement = [] } = visibleDocument(world, value) ?? {};
  const origins = values ? unknownOrigins(values.statement) : value.origin.addresses;
  const advice = value.origin.complete && origins.length > 0 && origins.every(isBucket) ? `; ${BY_NAME}` : '';
  if (Statement.length === 0) return unreadable({ message: `the ${source} ${unknown}${advice}` });
  const from = origins.length > 0 ? ` (what comes from ${origins.join(', ')})` : '';
  const reason = isReadLate(values ?? {})
    ? `the document is read during the apply, says ${world.source}; ${NO_DEPENDS_ON}`
    : `a part of the document${from} ${unknown}${advice}`;
  // The element by which the policy engine knows such a statement.
  const rest = { NotYetKnown: reason };
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [...Statement, rest] });
  return known({ source, text, address });
}

/** The `aws_iam_policy_document` that a text comes from alone, and what is certain of it. */
export function visibleDocument(world: TerraformWorld, text: KnownAfterApply) {
  const values = documentBehind(world, text)?.values;
  if (!values) return undefined;
  return { values, statements: visibleStatements(values, (of) => documentBehind(world, of)?.values) };
}

/** How to write a bucket's ARN so that it is known before the bucket is there. */
const BY_NAME = `a plan decides it if the ARN is made of the bucket’s name, as "arn:aws:s3:::\${var.bucket}/*"`;

/** Terraform reads a data source late if it depends on something that the plan changes (its documentation, "Data Sources"). */
const NO_DEPENDS_ON = `a plan decides it if neither aws_iam_policy_document nor its module has depends_on`;

function isBucket(address: string): boolean {
  return /(^|\.)aws_s3_bucket\.[^.]+$/.test(address);
}

function documentBehind(world: TerraformWorld, { origin }: KnownAfterApply): TerraformResource | undefined {
  const [address, ...more] = origin.addresses;
  if (!origin.complete || more.length > 0) return undefined;
  return ofType(world, 'aws_iam_policy_document').find((document) => document.address === address);
}

/**
 * A managed policy by its ARN, or by the resource that its ARN comes from.
 * @param role that has it: IAM gives a role only policies of its own account, and AWS's
 */
export function managedPolicy(
  world: TerraformWorld,
  arn: unknown,
  role: TerraformResource,
): { readonly arn: string; readonly document: Observed<PolicyText> } {
  const shown = arn instanceof KnownAfterApply ? arn.shown : String(arn);
  // The data source reads a policy that exists, with its document.
  const read = ofType(world, 'aws_iam_policy').filter(({ mode }) => mode === 'data');
  const policy =
    referred(arn, [...managed(world, 'aws_iam_policy'), ...read], ['arn']) ?? madeAs(world, shown, role);
  if (policy === 'unclear') {
    const candidates = arn instanceof KnownAfterApply ? arn.origin.addresses : [];
    const among = candidates.length > 1 ? ` (of ${candidates.join(', ')})` : '';
    const message = `which policy${among} role ${role.address} has is known after apply, says ${world.source}`;
    return { arn: shown, document: unreadable({ message }) };
  }
  if (policy)
    return {
      arn: shown,
      document: documentOf(world, `policy ${shown}`, attribute(policy, 'policy'), policy.address),
    };
  const message = `${world.source} does not hold the policy ${shown}`;
  const own = parseArn(shown);
  const name = own?.service === 'iam' && own.accountId === 'aws' ? own.resource.split('/').at(-1) : undefined;
  const statements = name === undefined ? undefined : awsPolicy(name, message);
  if (!statements) return { arn: shown, document: unreadable({ message }) };
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return { arn: shown, document: known({ source: `policy ${shown}`, text }) };
}

/** The policy that the plan makes under this ARN, by path and name, and in the role's account. */
function madeAs(
  world: TerraformWorld,
  arn: string,
  { provider }: TerraformResource,
): TerraformResource | undefined {
  const own = parseArn(arn);
  if (own?.service !== 'iam' || own.accountId === 'aws' || provider === undefined) return undefined;
  const [policy, ...more] = managed(world, 'aws_iam_policy').filter(
    ({ values, provider: of }) =>
      values.arn instanceof KnownAfterApply &&
      of === provider &&
      own.resource === `policy${values.path ?? '/'}${values.name}`,
  );
  return more.length === 0 ? policy : undefined;
}

/** A managed policy by its name and path. */
export function policyNamed(world: TerraformWorld, name: string, path: string): Observed<PolicyText> {
  const isMeant = ({ type, values }: TerraformResource) =>
    type === 'aws_iam_policy' && values.name === name && (values.path ?? '/') === path;
  const [policy, ...more] = managed(world, 'aws_iam_policy').filter(isMeant);
  if (policy && more.length === 0)
    return documentOf(world, `policy ${name}`, attribute(policy, 'policy'), policy.address);
  if (!policy && world.destroyed.some(isMeant)) return ABSENT;
  const message = policy
    ? `${world.source} has several policies named ${name}, and does not say which one is meant`
    : `${world.source} has no aws_iam_policy named ${path}${name}, so it does not say whether it exists`;
  return unreadable({ message });
}

/**
 * What is certain of a policy of AWS's own. AWS writes them for every account, so one that allows anything reaches more than one
 * bucket's objects.
 */
function awsPolicy(name: string, because: string): unknown[] | undefined {
  if (name === 'AdministratorAccess') return [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  if (name === 'AWSDenyAll') return [{ Effect: 'Deny', Action: '*', Resource: '*' }];
  // It only denies.
  if (name.startsWith('AWSCompromisedKeyQuarantine')) return undefined;
  return [
    { Effect: 'Allow', Action: `what AWS’s own policy ${name} allows`, Resource: '*' },
    { NotYetKnown: because },
  ];
}
