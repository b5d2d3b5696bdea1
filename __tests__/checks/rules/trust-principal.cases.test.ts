/** The set-ups in which trust-principal decides the outcome, each with the outcome of every rule. Source, unless another is named: IAM User Guide, "IAM JSON policy elements". */
import type { SetUp } from '../../../checks/pages/set-up';
import { ALTR, allowAltr, CLIENT, deny, FUTURE, ID, OTHER, PAST, trust, whenAlso } from './builders';
import { allFail, COMPLIANT, type Expected, OPEN, table, UNUSABLE } from './table';

const WRONG_PRINCIPAL: Expected = { fail: ['trust-principal'] };
const HELD: Expected = { advice: ['trust-principal'] };
const anyone = (Condition: Record<string, unknown>): SetUp =>
  trust(
    allowAltr({
      Principal: '*',
      Condition: { ...Condition, StringEquals: { ...ID, ...((Condition.StringEquals as object) ?? {}) } },
    }),
  );

table('spellings that mean the vendor’s policy', [
  ['the bare account ID', trust(allowAltr({ Principal: { AWS: '111122223333' } })), COMPLIANT],
  ['the principal in a list', trust(allowAltr({ Principal: { AWS: [ALTR] } })), COMPLIANT],
  [
    'root ARN and bare ID together',
    trust(allowAltr({ Principal: { AWS: [ALTR, '111122223333'] } })),
    COMPLIANT,
  ],
]);

