/** What findings tell a person to do takes nothing away from anybody else. */
import type { KmsGrant } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { Finding } from '../../../checks/verdict/finding';
import { afterFixes } from '../remedy/support';
import {
  allowAltr,
  BUCKET,
  boundary,
  bucketPolicy,
  deny,
  denyAll,
  type Json,
  KEY,
  OBJECTS,
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

const violations = (setUp: SetUp) => findingsOf(setUp).filter(({ status }) => status === 'fail');

const root = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${OWN}:root` },
  Action: 'kms:*',
  Resource: '*',
};

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
  const everybody = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };
  const setUp = { kmsKeyPolicy: { Statement: [everybody] } };
  expect(remediationOf('logs-stay', setUp)?.document).toMatchObject({
    Statement: [
      {
        ...everybody,
        Condition: {
          StringEquals: { 'kms:CallerAccount': [OWN] },
          ArnNotEquals: { 'aws:PrincipalArn': [ROLE] },
        },
      },
      { ...everybody, Condition: { StringEquals: { 'aws:SourceAccount': [OWN] } } },
      { Sid: 'ALTRKey' },
    ],
  });
  const fixed = afterFixes(violations(setUp), setUp);
  expect(violations(fixed)).toEqual([]);
});

test('of a grant that lets the role do too much, what only it allows is granted before it goes', () => {
  const fixOf = (setUp: SetUp, changes: Partial<KmsGrant> = {}) => {
    const operations = ['Encrypt', 'GenerateDataKey', 'Decrypt', 'CreateGrant', 'Sign'];
    const grants = value([{ grantId: 'g', granteePrincipal: ROLE, operations, ...changes }]);
    return remediationOf('permissions-action-scope', { ...setUp, kmsKey: { grants } });
  };
  const key = `--region us-east-1 --key-id ${KEY}`;
  const lost =
    'The new grant has no retiring principal: if aws kms list-grants shows that the old one has, add it by --retiring-principal.';
  const revoke = `aws kms revoke-grant ${key} --grant-id g`;
  const make = `aws kms create-grant ${key} --grantee-principal ${ROLE} --operations`;
  expect(fixOf(policy(put()))).toEqual({
    summary: `Make a grant of Encrypt, GenerateDataKey, Decrypt alone, and revoke the grant g then. ${lost} Grants that were made by it stay: aws kms list-grants shows them.`,
    commands: [`${make} Encrypt GenerateDataKey Decrypt`, revoke],
    terraform: '# aws_kms_grant, grant g\noperations = ["Encrypt","GenerateDataKey","Decrypt"]',
  });
  expect(fixOf(policy(put(), useKey))?.commands).toEqual([`${make} Encrypt`, revoke]);
  expect(fixOf(policy(put(), useKey), { name: 'of acme' })?.commands).toEqual([
    `${make} Encrypt --name 'of acme'`,
    revoke,
  ]);
  const constraints = { encryptionContextSubset: { 'aws:s3:arn': EXAMPLE.bucketArn } };
  expect(fixOf(policy(put()), { operations: ['Decrypt', 'RetireGrant'], constraints })).toMatchObject({
    summary: `Make a grant of Decrypt alone, and revoke the grant g then. ${lost}`,
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

const READER = `arn:aws:iam::${OWN}:role/Reader`;
const reads = (changes: Json = {}): Json => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: OBJECTS,
  ...changes,
});
const only = (Condition: unknown, changes: Json = {}) => reads({ ...changes, Condition });
const ofAccount = { StringEquals: { 'aws:PrincipalAccount': [OWN] } };
const ofServices = { StringEquals: { 'aws:SourceAccount': [OWN] } };
const notTheRole = { ArnNotEquals: { 'aws:PrincipalArn': [ROLE] } };
const writes = { Action: 's3:PutObject' };
const granted = { Sid: 'ALTR0', ...put(), Principal: { AWS: ROLE } };

/** Bucket policies by what is wrong with them, and what their fix leaves. */
const BUCKET_POLICIES: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  [
    'the role and a service share a statement',
    [reads({ ...writes, Sid: 'Put', Principal: { AWS: ROLE, Service: 'cloudtrail.amazonaws.com' } })],
    [
      reads({ ...writes, Sid: 'Put', Principal: { AWS: [ROLE] } }),
      only(ofServices, { ...writes, Principal: { Service: ['cloudtrail.amazonaws.com'] } }),
    ],
  ],
  [
    'a reader and services share a statement',
    [
      reads({
        Principal: {
          Service: ['cloudfront.amazonaws.com', 'logging.s3.amazonaws.com'],
          AWS: [READER, OTHER],
        },
      }),
    ],
    [
      reads({ Principal: { Service: ['logging.s3.amazonaws.com'], AWS: [READER] } }),
      only(ofServices, { Principal: { Service: ['cloudfront.amazonaws.com'] } }),
    ],
  ],
  [
    'a service may act for this account and another',
    [
      only(
        { StringEquals: { 'aws:SourceAccount': [OWN, OTHER] }, Null: { 'aws:SourceArn': 'false' } },
        { ...writes, Sid: 'Trail', Principal: { Service: 'cloudtrail.amazonaws.com' } },
      ),
    ],
    [
      only(
        { ...ofServices, Null: { 'aws:SourceArn': 'false' } },
        { ...writes, Sid: 'Trail', Principal: { Service: 'cloudtrail.amazonaws.com' } },
      ),
    ],
  ],
  [
    'a service may act for another account alone',
    [
      only(
        { StringEquals: { 'aws:SourceAccount': OTHER } },
        { Principal: { Service: 'cloudfront.amazonaws.com' } },
      ),
    ],
    [],
  ],
  [
    'everybody may read',
    [reads({ Sid: 'Open' })],
    [only({ ...ofAccount, ...notTheRole }, { Sid: 'Open' }), only(ofServices)],
  ],
  [
    'everybody may write, and the role has no other leave to',
    [reads({ ...writes, Principal: { AWS: '*' } })],
    [
      only(ofAccount, { ...writes, Principal: { AWS: '*' } }),
      only(ofServices, { ...writes, Principal: { AWS: '*' } }),
    ],
  ],
  [
    'everybody of two accounts may read',
    [only({ StringEquals: { 'aws:PrincipalAccount': [OTHER, OWN] } })],
    [only({ ...ofAccount, ...notTheRole })],
  ],
  ['everybody of another account may read', [only({ StringEquals: { 'aws:PrincipalAccount': OTHER } })], []],
  [
    'everybody of the organization and of accounts that a pattern tells may read',
    [
      only({
        StringLike: { 'aws:PrincipalAccount': '*' },
        StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
      }),
    ],
    [
      only({
        StringLike: { 'aws:PrincipalAccount': '*' },
        StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij', ...ofAccount.StringEquals },
        ...notTheRole,
      }),
    ],
  ],
  [
    'any AWS service may read',
    [only({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
    [only({ Bool: { 'aws:PrincipalIsAWSService': 'true' }, ...ofServices })],
  ],
  [
    'the own account may read, so the role, too',
    [only(ofAccount, { Sid: 'TeamReads', Action: ['s3:GetObject'] })],
    [only({ ...ofAccount, ...notTheRole }, { Sid: 'TeamReads', Action: ['s3:GetObject'] })],
  ],
  [
    'roles of the own account may do all, and ALTR’s writes by it',
    [only({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } }, { Action: 's3:*' })],
    [
      only(
        { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` }, ...notTheRole },
        { Action: 's3:*' },
      ),
      granted,
    ],
  ],
  [
    'the role writes by two statements that grant too much',
    [
      reads({ Sid: 'ALTR0', Action: 's3:*', Principal: { AWS: [ROLE, READER] } }),
      reads({ Action: ['s3:PutObject', 's3:DeleteObject'], Principal: { AWS: ROLE } }),
    ],
    [reads({ Sid: 'ALTR0', Action: 's3:*', Principal: { AWS: [READER] } }), { ...granted, Sid: undefined }],
  ],
  [
    'everybody but another account may do all, and the role writes by it',
    [{ Effect: 'Allow', NotPrincipal: { AWS: OTHER }, Action: 's3:*', Resource: OBJECTS }],
    [granted],
  ],
];

