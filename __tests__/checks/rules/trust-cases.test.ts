/** Trust policies, each with what it comes to. Source, where none is named: IAM User Guide, "IAM JSON policy elements". */
import type { SetUp } from '../../../checks/pages/set-up';
import { ALTR, CLIENT, trust, way, when } from './builders';
import { type Expected, table } from './table';

const COMPLIANT: Expected = {};
const NO_ID: Expected = { fail: ['trust-external-id'] };
const WRONG_PRINCIPAL: Expected = { fail: ['trust-principal'] };
const UNUSABLE: Expected = { fail: ['trust-usable'] };
const OPEN: Expected = { unknown: ['trust-usable'] };
const both = (...fail: string[]): Expected => ({ fail: fail.sort() });
const broken = (...more: string[]): Expected => ({
  unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable', ...more].sort(),
});
const deny = (Condition: unknown, changes = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  Condition,
  ...changes,
});

table('spellings that mean the vendor’s policy', [
  ['the vendor’s own', trust(way()), COMPLIANT],
  ['one statement, not in a list', { trustPolicy: { Version: '2012-10-17', Statement: way() } }, COMPLIANT],
  ['no Version, which is 2008-10-17', { trustPolicy: { Statement: [way()] } }, COMPLIANT],
  ['the bare account ID', trust(way({ Principal: { AWS: '111122223333' } })), COMPLIANT],
  ['the principal in a list', trust(way({ Principal: { AWS: [ALTR] } })), COMPLIANT],
  ['root ARN and bare ID together', trust(way({ Principal: { AWS: [ALTR, '111122223333'] } })), COMPLIANT],
  ['the action in upper case', trust(way({ Action: 'STS:ASSUMEROLE' })), COMPLIANT],
  ['the action in a list', trust(way({ Action: ['sts:AssumeRole'] })), COMPLIANT],
  ['the action twice', trust(way({ Action: ['sts:AssumeRole', 'sts:assumerole'] })), COMPLIANT],
  ['the key in another case', when({ StringEquals: { 'STS:EXTERNALID': CLIENT } }), COMPLIANT],
  [
    'the value in a list, as on the vendor’s page',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT] } }),
    COMPLIANT,
  ],
  ['the value twice', when({ StringEquals: { 'sts:ExternalId': [CLIENT, CLIENT] } }), COMPLIANT],
  ['StringLike without a wildcard', when({ StringLike: { 'sts:ExternalId': CLIENT } }), COMPLIANT],
  ['ForAnyValue:StringEquals', when({ 'ForAnyValue:StringEquals': { 'sts:ExternalId': CLIENT } }), COMPLIANT],
  ['two statements that say the same', trust(way(), way({ Principal: { AWS: '111122223333' } })), COMPLIANT],
  ['a Sid', trust(way({ Sid: 'Altr' })), COMPLIANT],
  [
    'element names in another case',
    trust({
      effect: 'Allow',
      principal: { AWS: ALTR },
      action: 'sts:AssumeRole',
      condition: { StringEquals: { 'sts:ExternalId': CLIENT } },
    }),
    COMPLIANT,
  ],
  [
    'a byte-order mark',
    { trustPolicy: `\uFEFF${JSON.stringify({ Version: '2012-10-17', Statement: [way()] })}` },
    COMPLIANT,
  ],
  [
    'a right condition twice, by two operators',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, StringLike: { 'sts:ExternalId': '*' } }),
    COMPLIANT,
  ],
  [
    'a pattern narrowed by a literal',
    when({
      StringEquals: { 'sts:ExternalId': CLIENT },
      StringLike: { 'sts:ExternalId': `${CLIENT.slice(0, 8)}*` },
    }),
    COMPLIANT,
  ],
]);

