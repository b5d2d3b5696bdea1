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
    // "Cross-account use: No" (KMS API Reference, "PutKeyPolicy").
    ['kms:PutKeyPolicy', false],
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

  const undecidedOf = (statement: object, declared: readonly string[] = []) =>
    foreignReadersOfKey(
      policyOf({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', ...statement }),
      keyOf(KEY),
      { ...HOLDERS, declared },
      OWN,
      CONTEXT,
    ).map(({ undecided }) => undecided ?? 'reads');

  test.each<[pattern: string, role: string, found: readonly string[]]>([
    ['teams/*', 'Stranger', ['session']],
    ['teams/Admin-*', 'Admin-1', ['session']],
    ['Admin-*', 'Admin-1', ['session']],
    ['*/Admin', 'Admin', ['session']],
    ['teams*/Admin', 'Admin', ['session']],
    ['teams/Admin-*', 'Reader', ['reads']],
    ['teams/Admin', 'Admin', []],
    ['*', 'Stranger', []],
    ['*-1', 'Admin-1', []],
  ])('where role/%s is declared, a session of %s: %j', (pattern, role, found) => {
    const Principal = { AWS: `arn:aws:sts::${OTHER}:assumed-role/${role}/today` };
    expect(undecidedOf({ Principal }, [`arn:aws:iam::${OTHER}:role/${pattern}`])).toStrictEqual(found);
  });

  test('of patterns one that surely means the session’s role is enough', () => {
    const Principal = { AWS: `arn:aws:sts::${OTHER}:assumed-role/Reader/today` };
    expect(undecidedOf({ Principal }, [`arn:aws:iam::${OTHER}:role/teams/*`, READER])).toStrictEqual([]);
  });

  const LOG = `${BUCKET}/year=2026/x.json`;
  const arnOf = (value: string) => ({ StringLike: { 'kms:EncryptionContext:aws:s3:arn': value } });
  const via = (service: string) => ({
    StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` },
  });

  test.each<[what: string, changes: object, found: readonly string[]]>([
    ['for another bucket', { Condition: arnOf('arn:aws:s3:::other-bucket/*') }, []],
    ['for a bucket whose name goes on', { Condition: arnOf(`${BUCKET}-2/*`) }, []],
    ['for the bucket', { Condition: arnOf(BUCKET) }, ['reads']],
    ['for a log', { Condition: arnOf(LOG) }, ['reads']],
    ['for every bucket', { Condition: arnOf('arn:aws:s3:::*') }, ['reads']],
    ['for volumes', { Condition: { StringLike: { 'KMS:encryptioncontext:AWS:ebs:id': 'vol-1' } } }, []],
    [
      'for what an application marks',
      { Condition: { StringEquals: { 'kms:EncryptionContext:app': 'billing' } } },
      ['context'],
    ],
    [
      'for what no application marks',
      { Condition: { Null: { 'kms:EncryptionContext:app': 'true' } } },
      ['reads'],
    ],
    ['through S3', { Condition: via('s3') }, ['reads']],
    [
      'through any service',
      { Condition: { StringLike: { 'kms:ViaService': '*.amazonaws.com' } } },
      ['reads'],
    ],
    ['through no service', { Condition: { Null: { 'kms:ViaService': 'true' } } }, ['reads']],
    ['through SQS', { Condition: via('sqs') }, []],
    [
      'through S3 of another region',
      { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } },
      [],
    ],
    ['anything through RDS', { Action: 'kms:*', Condition: via('rds') }, []],
    ['with this key', { Resource: KEY }, ['reads']],
    ['with any key', { Resource: 'arn:aws:kms:*:*:key/*' }, ['reads']],
    ['with another key', { Resource: KEY.replace('1111', '9999') }, []],
    [
      'from addresses that nobody knows',
      { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } },
      ['reads'],
    ],
    ['by grants', { Action: 'kms:CreateGrant' }, ['reads']],
    [
      'by grants for AWS services',
      { Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
      [],
    ],
    [
      'by grants for no AWS service',
      { Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'false' } } },
      ['reads'],
    ],
    [
      'by grants for another bucket',
      { Action: 'kms:CreateGrant', Condition: arnOf('arn:aws:s3:::other-bucket/*') },
      [],
    ],
    ['by grants for logs', { Action: 'kms:CreateGrant', Condition: arnOf(LOG) }, ['reads']],
    [
      'by grants for no data',
      { Action: 'kms:CreateGrant', Condition: { Null: { 'kms:EncryptionContext:aws:s3:arn': 'true' } } },
      ['reads'],
    ],
  ])('somebody may decrypt %s', (_what, changes, found) => {
    for (const who of [ROOT, `arn:aws:iam::${OTHER}:role/Stranger`, `arn:aws:iam::${OTHER}:user/Stranger`])
      expect(undecidedOf({ Principal: { AWS: who }, ...changes })).toStrictEqual(found);
    expect(undecidedOf({ Principal: '*', ...changes })).toStrictEqual(found);
  });

  const ROLE_OF_OTHER = `arn:aws:iam::${OTHER}:role/Stranger`;
  const USER_OF_OTHER = `arn:aws:iam::${OTHER}:user/Stranger`;
  const SESSION_OF_OTHER = `arn:aws:sts::${OTHER}:assumed-role/Stranger/today`;

  test.each<[what: string, who: string, changes: object, deny: object, reads: boolean]>([
    ['all reading', ROOT, { Action: ['kms:Decrypt', 'kms:Encrypt'] }, { Action: 'kms:Decrypt' }, false],
    [
      'a part of reading',
      ROOT,
      { Action: ['kms:Decrypt', 'kms:ReEncrypt*'] },
      { Action: 'kms:Decrypt' },
      true,
    ],
    [
      'everything but using',
      ROOT,
      { Action: 'kms:*' },
      { Action: undefined, NotAction: ['kms:Encrypt', 'kms:GenerateDataKey*', 'kms:DescribeKey'] },
      false,
    ],
    [
      'everything but reading',
      ROOT,
      { Action: 'kms:*' },
      { Action: undefined, NotAction: ['kms:Encrypt', 'kms:Decrypt'] },
      true,
    ],
    ['it with another key', ROOT, {}, { Resource: KEY.replace('1111', '9999') }, true],
    ['it for logs', ROOT, {}, { Condition: arnOf(`${BUCKET}*`) }, false],
    ['it for a part of the logs', ROOT, {}, { Condition: arnOf(`${BUCKET}/year=2026/*`) }, true],
    ['it through S3 alone', ROOT, {}, { Condition: via('s3') }, true],
    [
      'it but through S3',
      ROOT,
      {},
      { Condition: { StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } },
      true,
    ],
    [
      'it but from some addresses',
      ROOT,
      {},
      { Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } },
      true,
    ],
    ['it to a role of that account', ROOT, {}, { Principal: { AWS: ROLE_OF_OTHER } }, true],
    [
      'it to all but a role of that account',
      ROOT,
      {},
      { Principal: undefined, NotPrincipal: { AWS: ROLE_OF_OTHER } },
      true,
    ],
    ['it to that role', ROLE_OF_OTHER, {}, { Principal: { AWS: ROLE_OF_OTHER } }, false],
    ['it to its account', ROLE_OF_OTHER, {}, { Principal: { AWS: OTHER } }, false],
    ['it to another role', ROLE_OF_OTHER, {}, { Principal: { AWS: `${ROLE_OF_OTHER}2` } }, true],
    ['it to its sessions of one name', ROLE_OF_OTHER, {}, { Principal: { AWS: SESSION_OF_OTHER } }, true],
    [
      'it to all but that role',
      ROLE_OF_OTHER,
      {},
      { Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE_OF_OTHER } } },
      true,
    ],
    [
      'it to all but another role',
      ROLE_OF_OTHER,
      {},
      { Condition: { ArnNotEquals: { 'aws:PrincipalArn': READER } } },
      false,
    ],
    ['it to that user', USER_OF_OTHER, {}, { Principal: { AWS: USER_OF_OTHER } }, false],
    ['it to another user', USER_OF_OTHER, {}, { Principal: { AWS: `${USER_OF_OTHER}2` } }, true],
    [
      'it to all but the role of that session',
      SESSION_OF_OTHER,
      {},
      { Principal: undefined, NotPrincipal: { AWS: ROLE_OF_OTHER } },
      true,
    ],
    ['it to its account by a session', SESSION_OF_OTHER, {}, { Principal: { AWS: OTHER } }, false],
  ])('a statement denies %s', (_what, who, changes, deny, reads) => {
    const found = foreignReadersOfKey(
      policyOf(
        { Effect: 'Allow', Principal: { AWS: who }, Action: 'kms:Decrypt', Resource: '*', ...changes },
        { Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*', ...deny },
      ),
      keyOf(KEY),
      HOLDERS,
      OWN,
      CONTEXT,
    );
    expect(found.map(({ text, undecided }) => [text, undecided])).toStrictEqual(
      reads ? [[who, undefined]] : [],
    );
  });

  test('a Deny that was not understood hides nobody', () => {
    const found = foreignReadersOfKey(
      policyOf(
        { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:Decrypt', Resource: '*' },
        { Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*', Conditions: {} },
      ),
      keyOf(KEY),
      HOLDERS,
      OWN,
      CONTEXT,
    );
    expect(found.map(({ text }) => text)).toStrictEqual([ROOT]);
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

  test.each<[what: string, changes: Partial<KmsGrant>, verdict: ReturnType<typeof letsForeignRead>]>([
    ['another account', {}, true],
    ['the account itself', { granteePrincipal: `arn:aws:iam::${OWN}:role/Any` }, false],
    ['a declared reader', { granteePrincipal: READER }, false],
    ['a service', { granteePrincipal: 'dynamodb.us-east-1.amazonaws.com' }, false],
    ['a principal that was deleted', { granteePrincipal: 'AIDACKCEVSQ6C2EXAMPLE' }, false],
    ['one that may encrypt only', { operations: ['Encrypt', 'GenerateDataKey', 'ReEncryptTo'] }, false],
    ['one that may encrypt it anew, too', { operations: ['Encrypt', 'ReEncryptFrom'] }, true],
    ['one that may make grants', { operations: ['CreateGrant'] }, false],
    ['one that may encrypt and make grants', { operations: ['CreateGrant', 'Encrypt'] }, false],
    ['one that may decrypt and make grants', { operations: ['CreateGrant', 'Decrypt'] }, true],
    [
      'a session of the declared reader',
      { granteePrincipal: `arn:aws:sts::${OTHER}:assumed-role/Reader/today` },
      false,
    ],
    [
      'a session of a role that may be declared',
      { granteePrincipal: `arn:aws:sts::${OTHER}:assumed-role/Admin-1/today` },
      'session',
    ],
    [
      'such a session that may encrypt only',
      { granteePrincipal: `arn:aws:sts::${OTHER}:assumed-role/Admin-1/today`, operations: ['Encrypt'] },
      false,
    ],
    ['one that may do nothing', { operations: [] }, false],
  ])('%s', (_what, changes, verdict) => {
    expect(letsForeignRead(grant(changes), HOLDERS, CONTEXT)).toBe(verdict);
  });

  const LOGS = { 'aws:s3:arn': `${BUCKET}/year=2026/x.json` };

  test.each<
    [what: string, constraints: KmsGrant['constraints'], verdict: ReturnType<typeof letsForeignRead>]
  >([
    ['no constraint', {}, true],
    ['the bucket', { encryptionContextEquals: { 'aws:s3:arn': BUCKET } }, true],
    ['a log', { encryptionContextEquals: LOGS }, true],
    ['a log, at least', { encryptionContextSubset: LOGS }, true],
    ['another bucket', { encryptionContextEquals: { 'aws:s3:arn': 'arn:aws:s3:::other' } }, false],
    ['a bucket whose name goes on', { encryptionContextSubset: { 'aws:s3:arn': `${BUCKET}-2` } }, false],
    ['another service', { encryptionContextSubset: { 'aws:ebs:id': 'vol-1' } }, false],
    ['another service, in another spelling', { encryptionContextSubset: { 'AWS:ebs:id': 'vol-1' } }, false],
    ['a log, in another spelling', { encryptionContextSubset: { 'aws:S3:arn': BUCKET } }, true],
    ['a key of an application', { encryptionContextSubset: { team: 'data' } }, 'context'],
    [
      'a key of an application whose name holds aws:',
      { encryptionContextSubset: { 'my-aws:x': 'y' } },
      'context',
    ],
    [
      'a log, and a key of an application',
      { encryptionContextSubset: { team: 'data' }, encryptionContextEquals: LOGS },
      'context',
    ],
    [
      'another service, and a key of an application',
      { encryptionContextSubset: { team: 'data' }, encryptionContextEquals: { 'aws:ebs:id': 'vol-1' } },
      false,
    ],
    ['a source', { sourceArn: BUCKET }, 'context'],
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
