/**
 * Trust policies in which it is easy to go wrong, in either direction. Source, where none is named: IAM User Guide, "IAM
 * JSON policy elements: Condition operators", "Multivalued context keys", "AWS global condition context keys".
 */
import type { SetUp } from '../../../checks/pages/set-up';
import { ALTR, CLIENT, trust, way, when } from './builders';
import { type Expected, table } from './table';

const COMPLIANT: Expected = {};
const NO_ID: Expected = { fail: ['trust-external-id'] };
const WRONG_PRINCIPAL: Expected = { fail: ['trust-principal'] };
const WRONG_ACTION: Expected = { fail: ['trust-action'] };
const HELD: Expected = { advice: ['trust-principal'] };
const UNUSABLE: Expected = { fail: ['trust-usable'] };
const OPEN: Expected = { unknown: ['trust-usable'] };
const WRONG_ID: Expected = { fail: ['trust-external-id', 'trust-usable'] };
const OTHER = '222222222222';
const PAST = '2025-01-01T00:00:00Z';
const FUTURE = '2031-01-01T00:00:00Z';
const ID = { 'sts:ExternalId': CLIENT };
const open = () => way({ Condition: undefined });
const deny = (Condition: unknown, changes = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  ...(Condition === undefined ? {} : { Condition }),
  ...changes,
});
/** The contract's condition and one more. */
const and = (Condition: Record<string, unknown>): SetUp =>
  when({ ...Condition, StringEquals: { ...ID, ...((Condition.StringEquals as object) ?? {}) } });
/** Anyone with the client ID, under one more condition. */
const anyone = (Condition: Record<string, unknown>): SetUp =>
  trust(
    way({
      Principal: '*',
      Condition: { ...Condition, StringEquals: { ...ID, ...((Condition.StringEquals as object) ?? {}) } },
    }),
  );

table('set operators and the absent ExternalId', [
  [
    'ForAllValues with a demand that the key is there',
    when({ 'ForAllValues:StringEquals': ID, Null: { 'sts:ExternalId': 'false' } }),
    COMPLIANT,
  ],
  ['ForAllValues:StringLike', when({ 'ForAllValues:StringLike': ID }), NO_ID],
  ['ForAllValues with IfExists', when({ 'ForAllValues:StringEqualsIfExists': ID }), NO_ID],
  ['ForAnyValue with IfExists', when({ 'ForAnyValue:StringEqualsIfExists': ID }), NO_ID],
  [
    'ForAnyValue:StringLike of everything',
    when({ 'ForAnyValue:StringLike': { 'sts:ExternalId': '*' } }),
    NO_ID,
  ],
  ['StringLikeIfExists', when({ StringLikeIfExists: ID }), NO_ID],
  [
    'IfExists with a demand that the key is there',
    when({ StringEqualsIfExists: ID, Null: { 'sts:ExternalId': false } }),
    COMPLIANT,
  ],
  [
    'ForAllValues of anything but one value',
    when({ 'ForAllValues:StringNotEquals': { 'sts:ExternalId': 'bad' } }),
    NO_ID,
  ],
  [
    'a pattern of the form of a client ID',
    when({ StringLike: { 'sts:ExternalId': '????????-????-????-????-????????????' } }),
    NO_ID,
  ],
  [
    'a wildcard inside the client ID',
    when({ StringLike: { 'sts:ExternalId': `${CLIENT.slice(0, 9)}*${CLIENT.slice(-3)}` } }),
    NO_ID,
  ],
  ['Null with both values', when({ Null: { 'sts:ExternalId': ['true', 'false'] } }), NO_ID],
  [
    'binary comparison of a text',
    when({ BinaryEquals: ID }),
    { unknown: ['trust-external-id', 'trust-usable'] },
  ],
  [
    'ArnEquals of what is no ARN',
    when({ ArnEquals: ID }),
    { unknown: ['trust-external-id', 'trust-usable'] },
  ],
]);

