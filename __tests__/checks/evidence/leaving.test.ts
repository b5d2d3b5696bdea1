import {
  foreignCopies,
  foreignReadersOfKey,
  foreignUsersOf,
  holdersOfKey,
  isDeclaredReader,
  type KeyHolders,
  letsForeignRead,
} from '../../../checks/evidence/leaving';
import { parsedResourcePolicy } from '../../../checks/evidence/parsed';
import {
  type AccessGrant,
  type KmsGrant,
  type KmsKeyObservation,
  known,
} from '../../../checks/observe/observation';
import { BUCKET, KEY, OBJECTS, OTHER, OWN } from '../rules/builders';
import { contextOf } from './context-of';

const CONTEXT = contextOf();
const FOREIGN_KEY = KEY.replace(OWN, OTHER);
const STRANGER = '333333333333';
const READER = `arn:aws:iam::${OTHER}:role/teams/logs/Reader`;
const ADMINISTRATOR = `arn:aws:iam::${OTHER}:role/Admin-*`;
const ROOT = `arn:aws:iam::${OTHER}:root`;

const policyOf = (...Statement: readonly unknown[]) =>
  parsedResourcePolicy({ source: 'the policy', text: JSON.stringify({ Version: '2012-10-17', Statement }) });
const keyOf = (arn: string): KmsKeyObservation => ({
  arn,
  keyManager: 'CUSTOMER',
  keyState: 'Enabled',
  policy: known({ source: 'the policy', text: '{}' }),
});

test('copies of another account share a cause by their bucket', () => {
  expect(foreignCopies('arn:aws:s3:::copies')).toBe('copies-of-another-account:arn:aws:s3:::copies');
});

describe('who may hold the key', () => {
  test('its own account and the bucket’s, and declared readers and administrators', () => {
    const declaring = contextOf({
      declares: {
        bucketPolicy: { onlyReaders: [READER] },
        encryption: { type: 'kms', keyAdministrators: [ADMINISTRATOR] },
      },
    });
    expect(holdersOfKey(keyOf(FOREIGN_KEY), OWN, declaring)).toStrictEqual({
      accounts: [OWN, OTHER],
      declared: [READER, ADMINISTRATOR],
    });
  });

  test('nobody else if nothing is declared, or the key’s account is not known', () => {
    expect(holdersOfKey(keyOf('alias/logs'), OWN, CONTEXT)).toStrictEqual({ accounts: [OWN], declared: [] });
    expect(holdersOfKey(keyOf(KEY), OWN, contextOf({ declares: {} }))).toStrictEqual({
      accounts: [OWN, OWN],
      declared: [],
    });
  });
});

const HOLDERS: KeyHolders = { accounts: [OWN], declared: [READER, ADMINISTRATOR] };