describe.each(BUCKET_POLICIES)('%s', (_name, before, after) => {
  const attached: SetUp = bucketPolicy(...before);
  const mayWrite = JSON.stringify(before).includes('s3:PutObject') || JSON.stringify(before).includes('s3:*');
  // Where the policy lets the role write, nothing else does.
  const setUp: SetUp = mayWrite ? { ...attached, attachedPolicies: {} } : attached;
  const finding = violations(setUp).find(({ remediation }) =>
    remediation?.commands?.some((command) => /(put|delete)-bucket-policy/.test(command)),
  );

  test('the fix leaves those of the account what they have', () => {
    const document = finding?.remediation?.document as { Statement: readonly unknown[] } | undefined;
    expect(finding).toBeDefined();
    expect(document?.Statement ?? []).toEqual(after);
    // What is deleted was nobody's of this account.
    if (!document)
      expect(finding?.remediation?.summary).toBe(
        'Take principals outside the account out of the bucket policy. Nothing else is in it, so delete it.',
      );
  });

  test('the fixed set-up has no violation that the fix was for, and no new one', () => {
    const isOf = (rule: string) => /^(bucket-foreign-access|bucket-public-access|permissions-)/.test(rule);
    const fixed = afterFixes([finding as Finding], setUp);
    const without = violations({ ...fixed, ...(mayWrite ? {} : { bucketPolicy: undefined }) });
    expect(violations(fixed).filter(({ rule }) => isOf(rule))).toEqual(
      without.filter(({ rule }) => isOf(rule)),
    );
    expect(violations(fixed).map(({ rule }) => rule)).not.toContain('bucket-foreign-access');
    expect(violations(fixed).map(({ rule }) => rule)).not.toContain('permissions-action-scope');
  });
});