table('ExternalId: too much is accepted', [
  ['no condition', trust(way({ Condition: undefined })), NO_ID],
  ['an empty condition', when({}), NO_ID],
  [
    'StringEqualsIfExists accepts none at all',
    when({ StringEqualsIfExists: { 'sts:ExternalId': CLIENT } }),
    NO_ID,
  ],
  ['StringLike * accepts any', when({ StringLike: { 'sts:ExternalId': '*' } }), NO_ID],
  ['StringLike with a trailing wildcard', when({ StringLike: { 'sts:ExternalId': `${CLIENT}*` } }), NO_ID],
  [
    'StringLike with a question mark',
    when({ StringLike: { 'sts:ExternalId': `${CLIENT.slice(0, -1)}?` } }),
    NO_ID,
  ],
  ['StringLike ????', when({ StringLike: { 'sts:ExternalId': ['????', CLIENT] } }), NO_ID],
  [
    'StringEqualsIgnoreCase accepts other spellings',
    when({ StringEqualsIgnoreCase: { 'sts:ExternalId': CLIENT } }),
    NO_ID,
  ],
  ['two values', when({ StringEquals: { 'sts:ExternalId': [CLIENT, 'someone-else'] } }), NO_ID],
  [
    'the value and its upper case',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT, CLIENT.toUpperCase()] } }),
    NO_ID,
  ],
  [
    'ForAllValues: is true of an absent key',
    when({ 'ForAllValues:StringEquals': { 'sts:ExternalId': CLIENT } }),
    NO_ID,
  ],
  ['Null false only demands some value', when({ Null: { 'sts:ExternalId': 'false' } }), NO_ID],
  [
    'StringNotEquals of another value',
    when({ StringNotEquals: { 'sts:ExternalId': 'someone-else' } }),
    NO_ID,
  ],
  ['a second statement without the condition', trust(way(), way({ Condition: undefined })), NO_ID],
  [
    'a second statement with another value',
    trust(way(), way({ Condition: { StringEquals: { 'sts:ExternalId': 'other' } } })),
    NO_ID,
  ],
  [
    'a condition on another key alone',
    when({ StringEquals: { 'sts:RoleSessionName': 'altr' } }),
    { ...NO_ID, ...OPEN },
  ],
  [
    'a Deny of one wrong value leaves the others',
    trust(way({ Condition: undefined }), deny({ StringEquals: { 'sts:ExternalId': 'bad' } })),
    NO_ID,
  ],
  [
    'a Deny with IfExists leaves the absent key',
    trust(
      way({ Condition: undefined }),
      deny({ StringNotEqualsIfExists: { 'sts:ExternalId': CLIENT }, Null: { 'sts:ExternalId': 'false' } }),
    ),
    NO_ID,
  ],
]);

table('ExternalId: something else is demanded', [
  [
    'another client’s ID',
    when({ StringEquals: { 'sts:ExternalId': 'someone-else' } }),
    both('trust-external-id', 'trust-usable'),
  ],
  [
    'the upper case of it',
    when({ StringEquals: { 'sts:ExternalId': CLIENT.toUpperCase() } }),
    both('trust-external-id', 'trust-usable'),
  ],
  [
    'a trailing space',
    when({ StringEquals: { 'sts:ExternalId': `${CLIENT} ` } }),
    both('trust-external-id', 'trust-usable'),
  ],
  [
    'the vendor’s placeholder',
    when({ StringEquals: { 'sts:ExternalId': '[client-id]' } }),
    both('trust-external-id', 'trust-usable'),
  ],
  [
    'wildcards mean nothing to StringEquals',
    when({ StringEquals: { 'sts:ExternalId': '*' } }),
    both('trust-external-id', 'trust-usable'),
  ],
  [
    'StringNotEquals turns it round',
    when({ StringNotEquals: { 'sts:ExternalId': CLIENT } }),
    both('trust-external-id', 'trust-usable'),
  ],
  [
    'Null true demands that none is sent',
    when({ Null: { 'sts:ExternalId': 'true' } }),
    both('trust-external-id', 'trust-usable'),
  ],
  ['an empty list of values matches nothing', when({ StringEquals: { 'sts:ExternalId': [] } }), broken()],
  [
    'two demands that exclude each other',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, StringNotEquals: { 'sts:externalid': CLIENT } }),
    UNUSABLE,
  ],
]);

table('ExternalId: a Deny repairs a wide Allow', [
  [
    'StringNotEquals covers the absent key too',
    trust(way({ Condition: undefined }), deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } })),
    COMPLIANT,
  ],
  [
    'of everybody, by a list with *',
    trust(
      way({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } }, { Principal: { AWS: '*' } }),
    ),
    COMPLIANT,
  ],
  [
    'of ALTR’s account',
    trust(
      way({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } }, { Principal: { AWS: ALTR } }),
    ),
    COMPLIANT,
  ],
  [
    'but not of another account',
    trust(
      way({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT } }, { Principal: { AWS: '222222222222' } }),
    ),
    NO_ID,
  ],
  [
    'but not under one more condition',
    trust(
      way({ Condition: undefined }),
      deny({ StringNotEquals: { 'sts:ExternalId': CLIENT, 'aws:PrincipalTag/x': 'y' } }),
    ),
    NO_ID,
  ],
]);

