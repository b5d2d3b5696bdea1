/** Neither the bucket policy nor the ACL grants anything to anybody outside the account. */

import type { RuleContext } from '../evidence/context';
import { list } from '../evidence/excess-grants';
import {
  type ForeignPrincipal,
  foreignPrincipalsOf,
  namesService,
  narrowedAt,
} from '../evidence/foreign-principals';
import { lazily } from '../evidence/lazily';
import { type Outcome, unread } from '../evidence/outcome';
import { ownOrganization } from '../evidence/own-organization';
import { parsedResourcePolicy } from '../evidence/parsed';
import { foundGrants, LOG_DELIVERY, PUBLIC_GROUPS, wordGrants } from '../evidence/public-access';
import { accountOf } from '../evidence/trust-callers';
import { grantFaults, locationOf, notUnderstood, oneOrAll } from '../evidence/wording';

import type { BucketObservation } from '../observe/observation';
import type { Statement } from '../policy';
import { fixBucketPolicy } from '../remedy/corrected-bucket-policy';
import { switchAclsOff } from '../remedy/public-access';
import type { Remediation } from '../verdict/finding';
import { bucketRule } from './rule';

export const bucketForeignAccess = bucketRule(
  {
    id: 'bucket-foreign-access',
    title: 'Neither its policy nor its ACL grants anything to anybody outside the account',
    severity: 'high',
    needs: 'organization',
    requirement: {
      text: 'Accept all default values for bucket creation. (S3’s defaults are no bucket policy and no ACLs: ALTR writes by the role.)',
      source: 'vendor page, “Configuring an S3 Bucket for Audit Log Export”, step 1',
    },
    risk: 'Somebody outside your account can read, forge or delete audit logs without entering your account.',
    remediation: 'Remove the statement from the bucket policy; switch ACLs off.',
    examples: {
      violating: {
        summary: 'Another account may read the logs.',
        setUp: {
          bucketPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: '222222222222' },
                Action: 's3:GetObject',
                Resource: 'arn:aws:s3:::acme-altr-audit-logs/*',
              },
            ],
          },
        },
      },
      compliant: {
        summary: 'A role of the account itself may read the logs.',
        setUp: {
          bucketPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::123456789012:role/LogReader' },
                Action: 's3:GetObject',
                Resource: 'arn:aws:s3:::acme-altr-audit-logs/*',
              },
            ],
          },
        },
      },
    },
  },
  (bucket, context) => {
    if (bucket.owner.state === 'unreadable') return [unread(bucket.owner.reason)];
    const outcomes = [...byPolicy(bucket, context), ...byAcl(bucket, context)];
    if (outcomes.some(({ status }) => status !== 'advice')) return outcomes;
    const message = 'Neither the bucket policy nor the ACL grants anything to anybody outside the account.';
    return [...outcomes, { status: 'pass', fact: 'nobody', message }];
  },
);

function byPolicy(bucket: BucketObservation, context: RuleContext): Outcome[] {
  const { contract, observation, observedAt } = context;
  if (bucket.policy.state === 'unreadable') return [unread(bucket.policy.reason)];
  if (bucket.policy.state === 'absent') return [];
  const { accountId } = observation;
  if (accountId.state === 'unreadable') return [unread(accountId.reason)];
  if (accountId.state === 'absent')
    return [unread({ message: 'the account of the credentials is not known' })];
  const document = bucket.policy.value;
  const policy = parsedResourcePolicy(document);
  const foreign = foreignPrincipalsOf(policy, bucket, {
    partition: contract.partition,
    accountId: accountId.value,
    organizationId: context.assumptions.organizationId ?? ownOrganization(context, accountId.value)?.id,
    observedAt,
  });
  const remedy = lazily(() => fixBucketPolicy(context));
  const statements = [...new Set(foreign.map(({ principal }) => principal.statement))];
  const outcomes = statements.flatMap((statement) =>
    byStatement(
      foreign.filter(({ principal }) => principal.statement === statement),
      statement,
      bucket,
      remedy,
    ),
  );
  const faults = grantFaults(policy);
  return faults.length > 0 ? [...outcomes, notUnderstood(document.source, faults)] : outcomes;
}

/** What a statement of the bucket policy gives to anybody outside the account: one finding of each status. */
function byStatement(
  foreign: ReturnType<typeof foreignPrincipalsOf>,
  statement: Statement,
  bucket: BucketObservation,
  remedy: () => Remediation,
): Outcome[] {
  const held = foreign.filter(({ heldBack }) => heldBack !== undefined);
  const inForce = foreign.flatMap(({ principal, heldBack }) => (heldBack === undefined ? [principal] : []));
  // Whether a canonical ID is the account's own is seen from the owner of the ACL.
  const isDoubtful = ({ kind }: ForeignPrincipal) =>
    kind === 'canonical' && bucket.acl.state === 'unreadable';
  const unsourced = inForce.filter(({ unknownSource }) => unknownSource !== undefined);
  const open = inForce.filter((entry) => !isDoubtful(entry) && entry.unknownSource === undefined);
  const outcomes: Outcome[] = [];
  if (held.length > 0) outcomes.push(heldBackOutcome(held, statement));
  if (inForce.some(isDoubtful) && bucket.acl.state === 'unreadable') outcomes.push(unread(bucket.acl.reason));
  if (unsourced.length > 0) outcomes.push(unsourcedOutcome(unsourced, statement));
  if (open.length > 0) outcomes.push({ ...openOutcome(open, statement), remediation: remedy() });
  return outcomes;
}

