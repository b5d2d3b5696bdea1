/** The role can do nothing but `s3:PutObject`, and what writing under a customer-managed key needs. */
import { judgeExcess } from '../evidence/excess';
import { ACTION_SIDE } from '../evidence/excess-grants';
import { narrowGrant } from '../remedy/leaving';
import { remedyOf } from '../remedy/role-documents';
import { roleRule } from './rule';

export const permissionsActionScope = roleRule(
  {
    id: 'permissions-action-scope',
    title:
      'The role can do nothing but s3:PutObject (and, for a customer-managed key on this bucket, kms:GenerateDataKey and kms:Decrypt)',
    severity: 'high',
    needs: 'organization',
    requirement: { text: '"Action": "s3:PutObject"', source: 'vendor page, “IAM Policy Example”' },
    risk: 'ALTR, or anyone who acts through it, can do more in your account than deliver logs: read, delete, overwrite.',
    remediation: 'Remove the statement that allows more, and keep the contract’s permission policy alone.',
    examples: {
      violating: {
        summary: 'An inline policy lets the role read the logs.',
        setUp: {
          inlinePolicies: {
            'added-later': {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['s3:PutObject', 's3:Get*'],
                  Resource: 'arn:aws:s3:::acme-altr-audit-logs/*',
                },
              ],
            },
          },
        },
      },
      compliant: {
        summary: 'Another spelling of the same action.',
        setUp: {
          attachedPolicies: {
            'acme.s3.policy': {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Action: ['S3:putobject'],
                Resource: ['arn:aws:s3:::acme-altr-audit-logs/*'],
              },
            },
          },
        },
      },
    },
  },
  (role, context) =>
    judgeExcess(role, context, ACTION_SIDE, {
      pass: 'The role can do nothing but s3:PutObject.',
      remedyOf,
      remedyOfGrant: narrowGrant,
    }),
);