describe('foreign readers by the key’s policy', () => {
  const readersOf = (statement: object, keyArn = KEY) =>
    foreignReadersOfKey(
      policyOf({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', ...statement }),
      keyOf(keyArn),
      HOLDERS,
      OWN,
      CONTEXT,
    ).map(({ text }) => text);

  test.each([
    ['kms:Decrypt', true],
    ['kms:ReEncrypt*', true],
    ['kms:ReEncryptFrom', true],
    ['kms:CreateGrant', true],
    ['kms:PutKeyPolicy', true],
    ['kms:*', true],
    ['kms:Encrypt', false],
    ['kms:ReEncryptTo', false],
    ['kms:DescribeKey', false],
    ['kms:GenerateDataKey*', false],
  ])('another account that may %s: %s', (Action, reads) => {
    expect(readersOf({ Principal: { AWS: ROOT }, Action })).toStrictEqual(reads ? [ROOT] : []);
  });

  test.each<[who: string, principal: unknown, texts: readonly string[]]>([
    [
      'a role of another account',
      { AWS: `arn:aws:iam::${OTHER}:role/Stranger` },
      [`arn:aws:iam::${OTHER}:role/Stranger`],
    ],
    ['an account by its ID', { AWS: STRANGER }, [STRANGER]],
    ['everybody', '*', ['*']],
    ['the account itself', { AWS: OWN }, []],
    ['a service', { Service: 'logging.amazonaws.com' }, []],
    ['a declared reader', { AWS: READER }, []],
    [
      'a declared reader of a path that is not the declared one',
      { AWS: READER.replace('/teams', '') },
      [READER.replace('/teams', '')],
    ],
    ['a declared administrator, by a pattern', { AWS: `arn:aws:iam::${OTHER}:role/Admin-1` }, []],
    ['a session of the declared reader', { AWS: `arn:aws:sts::${OTHER}:assumed-role/Reader/today` }, []],
    [
      'a session of a declared administrator',
      { AWS: `arn:aws:sts::${OTHER}:assumed-role/Admin-1/today` },
      [],
    ],
    [
      'a session of another role',
      { AWS: `arn:aws:sts::${OTHER}:assumed-role/Readers/today` },
      [`arn:aws:sts::${OTHER}:assumed-role/Readers/today`],
    ],
    [
      'a session of such a role in another account',
      { AWS: `arn:aws:sts::${STRANGER}:assumed-role/Reader/today` },
      [`arn:aws:sts::${STRANGER}:assumed-role/Reader/today`],
    ],
    [
      'a session of such a role in another partition',
      { AWS: `arn:aws-us-gov:sts::${OTHER}:assumed-role/Reader/today` },
      [`arn:aws-us-gov:sts::${OTHER}:assumed-role/Reader/today`],
    ],
    [
      'a federated user who has the name of the declared reader',
      { AWS: `arn:aws:sts::${OTHER}:federated-user/Reader` },
      [`arn:aws:sts::${OTHER}:federated-user/Reader`],
    ],
  ])('%s', (_who, Principal, texts) => {
    expect(readersOf({ Principal })).toStrictEqual(texts);
  });

  test.each<[what: string, condition: object, reads: boolean]>([
    ['for the declared reader', { ArnEquals: { 'aws:PrincipalArn': READER } }, false],
    ['for it, in another spelling', { stringLIKE: { 'AWS:principalARN': READER } }, false],
    ['for it by StringEquals', { StringEquals: { 'aws:PrincipalArn': READER } }, false],
    ['for it by ArnLike', { ArnLike: { 'aws:PrincipalArn': READER } }, false],
    [
      'for several of the declared',
      { ArnLike: { 'aws:PrincipalArn': [READER, `arn:aws:iam::${OTHER}:role/Admin-east-*`] } },
      false,
    ],
    [
      'for the declared and others',
      { ArnLike: { 'aws:PrincipalArn': [READER, `arn:aws:iam::${OTHER}:role/*`] } },
      true,
    ],
    ['for all but the declared', { ArnNotEquals: { 'aws:PrincipalArn': READER } }, true],
    ['for the declared, or if nobody tells', { ArnEqualsIfExists: { 'aws:PrincipalArn': READER } }, true],
    [
      'for the declared, or if there is none',
      { 'ForAllValues:ArnEquals': { 'aws:PrincipalArn': READER } },
      true,
    ],
    ['for data that name the declared', { StringEquals: { 'kms:EncryptionContext:for': READER } }, true],
    ['for the account alone', { StringEquals: { 'kms:CallerAccount': OWN } }, false],
  ])('everybody under a condition %s', (_what, Condition, reads) => {
    expect(readersOf({ Principal: '*', Condition })).toStrictEqual(reads ? ['*'] : []);
  });

  test('one condition that leaves the declared alone is enough', () => {
    const Condition = {
      ArnEquals: { 'aws:PrincipalArn': READER },
      StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
    };
    expect(readersOf({ Principal: '*', Condition })).toStrictEqual([]);
  });

  test('the resource’s account is that of the key, which may be another’s', () => {
    const byOwner = (account: string) => ({
      Principal: '*',
      Condition: { StringEquals: { 'aws:ResourceAccount': account } },
    });
    expect(readersOf(byOwner(OWN))).toStrictEqual(['*']);
    expect(readersOf(byOwner(OTHER))).toStrictEqual([]);
    expect(readersOf(byOwner(OTHER), FOREIGN_KEY)).toStrictEqual(['*']);
  });
});

describe('foreign readers by a grant', () => {
  const grant = (changes: Partial<KmsGrant> = {}): KmsGrant => ({
    grantId: 'g',
    granteePrincipal: ROOT,
    operations: ['Decrypt'],
    ...changes,
  });

  test.each<[what: string, changes: Partial<KmsGrant>, verdict: boolean | 'open']>([
    ['another account', {}, true],
    ['the account itself', { granteePrincipal: `arn:aws:iam::${OWN}:role/Any` }, false],
    ['a declared reader', { granteePrincipal: READER }, false],
    ['a service', { granteePrincipal: 'dynamodb.us-east-1.amazonaws.com' }, false],
    ['a principal that was deleted', { granteePrincipal: 'AIDACKCEVSQ6C2EXAMPLE' }, false],
    ['one that may encrypt only', { operations: ['Encrypt', 'GenerateDataKey', 'ReEncryptTo'] }, false],
    ['one that may encrypt it anew, too', { operations: ['Encrypt', 'ReEncryptFrom'] }, true],
    ['one that may make grants', { operations: ['CreateGrant'] }, true],
    ['one that may do nothing', { operations: [] }, false],
  ])('%s', (_what, changes, verdict) => {
    expect(letsForeignRead(grant(changes), HOLDERS, CONTEXT)).toBe(verdict);
  });

  const LOGS = { 'aws:s3:arn': `${BUCKET}/year=2026/x.json` };

  test.each<[what: string, constraints: KmsGrant['constraints'], verdict: boolean | 'open']>([
    ['no constraint', {}, true],
    ['the bucket', { encryptionContextEquals: { 'aws:s3:arn': BUCKET } }, true],
    ['a log', { encryptionContextEquals: LOGS }, true],
    ['a log, at least', { encryptionContextSubset: LOGS }, true],
    ['another bucket', { encryptionContextEquals: { 'aws:s3:arn': 'arn:aws:s3:::other' } }, false],
    ['a bucket whose name goes on', { encryptionContextSubset: { 'aws:s3:arn': `${BUCKET}-2` } }, false],
    ['another service', { encryptionContextSubset: { 'aws:ebs:id': 'vol-1' } }, false],
    ['a key of an application', { encryptionContextSubset: { team: 'data' } }, 'open'],
    [
      'a key of an application whose name holds aws:',
      { encryptionContextSubset: { 'my-aws:x': 'y' } },
      'open',
    ],
    [
      'a log, and a key of an application',
      { encryptionContextSubset: { team: 'data' }, encryptionContextEquals: LOGS },
      'open',
    ],
    [
      'another service, and a key of an application',
      { encryptionContextSubset: { team: 'data' }, encryptionContextEquals: { 'aws:ebs:id': 'vol-1' } },
      false,
    ],
    ['a source', { sourceArn: BUCKET }, 'open'],
    [
      'a source, and another service',
      { sourceArn: BUCKET, encryptionContextEquals: { 'aws:ebs:id': 'vol-1' } },
      false,
    ],
  ])('constrained to %s', (_what, constraints, verdict) => {
    expect(letsForeignRead(grant({ constraints }), HOLDERS, CONTEXT)).toBe(verdict);
  });
});

describe('users of an access point', () => {
  const usersOf = (restrictPublicBuckets: boolean) => {
    const { bucket } = contextOf({
      bucket: {
        publicAccessBlock: known({
          blockPublicAcls: true,
          ignorePublicAcls: true,
          blockPublicPolicy: true,
          restrictPublicBuckets,
        }),
      },
    }).observation;
    if (bucket.state !== 'value') throw new Error('the set-up has no bucket');
    const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS };
    const policy = policyOf(
      { ...read, Principal: { AWS: [ROOT, OWN] } },
      { ...read, Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } },
    );
    return foreignUsersOf(policy, bucket.value, OWN, CONTEXT).map(({ text }) => text);
  };

  test('are principals of other accounts, without those whom the public access block shuts out', () => {
    expect(usersOf(false)).toStrictEqual([ROOT, '*']);
    expect(usersOf(true)).toStrictEqual([ROOT]);
  });
});

