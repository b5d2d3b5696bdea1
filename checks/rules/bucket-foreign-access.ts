/** The bucket policy grants nobody outside the account. */
import { parsePolicy } from '../policy';
import { outsidersOfBucket } from './outsiders';
import { mendBucketPolicy } from './remedy/bucket-policy';
import { bucketRule, type Outcome, unread } from './rule';
import { grantFaults, notUnderstood } from './wording';

export const bucketForeignAccess = bucketRule(
  {
    id: 'bucket-foreign-access',
    title: 'The bucket policy grants nobody outside the account',
    severity: 'high',
    requirement: {
      text: 'Accept all default values for bucket creation. (S3’s default is no bucket policy: ALTR writes by the role.)',
      source: 'vendor page, “Configuring an S3 Bucket for Audit Log Export”, step 1',
    },
    risk: 'Somebody outside your account can read, forge or delete audit logs without entering your account.',
    remediation: 'Take the statement out of the bucket policy.',
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
    const { observation, observedAt } = context;
    if (bucket.policy.state === 'unreadable') return [unread(bucket.policy.reason)];
    const pass: Outcome = {
      status: 'pass',
      fact: 'nobody',
      message: 'The bucket policy grants nobody outside the account.',
    };
    if (bucket.policy.state === 'absent') return [pass];
    if (observation.accountId.state !== 'value') {
      return observation.accountId.state === 'unreadable' ? [unread(observation.accountId.reason)] : [];
    }
    const document = bucket.policy.value;
    const policy = parsePolicy(document);
    const outsiders = outsidersOfBucket(policy, bucket, observation.accountId.value, observedAt);
    const outcomes = outsiders.map(({ outsider, heldBack }): Outcome => {
      const location = { document: document.source, pointer: outsider.pointer };
      if (heldBack) {
        const message = `The bucket policy names ${outsider.text}, ${heldBack}.`;
        return { status: 'advice', fact: 'held-back', message, actual: outsider.text, location };
      }
      return {
        status: 'fail',
        fact: 'foreign-principal',
        message: `The bucket policy grants ${outsider.text} something, which is outside the account.`,
        expected: 'principals of the account only',
        actual: { principal: outsider.text, statement: outsider.statement.raw },
        location,
        remediation: mendBucketPolicy(policy, context),
      };
    });
    const faults = grantFaults(policy);
    if (faults.length > 0) outcomes.push(notUnderstood(document.source, faults));
    return outcomes.some(({ status }) => status !== 'advice') ? outcomes : [...outcomes, pass];
  },
);