table('principals', [
  ['anyone', trust(way({ Principal: '*' })), WRONG_PRINCIPAL],
  ['anyone, as an AWS principal', trust(way({ Principal: { AWS: '*' } })), WRONG_PRINCIPAL],
  ['anyone, in a list beside ALTR', trust(way({ Principal: { AWS: [ALTR, '*'] } })), WRONG_PRINCIPAL],
  [
    'another account beside ALTR',
    trust(way({ Principal: { AWS: [ALTR, '222222222222'] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'the account’s own root beside ALTR',
    trust(way({ Principal: { AWS: [ALTR, 'arn:aws:iam::123456789012:root'] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a role of another account',
    trust(way({ Principal: { AWS: [ALTR, 'arn:aws:iam::222222222222:role/x'] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a user of another account',
    trust(way(), way({ Principal: { AWS: 'arn:aws:iam::222222222222:user/x' } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a service, as the console’s S3 use case leaves it',
    trust(way(), { Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    WRONG_PRINCIPAL,
  ],
  [
    'a web identity',
    trust(way(), {
      Effect: 'Allow',
      Principal: { Federated: 'accounts.google.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
    }),
    both('trust-action', 'trust-principal'),
  ],
  [
    'a SAML provider',
    trust(way(), {
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::123456789012:saml-provider/x' },
      Action: 'sts:AssumeRoleWithSAML',
    }),
    both('trust-action', 'trust-principal'),
  ],
  [
    'NotPrincipal with Allow is everybody else',
    trust(way(), way({ Principal: undefined, NotPrincipal: { AWS: '222222222222' } })),
    WRONG_PRINCIPAL,
  ],
  [
    'another account instead of ALTR',
    trust(way({ Principal: { AWS: '222222222222' } })),
    both('trust-principal', 'trust-usable'),
  ],
  [
    'an account ID with one digit wrong',
    trust(way({ Principal: { AWS: '111122223334' } })),
    both('trust-principal', 'trust-usable'),
  ],
  [
    'anyone, limited to ALTR’s account by a condition',
    when2({ 'aws:PrincipalAccount': '111122223333' }),
    { advice: ['trust-principal'] },
  ],
  [
    'anyone, limited to ALTR’s roles by ARN',
    trust(
      way({
        Principal: '*',
        Condition: {
          StringEquals: { 'sts:ExternalId': CLIENT },
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' },
        },
      }),
    ),
    { advice: ['trust-principal'] },
  ],
  [
    'anyone, limited to two accounts',
    when2({ 'aws:PrincipalAccount': ['111122223333', '222222222222'] }),
    WRONG_PRINCIPAL,
  ],
  [
    'anyone, limited by a pattern of account IDs',
    trust(
      way({
        Principal: '*',
        Condition: {
          StringEquals: { 'sts:ExternalId': CLIENT },
          StringLike: { 'aws:PrincipalAccount': '1111*' },
        },
      }),
    ),
    WRONG_PRINCIPAL,
  ],
  [
    'anyone, limited to an organisation',
    when2({ 'aws:PrincipalOrgID': 'o-abcdefghij' }),
    both('trust-principal', 'trust-usable'),
  ],
  [
    'anyone, with a Deny of all but ALTR’s account',
    trust(way({ Principal: '*' }), deny({ StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } })),
    { advice: ['trust-principal'] },
  ],
  [
    'a role of ALTR’s account is narrower',
    trust(way({ Principal: { AWS: 'arn:aws:iam::111122223333:role/exporter' } })),
    { advice: ['trust-principal'] },
  ],
  [
    'a user of ALTR’s account is narrower',
    trust(way({ Principal: { AWS: 'arn:aws:iam::111122223333:user/exporter' } })),
    { advice: ['trust-principal'] },
  ],
  [
    'a session of ALTR’s account is narrower',
    trust(way({ Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/exporter/s' } })),
    { advice: ['trust-principal'] },
  ],
  [
    'the remains of a deleted role beside ALTR',
    trust(way({ Principal: { AWS: [ALTR, 'AROAIOSFODNN7EXAMPLEX'] } })),
    { advice: ['trust-principal'] },
  ],
  [
    'the remains of a deleted role instead of ALTR',
    trust(way({ Principal: { AWS: 'AIDAIOSFODNN7EXAMPLEX' } })),
    { advice: ['trust-principal'], ...UNUSABLE },
  ],
]);

table('actions', [
  ['sts:TagSession too', trust(way({ Action: ['sts:AssumeRole', 'sts:TagSession'] })), both('trust-action')],
  [
    'sts:SetSourceIdentity too',
    trust(way({ Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] })),
    both('trust-action'),
  ],
  ['sts:*', trust(way({ Action: 'sts:*' })), both('trust-action')],
  ['sts:Assume*', trust(way({ Action: 'sts:Assume*' })), both('trust-action')],
  ['sts:AssumeRole*', trust(way({ Action: 'sts:AssumeRole*' })), both('trust-action')],
  [
    'sts:AssumeRol? means more than one action might',
    trust(way({ Action: 'sts:AssumeRol?' })),
    both('trust-action'),
  ],
  ['*', trust(way({ Action: '*' })), both('trust-action')],
  ['NotAction', trust(way({ Action: undefined, NotAction: 'sts:TagSession' })), both('trust-action')],
  [
    'TagSession in a statement of its own',
    trust(way(), way({ Action: 'sts:TagSession' })),
    both('trust-action'),
  ],
  [
    'sts:* held back by a Deny of everything else',
    trust(way({ Action: 'sts:*' }), { Effect: 'Deny', Principal: '*', NotAction: 'sts:AssumeRole' }),
    { advice: ['trust-action'] },
  ],
  [
    'TagSession held back by a Deny',
    trust(way({ Action: ['sts:AssumeRole', 'sts:TagSession'] }), {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:TagSession',
    }),
    { advice: ['trust-action'] },
  ],
  [
    'TagSession held back under a condition only',
    trust(way({ Action: ['sts:AssumeRole', 'sts:TagSession'] }), {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:TagSession',
      Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } },
    }),
    both('trust-action'),
  ],
  ['another action alone', trust(way({ Action: 'sts:TagSession' })), both('trust-action', 'trust-usable')],
]);

table('ALTR can’t come in', [
  ['no statement at all', trust(), UNUSABLE],
  ['a Deny of ALTR’s account', trust(way(), deny(undefined, { Principal: { AWS: ALTR } })), UNUSABLE],
  ['a Deny of everybody', trust(way(), deny(undefined)), UNUSABLE],
  ['a Deny by wildcard', trust(way(), deny(undefined, { Action: 'sts:*' })), UNUSABLE],
  [
    'MFA is demanded',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    UNUSABLE,
  ],
  [
    'a VPC endpoint of one’s own',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:SourceVpce': 'vpce-1' } }),
    UNUSABLE,
  ],
  [
    'an organisation',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    UNUSABLE,
  ],
  [
    'a Deny outside an organisation',
    trust(way(), deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
    UNUSABLE,
  ],
  [
    'a private address range',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
    UNUSABLE,
  ],
  [
    'a date in the past',
    when({
      StringEquals: { 'sts:ExternalId': CLIENT },
      DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
    }),
    UNUSABLE,
  ],
  [
    'a date in the past, in seconds',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, NumericLessThan: { 'aws:EpochTime': '1577836800' } }),
    UNUSABLE,
  ],
  [
    'the confused-deputy keys of AWS services',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:SourceAccount': '111122223333' } }),
    UNUSABLE,
  ],
  [
    'aws:SourceArn, which direct calls never carry',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::x' } }),
    UNUSABLE,
  ],
  [
    'a key of another service',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 's3:prefix': 'x' } }),
    UNUSABLE,
  ],
  [
    'plain HTTP only',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, Bool: { 'aws:SecureTransport': 'false' } }),
    UNUSABLE,
  ],
  [
    'a session tag',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:RequestTag/team': 'x' } }),
    UNUSABLE,
  ],
  [
    'a source identity',
    when({ StringLike: { 'sts:SourceIdentity': '*' }, StringEquals: { 'sts:ExternalId': CLIENT } }),
    UNUSABLE,
  ],
  [
    'another account’s principals',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:PrincipalAccount': '222222222222' } }),
    UNUSABLE,
  ],
]);

table('conditions that never hinder ALTR', [
  [
    'TLS',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, Bool: { 'aws:SecureTransport': 'true' } }),
    COMPLIANT,
  ],
  ['a Deny of plain HTTP', trust(way(), deny({ Bool: { 'aws:SecureTransport': 'false' } })), COMPLIANT],
  ['a boolean, not a text', trust(way(), deny({ Bool: { 'aws:SecureTransport': false } })), COMPLIANT],
  [
    'ALTR’s account as aws:PrincipalAccount',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:PrincipalAccount': '111122223333' } }),
    COMPLIANT,
  ],
  [
    'a date in the future',
    when({
      StringEquals: { 'sts:ExternalId': CLIENT },
      DateLessThan: { 'aws:CurrentTime': '2999-01-01T00:00:00Z' },
    }),
    COMPLIANT,
  ],
  ['a Deny of one MFA-less user', trust(way(), deny({ Null: { 'aws:username': 'false' } })), COMPLIANT],
  [
    'a Deny of another account',
    trust(way(), deny(undefined, { Principal: { AWS: '222222222222' } })),
    COMPLIANT,
  ],
  ['a Deny of another action', trust(way(), deny(undefined, { Action: 'sts:TagSession' })), COMPLIANT],
  [
    'AWS services are denied',
    trust(way(), deny({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })),
    COMPLIANT,
  ],
]);

table('conditions that only ALTR can answer', [
  [
    'a VPC endpoint of yours, if it comes through any: it may have one of its own',
    when({
      StringEquals: { 'sts:ExternalId': CLIENT },
      StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' },
    }),
    OPEN,
  ],
  [
    'a public address range',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, IpAddress: { 'aws:SourceIp': '52.0.0.0/8' } }),
    OPEN,
  ],
  [
    'a Deny of a public range',
    trust(way(), deny({ NotIpAddress: { 'aws:SourceIp': ['52.1.2.0/24'] } })),
    OPEN,
  ],
  [
    'a session name',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, StringLike: { 'sts:RoleSessionName': 'altr-*' } }),
    OPEN,
  ],
  [
    'a tag of ALTR’s principal',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:PrincipalTag/team': 'x' } }),
    OPEN,
  ],
  [
    'a user agent',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, StringLike: { 'aws:UserAgent': '*Go*' } }),
    OPEN,
  ],
  [
    'a role of ALTR’s by its ARN',
    when({
      StringEquals: { 'sts:ExternalId': CLIENT },
      ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/x' },
    }),
    OPEN,
  ],
  [
    'a range that the config declares to be ALTR’s',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, IpAddress: { 'aws:SourceIp': '52.0.0.0/8' } }),
    COMPLIANT,
    { sourceIpRanges: ['52.1.0.0/16'] },
  ],
  [
    'a range that the config declares not to be ALTR’s',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, IpAddress: { 'aws:SourceIp': '52.0.0.0/8' } }),
    UNUSABLE,
    { sourceIpRanges: ['3.1.0.0/16'] },
  ],
]);

