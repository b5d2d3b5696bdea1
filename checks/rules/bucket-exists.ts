/** The bucket exists and belongs to the audited account. */

import { unread } from '../evidence/outcome';
import { configChange } from '../remedy/hcl';
import { createBucket } from '../remedy/missing';
import type { Rule } from './rule';

export const bucketExists: Rule = {
  metadata: {
    id: 'bucket-exists',
    title: 'The bucket exists and belongs to the audited account',
    severity: 'critical',
    reportsMissing: 'bucket',
    requirement: {
      text: 'Login to the AWS console and create a bucket.',
      source: 'vendor page, “Configuring an S3 Bucket for Audit Log Export”, step 1',
    },
    risk:
      'Bucket names are global: if the name is free or taken by somebody else, a stranger can own the bucket that ' +
      'your audit logs are sent to.',
    remediation: 'Deploy the export, or correct `bucket` (or the credentials’ account) in the config.',
    examples: {
      violating: { summary: 'The bucket was deleted.', setUp: { bucketExists: false } },
      compliant: { summary: 'The bucket exists in the account.', setUp: {} },
    },
  },
  resource: ({ contract }) => contract.bucketArn,
  judge: (context) => {
    const { contract, observation } = context;
    const { bucket } = observation;
    if (bucket.state === 'unreadable') return [unread(bucket.reason)];
    if (bucket.state === 'absent') {
      return [
        {
          status: 'fail',
          fact: 'missing',
          message: `There is no bucket ${contract.bucket}.`,
          expected: contract.bucket,
          actual: null,
          remediation: createBucket(context),
        },
      ];
    }
    const { owner } = bucket.value;
    if (owner.state === 'unreadable') return [unread(owner.reason)];
    if (owner.state === 'value' && owner.value === 'audited-account') {
      return [{ status: 'pass', fact: 'exists', message: 'The bucket exists and belongs to the account.' }];
    }
    return [
      {
        status: 'fail',
        fact: 'foreign-owner',
        message: `The bucket ${contract.bucket} belongs to another AWS account.`,
        expected:
          observation.accountId.state === 'value' ? observation.accountId.value : 'the audited account',
        actual: 'another account',
        remediation: {
          summary: 'Choose a name of your own for the bucket, deploy it, and enter it in ALTR’s portal.',
          cdktf: configChange(contract, 'bucket: a-name-of-your-own'),
        },
      },
    ];
  },
};
