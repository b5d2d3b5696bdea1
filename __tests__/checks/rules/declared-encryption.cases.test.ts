/** Who administers the key that the export makes, and what became of former keys, each with the outcome of every rule. */
import type { SetUp } from '../../../checks/pages/set-up';
import type { ExportOptionsInput } from '../../../config/options';
import { keyAdministrationStatement, keyPolicyDocument } from '../../../config/options/encryption';
import { beside, type Json, KEY, OTHER, OWN, ROLE, refused, useKey, value } from './builders';
import { EXAMPLE, findingsOf } from './support';
import { COMPLIANT, type Expected, table } from './table';

const WEAKER: Expected = { fail: ['declared-encryption'] };
const UNKNOWN: Expected = { unknown: ['declared-encryption'] };
const ADVICE: Expected = { advice: ['declared-encryption'] };
const UNREAD: Expected = {
  unknown: ['bucket-encryption-delivery', 'declared-encryption', 'logs-stay', 'permissions-action-scope'],
};
const ROOT = `arn:aws:iam::${OWN}:root`;
const role = (name: string) => `arn:aws:iam::${OWN}:role/${name}`;
const ADMIN = role('KeyAdmin');
const PLACE = { partition: 'aws', region: EXAMPLE.region, accountId: OWN } as const;
const document = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const made = (administrators: readonly string[]) =>
  keyPolicyDocument(PLACE, { writers: [ROLE], readers: [], administrators }).Statement;

const declaring = (
  administrators: readonly string[],
  statements: readonly unknown[],
  more: SetUp = {},
): SetUp => ({
  declares: { encryption: { type: 'kms', keyAdministrators: [...administrators] } },
  ...beside(useKey),
  kmsKeyPolicy: document(...statements),
  ...more,
});
const allow = (Principal: unknown, Action: unknown = 'kms:*', more: Json = {}): Json => ({
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
  ...more,
});
const when = (Condition: unknown) => ({ Condition });
const kit = made([ADMIN]);