table('principals', [
  ['anyone', trust(allowAltr({ Principal: '*' })), WRONG_PRINCIPAL],
  ['anyone, as an AWS principal', trust(allowAltr({ Principal: { AWS: '*' } })), WRONG_PRINCIPAL],
  ['anyone, in a list beside ALTR', trust(allowAltr({ Principal: { AWS: [ALTR, '*'] } })), WRONG_PRINCIPAL],
  [
    'another account beside ALTR',
    trust(allowAltr({ Principal: { AWS: [ALTR, '222222222222'] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'the account’s own root beside ALTR',
    trust(allowAltr({ Principal: { AWS: [ALTR, 'arn:aws:iam::123456789012:root'] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a role of another account',
    trust(allowAltr({ Principal: { AWS: [ALTR, 'arn:aws:iam::222222222222:role/x'] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a user of another account',
    trust(allowAltr(), allowAltr({ Principal: { AWS: 'arn:aws:iam::222222222222:user/x' } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a service, as the console’s S3 use case leaves it',
    trust(allowAltr(), {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    WRONG_PRINCIPAL,
  ],
  [
    'a web identity',
    trust(allowAltr(), {
      Effect: 'Allow',
      Principal: { Federated: 'accounts.google.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
    }),
    allFail('trust-action', 'trust-principal'),
  ],
  [
    'a SAML provider',
    trust(allowAltr(), {
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::123456789012:saml-provider/x' },
      Action: 'sts:AssumeRoleWithSAML',
    }),
    allFail('trust-action', 'trust-principal'),
  ],
  [
    'NotPrincipal with Allow is everybody else',
    trust(allowAltr(), allowAltr({ Principal: undefined, NotPrincipal: { AWS: '222222222222' } })),
    WRONG_PRINCIPAL,
  ],
  [
    'another account instead of ALTR',
    trust(allowAltr({ Principal: { AWS: '222222222222' } })),
    allFail('trust-principal', 'trust-usable'),
  ],
  [
    'an account ID with one digit wrong',
    trust(allowAltr({ Principal: { AWS: '111122223334' } })),
    allFail('trust-principal', 'trust-usable'),
  ],
  [
    'anyone, limited to ALTR’s account by a condition',
    anyoneWithId({ 'aws:PrincipalAccount': '111122223333' }),
    { advice: ['trust-principal'] },
  ],
  [
    'anyone, limited to ALTR’s roles by ARN',
    trust(
      allowAltr({
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
    anyoneWithId({ 'aws:PrincipalAccount': ['111122223333', '222222222222'] }),
    WRONG_PRINCIPAL,
  ],
  [
    'anyone, limited by a pattern of account IDs',
    trust(
      allowAltr({
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
    'anyone, limited to an organization',
    anyoneWithId({ 'aws:PrincipalOrgID': 'o-abcdefghij' }),
    allFail('trust-principal', 'trust-usable'),
  ],
  [
    'anyone, with a Deny of all but ALTR’s account',
    trust(
      allowAltr({ Principal: '*' }),
      deny({ StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } }),
    ),
    { advice: ['trust-principal'] },
  ],
  [
    'a role of ALTR’s account is narrower',
    trust(allowAltr({ Principal: { AWS: 'arn:aws:iam::111122223333:role/exporter' } })),
    { advice: ['trust-principal'] },
  ],
  [
    'a user of ALTR’s account is narrower',
    trust(allowAltr({ Principal: { AWS: 'arn:aws:iam::111122223333:user/exporter' } })),
    { advice: ['trust-principal'] },
  ],
  [
    'a session of ALTR’s account is narrower',
    trust(allowAltr({ Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/exporter/s' } })),
    { advice: ['trust-principal'] },
  ],
  [
    'the remains of a deleted role beside ALTR',
    trust(allowAltr({ Principal: { AWS: [ALTR, 'AROAIOSFODNN7EXAMPLEX'] } })),
    { advice: ['trust-principal'] },
  ],
  [
    'the remains of a deleted role instead of ALTR',
    trust(allowAltr({ Principal: { AWS: 'AIDAIOSFODNN7EXAMPLEX' } })),
    { advice: ['trust-principal'], ...UNUSABLE },
  ],
]);

table('the principal by its ARN or account', [
  [
    'every principal of ALTR’s account',
    whenAlso({ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' } }),
    COMPLIANT,
  ],
  [
    'roles and users, in two patterns',
    whenAlso({
      ArnLike: {
        'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:user/*'],
      },
    }),
    COMPLIANT,
  ],
  [
    'a Deny of all outside ALTR’s account',
    trust(allowAltr(), deny({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' } })),
    COMPLIANT,
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
      allowAltr(),
      allowAltr({
        Principal: { AWS: OTHER },
        Condition: { StringEquals: ID, DateLessThan: { 'aws:CurrentTime': PAST } },
      }),
    ),
    HELD,
  ],
  [
    'another account from a day to come',
    trust(
      allowAltr(),
      allowAltr({
        Principal: { AWS: OTHER },
        Condition: { StringEquals: ID, DateGreaterThan: { 'aws:CurrentTime': FUTURE } },
      }),
    ),
    WRONG_PRINCIPAL,
  ],
  [
    'another account, denied until a day to come',
    trust(
      allowAltr(),
      allowAltr({ Principal: { AWS: OTHER } }),
      deny({ DateLessThan: { 'aws:CurrentTime': FUTURE } }, { Principal: { AWS: OTHER } }),
    ),
    WRONG_PRINCIPAL,
  ],
  [
    'another account, denied for good',
    trust(
      allowAltr(),
      allowAltr({ Principal: { AWS: OTHER } }),
      deny(undefined, { Principal: { AWS: OTHER } }),
    ),
    HELD,
  ],
  [
    'another account, one of whose roles is denied',
    trust(
      allowAltr(),
      allowAltr({ Principal: { AWS: OTHER } }),
      deny(undefined, { Principal: { AWS: `arn:aws:iam::${OTHER}:role/x` } }),
    ),
    WRONG_PRINCIPAL,
  ],
  [
    'a service in the same Principal',
    trust(allowAltr({ Principal: { AWS: ALTR, Service: 'ec2.amazonaws.com' } })),
    WRONG_PRINCIPAL,
  ],
  [
    'a canonical user',
    trust(allowAltr({ Principal: { AWS: ALTR, CanonicalUser: 'feed' } })),
    { ...WRONG_PRINCIPAL },
  ],
  [
    'a session of another account',
    trust(allowAltr({ Principal: { AWS: [ALTR, `arn:aws:sts::${OTHER}:assumed-role/x/y`] } })),
    WRONG_PRINCIPAL,
  ],
  [
    'anyone by web identity, who never has an account',
    trust(
      allowAltr(),
      allowAltr({ Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity', Condition: undefined }),
    ),
    { fail: ['trust-action', 'trust-external-id', 'trust-principal'] },
  ],
]);

function anyoneWithId(keys: Record<string, unknown>): SetUp {
  return trust(
    allowAltr({ Principal: '*', Condition: { StringEquals: { 'sts:ExternalId': CLIENT, ...keys } } }),
  );
}