describe('a Deny for all but those named', () => {
  const allBut = (...AWS: readonly string[]) => ({
    Effect: 'Deny',
    NotPrincipal: { AWS },
    Action: 's3:*',
    Resource: [BUCKET, OBJECTS],
  });
  const fixOf = (Statement: Json) => {
    const setUp = bucketPolicy(Statement);
    const fixed = afterFixes(violations(setUp).concat(findingsOf(setUp)), setUp);
    expect(findingsOf(fixed).filter(({ rule }) => rule === 'permissions-put-object')).toMatchObject([
      { status: 'pass' },
    ]);
    return { remediation: remediationOf('permissions-put-object', setUp), fixed: fixed.bucketPolicy };
  };

  test('somebody of the account is named, who can still change the policy: only the role is exempt', () => {
    const found = allBut(`arn:aws:iam::${OWN}:root`, READER);
    const { remediation, fixed } = fixOf(found);
    expect(fixed).toEqual({ Version: '2012-10-17', Statement: [{ ...found, Condition: notTheRole }] });
    expect(remediation?.summary).toMatch(/^Exempt the role from the Deny in the bucket policy\./);
  });

  test('only another account is named: the account is exempt, and the fix says why', () => {
    const found = allBut(OTHER);
    const { remediation, fixed } = fixOf(found);
    const Condition = { StringNotEquals: { 'aws:PrincipalAccount': [OWN] } };
    expect(fixed).toEqual({ Version: '2012-10-17', Statement: [{ ...found, Condition }] });
    expect(remediation?.summary).toMatch(/^Exempt this account .* nobody could change the policy any more\./);
  });

  test('an exemption of the whole account is told, with what it gives', () => {
    expect(remediationOf('permissions-put-object', bucketPolicy(denyAll()))?.summary).toMatch(
      /^Exempt this account from the Deny .* Everybody in the account may then do with the logs /,
    );
  });

  test('a fix that exempts the role tells what else it corrects', () => {
    const setUp = bucketPolicy(denyAll(fromOffice), reads({ Principal: { AWS: [OTHER, READER] } }));
    expect(remediationOf('permissions-put-object', setUp)?.summary).toMatch(
      /^Exempt the role from the Deny in the bucket policy\. Take principals outside the account out of the bucket policy\./,
    );
  });
});