table('documents that are not understood', [
  ['empty', { trustPolicy: '' }, broken()],
  ['not JSON', { trustPolicy: '{"Version":' }, broken()],
  ['a list', { trustPolicy: '[]' }, broken()],
  ['a number', { trustPolicy: '1' }, broken()],
  ['without Statement', { trustPolicy: { Version: '2012-10-17' } }, broken()],
  ['an unknown element', trust(way({ Foo: 'bar' })), broken()],
  ['an unknown Version', { trustPolicy: { Version: '2025-01-01', Statement: [way()] } }, broken()],
  ['an unknown effect', trust(way({ Effect: 'allow' })), broken()],
  ['a statement that is text', trust('Allow'), broken()],
  ['an action that is a number', trust(way({ Action: 1 })), broken()],
  ['both Action and NotAction', trust(way({ NotAction: 'sts:TagSession' })), broken()],
  ['a principal of no form', trust(way({ Principal: { AWS: 'altr' } })), broken()],
  ['a principal of an unknown type', trust(way({ Principal: { Altr: 'x' } })), broken()],
  ['an element twice, in two spellings', trust({ ...way(), action: 'sts:AssumeRole' }), broken()],
  [
    'a key twice in the JSON',
    {
      trustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny",${JSON.stringify(way()).slice(1)}]}`,
    },
    broken(),
  ],
  ['a condition that is text', when('StringEquals'), broken()],
  ['an operator whose keys are text', when({ StringEquals: CLIENT }), broken()],
  [
    'an operator twice, in two spellings',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, stringequals: { 'sts:ExternalId': CLIENT } }),
    broken(),
  ],
  [
    'a key twice, in two spellings',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'sts:externalid': CLIENT } }),
    broken(),
  ],
  [
    'an unknown operator',
    when({ StringSounds: { 'sts:ExternalId': CLIENT } }),
    { unknown: ['trust-external-id', 'trust-usable'] },
  ],
  ['an unknown operator in a Deny', trust(way(), deny({ StringSounds: { 'aws:userid': 'x' } })), OPEN],
  ['a good statement and a broken one', trust(way(), 'Allow'), broken()],
  ['JSON nested very deeply', { trustPolicy: `${'['.repeat(50_000)}${']'.repeat(50_000)}` }, broken()],
]);

function when2(keys: Record<string, unknown>): SetUp {
  return trust(way({ Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': CLIENT, ...keys } } }));
}
