/** AWS's sentences about refused calls, and what they mean. Spellings: IAM User Guide, "Troubleshoot access denied error messages". */
import { accessAdvice } from '../../../../checks/evidence/access-advice';
import { unreadableBecause } from '../../../../checks/observe/live/aws-error';
import { denialOf } from '../../../../checks/observe/live/denial';
import { unreadable } from '../../../../checks/observe/observation';

const CALLER = 'arn:aws:sts::123456789012:assumed-role/auditor/scan';
const refused = (rest: string, action = 's3:GetBucketPolicy') =>
  `User: ${CALLER} is not authorized to perform: ${action} on resource: "arn:aws:s3:::acme" ${rest}`;

interface Case {
  readonly rest: string;
  readonly deniedBy?: string;
  readonly explicit?: true;
  /** What the advice must say. */
  readonly advice: RegExp;
}

const ALLOW = /^Allow s3:GetBucketPolicy to arn:.*\/scan\. altr-export auditor-policy prints/;
const CASES: Readonly<Record<string, Case>> = {
  'no identity policy': {
    rest: 'because no identity-based policy allows the s3:GetBucketPolicy action',
    deniedBy: 'identity-based policy',
    advice: ALLOW,
  },
  'an identity policy': {
    rest: 'with an explicit deny in an identity-based policy',
    deniedBy: 'identity-based policy',
    explicit: true,
    advice: /^A Deny in the identity-based policy stops .* no Allow outweighs it/,
  },
  'no SCP': {
    rest: 'because no service control policy allows the s3:GetBucketPolicy action',
    deniedBy: 'service control policy',
    advice: /^A service control policy of the AWS organization stops/,
  },
  'an SCP that is named': {
    rest: 'with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/service_control_policy/p-1',
    deniedBy: 'service control policy',
    explicit: true,
    advice: /^A service control policy of the AWS organization stops/,
  },
  'no RCP': {
    rest: 'because no resource control policy allows the s3:GetBucketPolicy action',
    deniedBy: 'resource control policy',
    advice: /^A resource control policy of the AWS organization stops/,
  },
  'an RCP': {
    rest: 'with an explicit deny in a resource control policy',
    deniedBy: 'resource control policy',
    explicit: true,
    advice: /^A resource control policy of the AWS organization stops/,
  },
  'no boundary': {
    rest: 'because no permissions boundary allows the s3:GetBucketPolicy action',
    deniedBy: 'permissions boundary',
    advice: /holds for everybody it is attached to/,
  },
  'a boundary': {
    rest: 'with an explicit deny in a permissions boundary',
    deniedBy: 'permissions boundary',
    explicit: true,
    advice: /holds for everybody it is attached to/,
  },
  'no session policy': {
    rest: 'because no session policy allows the s3:GetBucketPolicy action',
    deniedBy: 'session policy',
    advice: /^The session policy of/,
  },
  'a session policy': {
    rest: 'with an explicit deny in a session policy',
    deniedBy: 'session policy',
    explicit: true,
    advice: /^The session policy of/,
  },
  'no VPC endpoint policy': {
    rest: 'because no VPC endpoint policy allows the s3:GetBucketPolicy action',
    deniedBy: 'VPC endpoint policy',
    advice: /another network/,
  },
  'a VPC endpoint policy': {
    rest: 'with an explicit deny in a VPC endpoint policy',
    deniedBy: 'VPC endpoint policy',
    explicit: true,
    advice: /another network/,
  },
  'no resource policy': {
    rest: 'because no resource-based policy allows the s3:GetBucketPolicy action',
    deniedBy: 'resource-based policy',
    advice: /^The resource-based policy doesn’t let/,
  },
  'a resource policy': {
    rest: 'with an explicit deny in a resource-based policy',
    deniedBy: 'resource-based policy',
    explicit: true,
    advice: /^A Deny in the resource-based policy stops/,
  },
  'no trust policy': {
    rest: 'because no role trust policy allows the s3:GetBucketPolicy action',
    deniedBy: 'role trust policy',
    advice: /^The role trust policy doesn’t let/,
  },
  'a trust policy': {
    rest: 'with an explicit deny in the role trust policy',
    deniedBy: 'role trust policy',
    explicit: true,
    advice: /^A Deny in the role trust policy stops/,
  },
  'an explicit Deny that is not named': {
    rest: 'with an explicit deny',
    explicit: true,
    advice: /^A Deny stops s3:GetBucketPolicy for arn:/,
  },
  'no cause': { rest: '', advice: ALLOW },
};