table('two statements together', [
  [
    'a Deny with IfExists hits the absent key too',
    trust(open(), deny({ StringNotEqualsIfExists: ID })),
    COMPLIANT,
  ],
  [
    'a Deny with ForAllValues hits the absent key too',
    trust(open(), deny({ 'ForAllValues:StringNotEquals': ID })),
    COMPLIANT,
  ],
  [
    'a Deny with ForAnyValue spares the absent key',
    trust(open(), deny({ 'ForAnyValue:StringNotEquals': ID })),
    NO_ID,
  ],
  [
    'a Deny with ForAnyValue and a Deny of the absent key',
    trust(open(), deny({ 'ForAnyValue:StringNotEquals': ID }), deny({ Null: { 'sts:ExternalId': 'true' } })),
    COMPLIANT,
  ],
  ['a Deny with StringNotLike without a wildcard', trust(open(), deny({ StringNotLike: ID })), COMPLIANT],
  [
    'a Deny with StringNotLike and a wildcard',
    trust(open(), deny({ StringNotLike: { 'sts:ExternalId': `${CLIENT}*` } })),
    NO_ID,
  ],
  [
    'a Deny that ignores case spares other spellings',
    trust(open(), deny({ StringNotEqualsIgnoreCase: ID })),
    NO_ID,
  ],
  ['a Deny of the absent key alone', trust(open(), deny({ Null: { 'sts:ExternalId': 'true' } })), NO_ID],
  [
    'a Deny of everything but AssumeRole',
    trust(open(), deny({ StringNotEquals: ID }, { Action: undefined, NotAction: 'sts:AssumeRole' })),
    NO_ID,
  ],
  [
    'a Deny in lower case',
    trust(open(), deny({ StringNotEquals: ID }, { Action: 'sts:assumerole' })),
    COMPLIANT,
  ],
  [
    'a Deny by a pattern of actions',
    trust(open(), deny({ StringNotEquals: ID }, { Action: 'sts:*Role' })),
    COMPLIANT,
  ],
  [
    'a Deny by NotAction of another action',
    trust(open(), deny({ StringNotEquals: ID }, { Action: undefined, NotAction: 'sts:TagSession' })),
    COMPLIANT,
  ],
  [
    'a Deny that ends on a day',
    trust(open(), deny({ StringNotEquals: ID, DateLessThan: { 'aws:CurrentTime': FUTURE } })),
    NO_ID,
  ],
  [
    'a Deny that begins on a day to come',
    trust(open(), deny({ StringNotEquals: ID, DateGreaterThan: { 'aws:CurrentTime': FUTURE } })),
    NO_ID,
  ],
  [
    'a Deny that began on a day past',
    trust(open(), deny({ StringNotEquals: ID, DateGreaterThan: { 'aws:CurrentTime': PAST } })),
    COMPLIANT,
  ],
  [
    'a second way that opens on a day to come',
    trust(way(), way({ Condition: { DateGreaterThan: { 'aws:CurrentTime': FUTURE } } })),
    NO_ID,
  ],
  [
    'a second way that opens in seconds since 1970',
    trust(way(), way({ Condition: { NumericGreaterThan: { 'aws:EpochTime': '1924992000' } } })),
    NO_ID,
  ],
  [
    'a second way that closed long ago',
    trust(way(), way({ Condition: { DateLessThan: { 'aws:CurrentTime': PAST } } })),
    COMPLIANT,
  ],
  ['the right ID and every other', trust(way(), way({ Condition: { StringNotEquals: ID } })), NO_ID],
  [
    'the right ID and none at all',
    trust(way(), way({ Condition: { Null: { 'sts:ExternalId': 'true' } } })),
    NO_ID,
  ],
  [
    'a Deny for some of ALTR’s roles only',
    trust(open(), deny({ StringNotEquals: ID }, { Principal: { AWS: 'arn:aws:iam::111122223333:role/x' } })),
    NO_ID,
  ],
  [
    'a Deny through plain HTTP only',
    trust(open(), deny({ StringNotEquals: ID, Bool: { 'aws:SecureTransport': 'false' } })),
    NO_ID,
  ],
]);