describe('a key policy for everybody', () => {
  const viaS3 = { 'kms:ViaService': 's3.us-east-1.amazonaws.com' };
  const admin = { ...root, Principal: { AWS: `arn:aws:iam::${OWN}:role/KeyAdmin` } };
  const use = (changes: Json = {}): Json => ({
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: { StringEquals: viaS3 },
    ...changes,
  });
  const ownGrant = {
    Sid: 'ALTRKey',
    Effect: 'Allow',
    Principal: { AWS: ROLE },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
  };
  const whileOwn = (more: Json = {}) => ({ StringEquals: { ...more, 'kms:CallerAccount': [OWN] } });

  test.each<[string, Json, readonly unknown[]]>([
    ['through S3, as aws/s3 has one', use(), [use({ Condition: whileOwn(viaS3) })]],
    [
      'of this account and another',
      use({ Condition: { StringEquals: { ...viaS3, 'kms:CallerAccount': [OTHER, OWN] } } }),
      [use({ Condition: whileOwn(viaS3) })],
    ],
    [
      'under no condition',
      use({ Sid: 'Use', Condition: undefined }),
      [
        use({ Sid: 'Use', Condition: whileOwn() }),
        use({ Condition: { StringEquals: { 'aws:SourceAccount': [OWN] } } }),
      ],
    ],
    [
      'of another account',
      use({ Condition: { StringEquals: { ...viaS3, 'kms:CallerAccount': OTHER } } }),
      [ownGrant],
    ],
  ])('%s goes on for this account', (_name, statement, after) => {
    const setUp: SetUp = {
      ...policy(put(), useKey),
      kmsKeyPolicy: { Version: '2012-10-17', Statement: [admin, JSON.parse(JSON.stringify(statement))] },
    };
    const finding = violations(setUp).find(({ rule }) => rule === 'logs-stay');
    const fixed = afterFixes([finding as Finding], setUp);
    expect(fixed.kmsKeyPolicy).toEqual({ Version: '2012-10-17', Statement: [admin, ...after] });
    expect(violations(fixed)).toEqual([]);
    expect(finding?.remediation?.summary).toContain(
      !after.includes(ownGrant)
        ? 'Limit what the key’s policy grants everybody to this account.'
        : 'Take the principals of other accounts out of the key’s policy.',
    );
  });

  test('declared readers of another account go on reading by it', () => {
    const siem = `arn:aws:iam::${OTHER}:role/siem`;
    const setUp: SetUp = {
      ...policy(put(), useKey),
      kmsKeyPolicy: { Version: '2012-10-17', Statement: [admin, use()] },
      declares: { bucketPolicy: { onlyReaders: [siem] } },
    };
    const finding = violations(setUp).find(({ rule }) => rule === 'logs-stay');
    expect(afterFixes([finding as Finding], setUp).kmsKeyPolicy).toMatchObject({
      Statement: [
        admin,
        { Principal: { AWS: '*' } },
        {
          Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
          Action: 'kms:Decrypt',
          Condition: { StringEquals: viaS3, ArnLike: { 'aws:PrincipalArn': [siem] } },
        },
      ],
    });
  });
});

