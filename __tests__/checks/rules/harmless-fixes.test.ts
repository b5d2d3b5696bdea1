/** What findings tell a person to do takes nothing away from anybody else. */
import type { SetUp } from '../../../checks/pages/set-up';
import type { Finding } from '../../../checks/verdict/finding';
import { allowAltr, boundary, bucketPolicy, deny, denyAll, policy, put, ROLE, trust } from './builders';
import { EXAMPLE, findingsOf } from './support';

const remediationOf = (rule: string, setUp: SetUp) =>
  findingsOf(setUp).find((finding: Finding) => finding.rule === rule && finding.status !== 'pass')
    ?.remediation;

const fromOffice = { NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } };

test('a Deny that may hit the role keeps its condition and spares the role', () => {
  expect(remediationOf('permissions-put-object', bucketPolicy(denyAll(fromOffice)))).toMatchObject({
    summary: expect.stringMatching(/^Exempt the role from the Deny in the bucket policy\./),
    document: {
      Statement: [denyAll({ ...fromOffice, ArnNotEquals: { 'aws:PrincipalArn': [ROLE] } })],
    },
  });
});

test('a Deny in the trust policy that may hit ALTR keeps its condition and spares ALTR', () => {
  const allow = allowAltr();
  expect(remediationOf('trust-usable', trust(allow, deny(fromOffice)))).toMatchObject({
    summary: expect.stringMatching(/^Exempt ALTR’s account from the Deny\./),
    document: {
      Statement: [
        allow,
        deny({ ...fromOffice, StringNotEquals: { 'aws:PrincipalAccount': [EXAMPLE.altrAccountId] } }),
      ],
    },
  });
});

test('a Deny that shuts everybody out of the bucket policy leaves the account, so its author, in', () => {
  expect(remediationOf('permissions-put-object', bucketPolicy(denyAll()))?.document).toMatchObject({
    Statement: [{ Condition: { StringNotEquals: { 'aws:PrincipalAccount': ['123456789012'] } } }],
  });
  const objectsOnly = bucketPolicy(denyAll(undefined, { Resource: EXAMPLE.objectsArn }));
  expect(remediationOf('permissions-put-object', objectsOnly)?.document).toMatchObject({
    Statement: [{ Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ROLE] } } }],
  });
});

test('a change of what others may share says so, and which version goes first', () => {
  const wide = remediationOf(
    'permissions-action-scope',
    policy(put({ Action: ['s3:PutObject', 's3:GetObject'] })),
  );
  const bounded = remediationOf(
    'permissions-put-object',
    boundary({ Effect: 'Allow', Action: 'logs:*', Resource: '*' }),
  );
  for (const remediation of [wide, bounded]) {
    expect(remediation?.summary).toContain('This changes it for everybody it is attached to.');
    expect(remediation?.summary).toContain('deletes the oldest that is not in force');
    expect(remediation?.commands?.[0]).toMatch(/^for version in \$\(aws iam list-policy-versions /);
    expect(remediation?.commands?.[1]).toMatch(/^aws iam create-policy-version /);
  }
});

test('a detached policy is attached again if the account has it', () => {
  const remediation = remediationOf('permissions-put-object', { attachedPolicies: {} });
  expect(remediation?.summary).toMatch(/^Attach the role’s policy again/);
  expect(remediation?.commands).toEqual([
    expect.stringMatching(/^policy=.*then aws iam attach-role-policy .*else aws iam put-role-policy /),
  ]);
});

test('an undeclared role is adopted, and no command deletes it', () => {
  const remediation = remediationOf('undeclared-altr-role', {
    otherRoles: { ALTRPublishSIEMDataTrial: trust(allowAltr()).trustPolicy },
  });
  expect(remediation?.summary).toMatch(
    /^Declare the role: altr-export adopt --role ALTRPublishSIEMDataTrial /,
  );
  expect(remediation?.commands?.join()).toMatch(/RoleLastUsed.*altr-export adopt/);
  expect(JSON.stringify([remediation?.commands, remediation?.terraform])).not.toMatch(
    /delete|destroy|detach/,
  );
});

test('a role of a wrong name stays until logs arrive by the new one', () => {
  const remediation = remediationOf('role-name-prefix', { roleName: 'altrpublishsiemdataAcme' });
  expect(remediation?.commands?.join()).not.toMatch(/delete|detach/);
});
