/** Nothing makes the bucket public: policy, ACL, or missing public access blocks. */

import type { RuleContext } from '../evidence/context';
import { foreignPrincipalsIn } from '../evidence/foreign-principals';
import { lazily } from '../evidence/lazily';
import { type Outcome, unread } from '../evidence/outcome';
import { parsedResourcePolicy } from '../evidence/parsed';
import { effectiveBlock, foundGrants, PUBLIC_GROUPS, wordGrants } from '../evidence/public-access';
import { grantFaults, locationOf, notUnderstood } from '../evidence/wording';
import type { BucketObservation } from '../observe/observation';
import { blockPublicAccess, closeAcl, closePolicy } from '../remedy/public-access';
import { bucketRule } from './rule';

const SWITCHES = {
  blockPublicAcls: 'BlockPublicAcls',
  ignorePublicAcls: 'IgnorePublicAcls',
  blockPublicPolicy: 'BlockPublicPolicy',
  restrictPublicBuckets: 'RestrictPublicBuckets',
} as const;

export const bucketPublicAccess = bucketRule(
  {
    id: 'bucket-public-access',
    title: 'Neither its policy, its ACL nor missing public access blocks make the bucket public',
    severity: 'critical',
    requirement: {
      text: 'Accept all default values for bucket creation. (S3’s default blocks all public access.)',
      source: 'vendor page, “Configuring an S3 Bucket for Audit Log Export”, step 1',
    },
    risk: 'Audit logs, with the text of queries and the names of users, can be read by anybody, now or after one more mistake.',
    remediation: 'Switch on all four public access blocks of the bucket.',
    examples: {
      violating: {
        summary: 'The public access block was removed.',
        setUp: { bucket: { publicAccessBlock: { state: 'absent' } } },
      },
      compliant: {
        summary: 'The account’s block replaces the bucket’s.',
        setUp: {
          bucket: {
            publicAccessBlock: { state: 'absent' },
            accountPublicAccessBlock: {
              state: 'value',
              value: {
                blockPublicAcls: true,
                ignorePublicAcls: true,
                blockPublicPolicy: true,
                restrictPublicBuckets: true,
              },
            },
          },
        },
      },
    },
  },
  (bucket, context) => {
    const block = effectiveBlock(bucket);
    if ('message' in block) return [...publicWays(bucket, context, undefined), unread(block)];
    const off = Object.entries(SWITCHES).filter(([key]) => !block[key as keyof typeof SWITCHES]);
    const outcomes = publicWays(bucket, context, block);
    if (off.length > 0)
      outcomes.push(
        incomplete(
          context,
          off.map(([, name]) => name),
        ),
      );
    if (outcomes.length > 0) return outcomes;
    return [
      { status: 'pass', fact: 'blocked', message: 'All public access is blocked.' },
      ...heldBackAcl(bucket, context),
    ];
  },
);

/** What makes the bucket public now, given the switches that are known to be on. */
function publicWays(
  bucket: BucketObservation,
  context: RuleContext,
  block: { ignorePublicAcls: boolean; restrictPublicBuckets: boolean } | undefined,
): Outcome[] {
  return [
    ...(block?.restrictPublicBuckets ? [] : publicPolicy(bucket, context)),
    ...(block?.ignorePublicAcls ? [] : publicAcl(bucket, context)),
  ];
}

function publicPolicy(bucket: BucketObservation, context: RuleContext): Outcome[] {
  if (bucket.policy.state === 'unreadable') return [unread(bucket.policy.reason)];
  if (bucket.policy.state === 'absent' || context.observation.accountId.state !== 'value') return [];
  const document = bucket.policy.value;
  const policy = parsedResourcePolicy(document);
  const account = {
    partition: context.contract.partition,
    accountId: context.observation.accountId.value,
    observedAt: context.observedAt,
  };
  const remedy = lazily(() => closePolicy(context));
  const open = foreignPrincipalsIn(policy, account).filter(
    ({ kind, narrowed, shutOut }) => kind === 'anyone' && !narrowed && !shutOut,
  );
  const faults = grantFaults(policy);
  // A statement that names everybody twice is still one finding.
  const byStatement = [...new Map(open.map((entry) => [entry.statement, entry])).values()];
  return [
    ...byStatement.map(
      ({ statement, pointer, text, narrowedBy = [] }): Outcome => ({
        status: 'fail',
        fact: 'public-policy',
        message: 'The bucket policy opens the bucket to everybody.',
        expected: 'no statement that allows everybody',
        actual: { principal: text, statement: statement.raw },
        location: { document: document.source, pointer },
        also: narrowedBy.map((deny) => locationOf(deny)),
        remediation: remedy(),
      }),
    ),
    ...(faults.length > 0 ? [notUnderstood(document.source, faults)] : []),
  ];
}

function publicAcl(bucket: BucketObservation, context: RuleContext): Outcome[] {
  if (isAclOff(bucket)) return [];
  if (bucket.acl.state === 'unreadable') return [unread(bucket.acl.reason)];
  const grants = publicGrants(bucket);
  if (grants.length > 0 && bucket.objectOwnership?.state === 'unreadable')
    return [unread(bucket.objectOwnership.reason)];
  if (grants.length === 0) return [];
  return [
    {
      status: 'fail',
      fact: 'public-acl',
      message: `The bucket’s ACL gives ${wordGrants(grants)}.`,
      expected: 'no grant to a public group',
      actual: foundGrants(grants),
      location: { document: `ACL of ${context.contract.bucket}`, pointer: '' },
      remediation: closeAcl(bucket, context),
    },
  ];
}

/** The block's removal, as in a destroy, would make the grant count. */
function heldBackAcl(bucket: BucketObservation, context: RuleContext): Outcome[] {
  const { contract } = context;
  if (isAclOff(bucket)) return [];
  const grants = publicGrants(bucket);
  if (grants.length === 0) return [];
  return [
    {
      status: 'advice',
      fact: 'held-back-acl',
      message: `The bucket’s ACL gives ${wordGrants(grants)}, held back by IgnorePublicAcls alone.`,
      expected: 'no grant to a public group',
      actual: foundGrants(grants),
      location: { document: `ACL of ${contract.bucket}`, pointer: '' },
      remediation: closeAcl(bucket, context),
    },
  ];
}

function isAclOff({ objectOwnership }: BucketObservation): boolean {
  return objectOwnership?.state === 'value' && objectOwnership.value === 'BucketOwnerEnforced';
}

function publicGrants({ acl }: BucketObservation) {
  return acl.state === 'value' ? acl.value.grants.filter(({ grantee }) => PUBLIC_GROUPS[grantee]) : [];
}

function incomplete(context: RuleContext, off: readonly string[]): Outcome {
  return {
    status: 'fail',
    fact: 'block-incomplete',
    // This alone makes nothing public: one more mistake would be needed.
    severity: 'medium',
    message: `${off.join(', ')} ${off.length === 1 ? 'is' : 'are'} off, on the bucket and on its account.`,
    risk: 'One public policy or ACL, set by mistake, opens the audit logs to everybody: nothing would stop it.',
    expected: Object.values(SWITCHES),
    actual: Object.values(SWITCHES).filter((name) => !off.includes(name)),
    remediation: blockPublicAccess(context),
  };
}
