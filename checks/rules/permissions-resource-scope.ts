/** What the role can do reaches nothing but this bucket's objects. */
import { judgeExcess } from '../evidence/excess';
import { RESOURCE_SIDE } from '../evidence/excess-grants';
import { remedyOf } from '../remedy/role-documents';
import { roleRule } from './rule';

export const permissionsResourceScope = roleRule(
  {
    id: 'permissions-resource-scope',
    title: 'What the role can do reaches nothing but this bucket’s objects',
    severity: 'high',
    needs: 'organization',
    requirement: {
      text: '"Resource": "arn:aws:s3:::[bucket]/*"',
      source: 'vendor page, “IAM Policy Example”',
    },
    risk: 'ALTR, or anyone who acts through it, can write into buckets that have nothing to do with audit logs.',
    remediation:
      'Remove the statement that reaches further, and keep the contract’s permission policy alone.',
    examples: {
      violating: {
        summary:
          'The slash after the bucket’s name is missing, so every bucket whose name begins with it is reached.',
        setUp: {
          attachedPolicies: {
            'acme.s3.policy': {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-altr-audit-logs*' },
              ],
            },
          },
        },
      },
      compliant: {
        summary: 'The bucket’s own ARN beside its objects, on which s3:PutObject does nothing.',
        setUp: {
          attachedPolicies: {
            'acme.s3.policy': {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 's3:PutObject',
                  Resource: ['arn:aws:s3:::acme-altr-audit-logs', 'arn:aws:s3:::acme-altr-audit-logs/*'],
                },
              ],
            },
          },
        },
      },
    },
  },
  (role, context) =>
    judgeExcess(role, context, RESOURCE_SIDE, {
      pass: 'What the role can do reaches nothing but the bucket’s objects.',
      remedyOf,
    }),
);