table('administrators of the key are declared', [
  ['and the policy is the kit’s own', declaring([ADMIN], kit), COMPLIANT],
  ['and a pattern means them', declaring([role('Admin*')], made([role('Admin*')])), COMPLIANT],
  [
    'and a user is one of them',
    declaring([`arn:aws:iam::${OWN}:user/ops`], made([`arn:aws:iam::${OWN}:user/ops`])),
    COMPLIANT,
  ],
  [
    'and they are named as principals',
    declaring([ADMIN], [...kit.slice(1), allow({ AWS: ADMIN })]),
    COMPLIANT,
  ],
  [
    'and a user is named as a principal',
    declaring(
      [`arn:aws:iam::${OWN}:user/ops`],
      [...kit.slice(1), allow({ AWS: `arn:aws:iam::${OWN}:user/ops` })],
    ),
    COMPLIANT,
  ],
  [
    'and one whom their pattern means is named as a principal',
    declaring([role('Admin*')], [...kit.slice(1), allow({ AWS: role('AdminOne') })]),
    COMPLIANT,
  ],
  [
    'and a session of theirs is named',
    declaring(
      [role('ops/KeyAdmin')],
      [
        ...made([role('ops/KeyAdmin')]),
        allow({ AWS: `arn:aws:sts::${OWN}:assumed-role/KeyAdmin/alice` }, 'kms:DisableKey'),
      ],
    ),
    COMPLIANT,
  ],
  [
    'and the policy leaves the key to the account’s IAM policies',
    declaring([ADMIN], [...kit, allow({ AWS: ROOT })]),
    WEAKER,
  ],
  ['and the policy is the one that KMS gives by default', declaring([ADMIN], [allow({ AWS: ROOT })]), WEAKER],
  [
    'and another role may change it',
    declaring([ADMIN], [...kit, allow({ AWS: role('Other') }, 'kms:PutKeyPolicy')]),
    WEAKER,
  ],
  [
    'and another role may delete it',
    declaring([ADMIN], [...kit, allow({ AWS: role('Other') }, 'kms:Schedule*')]),
    WEAKER,
  ],
  [
    'and another user may disable it',
    declaring([ADMIN], [...kit, allow({ AWS: `arn:aws:iam::${OWN}:user/bob` }, 'kms:DisableKey')]),
    WEAKER,
  ],
  [
    'and a session of another role may point an alias elsewhere',
    declaring(
      [ADMIN],
      [...kit, allow({ AWS: `arn:aws:sts::${OWN}:assumed-role/Other/x` }, 'kms:UpdateAlias')],
    ),
    WEAKER,
  ],
  [
    'and others may make grants',
    declaring([ADMIN], [...kit, allow({ AWS: ROOT }, 'kms:CreateGrant')]),
    WEAKER,
  ],
  [
    'and others may make grants for services alone',
    declaring(
      [ADMIN],
      [
        ...kit,
        allow({ AWS: ROOT }, 'kms:CreateGrant', when({ Bool: { 'kms:GrantIsForAWSResource': 'true' } })),
      ],
    ),
    COMPLIANT,
  ],
  [
    'and a condition names one more',
    declaring([ADMIN], [keyAdministrationStatement(PLACE, [ADMIN, role('Other')]), ...kit.slice(1)]),
    WEAKER,
  ],
  [
    'and a condition is wider than the pattern',
    declaring([role('Admin*')], [keyAdministrationStatement(PLACE, [role('*')]), ...kit.slice(1)]),
    WEAKER,
  ],
  [
    'and a condition names the root user, too',
    declaring([ADMIN], [keyAdministrationStatement(PLACE, [ADMIN, ROOT]), ...kit.slice(1)]),
    WEAKER,
  ],
  [
    'and a Deny spares them alone',
    declaring(
      [ADMIN],
      [
        ...kit,
        allow({ AWS: ROOT }),
        {
          ...allow({ AWS: '*' }, [
            'kms:Put*',
            'kms:*Alias',
            'kms:*Key*',
            'kms:*Grant',
            'kms:*Resource',
            'kms:Update*',
          ]),
          Effect: 'Deny',
          ...when({ ArnNotLike: { 'aws:PrincipalArn': [ADMIN, ROLE] } }),
        },
      ],
    ),
    // The Deny also keeps everybody but two roles from using the key, but ALTR's role may administer it by IAM.
    WEAKER,
  ],
  [
    'and a Deny takes it back from everybody else',
    declaring(
      [ADMIN],
      [...kit, allow({ AWS: role('Other') }), { ...allow({ AWS: role('Other') }), Effect: 'Deny' }],
    ),
    COMPLIANT,
  ],
  [
    'and an auditor may look at it',
    declaring([ADMIN], [...kit, allow({ AWS: role('Auditor') }, ['kms:Describe*', 'kms:Get*', 'kms:List*'])]),
    COMPLIANT,
  ],
  [
    'and another role may use it',
    declaring([ADMIN], [...kit, allow({ AWS: role('App') }, ['kms:Encrypt', 'kms:GenerateDataKey*'])]),
    COMPLIANT,
  ],
  [
    'and a service may administer it',
    declaring([ADMIN], [...kit, allow({ Service: 'config.amazonaws.com' })]),
    COMPLIANT,
  ],
  [
    'and another account may make grants, which logs-stay reports',
    declaring([ADMIN], [...kit, allow({ AWS: `arn:aws:iam::${OTHER}:root` }, 'kms:CreateGrant')]),
    { fail: ['logs-stay'] },
  ],
  [
    'and whoever has a tag may administer it',
    declaring(
      [ADMIN],
      [...kit, allow({ AWS: ROOT }, 'kms:*', when({ StringEquals: { 'aws:PrincipalTag/team': 'sec' } }))],
    ),
    UNKNOWN,
  ],
  [
    'and they may only with a second factor, which is stricter',
    declaring(
      [ADMIN],
      [
        ...kit.slice(1),
        allow(
          { AWS: ROOT },
          'kms:*',
          when({ ArnLike: { 'aws:PrincipalArn': ADMIN }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        ),
      ],
    ),
    COMPLIANT,
  ],
  [
    'and the policy lets them do nothing',
    declaring([ADMIN], [...made([role('Admins')]).slice(1), allow({ AWS: ADMIN }, 'kms:DescribeKey')]),
    WEAKER,
  ],
  ['and one of two is left out', declaring([ADMIN, role('Second')], kit), WEAKER],
  [
    'and one is of another account, where nobody can administer the key',
    declaring([ADMIN, `arn:aws:iam::${OTHER}:role/Admin`], made([ADMIN, `arn:aws:iam::${OTHER}:role/Admin`])),
    COMPLIANT,
  ],
  [
    'and the policy could not be read',
    declaring([ADMIN], kit, { kmsKey: { policy: refused('kms:GetKeyPolicy') } }),
    UNREAD,
  ],
  [
    'and a statement of the policy is not understood',
    declaring([ADMIN], [...kit, { ...allow({ AWS: ROOT }), Effect: 'Permit' }]),
    UNREAD,
  ],
]);

test('nobody is an administrator too many where none is declared, or the key is given', () => {
  const byDefault = { ...beside(useKey), kmsKey: {} };
  for (const encryption of [{ type: 'kms' }, { type: 'kms', kmsKeyArn: KEY }] as const)
    expect(
      findingsOf({ ...byDefault, declares: { encryption } })
        .filter(({ rule }) => rule === 'declared-encryption')
        .map(({ status }) => status),
    ).toEqual(['pass']);
});

test('the finding names the statement, who, and what they may do', () => {
  const findings = findingsOf(
    declaring([ADMIN], [...kit, allow({ AWS: role('Other') }, ['kms:PutKeyPolicy', 'kms:Schedule*'])]),
  ).filter(({ rule }) => rule === 'declared-encryption');
  expect(findings).toMatchObject([
    {
      message: `The key’s policy lets ${role('Other')} administer the key (kms:PutKeyPolicy, kms:ScheduleKeyDeletion), and the config does not declare them in encryption.keyAdministrators.`,
      resource: KEY,
      severity: 'medium',
      location: { document: `key policy of ${KEY}`, pointer: `/Statement/${kit.length}` },
      remediation: { cdktf: 'npx cdktf deploy acme-prod' },
    },
  ]);
});

const FORMER = KEY.replace('1111', '7777');
const SIEM = role('Siem');
const policyText = (...statements: readonly unknown[]) =>
  value({ source: `key policy of ${FORMER}`, text: JSON.stringify(document(...statements)) });
const byDefault = allow({ AWS: ROOT });
const former = (changes: Json = {}, declares: ExportOptionsInput = { bucketPolicy: undefined }): SetUp => ({
  declares: { encryption: { type: 's3', formerKeys: [FORMER] }, ...declares },
  formerKeys: [
    {
      arn: FORMER,
      key: value({
        arn: FORMER,
        keyManager: 'CUSTOMER' as const,
        keyState: 'Enabled',
        policy: policyText(byDefault),
        ...changes,
      }),
    },
  ],
});
/** A reader whom nobody else judges: the policy is attached by hand, and was not looked at. */
const SPLUNK: ExportOptionsInput = { readers: [{ name: 'splunk', attachedTo: [SIEM] }] };
const UNNAMED: ExportOptionsInput = { readers: [{ name: 'splunk' }] };
const readable: SetUp = {
  readers: [
    {
      name: 'splunk',
      policy: value({
        source: 'policy splunk',
        text: JSON.stringify(
          document(
            { Effect: 'Allow', Action: 's3:ListBucket', Resource: EXAMPLE.bucketArn },
            { Effect: 'Allow', Action: 's3:GetObject', Resource: EXAMPLE.objectsArn },
            { Effect: 'Allow', Action: 'kms:Decrypt', Resource: FORMER },
          ),
        ),
      }),
    },
  ],
};
const read = (statements: readonly unknown[], declares = SPLUNK): SetUp => ({
  ...former({ policy: policyText(...statements) }, declares),
  ...readable,
});
const throughS3 = (Principal: unknown, region = 'us-east-1') =>
  allow(Principal, 'kms:Decrypt', when({ StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } }));

table('a former key is declared', [
  ['and it is there', former(), COMPLIANT],
  ['and it is about to be deleted', former({ keyState: 'PendingDeletion' }), WEAKER],
  ['and it is disabled', former({ keyState: 'Disabled' }), WEAKER],
  ['and its primary Region changes', former({ keyState: 'Updating' }), COMPLIANT],
  ['and it waits for its material', former({ keyState: 'PendingImport' }), WEAKER],
  ['and it is gone', { ...former(), formerKeys: [{ arn: FORMER, key: { state: 'absent' } }] }, WEAKER],
  [
    'and it could not be read',
    { ...former(), formerKeys: [{ arn: FORMER, key: refused('kms:DescribeKey') }] },
    UNKNOWN,
  ],
  ['and nobody looked', { ...former(), formerKeys: undefined }, ADVICE],
  ['and Terraform does not manage it', { ...former(), formerKeys: [{ arn: FORMER }] }, ADVICE],
  [
    'and its policy could not be read, without readers',
    former({ policy: refused('kms:GetKeyPolicy') }),
    COMPLIANT,
  ],
  [
    'and its policy could not be read, with readers',
    { ...former({ policy: refused('kms:GetKeyPolicy') }, SPLUNK), ...readable },
    UNKNOWN,
  ],
]);

table('readers may decrypt with a former key', [
  ['since its policy leaves that to IAM', read([byDefault]), COMPLIANT],
  [
    'since its policy is the kit’s',
    read(keyPolicyDocument(PLACE, { writers: [ROLE], readers: [SIEM], administrators: [] }).Statement),
    COMPLIANT,
  ],
  ['since its policy names them', read([throughS3({ AWS: SIEM })]), COMPLIANT],
  ['and not, since its policy names nobody', read([allow({ AWS: ROOT }, 'kms:Describe*')]), WEAKER],
  ['and not, since its policy is for another reader', read([throughS3({ AWS: role('Other') })]), WEAKER],
  [
    'and not, since its policy is for S3 of another region',
    read([throughS3({ AWS: SIEM }, 'eu-west-1')]),
    WEAKER,
  ],
  [
    'and not, since a statement denies it',
    read([byDefault, { ...throughS3({ AWS: '*' }), Effect: 'Deny' }]),
    WEAKER,
  ],
  [
    'if they come from somewhere',
    read([allow({ AWS: ROOT }, 'kms:Decrypt', when({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }))]),
    UNKNOWN,
  ],
  ['if the policy is understood', read([{ ...byDefault, Effect: 'Permit' }]), UNKNOWN],
  ['whoever they are, since its policy leaves that to IAM', read([byDefault], UNNAMED), COMPLIANT],
  ['if its policy names whoever they are', read([throughS3({ AWS: SIEM })], UNNAMED), UNKNOWN],
  [
    'of whom one is meant by their pattern',
    read([throughS3({ AWS: SIEM })], { readers: [{ name: 'splunk', attachedTo: [role('Si*')] }] }),
    COMPLIANT,
  ],
]);

const fixOf = (setUp: SetUp) =>
  findingsOf(setUp).find(({ rule, status }) => rule === 'declared-encryption' && status === 'fail');

test('how bad a lost key is, and how it comes back', () => {
  const at = '--region us-east-1 --key-id 77771111-2222-3333-4444-555555555555';
  expect(fixOf(former({ keyState: 'PendingDeletion' }))).toMatchObject({
    severity: 'high',
    resource: FORMER,
    remediation: { commands: [`aws kms cancel-key-deletion ${at}`, `aws kms enable-key ${at}`] },
  });
  const disabled = fixOf(former({ keyState: 'Disabled' }));
  expect(disabled).toMatchObject({
    severity: 'medium',
    remediation: { commands: [`aws kms enable-key ${at}`] },
  });
  expect(disabled?.remediation?.cdktf).toBeUndefined();
  const gone = fixOf({ ...former(), formerKeys: [{ arn: FORMER, key: { state: 'absent' } }] });
  expect([gone?.severity, gone?.remediation?.commands]).toEqual(['high', undefined]);
});

describe('the fix of a former key’s policy', () => {
  const fixed = (statements: readonly unknown[]) => {
    const fix = fixOf(read(statements))?.remediation;
    return (fix?.document as { Statement: readonly Json[] } | undefined)?.Statement;
  };

  test('adds the readers, and leaves all else as it is', () => {
    const others = [allow({ AWS: ROOT }, 'kms:Put*'), throughS3({ AWS: `arn:aws:iam::${OTHER}:root` })];
    const Statement = fixed(others);
    expect(Statement?.slice(0, 2)).toEqual(others);
    expect(Statement?.slice(2)).toEqual([
      {
        Sid: 'ALTRKeyReaders',
        ...throughS3({ AWS: ROOT }),
        Action: ['kms:Decrypt'],
        Condition: {
          StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
          ArnLike: { 'aws:PrincipalArn': [SIEM] },
        },
      },
    ]);
    expect(findingsOf(read(Statement ?? [])).filter(({ status }) => status !== 'pass')).toEqual([]);
  });

  test('lets a reader of another account decrypt as well, by a statement of that account’s', () => {
    const foreign = `arn:aws:iam::${OTHER}:role/Auditor`;
    const setUp = (Statement: readonly unknown[]) =>
      read(Statement, { bucketPolicy: { onlyReaders: [SIEM, foreign] } });
    const document = fixOf(setUp([allow({ AWS: ROOT }, 'kms:Put*')]))?.remediation?.document;
    const { Statement } = document as { readonly Statement: readonly Json[] };
    expect(Statement.slice(1)).toMatchObject([
      { Sid: 'ALTRKeyReaders', Principal: { AWS: ROOT } },
      { Sid: 'ALTRKeyReaders1', Principal: { AWS: `arn:aws:iam::${OTHER}:root` } },
    ]);
    expect(fixOf(setUp(Statement))).toBeUndefined();
  });

  test('has a name of its own', () => {
    const taken = { Sid: 'ALTRKeyReaders', ...allow({ AWS: ROOT }, 'kms:Put*') };
    expect(fixed([taken])?.map(({ Sid }) => Sid)).toEqual(['ALTRKeyReaders', 'ALTRKeyReaders1']);
  });

  test('takes back no Deny', () => {
    const fix = fixOf(read([byDefault, { ...throughS3({ AWS: '*' }), Effect: 'Deny' }]))?.remediation;
    expect([fix?.document, fix?.commands]).toEqual([undefined, undefined]);
    expect(fix?.summary).toContain('denies it');
  });
});