describe('a grant of S3 Access Grants', () => {
  const MADE = `arn:aws:iam::${OWN}:role/logs/Siem`;
  const declaring = contextOf({
    declares: {
      role: { path: '/logs/' },
      readers: [{ name: 'siem', trustedPrincipals: [OTHER], roleName: 'Siem' }],
      bucketPolicy: { onlyReaders: [`arn:aws:iam::${OWN}:role/Splunk-*`] },
    },
  });
  const grant = (changes: Partial<AccessGrant> = {}): AccessGrant => ({
    id: 'g',
    granteeType: 'IAM',
    grantee: MADE,
    permission: 'READ',
    scope: 's3://acme-altr-audit-logs/*',
    ...changes,
  });

  test.each<[what: string, changes: Partial<AccessGrant>, isDeclared: boolean]>([
    ['a reader that the kit makes', {}, true],
    ['one that the config names by a pattern', { grantee: `arn:aws:iam::${OWN}:role/Splunk-1` }, true],
    ['a role of the same name in another path', { grantee: `arn:aws:iam::${OWN}:role/Siem` }, false],
    ['nobody declared', { grantee: `arn:aws:iam::${OWN}:role/Other` }, false],
    ['a declared reader who may write, too', { permission: 'READWRITE' }, false],
    ['a user of a directory', { granteeType: 'DIRECTORY_USER' }, false],
  ])('%s', (_what, changes, isDeclared) => {
    expect(isDeclaredReader(grant(changes), OWN, declaring)).toBe(isDeclared);
  });

  test('a reader that is made beside the export is declared, too', () => {
    const declared = { otherReaders: [{ roleName: 'Siem' }] };
    const inRoot = `arn:aws:iam::${OWN}:role/Siem`;
    expect(isDeclaredReader(grant({ grantee: inRoot }), OWN, { ...CONTEXT, declared })).toBe(true);
    expect(isDeclaredReader(grant(), OWN, { ...CONTEXT, declared })).toBe(false);
  });

  test('without a config nobody is declared', () => {
    expect(isDeclaredReader(grant(), OWN, CONTEXT)).toBe(false);
  });
});
