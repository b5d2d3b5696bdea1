/** What findings tell a person to do takes nothing away from anybody else. */
import type { KmsGrant } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { Finding } from '../../../checks/verdict/finding';
import {
  allowAltr,
  boundary,
  bucketPolicy,
  deny,
  denyAll,
  KEY,
  OTHER,
  OWN,
  policy,
  put,
  ROLE,
  trust,
  useKey,
  value,
} from './builders';
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
  for (const [remediation, name] of [
    [wide, 'acme.s3.policy'],
    [bounded, 'boundary'],
  ] as const) {
    expect(remediation?.summary).toContain('This changes it for everybody it is attached to.');
    expect(remediation?.summary).toContain(
      `If the policy ${name} has five versions, the most that IAM keeps, its oldest that is not in force is deleted first.`,
    );
    expect(remediation?.commands?.[0]).toMatch(/^for version in \$\(aws iam list-policy-versions /);
    expect(remediation?.commands?.[1]).toMatch(/^aws iam create-policy-version /);
  }
});

test('a fix of several policies says of each by name which version goes first', () => {
  const twice = remediationOf('permissions-put-object', {
    ...policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' }),
    ...boundary({ Effect: 'Allow', Action: 'logs:*', Resource: '*' }),
  });
  const names = [...(twice?.summary.matchAll(/If the policy (\S+) has five versions/g) ?? [])].map(
    ([, name]) => name,
  );
  expect(names.sort()).toEqual(['acme.s3.policy', 'boundary']);
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
  expect(remediation?.commands?.[0]).toMatch(
    /^altr-export adopt --altr-account-id \d+ --role ALTRPublishSIEMDataTrial --append$/,
  );
  expect(remediation?.commands?.[1]).toMatch(/RoleLastUsed/);
  // The kit did not make the role.
  expect(remediation?.cdktf).toBeUndefined();
  expect(JSON.stringify([remediation?.commands, remediation?.terraform])).not.toMatch(
    /delete|destroy|detach/,
  );
});

test('a role of a wrong name stays until logs arrive by the new one', () => {
  const remediation = remediationOf('role-name-prefix', { roleName: 'altrpublishsiemdataAcme' });
  expect(remediation?.commands?.join()).not.toMatch(/delete|detach/);
});

test('several foreign replication rules are stopped by one fix, and the others stay', () => {
  const rule = (id: string, owner: 'another-account' | 'audited-account') => ({
    id,
    status: 'Enabled' as const,
    filter: {},
    destination: { bucket: `arn:aws:s3:::${id}`, owner: { state: 'value' as const, value: owner } },
  });
  const replicating = (...rules: ReturnType<typeof rule>[]): SetUp => ({
    bucket: { replication: { state: 'value', value: { role: 'arn:aws:iam::123456789012:role/r', rules } } },
  });
  const foreign = [rule('a', 'another-account'), rule('b', 'another-account')];
  expect(remediationOf('logs-stay', replicating(...foreign))).toMatchObject({
    commands: ['aws s3api delete-bucket-replication --bucket acme-altr-audit-logs'],
    cdktf: undefined,
  });
  const [get] =
    remediationOf('logs-stay', replicating(...foreign, rule('own', 'audited-account')))?.commands ?? [];
  expect(get).toContain("Rules: Rules[?ID!='\\''a'\\'' && ID!='\\''b'\\'']");
});

test('a foreign grant of the ACL goes before ACLs are switched off, and log delivery keeps its own', () => {
  const grants = (...others: string[]): SetUp => ({
    bucket: {
      acl: {
        state: 'value',
        value: {
          owner: 'c0ffee',
          grants: [
            { grantee: 'c0ffee', granteeType: 'CanonicalUser', permission: 'FULL_CONTROL' },
            { grantee: 'dead', granteeType: 'CanonicalUser', permission: 'READ' },
            ...others.map((grantee) => ({
              grantee,
              granteeType: 'Group' as const,
              permission: 'WRITE' as const,
            })),
          ],
        },
      },
    },
  });
  expect(remediationOf('bucket-foreign-access', grants())?.commands).toEqual([
    expect.stringMatching(/put-bucket-acl .*--acl private$/),
    expect.stringMatching(/put-bucket-ownership-controls /),
  ]);
  const logged = findingsOf(grants('http://acs.amazonaws.com/groups/s3/LogDelivery')).find(
    ({ rule, status }) => rule === 'bucket-foreign-access' && status === 'fail',
  )?.remediation;
  expect(logged?.commands).toHaveLength(1);
  expect(logged?.commands?.[0]).toMatch(/--access-control-policy .*LogDelivery/);
  expect(logged?.commands?.[0]).not.toContain('dead');
});

test('a key policy that let everybody in keeps somebody who administers the key', () => {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }];
  expect(remediationOf('logs-stay', { kmsKeyPolicy: { Statement } })?.document).toMatchObject({
    Statement: [
      { Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*' },
      { Sid: 'ALTRKey' },
    ],
  });
});