const at = { region: 'us-east-1' };
const denied = (message: string, code = 'AccessDenied') =>
  Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: 403 } });

test.each(Object.entries(CASES))('%s', (_name, { rest, deniedBy, explicit, advice }) => {
  const said = refused(rest).trim();
  const reason = unreadableBecause('s3:GetBucketPolicy', denied(said), at);
  expect(reason).toMatchObject({
    message: `AWS denied s3:GetBucketPolicy (AccessDenied), which says: ${said}`,
    permission: 's3:GetBucketPolicy',
    said,
    caller: CALLER,
  });
  expect([reason.deniedBy, reason.explicitDeny]).toEqual([deniedBy, explicit]);
  expect(accessAdvice(reason)).toMatch(advice);
});

test('no advice about what an organization denies is to allow something', () => {
  for (const { rest, deniedBy } of Object.values(CASES)) {
    if (!/service control|resource control/.test(deniedBy ?? '')) continue;
    expect(accessAdvice(unreadableBecause('s3:GetBucketPolicy', denied(refused(rest)), at))).not.toMatch(
      /^Allow/,
    );
  }
  const named = unreadableBecause('iam:GetRole', denied('', 'AccessDeniedByServiceControlPolicy'), at);
  expect(accessAdvice(named)).toMatch(/organization’s administrators/);
});

test('GetObject that lacks kms:Decrypt names kms:Decrypt', () => {
  const said = `User: ${CALLER} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/k because no identity-based policy allows the kms:Decrypt action`;
  const reason = unreadableBecause('s3:GetObject', denied(said), at);
  expect(reason).toMatchObject({ api: 's3:GetObject', permission: 'kms:Decrypt' });
  expect(accessAdvice(reason)).toMatch(/^Allow kms:Decrypt to arn:/);
});

test.each(['Access Denied', 'Forbidden', ''])(
  'a 403 that says only %j lacks the permission of its API',
  (said) => {
    const reason = unreadableBecause('s3:HeadBucket', denied(said, '403'), at);
    expect(reason).toMatchObject({ message: 'AWS denied s3:HeadBucket (403)', permission: 's3:ListBucket' });
    expect(reason).not.toHaveProperty('said');
    expect(accessAdvice(reason)).toMatch(/^Allow s3:ListBucket to the principal that runs the check\./);
  },
);

test.each([
  [
    'InvalidObjectState',
    'The operation is not valid for the object’s storage class',
    /archive storage class \(InvalidObjectState\); have it restored/,
  ],
  [
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    /this machine’s clock/,
  ],
  [
    'SignatureDoesNotMatch',
    'Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z',
    /this machine’s clock/,
  ],
  [
    'AccountProblem',
    'There is a problem with your AWS account',
    /because of the account itself \(AccountProblem\)/,
  ],
  ['AllAccessDisabled', 'All access to this object has been disabled', /because of the account itself/],
  ['NotSignedUp', 'Your account is not signed up', /because of the account itself/],
])('%s is a 403 for which no permission is missing', (code, said, message) => {
  const reason = unreadableBecause('s3:GetObject', denied(said, code), at);
  expect(reason.message).toMatch(message);
  expect(reason).not.toHaveProperty('permission');
  expect(accessAdvice(reason)).toBeUndefined();
});

test('what is no refusal tells nothing', () => {
  expect(denialOf('The specified bucket does not exist')).toEqual({});
});

test('no credential stays in AWS’s sentence', () => {
  const said = `${refused('')} AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`;
  const { reason } = unreadable(unreadableBecause('s3:GetObject', denied(said), at));
  expect(JSON.stringify(reason)).not.toContain('wJalrXUtnFEMI');
  expect(reason.said).toContain(CALLER);
});