function heldBackOutcome(held: ReturnType<typeof foreignPrincipalsOf>, statement: Statement): Outcome {
  const named = held.map(({ principal, heldBack }) => `${principal.text}, ${heldBack}`);
  return {
    status: 'advice',
    fact: 'held-back',
    message: `The bucket policy names ${list([...new Set(named)])}.`,
    ...about(
      held.map(({ principal }) => principal),
      statement,
    ),
  };
}

/** Services that act for a bucket whose account is not known. */
function unsourcedOutcome(unsourced: readonly ForeignPrincipal[], statement: Statement): Outcome {
  const texts = unsourced.map(({ text }) => text);
  const sources = unsourced.map(({ unknownSource = '' }) => unknownSource);
  return {
    status: 'unknown',
    fact: 'unknown-source',
    cause: 'undecidable',
    message: `It can’t be decided: the bucket policy lets ${list([...new Set(texts)])} act for ${list([...new Set(sources)])}, and a bucket’s ARN does not tell its account.`,
    ...about(unsourced, statement),
    remediation: { summary: 'Add a condition on aws:SourceAccount with this account’s ID.' },
  };
}

function openOutcome(open: readonly ForeignPrincipal[], statement: Statement): Outcome {
  const isWithin = open.every(({ withinOrganization }) => withinOrganization);
  const services = [...new Set(open.filter(({ kind }) => kind === 'service').map(serviceOf))];
  const others = [...new Set(open.filter(({ kind }) => kind !== 'service').map(({ text }) => text))];
  const to = [
    ...(others.length > 0
      ? [
          `${list(others)}, which ${others.length === 1 ? 'is' : 'are'} outside the account${isWithin ? ', within your organization' : ''}`,
        ]
      : []),
    ...(services.length > 0
      ? [wordServices(services, isWithin ? 'another account of your organization' : 'another account')]
      : []),
  ];
  return {
    status: 'fail',
    fact: 'foreign-principal',
    severity: isWithin ? 'medium' : undefined,
    message: `The bucket policy grants something to ${to.join('; and to ')}.`,
    expected:
      others.length === 0 ? 'aws:SourceAccount equal to this account' : 'principals of the account only',
    ...about(open, statement),
  };
}

function about(principals: readonly ForeignPrincipal[], statement: Statement) {
  const texts = [...new Set(principals.map(({ text }) => text))];
  const pointer = texts.length === 1 ? principals[0]?.pointer : undefined;
  return {
    actual: { principal: oneOrAll(texts), statement: statement.raw },
    // Everybody is not the same as those whom RestrictPublicBuckets leaves of everybody.
    about: [...new Set(principals.map(({ text, kind }) => `${kind} ${accountOf(text)}`))],
    location: locationOf(statement, pointer),
    also: narrowedAt(principals),
  };
}

/** Grants of the ACL to others than the owner; those to everybody are the concern of bucket-public-access. */
function byAcl(bucket: BucketObservation, context: RuleContext): Outcome[] {
  const { contract } = context;
  const { acl, objectOwnership } = bucket;
  // "ACLs no longer affect access permissions to data in the S3 bucket" (S3 User Guide, "Controlling ownership of objects").
  if (objectOwnership?.state === 'value' && objectOwnership.value === 'BucketOwnerEnforced') return [];
  if (acl.state === 'unreadable') return [unread(acl.reason)];
  if (acl.state === 'absent') return [];
  const { owner, grants } = acl.value;
  const others = grants.filter(({ grantee }) => grantee !== owner && !PUBLIC_GROUPS[grantee]);
  if (others.length > 0 && objectOwnership?.state === 'unreadable') return [unread(objectOwnership.reason)];
  const delivering = others.filter(({ grantee }) => grantee === LOG_DELIVERY);
  const foreign = others.filter(({ grantee }) => grantee !== LOG_DELIVERY);
  const location = { document: `ACL of ${contract.bucket}`, pointer: '' };
  const outcomes: Outcome[] = [];
  if (delivering.length > 0) {
    const permissions = list([...new Set(delivering.map(({ permission }) => permission))]);
    outcomes.push({
      status: 'advice',
      fact: 'log-delivery',
      message: `The bucket’s ACL gives ${permissions} to S3’s own log delivery.`,
      actual: foundGrants(delivering),
      location,
    });
  }
  if (foreign.length > 0) {
    const grantees = new Set(foreign.map(({ grantee }) => grantee)).size;
    outcomes.push({
      status: 'fail',
      fact: 'foreign-grantee',
      message: `The bucket’s ACL gives ${wordGrants(foreign)}, who ${grantees === 1 ? 'is' : 'are'} not the bucket’s owner.`,
      expected: 'no grant but to the owner',
      actual: foundGrants(foreign),
      location,
      remediation: switchAclsOff(bucket, context),
    });
  }
  return outcomes;
}

const ANY_SERVICE = 'AWS services';

/** The service that a statement names, or any. */
function serviceOf({ text }: ForeignPrincipal): string {
  return namesService(text) ? text : ANY_SERVICE;
}

function wordServices(services: readonly string[], account: string): string {
  const isAny = services.includes(ANY_SERVICE);
  const acting = services.length === 1 && !isAny ? 'it acts' : 'they act';
  return `${list(services)}, also if ${acting} for ${account}${isAny ? '; RestrictPublicBuckets does not hold them back' : ''}`;
}
