/**
 * The set-ups in which organization-allows-assume decides the outcome. Source, unless another is named: AWS Organizations User
 * Guide, "Resource control policies (RCPs)", "RCP evaluation".
 */
import type { OrganizationObservation } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import type { Json } from './builders';
import { denyAs, denyOwn, full, inOrganization, rcp, scp, withTarget } from './organization';
import { type Expected, table } from './table';

const STOPPED: Expected = { fail: ['organization-allows-assume'] };
const UNDECIDED: Expected = { unknown: ['organization-allows-assume'] };
const FREE: Expected = {};
const outside = (more: Json = {}) => ({
  StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1', ...more },
});
const assume = (Condition: Json, changes: Json = {}) => rcp(denyAs('sts:AssumeRole', Condition, changes));

table('ALTR’s account is outside the organization', [
  ['at the root', inOrganization({ root: assume(outside()) }), STOPPED],
  ['at the unit', inOrganization({ unit: assume(outside()) }), STOPPED],
  ['at the account', inOrganization({ account: assume(outside()) }), STOPPED],
  ['every action of STS', inOrganization({ root: rcp(denyAs('sts:*', outside())) }), STOPPED],
  [
    'every action but another',
    inOrganization({ root: assume(outside(), { Action: undefined, NotAction: 's3:*' }) }),
    STOPPED,
  ],
  ['another action of STS', inOrganization({ root: rcp(denyAs('sts:SetContext', outside())) }), FREE],
  [
    'another role',
    inOrganization({ root: assume(outside(), { Resource: 'arn:aws:iam::*:role/Admin' }) }),
    FREE,
  ],
  [
    'by its paths',
    inOrganization({
      root: assume({ 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-exampleorg1/*' } }),
    }),
    STOPPED,
  ],
  [
    'by the organization of the role',
    inOrganization({ root: assume({ StringNotEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } }) }),
    STOPPED,
  ],
  [
    'by an ID that ALTR’s may be',
    inOrganization({
      root: assume({ StringNotEquals: { 'aws:PrincipalOrgID': ['o-exampleorg1', 'o-partner0001'] } }),
    }),
    UNDECIDED,
  ],
  [
    'by paths that ALTR’s may be',
    inOrganization({
      root: assume({ 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': 'o-partner0001/*' } }),
    }),
    UNDECIDED,
  ],
  [
    'ALTR’s account is exempted',
    inOrganization({ root: assume(outside({ 'aws:PrincipalAccount': '111122223333' })) }),
    FREE,
  ],
  [
    'only some roles of ALTR are exempted',
    inOrganization({
      root: assume({
        ...outside(),
        ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/exporter' },
      }),
    }),
    UNDECIDED,
  ],
  [
    'everything in an account of the organization',
    inOrganization({ root: assume({ StringEquals: { 'aws:ResourceAccount': '123456789012' } }) }),
    STOPPED,
  ],
  [
    'everything in another account of the organization',
    inOrganization({ root: assume({ StringEquals: { 'aws:ResourceAccount': '222222222222' } }) }),
    FREE,
  ],
  [
    'everything outside another unit',
    inOrganization({
      root: assume({
        'ForAllValues:StringLike': { 'aws:ResourceOrgPaths': 'o-exampleorg1/r-ab12/ou-ab12-22222222/*' },
      }),
    }),
    FREE,
  ],
  [
    'everything in the unit',
    inOrganization({
      root: assume({
        'ForAllValues:StringLike': { 'aws:ResourceOrgPaths': 'o-exampleorg1/r-ab12/ou-ab12-11111111/*' },
      }),
    }),
    STOPPED,
  ],
  [
    'by a tag that only ALTR knows',
    inOrganization({ root: assume({ StringNotEquals: { 'aws:PrincipalTag/partner': 'yes' } }) }),
    UNDECIDED,
  ],
  [
    'addresses that only ALTR knows',
    inOrganization({ root: assume({ NotIpAddress: { 'aws:SourceIp': '52.0.0.0/8' } }) }),
    UNDECIDED,
  ],
  [
    'AWS services only',
    inOrganization({ root: assume({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }) }),
    FREE,
  ],
]);

const untagged = { StringNotEqualsIfExists: { 'aws:ResourceTag/partner': 'yes' } };
table('the role’s tags', [
  ['without the tag', inOrganization({ root: assume(untagged) }), STOPPED],
  ['with the tag', { roleTags: { partner: 'yes' }, ...inOrganization({ root: assume(untagged) }) }, FREE],
  [
    'tags that were not read',
    { role: { tags: undefined }, ...inOrganization({ root: assume(untagged) }) },
    UNDECIDED,
  ],
]);

const BOTH_UNDECIDED: Expected = { unknown: ['organization-allows-assume', 'organization-allows-delivery'] };
const BOTH_STOPPED: Expected = { fail: ['organization-allows-assume', 'organization-allows-delivery'] };
const OWN = '123456789012';
const outsiders = { root: assume(outside()) };

table('which policies bind', [
  [
    'a service control policy binds only the organization’s own',
    inOrganization({ root: scp(full, denyOwn('sts:AssumeRole')) }),
    FREE,
  ],
  [
    'the management account is bound by none',
    inOrganization(outsiders, () => ({ managementAccountId: OWN })),
    FREE,
  ],
  [
    'a policy type that is not enabled',
    inOrganization(outsiders, withTarget('r-ab12', { resourceControlPolicies: { state: 'absent' } })),
    FREE,
  ],
  [
    'a level at which nothing allows',
    inOrganization(
      {},
      withTarget('ou-ab12-11111111', { resourceControlPolicies: { state: 'value', value: [] } }),
    ),
    BOTH_STOPPED,
  ],
]);

const unreadable = { state: 'unreadable', reason: { message: 'AWS denied it' } } as const;
const at = (path: OrganizationObservation['accounts'][number]['path']) => ({
  accounts: [{ accountId: OWN, path }],
});
// Nobody demands it: `organization-allows-assume.test.ts` has the same with `required`.
table('what was not seen', [
  ['a policy that does not parse', inOrganization({ root: rcp('no statement') }), BOTH_UNDECIDED],
  [
    'a level that could not be read',
    inOrganization({}, withTarget('r-ab12', { resourceControlPolicies: unreadable })),
    FREE,
  ],
  ['levels that are missing', inOrganization({}, () => ({ targets: [] })), FREE],
  ['policies that are missing', inOrganization({}, () => ({ policies: [] })), FREE],
  [
    'a Deny that may hold beside a level that could not be read',
    inOrganization(
      { root: rcp('no statement') },
      withTarget('ou-ab12-11111111', { resourceControlPolicies: unreadable }),
    ),
    BOTH_UNDECIDED,
  ],
  [
    'a Deny that was seen beside a level that was not',
    inOrganization(outsiders, withTarget(OWN, { resourceControlPolicies: unreadable })),
    STOPPED,
  ],
  [
    'the account is not in the organization',
    inOrganization({}, () => at({ state: 'absent' })),
    BOTH_UNDECIDED,
  ],
  ['nobody looked for the account', inOrganization({}, () => ({ accounts: [] })), BOTH_UNDECIDED],
  ['a path that could not be read, and nobody demands it', inOrganization({}, () => at(unreadable)), FREE],
  [
    'a path that goes in a circle',
    inOrganization(outsiders, () => at({ state: 'value', value: ['r-ab12', 'r-ab12', OWN, 'r-ab12'] })),
    STOPPED,
  ],
]);

const perimeter = (Condition: Json) => inOrganization({ root: assume(Condition) });
const own = { 'aws:PrincipalOrgID': 'o-exampleorg1' };
const ownPaths = { 'aws:PrincipalOrgPaths': 'o-exampleorg1/*' };
const notService = { 'aws:PrincipalIsAWSService': 'false' };
// IAM User Guide, "IAM JSON policy elements: Condition operators", "Single-valued vs. multivalued context keys".
table('how a perimeter is written', [
  ['without IfExists: a key that is missing is not equal', perimeter({ StringNotEquals: own }), STOPPED],
  ['StringNotLike', perimeter({ StringNotLike: own }), STOPPED],
  [
    'StringNotLike with a star: ALTR’s ID may begin so, too',
    perimeter({ StringNotLike: { 'aws:PrincipalOrgID': 'o-example*' } }),
    UNDECIDED,
  ],
  ['StringNotEqualsIgnoreCase', perimeter({ StringNotEqualsIgnoreCase: own }), UNDECIDED],
  [
    'StringNotLike of every organization: ALTR may be in none',
    perimeter({ StringNotLike: { 'aws:PrincipalOrgID': 'o-*' } }),
    UNDECIDED,
  ],
  ['StringEquals of one’s own', perimeter({ StringEquals: own }), FREE],
  [
    'StringEqualsIfExists of one’s own: ALTR may be in none',
    perimeter({ StringEqualsIfExists: own }),
    UNDECIDED,
  ],
  ['nobody without an organization', perimeter({ Null: { 'aws:PrincipalOrgID': 'true' } }), UNDECIDED],
  [
    'nobody with an organization other than one’s own: ALTR may be in none',
    perimeter({ Null: { 'aws:PrincipalOrgID': 'false' }, StringNotEquals: own }),
    UNDECIDED,
  ],
  [
    'ForAnyValue of paths: false for whom has none',
    perimeter({ 'ForAnyValue:StringNotLike': ownPaths }),
    UNDECIDED,
  ],
  ['ForAnyValue of one’s own paths', perimeter({ 'ForAnyValue:StringLike': ownPaths }), FREE],
  [
    'ForAllValues of one’s own paths: true for whom has none',
    perimeter({ 'ForAllValues:StringLike': ownPaths }),
    UNDECIDED,
  ],
  [
    'ForAllValues of paths with IfExists',
    perimeter({ 'ForAllValues:StringNotLikeIfExists': ownPaths }),
    STOPPED,
  ],
  ['services spared with Bool', perimeter({ StringNotEqualsIfExists: own, Bool: notService }), STOPPED],
  [
    'services spared, and those that act for somebody',
    perimeter({
      StringNotEqualsIfExists: own,
      BoolIfExists: { ...notService, 'aws:ViaAWSService': 'false' },
    }),
    STOPPED,
  ],
  [
    'only what services do for somebody',
    perimeter({ StringNotEqualsIfExists: own, Bool: { 'aws:ViaAWSService': 'true' } }),
    FREE,
  ],
  [
    'services spared by their names',
    perimeter({ StringNotEqualsIfExists: own, Null: { 'aws:PrincipalServiceName': 'true' } }),
    STOPPED,
  ],
  ['only services', perimeter({ Null: { 'aws:PrincipalServiceName': 'false' } }), FREE],
  [
    'confused deputies only',
    perimeter({
      StringNotEqualsIfExists: { 'aws:SourceOrgID': 'o-exampleorg1' },
      Null: { 'aws:SourceAccount': 'false' },
      Bool: { 'aws:PrincipalIsAWSService': 'true' },
    }),
    FREE,
  ],
]);

table('who is exempted', [
  [
    'ALTR’s account among others',
    perimeter(outside({ 'aws:PrincipalAccount': ['444455556666', '111122223333'] })),
    FREE,
  ],
  ['another account', perimeter(outside({ 'aws:PrincipalAccount': '444455556666' })), STOPPED],
  [
    'ALTR’s account by a pattern',
    perimeter({ ...outside(), StringNotLike: { 'aws:PrincipalAccount': '1111*' } }),
    FREE,
  ],
  [
    'every role of ALTR’s account, but its users may call',
    perimeter({ ...outside(), ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }),
    UNDECIDED,
  ],
  [
    'every principal of ALTR’s account',
    perimeter({ ...outside(), ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' } }),
    FREE,
  ],
  [
    'the root user of ALTR’s account, who can’t assume roles',
    perimeter({ ...outside(), ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:root' } }),
    STOPPED,
  ],
  [
    'the customer’s role, which is not who calls',
    perimeter({ ...outside(), ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${'123456789012'}:role/*` } }),
    STOPPED,
  ],
  [
    'whom the ExternalId shows',
    perimeter({
      ...outside(),
      StringNotEquals: { 'sts:ExternalId': '1c42465e-4bf2-4e83-90d6-f6fbcac03634' },
    }),
    FREE,
  ],
  [
    'whom another ExternalId shows',
    perimeter({ ...outside(), StringNotEquals: { 'sts:ExternalId': 'another' } }),
    STOPPED,
  ],
  ['whom no ExternalId shows', perimeter({ ...outside(), Null: { 'sts:ExternalId': 'true' } }), FREE],
  [
    'the role by its name',
    inOrganization({
      root: assume(outside(), { Resource: undefined, NotResource: 'arn:aws:iam::*:role/ALTR*' }),
    }),
    FREE,
  ],
  [
    'another role by its name',
    inOrganization({
      root: assume(outside(), { Resource: undefined, NotResource: 'arn:aws:iam::*:role/Partner*' }),
    }),
    STOPPED,
  ],
  [
    'the role by its path, and it has none',
    inOrganization({
      root: assume(outside(), { Resource: undefined, NotResource: 'arn:aws:iam::*:role/partners/*' }),
    }),
    STOPPED,
  ],
  [
    'every role of the account',
    inOrganization({ root: assume(outside(), { Resource: 'arn:aws:iam::123456789012:role/*' }) }),
    STOPPED,
  ],
  [
    'every role of another account',
    inOrganization({ root: assume(outside(), { Resource: 'arn:aws:iam::222222222222:role/*' }) }),
    FREE,
  ],
  [
    'every role of another partition',
    inOrganization({ root: assume(outside(), { Resource: 'arn:aws-cn:iam::*:role/*' }) }),
    FREE,
  ],
  [
    'the account of the role',
    perimeter({ ...outside(), StringNotEquals: { 'aws:ResourceAccount': '123456789012' } }),
    FREE,
  ],
]);

table('other limits on who assumes roles', [
  ['no MFA', perimeter({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }), STOPPED],
  ['no TLS', perimeter({ Bool: { 'aws:SecureTransport': 'false' } }), FREE],
  [
    'private addresses only',
    perimeter({ NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] } }),
    STOPPED,
  ],
  [
    'addresses of one’s own, of people of one’s own',
    perimeter({ StringEquals: own, NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    FREE,
  ],
  ['no session tags', perimeter({ Null: { 'aws:RequestTag/team': 'true' } }), STOPPED],
  ['no source identity', perimeter({ Null: { 'sts:SourceIdentity': 'true' } }), STOPPED],
  [
    'from a date on that is to come',
    perimeter({ DateGreaterThan: { 'aws:CurrentTime': '2031-01-01T00:00:00Z' } }),
    FREE,
  ],
  [
    'from a date on that is past',
    perimeter({ DateGreaterThan: { 'aws:CurrentTime': '2025-01-01T00:00:00Z' } }),
    STOPPED,
  ],
  [
    'without a tag on the role, by a variable',
    {
      roleTags: { partner: '111122223333' },
      ...perimeter({
        ...outside(),
        StringNotEquals: { 'aws:PrincipalAccount': '${aws:ResourceTag/partner}' },
      }),
    },
    FREE,
  ],
  [
    'without a tag on the role, by a variable, and it has another',
    {
      roleTags: { partner: '444455556666' },
      ...perimeter({
        ...outside(),
        StringNotEquals: { 'aws:PrincipalAccount': '${aws:ResourceTag/partner}' },
      }),
    },
    STOPPED,
  ],
]);

table('two levels', [
  [
    'spared at the root, stopped at the account',
    inOrganization({
      root: assume(outside({ 'aws:PrincipalAccount': '111122223333' })),
      account: assume(outside()),
    }),
    STOPPED,
  ],
  [
    'spared at both',
    inOrganization({
      root: assume(outside({ 'aws:PrincipalAccount': '111122223333' })),
      unit: assume(outside({ 'aws:PrincipalAccount': '111122223333' })),
    }),
    FREE,
  ],
  [
    'two statements of which each spares another',
    inOrganization({
      root: rcp(
        denyAs('sts:AssumeRole', outside({ 'aws:PrincipalAccount': '111122223333' })),
        denyAs('sts:AssumeRole', outside({ 'aws:PrincipalAccount': '444455556666' })),
      ),
    }),
    STOPPED,
  ],
]);

const text = (document: string): SetUp =>
  inOrganization({ root: rcp(denyAs('sts:AssumeRole', outside())) }, ({ policies }) => ({
    policies: policies.map((policy) =>
      policy.name === 'Perimeter'
        ? { ...policy, document: { state: 'value', value: { source: 'Perimeter', text: document } } }
        : policy,
    ),
  }));
const DENY = JSON.stringify(denyAs('sts:AssumeRole', outside()));
table('how a document is written', [
  ['with a byte order mark', text(`\uFEFF{"Version":"2012-10-17","Statement":[${DENY}]}`), STOPPED],
  ['one statement without a list', text(`{"Version":"2012-10-17","Statement":${DENY}}`), STOPPED],
  [
    'keys that stand twice',
    text(`{"Statement":[],"Statement":[${DENY}]}`),
    { fail: ['organization-allows-assume'], unknown: ['organization-allows-delivery'] },
  ],
  ['cut off', text(`{"Version":"2012-10-17","Statement":[${DENY}`), BOTH_UNDECIDED],
  ['empty', text(''), BOTH_UNDECIDED],
  [
    'of another version',
    text(`{"Version":"2026-01-01","Statement":[${DENY}]}`),
    { fail: ['organization-allows-assume'], unknown: ['organization-allows-delivery'] },
  ],
  [
    'longer than AWS stores',
    text(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [denyAs('sts:AssumeRole', outside(), { Sid: 'x'.repeat(20_000) })],
      }),
    ),
    STOPPED,
  ],
]);
