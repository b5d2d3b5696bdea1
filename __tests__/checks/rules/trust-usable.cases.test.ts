/** The set-ups in which trust-usable decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import {
  ALTR,
  allowAltr,
  CLIENT,
  deny,
  FUTURE,
  from,
  ID,
  NOT_SOON,
  OTHER,
  PAST,
  SOON,
  seconds,
  trust,
  until,
  when,
  whenAlso,
} from './builders';
import { COMPLIANT, type Expected, OPEN, table, UNUSABLE } from './table';

table('ExternalId: something else is demanded', [
  [
    'two demands that exclude each other',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, StringNotEquals: { 'sts:externalid': CLIENT } }),
    UNUSABLE,
  ],
]);

table('ALTR can’t come in', [
  ['no statement at all', trust(), UNUSABLE],
  ['a Deny of ALTR’s account', trust(allowAltr(), deny(undefined, { Principal: { AWS: ALTR } })), UNUSABLE],
  ['a Deny of everybody', trust(allowAltr(), deny(undefined)), UNUSABLE],
  ['a Deny by wildcard', trust(allowAltr(), deny(undefined, { Action: 'sts:*' })), UNUSABLE],
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
    'an organization',
    when({ StringEquals: { 'sts:ExternalId': CLIENT, 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    UNUSABLE,
  ],
  [
    'a Deny outside an organization',
    trust(allowAltr(), deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
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
    'a Deny of one VPC of yours',
    trust(
      allowAltr(),
      deny({ ArnEquals: { 'aws:SourceVpcArn': 'arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1a2b3c4d' } }),
    ),
    COMPLIANT,
  ],
  [
    'TLS',
    when({ StringEquals: { 'sts:ExternalId': CLIENT }, Bool: { 'aws:SecureTransport': 'true' } }),
    COMPLIANT,
  ],
  ['a Deny of plain HTTP', trust(allowAltr(), deny({ Bool: { 'aws:SecureTransport': 'false' } })), COMPLIANT],
  ['a boolean, not a text', trust(allowAltr(), deny({ Bool: { 'aws:SecureTransport': false } })), COMPLIANT],
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
  [
    'a Deny of another account',
    trust(allowAltr(), deny(undefined, { Principal: { AWS: '222222222222' } })),
    COMPLIANT,
  ],
  ['a Deny of another action', trust(allowAltr(), deny(undefined, { Action: 'sts:TagSession' })), COMPLIANT],
  [
    'AWS services are denied',
    trust(allowAltr(), deny({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })),
    COMPLIANT,
  ],
]);

table('conditions that only ALTR can answer', [
  [
    'a Deny of IAM users: ALTR’s principal may be one',
    trust(allowAltr(), deny({ Null: { 'aws:username': 'false' } })),
    OPEN,
  ],
  [
    'a Deny of sessions that began with a token of an identity provider',
    trust(allowAltr(), deny({ Null: { 'aws:FederatedProvider': 'false' } })),
    OPEN,
  ],
  [
    'a Deny of sessions older than a day: those of a user may last 36 hours',
    trust(allowAltr(), deny({ DateLessThan: { 'aws:TokenIssueTime': '2025-12-31T00:00:00Z' } })),
    OPEN,
  ],
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
    trust(allowAltr(), deny({ NotIpAddress: { 'aws:SourceIp': ['52.1.2.0/24'] } })),
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
  ['an unknown operator in a Deny', trust(allowAltr(), deny({ StringSounds: { 'aws:userid': 'x' } })), OPEN],
]);

table('the principal by its ARN or account', [
  ['the root user can’t assume roles', whenAlso({ ArnEquals: { 'aws:PrincipalArn': ALTR } }), UNUSABLE],
  [
    'a session’s ARN is never aws:PrincipalArn',
    whenAlso({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:sts::111122223333:assumed-role/x/*' } }),
    UNUSABLE,
  ],
  ['roles only', whenAlso({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }), OPEN],
  [
    'a Deny of all but another account',
    trust(allowAltr(), deny({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:*` } })),
    UNUSABLE,
  ],
  [
    'a Deny of all but ALTR’s root, which may hit ALTR’s roles (AWS JSON policy elements: NotPrincipal)',
    trust(allowAltr(), deny(undefined, { Principal: undefined, NotPrincipal: { AWS: ALTR } })),
    OPEN,
  ],
  [
    'ALTR’s account in a partition that the role is not in',
    trust(allowAltr({ Principal: { AWS: ALTR.replace('arn:aws:', 'arn:aws-us-gov:') } })),
    UNUSABLE,
  ],
  [
    'ALTR’s account by its ID, which names no partition',
    trust(allowAltr({ Principal: { AWS: '111122223333' } })),
    COMPLIANT,
  ],
]);

table('what ALTR’s call carries', [
  [
    'a Deny of one role of ALTR’s, which may be the one',
    trust(allowAltr(), deny(undefined, { Principal: { AWS: 'arn:aws:iam::111122223333:role/x' } })),
    OPEN,
  ],
  [
    'every IPv4 address, and ALTR may come over IPv6',
    whenAlso({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }),
    OPEN,
  ],
  [
    'a Deny of private addresses',
    trust(allowAltr(), deny({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] } })),
    COMPLIANT,
  ],
  [
    'addresses out of a documentation, which stand for public ones',
    whenAlso({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    OPEN,
  ],
  [
    'no VPC endpoint whatever: ALTR may have one of its own',
    trust(allowAltr(), deny({ Null: { 'aws:SourceVpce': 'false' } })),
    OPEN,
  ],
  [
    'a Deny outside your VPC',
    trust(allowAltr(), deny({ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } })),
    UNUSABLE,
  ],
  ['ALTR may run on EC2', trust(allowAltr(), deny({ Null: { 'ec2:SourceInstanceArn': 'true' } })), OPEN],
  [
    'ALTR may run on Lambda',
    whenAlso({ ArnLike: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:*:111122223333:function:*' } }),
    OPEN,
  ],
  ['any session name', whenAlso({ StringLike: { 'sts:RoleSessionName': '*' } }), COMPLIANT],
  [
    'some session name, which every call has',
    whenAlso({ StringLike: { 'sts:RoleSessionName': '?*' } }),
    COMPLIANT,
  ],
  [
    'a session name of three characters or more',
    whenAlso({ StringLike: { 'sts:RoleSessionName': '???*' } }),
    OPEN,
  ],
  [
    'an organization, if ALTR is in one',
    whenAlso({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }),
    OPEN,
  ],
  [
    'a Deny outside an organization, with IfExists',
    trust(allowAltr(), deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })),
    UNUSABLE,
  ],
  [
    'a Deny of calls by way of AWS services',
    trust(allowAltr(), deny({ Bool: { 'aws:ViaAWSService': 'true' } })),
    COMPLIANT,
  ],
  [
    'a source account, if there is one',
    whenAlso({ StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } }),
    COMPLIANT,
  ],
  ['no session tags', whenAlso({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }), COMPLIANT],
  [
    'MFA, if anything is known of it',
    whenAlso({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }),
    OPEN,
  ],
  [
    'a Deny of sessions older than a day past',
    trust(allowAltr(), deny({ DateLessThan: { 'aws:TokenIssueTime': PAST } })),
    COMPLIANT,
  ],
  [
    'a window that is open now',
    whenAlso({ DateGreaterThan: { 'aws:CurrentTime': PAST }, DateLessThan: { 'aws:CurrentTime': FUTURE } }),
    COMPLIANT,
  ],
  ['a window that opens later', whenAlso({ DateGreaterThan: { 'aws:CurrentTime': FUTURE } }), UNUSABLE],
]);

table('what is known of the request and of the role', [
  [
    'a key that nobody defines is demanded',
    whenAlso({ StringEquals: { 'sts:ExternalIdentifier': CLIENT } }),
    UNUSABLE,
  ],
  [
    'declared addresses',
    whenAlso({ IpAddress: { 'aws:SourceIp': '52.1.0.0/16' } }),
    COMPLIANT,
    { sourceIpRanges: ['52.1.2.0/24'] },
  ],
  [
    'other addresses',
    whenAlso({ IpAddress: { 'aws:SourceIp': '54.0.0.0/8' } }),
    UNUSABLE,
    { sourceIpRanges: ['52.1.2.0/24'] },
  ],
  [
    'a tag of the role',
    { roleTags: { team: 'logs' }, ...whenAlso({ StringEquals: { 'aws:ResourceTag/team': 'logs' } }) },
    COMPLIANT,
  ],
  [
    'a tag by the older key',
    { roleTags: { team: 'logs' }, ...whenAlso({ StringEquals: { 'iam:ResourceTag/Team': 'logs' } }) },
    COMPLIANT,
  ],
  [
    'a tag that the role has not',
    { roleTags: {}, ...whenAlso({ StringEquals: { 'aws:ResourceTag/team': 'logs' } }) },
    UNUSABLE,
  ],
  [
    'a tag of the role that was not read',
    { ...whenAlso({ StringEquals: { 'aws:ResourceTag/team': 'logs' } }), role: { tags: undefined } },
    OPEN,
  ],
]);

const ENDING: Expected = { advice: ['trust-usable'] };

table('a trust that ends', [
  ['within 30 days', whenAlso(until(SOON)), ENDING],
  ['a second later', whenAlso(until(NOT_SOON)), COMPLIANT],
  ['by a date that still counts', whenAlso({ DateLessThanEquals: { 'aws:CurrentTime': SOON } }), ENDING],
  ['by the seconds since 1970', whenAlso({ NumericLessThan: { 'aws:EpochTime': seconds(SOON) } }), ENDING],
  ['by a day without a time', whenAlso({ DateLessThan: { 'aws:CurrentTime': '2026-01-15' } }), ENDING],
  ['by a Deny from a date on', trust(allowAltr(), deny(from(SOON))), ENDING],
  [
    'by a Deny of others from a date on',
    trust(allowAltr(), deny(from(SOON), { Principal: { AWS: OTHER } })),
    COMPLIANT,
  ],
  ['a Deny that ends', trust(allowAltr(), deny(until(SOON))), UNUSABLE],
  [
    'another statement goes on',
    trust(allowAltr(), allowAltr({ Condition: { StringEquals: ID, ...until(SOON) } })),
    COMPLIANT,
  ],
  [
    'another statement takes over in time',
    trust(
      allowAltr({ Condition: { StringEquals: ID, ...until(SOON) } }),
      allowAltr({ Condition: { StringEquals: ID, ...from('2026-01-15T00:00:00Z') } }),
    ),
    COMPLIANT,
  ],
  [
    'another statement takes over too late',
    trust(
      allowAltr({ Condition: { StringEquals: ID, ...until(SOON) } }),
      allowAltr({ Condition: { StringEquals: ID, ...from('2026-02-15T00:00:00Z') } }),
    ),
    ENDING,
  ],
  ['a moment ago', whenAlso(until('2025-12-31T23:59:59Z')), UNUSABLE],
  ['at this very moment', whenAlso(until('2026-01-01T00:00:00Z')), UNUSABLE],
]);
