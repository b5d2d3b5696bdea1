/** Neither the bucket policy nor the ACL grants anything to anybody outside the account. */

import type { RuleContext } from '../evidence/context';
import { type ForeignPrincipal, foreignPrincipalsOf } from '../evidence/foreign-principals';
import { lazily } from '../evidence/lazily';
import { type Outcome, unread } from '../evidence/outcome';
import { parsedResourcePolicy } from '../evidence/parsed';
import { PUBLIC_GROUPS } from '../evidence/public-access';
import { grantFaults, notUnderstood } from '../evidence/wording';
import type { BucketObservation } from '../observe/observation';
import { fixBucketPolicy } from '../remedy/corrected-bucket-policy';
import { switchAclsOff } from '../remedy/public-access';
import { bucketRule } from './rule';

/** The group by which S3 itself delivers access logs (Amazon S3 User Guide, "Access control list (ACL) overview"). */
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

export const bucketForeignAccess = bucketRule(
  {
    id: 'bucket-foreign-access',
    title: 'Neither its policy nor its ACL grants anything to anybody outside the account',
    severity: 'high',
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
    observedAt,
  });
  const remedy = lazily(() => fixBucketPolicy(policy, context));
  const outcomes = foreign.map(({ principal, heldBack }): Outcome => {
    const location = { document: document.source, pointer: principal.pointer };
    if (heldBack) {
      const message = `The bucket policy names ${principal.text}, ${heldBack}.`;
      return { status: 'advice', fact: 'held-back', message, actual: principal.text, location };
    }
    // Whether a canonical ID is the account's own is seen from the owner of the ACL.
    if (principal.kind === 'canonical' && bucket.acl.state === 'unreadable') return unread(bucket.acl.reason);
    if (principal.unknownSource) {
      return {
        status: 'unknown',
        fact: 'unknown-source',
        cause: 'undecidable',
        message: `It can’t be decided: the bucket policy lets ${principal.text} act for ${principal.unknownSource}, and a bucket’s ARN does not tell its account.`,
        actual: { principal: principal.text, statement: principal.statement.raw },
        location,
        remediation: { summary: 'Add a condition on aws:SourceAccount with this account’s ID.' },
      };
    }
    return {
      status: 'fail',
      fact: 'foreign-principal',
      message:
        principal.kind === 'service'
          ? `The bucket policy grants something to ${serviceOf(principal)}.`
          : `The bucket policy grants something to ${principal.text}, which is outside the account.`,
      expected:
        principal.kind === 'service'
          ? 'aws:SourceAccount equal to this account'
          : 'principals of the account only',
      actual: { principal: principal.text, statement: principal.statement.raw },
      location,
      remediation: remedy(),
    };
  });
  const faults = grantFaults(policy);
  return faults.length > 0 ? [...outcomes, notUnderstood(document.source, faults)] : outcomes;
}

/** Grants of the ACL to others than the owner; those to everybody are the concern of bucket-public-access. */
function byAcl(bucket: BucketObservation, { contract }: RuleContext): Outcome[] {
  const { acl, objectOwnership } = bucket;
  // "ACLs no longer affect access permissions to data in the S3 bucket" (S3 User Guide, "Controlling ownership of objects").
  if (objectOwnership?.state === 'value' && objectOwnership.value === 'BucketOwnerEnforced') return [];
  if (acl.state === 'unreadable') return [unread(acl.reason)];
  if (acl.state === 'absent') return [];
  const { owner, grants } = acl.value;
  const others = grants.filter(({ grantee }) => grantee !== owner && !PUBLIC_GROUPS[grantee]);
  if (others.length > 0 && objectOwnership?.state === 'unreadable') return [unread(objectOwnership.reason)];
  return others.map(({ grantee, permission }) => {
    const found = {
      actual: { grantee, permission },
      location: { document: `ACL of ${contract.bucket}`, pointer: '' },
    };
    if (grantee === LOG_DELIVERY) {
      const message = `The bucket’s ACL gives ${permission} to S3’s own log delivery.`;
      return { status: 'advice', fact: 'log-delivery', message, ...found };
    }
    return {
      status: 'fail',
      fact: 'foreign-grantee',
      message: `The bucket’s ACL gives ${permission} to ${grantee}, who is not the bucket’s owner.`,
      expected: 'no grant but to the owner',
      ...found,
      remediation: switchAclsOff(contract),
    };
  });
}

/** The service that a statement names, or any. */
function serviceOf({ text }: ForeignPrincipal): string {
  return /\.amazonaws\./.test(text)
    ? `${text}, also if it acts for another account`
    : 'AWS services, also if they act for another account; RestrictPublicBuckets does not hold them back';
}