table('policy variables in the ExternalId', [
  ['the key itself', when({ StringEquals: { 'sts:ExternalId': '${sts:ExternalId}' } }), NO_ID],
  [
    'a user’s name, by default the client ID: users come in by their own names',
    when({ StringEquals: { 'sts:ExternalId': `\${aws:username, '${CLIENT}'}` } }),
    NO_ID,
  ],
  [
    'Version 2008 has no variables',
    {
      trustPolicy: {
        Version: '2008-10-17',
        Statement: way({ Condition: { StringEquals: { 'sts:ExternalId': '${sts:ExternalId}' } } }),
      },
    },
    WRONG_ID,
  ],
  [
    'no Version has no variables',
    {
      trustPolicy: {
        Statement: way({ Condition: { StringEquals: { 'sts:ExternalId': '${sts:ExternalId}' } } }),
      },
    },
    WRONG_ID,
  ],
  ['a literal star', when({ StringLike: { 'sts:ExternalId': '${*}' } }), WRONG_ID],
  [
    'a tag of ALTR’s principal',
    when({ StringEquals: { 'sts:ExternalId': '${aws:PrincipalTag/tenant}' } }),
    { ...NO_ID, ...OPEN },
  ],
  [
    'the client ID, or a tag of ALTR’s principal',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT, '${aws:PrincipalTag/tenant}'] } }),
    NO_ID,
  ],
]);

