import { accessAdvice } from '../../../checks/evidence/access-advice';

const refusal = { permission: 's3:GetBucketPolicy', caller: 'arn:aws:iam::123456789012:role/Auditor' };

test.each<[what: string, more: Parameters<typeof accessAdvice>[0], advice: string | undefined]>([
  [
    'nobody allows it',
    {},
    'Allow s3:GetBucketPolicy to arn:aws:iam::123456789012:role/Auditor. altr-export auditor-policy prints the whole policy that a check needs.',
  ],
  [
    'AWS does not say whom it refused',
    { caller: undefined },
    'Allow s3:GetBucketPolicy to the principal that runs the check. altr-export auditor-policy prints the whole policy that a check needs.',
  ],
  [
    'it is a permission of the organization',
    { permission: 'organizations:ListPolicies' },
    'Allow organizations:ListPolicies to arn:aws:iam::123456789012:role/Auditor. altr-export auditor-policy --organization prints the whole policy that a check needs.',
  ],
  [
    'an identity policy does not allow it',
    { deniedBy: 'identity-based policy' },
    'Allow s3:GetBucketPolicy to arn:aws:iam::123456789012:role/Auditor. altr-export auditor-policy prints the whole policy that a check needs.',
  ],
  [
    'a statement denies it',
    { explicitDeny: true },
    'A Deny stops s3:GetBucketPolicy for arn:aws:iam::123456789012:role/Auditor, and no Allow outweighs it. Exempt this principal from that statement, or run the check as another one.',
  ],
  [
    'a statement of the bucket policy denies it',
    { explicitDeny: true, deniedBy: 'resource-based policy' },
    'A Deny in the resource-based policy stops s3:GetBucketPolicy for arn:aws:iam::123456789012:role/Auditor, and no Allow outweighs it. Exempt this principal from that statement, or run the check as another one.',
  ],
  [
    'the bucket policy does not allow it',
    { deniedBy: 'resource-based policy' },
    'The resource-based policy doesn’t let arn:aws:iam::123456789012:role/Auditor do s3:GetBucketPolicy. Ask the owner of the resource to add it, or run the check as another principal.',
  ],
  [
    'the trust policy of a role does not allow it',
    { permission: 'sts:AssumeRole', deniedBy: 'role trust policy' },
    'The role trust policy doesn’t let arn:aws:iam::123456789012:role/Auditor do sts:AssumeRole. Ask the owner of the resource to add it, or run the check as another principal.',
  ],
  [
    'a service control policy stops it',
    { deniedBy: 'service control policy', explicitDeny: true },
    'A service control policy of the AWS organization stops s3:GetBucketPolicy for arn:aws:iam::123456789012:role/Auditor. No policy in the account can change that: ask the organization’s administrators, or run the check as a principal that they exempt.',
  ],
  [
    'a resource control policy stops it',
    { deniedBy: 'resource control policy' },
    'A resource control policy of the AWS organization stops s3:GetBucketPolicy for arn:aws:iam::123456789012:role/Auditor. No policy in the account can change that: ask the organization’s administrators, or run the check as a principal that they exempt.',
  ],
  [
    'the policy of a VPC endpoint stops it',
    { deniedBy: 'VPC endpoint policy' },
    'The policy of the VPC endpoint that the call goes through stops s3:GetBucketPolicy for arn:aws:iam::123456789012:role/Auditor. Run the check from another network, or ask the endpoint’s owner.',
  ],
  [
    'a session policy stops it',
    { deniedBy: 'session policy' },
    'The session policy of arn:aws:iam::123456789012:role/Auditor stops s3:GetBucketPolicy. Start a session without that policy, or with one that includes it.',
  ],
  [
    'a permissions boundary stops it',
    { deniedBy: 'permissions boundary', explicitDeny: true },
    'The permissions boundary of arn:aws:iam::123456789012:role/Auditor stops s3:GetBucketPolicy. Run the check as a principal without that boundary, or ask the boundary’s owner: a change of it holds for everybody it is attached to.',
  ],
  ['no permission is missing', { permission: undefined, explicitDeny: true }, undefined],
])('%s', (_what, more, advice) => {
  expect(accessAdvice({ ...refusal, ...more })).toBe(advice);
});
