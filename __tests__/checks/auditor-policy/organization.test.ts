import { auditorPermissions } from '../../../checks/auditor-policy';
import {
  delegationPolicy,
  organizationPermissions,
  organizationPolicy,
} from '../../../checks/auditor-policy/organization';
import {
  delegationPolicyTerraform,
  organizationPolicyTerraform,
} from '../../../checks/auditor-policy/terraform';
import { API_NAMES } from '../../../checks/observe/live/api';

const NEEDED = [
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:ListParents',
  'organizations:ListPoliciesForTarget',
  'organizations:ListRoots',
];

test('holds the permission of every call about the organization, and no other', () => {
  expect(organizationPermissions()).toEqual(NEEDED);
  expect(API_NAMES.filter((name) => name.startsWith('organizations:')).sort()).toEqual(NEEDED);
});

test('is no part of the policy for an export’s account', () => {
  const all = auditorPermissions({ readLogs: true, hasFeed: true });
  expect(all.filter((permission) => permission.startsWith('organizations:'))).toEqual([]);
});

test('is the policy of the role that reads the organization', () => {
  expect(organizationPolicy()).toEqual({
    Version: '2012-10-17',
    Statement: [{ Sid: 'ReadOrganization', Effect: 'Allow', Action: NEEDED, Resource: ['*'] }],
  });
});

test('is delegated to one member account, in its partition', () => {
  expect(delegationPolicy('aws-us-gov', '210987654321').Statement).toEqual([
    {
      Sid: 'LetAltrAuditorReadOrganization',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws-us-gov:iam::210987654321:root' },
      Action: NEEDED,
      Resource: ['*'],
    },
  ]);
});

test('is written as Terraform', () => {
  expect(organizationPolicyTerraform(organizationPolicy())).toMatch(
    /^resource "aws_iam_policy" "altr_auditor_organization" \{\n {2}name {8}= "altr-auditor-organization"\n/,
  );
  expect(
    delegationPolicyTerraform(delegationPolicy('aws', '210987654321')),
  ).toBe(`resource "aws_organizations_resource_policy" "altr_auditor" {
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "LetAltrAuditorReadOrganization"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::210987654321:root"
        }
        Action = [
${NEEDED.map((action) => `          "${action}",\n`).join('')}        ]
        Resource = [
          "*",
        ]
      },
    ]
  })
}
`);
});