test('an access point that lets everybody in goes on for this account', () => {
  const pointPolicy = (Statement: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const arn = `arn:aws:s3:us-east-1:${OWN}:accesspoint/readers`;
  const Resource = `${arn}/object/*`;
  const through = (Statement: readonly unknown[]): SetUp => ({
    bucket: {
      accessPoints: {
        state: 'value',
        value: [
          {
            name: 'readers',
            networkOrigin: 'Internet',
            arn,
            policy: { state: 'value', value: { source: 'readers', text: pointPolicy(Statement) } },
          },
        ],
      },
    },
  });
  const document = remediationOf('logs-stay', through([reads({ Resource })]))?.document as {
    Statement: readonly unknown[];
  };
  expect(document.Statement).toEqual([only(ofAccount, { Resource }), only(ofServices, { Resource })]);
  expect(violations(through(document.Statement))).toEqual([]);
});

test('a fix of the trust policy tells that it lets more of ALTR in than before', () => {
  const exporter = `arn:aws:iam::${EXAMPLE.altrAccountId}:role/Exporter`;
  const narrow = allowAltr({ Principal: { AWS: exporter } });
  const setUp = trust(narrow, deny({ StringNotEquals: { 'aws:PrincipalArn': exporter } }));
  expect(remediationOf('trust-usable', setUp)?.summary).toMatch(
    /^Exempt ALTR’s account from the Deny\. This also replaces what the policy allows .* the whole of ALTR’s account /,
  );
});

test('a fix of the trust policy that only exempts ALTR tells no more', () => {
  const [contracts] = EXAMPLE.trust.Statement;
  expect(remediationOf('trust-usable', trust(contracts, deny(fromOffice)))?.summary).toMatch(
    /^Exempt ALTR’s account from the Deny\. Or declare /,
  );
});

test('a fix of a policy of the role’s tells that it also reduces what the policy allows', () => {
  const denied = { Effect: 'Deny', Action: 's3:PutObject', Resource: '*', Condition: fromOffice };
  const summaryOf = (...statements: readonly unknown[]) =>
    remediationOf('permissions-put-object', policy(...statements))?.summary;
  expect(summaryOf(put({ Action: 's3:*' }), denied)).toMatch(
    /^Exempt the role from the Deny in the policy acme\.s3\.policy\. Reduce what it allows to what the contract does\. This /,
  );
  expect(summaryOf(put(), denied)).toMatch(
    /^Exempt the role from the Deny in the policy acme\.s3\.policy\. This /,
  );
});

test('a fix that takes only the role out of the bucket policy tells no more', () => {
  expect(
    remediationOf('permissions-action-scope', bucketPolicy(reads({ Principal: { AWS: ROLE } })))?.summary,
  ).toBe(
    'Take from the role what the bucket policy grants it beyond writing logs. Nothing else is in it, so delete it.',
  );
});

describe('a Deny that keeps the role from the key also holds back what else grants it the key', () => {
  const ofKey = (Effect: 'Allow' | 'Deny', Principal: unknown, changes: Json = {}): Json => ({
    Effect,
    Principal,
    Action: 'kms:*',
    Resource: '*',
    ...changes,
  });
  const keyPolicy = (...statements: readonly unknown[]): SetUp => ({
    kmsKeyPolicy: { Version: '2012-10-17', Statement: [root, ...statements] },
  });
  const theRole = { AWS: ROLE };
  const ownDeny: Json = { Effect: 'Deny', Action: 'kms:*', Resource: '*' };
  const onlyTheRole = { Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } };
  const granted = (...operations: string[]): SetUp => ({
    kmsKey: { grants: value([{ grantId: 'g', granteePrincipal: ROLE, operations }]) },
  });
  const roleLimited = 'Take from the role what the key’s policy grants it beyond using the key.';
  const denyRemoved = 'Remove the Deny of the role from the key’s policy.';

  test.each<[string, SetUp, readonly string[]]>([
    [
      'a statement of the key’s policy, under a Deny there',
      { ...policy(put(), useKey), ...keyPolicy(ofKey('Allow', theRole), ofKey('Deny', theRole)) },
      [denyRemoved, roleLimited],
    ],
    [
      'the role’s own policy, under a Deny of the key’s',
      {
        ...policy(put(), { Effect: 'Allow', Action: 'kms:*', Resource: KEY }),
        ...keyPolicy(ofKey('Deny', theRole)),
      },
      ['Correct the policy acme.s3.policy.', denyRemoved],
    ],
    [
      'a statement of the key’s policy, under a Deny of the role’s own',
      { ...policy(put(), ownDeny), ...keyPolicy(ofKey('Allow', theRole)) },
      ['Correct the policy acme.s3.policy.', roleLimited],
    ],
    [
      'a statement of the key’s policy for everybody of the account, under a Deny of the role’s own',
      {
        ...policy(put(), ownDeny),
        ...keyPolicy(ofKey('Allow', '*', { Condition: { StringEquals: { 'kms:CallerAccount': OWN } } })),
      },
      ['Correct the policy acme.s3.policy.', roleLimited],
    ],
    [
      'a grant, under a Deny of the role’s own',
      { ...policy(put(), ownDeny), ...keyPolicy(), ...granted('GenerateDataKey', 'Decrypt', 'CreateGrant') },
      ['Correct the policy acme.s3.policy.', 'Make a grant of GenerateDataKey, Decrypt alone'],
    ],
    [
      'a statement for everybody, under a Deny for the role by a condition',
      {
        ...policy(put(), useKey),
        ...keyPolicy(ofKey('Allow', '*'), ofKey('Deny', '*', onlyTheRole)),
      },
      [denyRemoved, roleLimited],
    ],
    [
      'a statement of the key’s policy, under a Deny of the role’s boundary',
      {
        ...policy(put(), useKey),
        ...boundary({ Effect: 'Allow', Action: '*', Resource: '*' }, ownDeny),
        ...keyPolicy(ofKey('Allow', theRole)),
      },
      ['Let the permissions boundary allow the role to use the key.', roleLimited],
    ],
    [
      'nothing, where the role’s boundary does not allow the key',
      {
        ...policy(put(), useKey),
        ...boundary({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
        ...keyPolicy(),
      },
      ['Let the permissions boundary allow the role to use the key.'],
    ],
    [
      'the bucket policy, under a Deny of everything of the role’s own',
      {
        ...policy(put(), { ...ownDeny, Action: '*' }),
        ...keyPolicy(ofKey('Allow', theRole)),
        ...bucketPolicy(reads({ Principal: theRole })),
      },
      ['Correct the policy acme.s3.policy.', 'Take from the role what the bucket policy', roleLimited],
    ],
  ])('%s', (_name, setUp, told) => {
    const before = violations(setUp).map(({ rule }) => rule);
    expect(before).not.toContain('permissions-action-scope');
    const fixes = violations(setUp).filter(({ rule }) => /^(bucket-encryption-|permissions-put-)/.test(rule));
    expect(fixes.map(({ rule }) => rule)).toContain('bucket-encryption-delivery');
    for (const fix of fixes) {
      const rules = violations(afterFixes([fix], setUp)).map(({ rule }) => rule);
      expect(rules).not.toContain(fix.rule);
      expect(rules.filter((rule) => !before.includes(rule))).toEqual([]);
    }
    const fixed = afterFixes(violations(setUp), setUp);
    expect(violations(fixed)).toEqual([]);
    const summary = remediationOf('bucket-encryption-delivery', setUp)?.summary;
    for (const sentence of told) expect(summary).toContain(sentence);
    // No statement is left that applies to nobody.
    expect(JSON.stringify(fixed.kmsKeyPolicy)).not.toContain('"Effect":"Deny"');
  });
});

test('a statement of a key’s policy about another key lets nobody administer this one', () => {
  const another = { ...root, Resource: KEY.replace(/key\/1/, 'key/9') };
  const own = { ...root, Resource: KEY };
  const fixOf = (...Statement: readonly unknown[]) =>
    remediationOf('bucket-encryption-delivery', {
      ...policy(put(), useKey),
      kmsKeyPolicy: { Version: '2012-10-17', Statement: [...Statement, deniesRole] },
    })?.document;
  const deniesRole = { Effect: 'Deny', Principal: { AWS: ROLE }, Action: 'kms:*', Resource: '*' };
  expect(fixOf(another)).toMatchObject({
    Statement: [{ ...root, Sid: 'Enable IAM User Permissions' }, another, { Sid: 'ALTRKey' }],
  });
  expect(fixOf(own)).toMatchObject({ Statement: [own] });
});

describe('somebody’s own statement under a Sid of the kit’s', () => {
  const without = (Statement: unknown) => {
    const setUp = {
      ...bucketPolicy(Statement),
      declares: { bucketPolicy: { requireTls: true, minimumTlsVersion: '1.2' as const } },
    };
    const fixed = afterFixes(violations(setUp), setUp);
    expect(violations(fixed)).toEqual([]);
    return (fixed.bucketPolicy as { Statement: readonly Json[] }).Statement;
  };
  const withoutTls = denyAll({ Bool: { 'aws:SecureTransport': 'false' } }, { Sid: 'DenyWithoutTls' });
  const oldTls = denyAll({ NumericLessThan: { 's3:TlsVersion': '1.2' } }, { Sid: 'DenyOldTls' });
  const deletes = {
    Action: 's3:DeleteObject',
    Resource: OBJECTS,
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': [READER] } },
  };

  test.each<[string, Json]>([
    ['denies something else', deletes],
    [
      'denies it of another key',
      { Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...deletes.Condition } },
    ],
    ['denies others', { Principal: { AWS: READER }, Condition: undefined }],
    ['denies another TLS', { Sid: 'DenyOldTls', Condition: { NumericLessThan: { 's3:TlsVersion': '1.1' } } }],
  ])('stays where it %s', (_name, changes) => {
    const found = JSON.parse(JSON.stringify({ ...withoutTls, ...changes }));
    expect(without(found)).toEqual([{ ...found, Sid: undefined }, withoutTls, oldTls]);
  });

  test('stays where it demands a newer TLS', () => {
    const newer = denyAll({
      NumericLessThan: { 's3:TlsVersion': '1.3' },
      ArnNotEquals: { 'aws:PrincipalArn': [ROLE] },
    });
    expect(without({ ...newer, Sid: 'DenyOldTls' })).toEqual([newer, withoutTls, oldTls]);
  });

  test('goes where it is the kit’s, for readers that are no longer declared', () => {
    const setUp = (...statements: readonly unknown[]): SetUp => ({
      ...bucketPolicy(...statements),
      declares: { bucketPolicy: { requireTls: true, onlyReaders: [READER] } },
    });
    const fixOf = (found: SetUp) => remediationOf('declared-bucket-policy', found)?.document;
    const { Statement: made } = fixOf(setUp()) as { Statement: readonly Json[] };
    const former = JSON.parse(JSON.stringify(made[1]).replaceAll(READER, `${READER}Former`));
    expect(former).not.toEqual(made[1]);
    expect(fixOf(setUp(former))).toMatchObject({ Statement: made });
  });
});