test('of a grant that lets the role do too much, what only it allows is granted before it goes', () => {
  const fixOf = (setUp: SetUp, changes: Partial<KmsGrant> = {}) => {
    const operations = ['Encrypt', 'GenerateDataKey', 'Decrypt', 'CreateGrant', 'Sign'];
    const grants = value([{ grantId: 'g', granteePrincipal: ROLE, operations, ...changes }]);
    return remediationOf('permissions-action-scope', { ...setUp, kmsKey: { grants } });
  };
  const key = `--region us-east-1 --key-id ${KEY}`;
  const revoke = `aws kms revoke-grant ${key} --grant-id g`;
  const make = `aws kms create-grant ${key} --grantee-principal ${ROLE} --operations`;
  expect(fixOf(policy(put()))).toEqual({
    summary:
      'Make a grant of Encrypt, GenerateDataKey, Decrypt alone, and revoke this one then. Grants that were made by it stay: aws kms list-grants shows them.',
    commands: [`${make} Encrypt GenerateDataKey Decrypt`, revoke],
    terraform: '# aws_kms_grant, grant g\noperations = ["Encrypt","GenerateDataKey","Decrypt"]',
  });
  expect(fixOf(policy(put(), useKey))?.commands).toEqual([`${make} Encrypt`, revoke]);
  const constraints = { encryptionContextSubset: { 'aws:s3:arn': EXAMPLE.bucketArn } };
  expect(fixOf(policy(put()), { operations: ['Decrypt', 'RetireGrant'], constraints })).toMatchObject({
    summary: 'Make a grant of Decrypt alone, and revoke this one then.',
    commands: [
      `${make} Decrypt --constraints '{"EncryptionContextSubset":{"aws:s3:arn":"${EXAMPLE.bucketArn}"}}'`,
      revoke,
    ],
  });
  expect(fixOf(policy(put(), useKey), { operations: ['Decrypt', 'CreateGrant'] })).toMatchObject({
    summary:
      'Revoke the grant: no use of the key that the role has rests on it. Grants that were made by it stay: aws kms list-grants shows them.',
    commands: [revoke],
  });
});

test('a stranger who may decrypt other data, or perhaps logs, stays in the key’s policy', () => {
  const stranger = { Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'kms:Decrypt', Resource: '*' };
  const ofOthers = [
    { ...stranger, Condition: { StringEquals: { 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' } } },
    { ...stranger, Condition: { StringEquals: { 'kms:EncryptionContext:tenant': 'x' } } },
  ];
  const owner = { Effect: 'Allow', Principal: { AWS: OWN }, Action: 'kms:*', Resource: '*' };
  const Statement = [owner, stranger, ...ofOthers];
  const fix = findingsOf({
    ...policy(put(), useKey),
    kmsKeyPolicy: { Version: '2012-10-17', Statement },
  }).find(({ rule, status }) => rule === 'logs-stay' && status === 'fail')?.remediation;
  expect(fix?.document).toEqual({ Version: '2012-10-17', Statement: [owner, ...ofOthers] });
});

test('a key that does not exist is never replaced by less than what is declared', () => {
  const gone: SetUp['bucket'] = {
    encryption: { state: 'value', value: { algorithm: 'aws:kms', kmsKeyId: `${EXAMPLE.bucketArn}/key/x` } },
    kmsKey: { state: 'absent' },
  };
  const declared = remediationOf('bucket-encryption-delivery', {
    bucket: gone,
    declares: { encryption: { type: 'kms' } },
  });
  expect(declared?.commands).toBeUndefined();
  expect(declared?.cdktf).toBe('npx cdktf deploy acme-prod');
  expect(remediationOf('bucket-encryption-delivery', { bucket: gone })?.commands?.join()).toContain('AES256');
});

test('a deploy is offered only if it takes nothing from others and can change what is wrong', () => {
  const cdktfOf = (rule: string, setUp: SetUp) => remediationOf(rule, setUp)?.cdktf;
  const foreign = bucketPolicy({
    Effect: 'Allow',
    Principal: { AWS: '222222222222' },
    Action: '*',
    Resource: '*',
  });
  expect(cdktfOf('bucket-foreign-access', foreign)).toBeUndefined();
  expect(cdktfOf('permissions-put-object', bucketPolicy(denyAll(fromOffice)))).toBeUndefined();
  const open: SetUp = { bucket: { publicAccessBlock: { state: 'absent' } } };
  expect(cdktfOf('bucket-public-access', open)).toBe('npx cdktf deploy acme-prod');
  const existing = { ...open, declares: { existingBucket: true } };
  expect(cdktfOf('bucket-public-access', existing)).toBeUndefined();
  const wide = policy(put({ Action: 's3:*' }));
  expect(cdktfOf('permissions-action-scope', wide)).toBe('npx cdktf deploy acme-prod');
  const shared = { ...wide, declares: { role: { exclusive: false } } };
  expect(cdktfOf('permissions-action-scope', shared)).toBeUndefined();
});
