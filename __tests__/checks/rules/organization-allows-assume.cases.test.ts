/**
 * The set-ups in which organization-allows-assume decides the outcome. Source, unless another is named: AWS Organizations User
 * Guide, "Resource control policies (RCPs)", "RCP evaluation".
 */
import type { OrganizationObservation } from '../../../checks/observe/observation';
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
table('what was not seen', [
  ['a policy that does not parse', inOrganization({ root: rcp('no statement') }), BOTH_UNDECIDED],
  [
    'a level that could not be read',
    inOrganization({}, withTarget('r-ab12', { resourceControlPolicies: unreadable })),
    BOTH_UNDECIDED,
  ],
  ['levels that are missing', inOrganization({}, () => ({ targets: [] })), BOTH_UNDECIDED],
  ['policies that are missing', inOrganization({}, () => ({ policies: [] })), BOTH_UNDECIDED],
  [
    'a Deny that was seen beside a level that was not',
    inOrganization(outsiders, withTarget(OWN, { resourceControlPolicies: unreadable })),
    { fail: ['organization-allows-assume'], unknown: ['organization-allows-delivery'] },
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