table('the principal by its ARN or account', [
  ['the root user can’t assume roles', and({ ArnEquals: { 'aws:PrincipalArn': ALTR } }), UNUSABLE],
  [
    'a session’s ARN is never aws:PrincipalArn',
    and({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:sts::111122223333:assumed-role/x/*' } }),
    UNUSABLE,
  ],
  [
    'every principal of ALTR’s account',
    and({ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' } }),
    COMPLIANT,
  ],
  [
    'roles and users, in two patterns',
    and({
      ArnLike: {
        'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:user/*'],
      },
    }),
    COMPLIANT,
  ],
  ['roles only', and({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }), OPEN],
  [
    'a Deny of all outside ALTR’s account',
    trust(way(), deny({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' } })),
    COMPLIANT,
  ],
  [
    'a Deny of all but another account',
    trust(way(), deny({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:*` } })),
    UNUSABLE,
  ],
  [
    'anyone by ALTR’s ARN, exactly as text: StringEquals knows no wildcard',
    anyone({ StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' } }),
    { ...HELD, ...UNUSABLE },
  ],
  [
    'anyone of ALTR’s account, if the account is known: it always is',
    anyone({ StringEqualsIfExists: { 'aws:PrincipalAccount': '111122223333' } }),
    HELD,
  ],
  [
    'anyone of ALTR’s account, ignoring case',
    anyone({ StringEqualsIgnoreCase: { 'aws:PrincipalAccount': '111122223333' } }),
    HELD,
  ],
  [
    'anyone of ALTR’s account, as a pattern without wildcards',
    anyone({ StringLike: { 'aws:PrincipalAccount': '111122223333' } }),
    HELD,
  ],
  [
    'anyone of ALTR’s account, as any of the values',
    anyone({ 'ForAnyValue:StringEquals': { 'aws:PrincipalAccount': '111122223333' } }),
    HELD,
  ],
  [
    'anyone of two accounts, less the other',
    anyone({
      StringEquals: { 'aws:PrincipalAccount': ['111122223333', OTHER] },
      StringNotEquals: { 'aws:PrincipalAccount': OTHER },
    }),
    HELD,
  ],
  [
    'anyone of all accounts but one',
    anyone({ StringNotEquals: { 'aws:PrincipalAccount': OTHER } }),
    WRONG_PRINCIPAL,
  ],
  [
    'anyone, by a pattern of ARNs without an account',
    anyone({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/altr-*' } }),
    { ...WRONG_PRINCIPAL, ...OPEN },
  ],
  [
    'anyone who is not an AWS service',
    anyone({ Bool: { 'aws:PrincipalIsAWSService': 'false' } }),
    WRONG_PRINCIPAL,
  ],
  [
    'another account until a day past',
    trust(
      way(),
      way({
        Principal: { AWS: OTHER },
        Condition: { StringEquals: ID, DateLessThan: { 'aws:CurrentTime': PAST } },
      }),
    ),
    HELD,
  ],
  [
    'another account from a day to come',
    trust(
      way(),
      way({
        Principal: { AWS: OTHER },
        Condition: { StringEquals: ID, DateGreaterThan: { 'aws:CurrentTime': FUTURE } },
      }),
    ),
    WRONG_PRINCIPAL,
  ],
  [
    'another account, denied until a day to come',
    trust(
      way(),
      way({ Principal: { AWS: OTHER } }),
      deny({ DateLessThan: { 'aws:CurrentTime': FUTURE } }, { Principal: { AWS: OTHER } }),
    ),
    WRONG_PRINCIPAL,
  ],
  [
    'another account, denied for good',
    trust(way(), way({ Principal: { AWS: OTHER } }), deny(undefined, { Principal: { AWS: OTHER } })),
    HELD,
  ],
  [
    'another account, one of whose roles is denied',
    trust(
      way(),
      way({ Principal: { AWS: OTHER } }),
      deny(undefined, { Principal: { AWS: `arn:aws:iam::${OTHER}:role/x` } }),
    ),
    WRONG_PRINCIPAL,
  ],
  [
    'a service in the same Principal',
    trust(way({ Principal: { AWS: ALTR, Service: 'ec2.amazonaws.com' } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a canonical user',
    trust(way({ Principal: { AWS: ALTR, CanonicalUser: 'feed' } })),
    { ...WRONG_PRINCIPAL },
  ],
  [
    'a session of another account',
    trust(way({ Principal: { AWS: [ALTR, `arn:aws:sts::${OTHER}:assumed-role/x/y`] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a Deny of all but ALTR’s root, which may hit ALTR’s roles (AWS JSON policy elements: NotPrincipal)',
    trust(way(), deny(undefined, { Principal: undefined, NotPrincipal: { AWS: ALTR } })),
    OPEN,
  ],
  [
    'anyone by web identity, who never has an account',
    trust(way(), way({ Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity', Condition: undefined })),
    { fail: ['trust-action', 'trust-external-id', 'trust-principal'] },
  ],
]);

table('actions beside AssumeRole', [
  [
    'TagSession, denied only without tags',
    trust(
      way({ Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      deny({ Null: { 'aws:TagKeys': 'true' } }, { Action: 'sts:TagSession' }),
    ),
    WRONG_ACTION,
  ],
  [
    'TagSession, denied over TLS only',
    trust(
      way({ Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      deny({ Bool: { 'aws:SecureTransport': 'true' } }, { Action: 'sts:TagSession' }),
    ),
    WRONG_ACTION,
  ],
  [
    'sts:*, less TagSession and all the rest in two Denies',
    trust(
      way({ Action: 'sts:*' }),
      deny(undefined, { Action: undefined, NotAction: ['sts:AssumeRole', 'sts:TagSession'] }),
      deny(undefined, { Action: 'sts:TagSession' }),
    ),
    { advice: ['trust-action'] },
  ],
  ['GetCallerIdentity', trust(way({ Action: ['sts:AssumeRole', 'sts:GetCallerIdentity'] })), WRONG_ACTION],
  [
    'a letter of another alphabet',
    trust(way({ Action: 'sts:AssumeR\u043ele' })),
    { fail: ['trust-action', 'trust-usable'] },
  ],
  [
    'a space at the end',
    trust(way({ Action: 'sts:AssumeRole ' })),
    { fail: ['trust-action', 'trust-usable'] },
  ],
]);

table('what ALTR’s call carries', [
  [
    'a Deny of one role of ALTR’s, which may be the one',
    trust(way(), deny(undefined, { Principal: { AWS: 'arn:aws:iam::111122223333:role/x' } })),
    OPEN,
  ],
  [
    'every IPv4 address, and ALTR may come over IPv6',
    and({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }),
    OPEN,
  ],
  [
    'a Deny of private addresses',
    trust(way(), deny({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] } })),
    COMPLIANT,
  ],
  [
    'addresses out of a documentation, which stand for public ones',
    and({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    OPEN,
  ],
  [
    'no VPC endpoint whatever: ALTR may have one of its own',
    trust(way(), deny({ Null: { 'aws:SourceVpce': 'false' } })),
    OPEN,
  ],
  [
    'a Deny outside your VPC',
    trust(way(), deny({ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } })),
    UNUSABLE,
  ],
  ['ALTR may run on EC2', trust(way(), deny({ Null: { 'ec2:SourceInstanceArn': 'true' } })), OPEN],
  [
    'ALTR may run on Lambda',
    and({ ArnLike: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:*:111122223333:function:*' } }),
    OPEN,
  ],
  ['any session name', and({ StringLike: { 'sts:RoleSessionName': '*' } }), COMPLIANT],
  [
    'an organisation, if ALTR is in one',
    and({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    OPEN,
  ],
  [
    'a Deny outside an organisation, with IfExists',
    trust(way(), deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
    UNUSABLE,
  ],
  [
    'a Deny of calls by way of AWS services',
    trust(way(), deny({ Bool: { 'aws:ViaAWSService': 'true' } })),
    COMPLIANT,
  ],
  [
    'a source account, if there is one',
    and({ StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } }),
    COMPLIANT,
  ],
  ['no session tags', and({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }), COMPLIANT],
  ['MFA, if anything is known of it', and({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }), OPEN],
  [
    'a Deny of sessions older than a day past',
    trust(way(), deny({ DateLessThan: { 'aws:TokenIssueTime': PAST } })),
    COMPLIANT,
  ],
  [
    'a window that is open now',
    and({ DateGreaterThan: { 'aws:CurrentTime': PAST }, DateLessThan: { 'aws:CurrentTime': FUTURE } }),
    COMPLIANT,
  ],
  ['a window that opens later', and({ DateGreaterThan: { 'aws:CurrentTime': FUTURE } }), UNUSABLE],
]);

table('texts', [
  [
    'unicode escapes are just letters',
    {
      trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: way() })
        .replace('ExternalId', '\\u0045xternal\\u0049d')
        .replace('AssumeRole', '\\u0041ssumeRole'),
    },
    COMPLIANT,
  ],
  [
    'an invisible character in the ID',
    when({ StringEquals: { 'sts:ExternalId': `${CLIENT}\u200b` } }),
    WRONG_ID,
  ],
  [
    'a condition that is null',
    way2({ Condition: null }),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
  [
    'a principal that is null',
    way2({ Principal: null }),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
  [
    'a number that JSON can’t carry exactly',
    when({ StringEquals: { 'sts:ExternalId': [CLIENT, 1e21] } }),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
  [
    'a space after the account’s root',
    trust(way({ Principal: { AWS: `${ALTR} ` } })),
    { unknown: ['trust-action', 'trust-external-id', 'trust-principal', 'trust-usable'] },
  ],
]);

function way2(changes: Record<string, unknown>): SetUp {
  return { trustPolicy: { Version: '2012-10-17', Statement: [{ ...way(), ...changes }] } };
}
