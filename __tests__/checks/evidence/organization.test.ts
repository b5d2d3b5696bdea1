import type { RuleContext } from '../../../checks/evidence/context';
import {
  type AccountBinding,
  attachedName,
  type BindingPolicies,
  bindingOf,
  decideByOrganization,
  isOrganizationJudged,
  judgedByOrganization,
  type OrganizationDecision,
  organizationDocuments,
  targetName,
  undecided,
  unreadOf,
} from '../../../checks/evidence/organization';
import type { Outcome } from '../../../checks/evidence/outcome';
import {
  ABSENT,
  known,
  NO_ACCOUNT,
  type Observation,
  type OrganizationObservation,
  type OrganizationTarget,
  unreadable,
} from '../../../checks/observe/observation';
import { type OrganizationSetUp, observationOf } from '../../../checks/pages/set-up';
import { type Fact, RequestContext, resourceName } from '../../../checks/policy';
import type { Assumptions } from '../../../config/options/assumptions';
import { OTHER, OWN, ROLE, refused } from '../rules/builders';
import { denyAs, denyOwn, full, rcp, scp, withTarget } from '../rules/organization';
import { EXAMPLE } from '../rules/support';

const UNIT = 'ou-ab12-11111111';
const MANAGEMENT = '999999999999';
const ASSUME = 'sts:AssumeRole';
const unreadPolicy = refused('organizations:DescribePolicy');
const unreadList = refused('organizations:ListPoliciesForTarget');
/** Holds if ALTR's call comes from an address that nobody knows. */
const OPEN = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
const NEVER = { StringEquals: { 'aws:PrincipalAccount': OTHER } };

/** The organization with FullAWSAccess at every level, and what differs. */
function organizationOf(
  levels: OrganizationSetUp = {},
  ...changes: readonly ((seen: OrganizationObservation) => Partial<OrganizationObservation>)[]
): OrganizationObservation {
  const { organization } = observationOf({ organization: levels }, EXAMPLE);
  if (organization?.state !== 'value') throw new Error('the set-up has no organization');
  let seen = organization.value;
  for (const change of changes) seen = { ...seen, ...change(seen) };
  return seen;
}

/** The same with one policy that could not be read. */
const withoutDocument =
  (id: string) =>
  ({ policies }: OrganizationObservation): Partial<OrganizationObservation> => ({
    policies: policies.map((policy) => (policy.id === id ? { ...policy, document: unreadPolicy } : policy)),
  });
const withPath =
  (path: OrganizationObservation['accounts'][number]['path']) => (): Partial<OrganizationObservation> => ({
    accounts: [{ accountId: OWN, path }],
  });

function bindingIn(organization: OrganizationObservation): AccountBinding {
  const binding = bindingOf(organization, OWN);
  if (binding.state !== 'value') throw new Error('the organization does not hold the account');
  return binding.value;
}

const levelsOf = ({ levels }: BindingPolicies) =>
  levels.map(({ target, policies, unread }) => [
    target.id,
    policies.map(({ source }) => source),
    unread.map(({ message }) => message),
  ]);
const attachedOf = ({ attached }: BindingPolicies) => attached.map(attachedName);

describe('names', () => {
  const target = (changes: Partial<OrganizationTarget>): OrganizationTarget => ({
    id: UNIT,
    type: 'ORGANIZATIONAL_UNIT',
    serviceControlPolicies: ABSENT,
    resourceControlPolicies: ABSENT,
    ...changes,
  });

  test.each<[name: string, target: OrganizationTarget]>([
    ['root r-ab12', target({ id: 'r-ab12', type: 'ROOT' })],
    // AWS names every root "Root".
    ['root r-ab12', target({ id: 'r-ab12', type: 'ROOT', name: 'Root' })],
    [`organizational unit Logs (${UNIT})`, target({ name: 'Logs' })],
    [`organizational unit ${UNIT}`, target({})],
    [`account ${OWN}`, target({ id: OWN, type: 'ACCOUNT', name: 'acme' })],
  ])('%s', (name, named) => {
    expect(targetName(named)).toBe(name);
  });

  test('a policy is named by its kind, its ID and everything that it is attached to', () => {
    const seen = organizationOf({ root: { ...rcp(denyAs(ASSUME)), ...scp(full) } }, (organization) =>
      withTarget(UNIT, { serviceControlPolicies: known(['p-0']) })(organization),
    );
    const { service, resource } = bindingIn(seen);
    expect(attachedOf(service)).toEqual([
      `the service control policy Own (p-0), attached to root r-ab12 and organizational unit Logs (${UNIT})`,
      `the service control policy FullAWSAccess (p-5), attached to account ${OWN}`,
    ]);
    expect(attachedOf(resource)[1]).toBe(
      'the resource control policy Perimeter (p-2), attached to root r-ab12',
    );
  });
});

describe('what binds an account', () => {
  test('the policies of every level, from the root down, by their type', () => {
    const { isManagement, service, resource } = bindingIn(organizationOf());
    expect(isManagement).toBe(false);
    expect(levelsOf(service)).toEqual([
      ['r-ab12', ['service control policy FullAWSAccess (p-0)'], []],
      [UNIT, ['service control policy FullAWSAccess (p-2)'], []],
      [OWN, ['service control policy FullAWSAccess (p-4)'], []],
    ]);
    expect(levelsOf(resource)).toEqual([
      ['r-ab12', ['resource control policy RCPFullAWSAccess (p-1)'], []],
      [UNIT, ['resource control policy RCPFullAWSAccess (p-3)'], []],
      [OWN, ['resource control policy RCPFullAWSAccess (p-5)'], []],
    ]);
  });

  test('nothing binds the management account, wherever it is', () => {
    const none = { attached: [], levels: [] };
    expect(bindingOf(organizationOf(), MANAGEMENT)).toEqual(
      known({ isManagement: true, service: none, resource: none }),
    );
  });

  test.each<[what: string, organization: OrganizationObservation, expected: unknown]>([
    ['an account of another organization', organizationOf({}, withPath(ABSENT)), ABSENT],
    ['an account whose place was not read', organizationOf({}, withPath(unreadList)), unreadList],
    [
      'an account that nobody looked for',
      organizationOf({}, () => ({ accounts: [] })),
      unreadable({ message: `nobody read where account ${OWN} is in the organization` }),
    ],
  ])('%s', (_what, organization, expected) => {
    expect(bindingOf(organization, OWN)).toEqual(expected);
  });

  test('is gathered once for each account', () => {
    const seen = organizationOf();
    expect(bindingOf(seen, OWN)).toBe(bindingOf(seen, OWN));
    expect(bindingOf(seen, OTHER)).toMatchObject({ state: 'unreadable' });
  });

  test.each<
    [what: string, change: (seen: OrganizationObservation) => Partial<OrganizationObservation>, at: unknown]
  >([
    [
      'a list',
      withTarget(UNIT, { resourceControlPolicies: unreadList }),
      [UNIT, [], [unreadList.reason.message]],
    ],
    ['a document', withoutDocument('p-3'), [UNIT, [], [unreadPolicy.reason.message]]],
    [
      'a policy that is listed',
      ({ policies }) => ({ policies: policies.filter(({ id }) => id !== 'p-3') }),
      [UNIT, [], [`nobody read the policy p-3 of organizational unit Logs (${UNIT})`]],
    ],
    [
      'a unit of the path',
      ({ targets }) => ({ targets: targets.filter(({ id }) => id !== UNIT) }),
      [UNIT, [], [`nobody read the policies of ${UNIT}`]],
    ],
  ])('%s that was not read leaves its level open, and no other', (_what, change, at) => {
    const { resource } = bindingIn(organizationOf({}, change));
    expect(levelsOf(resource)).toStrictEqual([
      ['r-ab12', ['resource control policy RCPFullAWSAccess (p-1)'], []],
      at,
      [OWN, ['resource control policy RCPFullAWSAccess (p-5)'], []],
    ]);
    expect(resource.attached.map(({ policy }) => policy.id)).toEqual(['p-1', 'p-5']);
  });

  test('what is listed twice counts once', () => {
    const path = known(['r-ab12', 'r-ab12', OWN]);
    const twice = withTarget('r-ab12', { resourceControlPolicies: known(['p-1', 'p-1']) });
    const { resource } = bindingIn(organizationOf({}, withPath(path), twice));
    expect(levelsOf(resource).map(([id, policies]) => [id, policies])).toEqual([
      ['r-ab12', ['resource control policy RCPFullAWSAccess (p-1)']],
      [OWN, ['resource control policy RCPFullAWSAccess (p-5)']],
    ]);
    expect(attachedOf(resource)).toEqual([
      'the resource control policy RCPFullAWSAccess (p-1), attached to root r-ab12',
      `the resource control policy RCPFullAWSAccess (p-5), attached to account ${OWN}`,
    ]);
  });

  test('a type that the organization has not enabled has no levels, so that none lacks an Allow', () => {
    const off = ({ targets }: OrganizationObservation): Partial<OrganizationObservation> => ({
      targets: targets.map((target) => ({ ...target, resourceControlPolicies: ABSENT })),
    });
    expect(bindingIn(organizationOf({}, off)).resource).toEqual({ attached: [], levels: [] });
  });
});

describe('the documents for reports', () => {
  const context = (
    organization: RuleContext['organization'],
    accountId: RuleContext['observation']['accountId'] = known(OWN),
  ) => ({ organization, observation: { accountId } }) as RuleContext;

  test('are the policies of both types that bind the export’s account', () => {
    const seen = organizationOf({ root: rcp(denyAs(ASSUME)) }, withoutDocument('p-5'));
    expect(organizationDocuments(context(known(seen))).map(({ id }) => id)).toEqual([
      'p-0',
      'p-3',
      'p-1',
      'p-2',
      'p-4',
      'p-6',
    ]);
  });

  test.each<[what: string, context: RuleContext]>([
    ['nobody looked', context(undefined)],
    ['the organization could not be read', context(unreadList)],
    ['there is no organization', context(ABSENT)],
    ['the account is not known', context(known(organizationOf()), refused('sts:GetCallerIdentity'))],
    ['the account’s place was not read', context(known(organizationOf({}, withPath(unreadList))))],
    ['the account is in another organization', context(known(organizationOf({}, withPath(ABSENT))))],
  ])('are none if %s', (_what, seen) => {
    expect(organizationDocuments(seen)).toStrictEqual([]);
  });
});

/** ALTR assumes the role; what the facts don't tell is open. */
const request = (facts: Readonly<Record<string, Fact>> = {}) => ({
  action: ASSUME,
  caller: { accountId: EXAMPLE.altrAccountId },
  context: new RequestContext({
    'aws:PrincipalAccount': { kind: 'value', value: EXAMPLE.altrAccountId },
    ...facts,
  }),
  resource: resourceName(ROLE),
});
const decided = (policies: BindingPolicies) => decideByOrganization(policies, request());
const byResource = (...setUp: Parameters<typeof organizationOf>) =>
  decided(bindingIn(organizationOf(...setUp)).resource);
const byService = (...setUp: Parameters<typeof organizationOf>) =>
  decided(bindingIn(organizationOf(...setUp)).service);

const PERIMETER = 'the resource control policy Perimeter (p-2), attached to root r-ab12';
const OPEN_TEXT = 'its condition depends on what is not known';

describe('a call', () => {
  const allowed = { action: ASSUME, verdict: 'allowed', reasons: [], stops: [], lacking: [], unread: [] };

  test.each<[what: string, decision: OrganizationDecision]>([
    ['that every level allows and nothing denies', byResource()],
    ['that no policy is about', byResource({ root: rcp(denyAs('s3:*')) })],
    ['that a Deny does not meet', byResource({ root: rcp(denyAs(ASSUME, NEVER)) })],
    ['that policies of the other type deny', byResource({ root: scp(full, denyOwn(ASSUME)) })],
  ])('%s is allowed', (_what, decision) => {
    expect(decision).toStrictEqual(allowed);
  });

  test('is denied by every Deny that surely applies, and the uncertain ones don’t matter', () => {
    const decision = byResource(
      {
        root: rcp(denyAs('s3:*'), denyAs(ASSUME)),
        unit: rcp(denyAs('sts:*')),
        account: rcp(denyAs('*', OPEN)),
      },
      withoutDocument('p-1'),
    );
    const unit = `the resource control policy Perimeter (p-5), attached to organizational unit Logs (${UNIT})`;
    expect(decision).toMatchObject({
      action: ASSUME,
      verdict: 'denied',
      lacking: [],
      unread: [unreadPolicy.reason],
    });
    expect(decision.reasons).toEqual([
      { kind: 'deny', text: `${PERIMETER}, denies sts:AssumeRole at /Statement/1` },
      { kind: 'deny', text: `${unit}, denies sts:AssumeRole at /Statement/0` },
    ]);
    expect(decision.stops.map(({ attached, statement }) => [attached.policy.id, statement.pointer])).toEqual([
      ['p-2', '/Statement/1'],
      ['p-5', '/Statement/0'],
    ]);
  });

  test('is open if a Deny may apply: the Deny’s level is no second reason', () => {
    const decision = byResource({ root: rcp(denyAs(ASSUME, OPEN)), unit: rcp(denyAs(ASSUME, NEVER)) });
    expect(decision).toMatchObject({ action: ASSUME, verdict: 'depends', lacking: [], unread: [] });
    expect(decision.reasons).toStrictEqual([
      {
        kind: 'condition',
        text: `${PERIMETER}, may deny sts:AssumeRole at /Statement/0: ${OPEN_TEXT}`,
        clauses: [expect.objectContaining({ fact: { kind: 'open' } })],
      },
    ]);
    expect(decision.stops.map(({ attached }) => attached.policy.id)).toEqual(['p-2']);
  });

  test('is open if a policy as a whole is not understood, at no place', () => {
    const broken = ({ policies }: OrganizationObservation): Partial<OrganizationObservation> => ({
      policies: policies.map((policy) =>
        policy.id === 'p-2' ? { ...policy, document: known({ source: 'Perimeter', text: '{' }) } : policy,
      ),
    });
    const decision = byResource({ root: rcp(full) }, broken);
    expect(decision.verdict).toBe('depends');
    expect(decision.reasons[0]).toStrictEqual({
      kind: 'fault',
      text: `${PERIMETER}, may deny sts:AssumeRole: the document is not JSON`,
    });
  });

  test('is denied at every level where nothing allows it', () => {
    const onlyS3 = scp({ ...full, Action: 's3:*' });
    const decision = byService(
      { root: onlyS3, account: onlyS3 },
      withTarget(UNIT, { serviceControlPolicies: unreadList }),
    );
    expect(decision).toMatchObject({
      action: ASSUME,
      verdict: 'denied',
      reasons: [
        { kind: 'no-allow', text: 'no policy that is attached to root r-ab12 allows sts:AssumeRole' },
        { kind: 'no-allow', text: `no policy that is attached to account ${OWN} allows sts:AssumeRole` },
      ],
      stops: [],
      unread: [unreadList.reason],
    });
    expect(decision.reasons).toHaveLength(2);
    expect(decision.lacking.map(({ target }) => target.id)).toEqual(['r-ab12', OWN]);
  });

  test('is not denied at a level where an unread policy may allow it', () => {
    const decision = byService({}, withoutDocument('p-2'));
    expect(decision).toStrictEqual({ ...allowed, unread: [unreadPolicy.reason] });
  });

  test('is open if a level allows it under a condition that is not decided', () => {
    const decision = byService({ unit: scp({ ...full, Condition: OPEN }, denyOwn(ASSUME, NEVER)) });
    expect(decision).toMatchObject({
      action: ASSUME,
      verdict: 'depends',
      stops: [],
      lacking: [],
      unread: [],
    });
    expect(decision.reasons).toEqual([
      {
        kind: 'condition',
        text: `whether a policy that is attached to organizational unit Logs (${UNIT}) allows sts:AssumeRole is open: ${OPEN_TEXT}`,
        clauses: [expect.anything()],
        source: 'service control policy Own (p-2)',
        pointer: '/Statement/0',
      },
    ]);
  });

  test('is undecided for a reason outside the policies', () => {
    const reason = { message: 'the key was not read' };
    expect(undecided('kms:Decrypt', reason)).toStrictEqual({
      action: 'kms:Decrypt',
      verdict: 'depends',
      reasons: [],
      stops: [],
      lacking: [],
      unread: [],
      undecided: reason,
    });
  });
});

describe('why something was not read', () => {
  test('each reason once, of all accounts and both types', () => {
    const seen = organizationOf(
      {},
      withoutDocument('p-1'),
      withTarget(OWN, { serviceControlPolicies: unreadList, resourceControlPolicies: unreadList }),
      ({ accounts }) => ({
        accounts: [
          ...accounts,
          { accountId: OTHER, path: refused('organizations:ListParents') },
          { accountId: '333333333333', path: ABSENT },
          { accountId: MANAGEMENT, path: known(['r-ab12', MANAGEMENT]) },
        ],
      }),
    );
    expect(unreadOf(seen).map(({ api }) => api)).toStrictEqual([
      'organizations:ListPoliciesForTarget',
      'organizations:DescribePolicy',
      'organizations:ListParents',
    ]);
  });

  test('none if all was read', () => {
    expect(unreadOf(organizationOf())).toStrictEqual([]);
  });
});

test.each<
  [what: string, context: Pick<RuleContext, 'organization' | 'organizationRequired'>, judged: boolean]
>([
  ['nobody looked', {}, false],
  ['nobody looked, though it is demanded', { organizationRequired: true }, false],
  ['it could not be read', { organization: unreadList }, false],
  ['it could not be read, and is demanded', { organization: unreadList, organizationRequired: true }, true],
  ['there is none', { organization: ABSENT }, true],
  ['it was read', { organization: known(organizationOf()) }, true],
])('whether an organization is judged if %s', (_what, context, judged) => {
  expect(isOrganizationJudged(context as RuleContext)).toBe(judged);
});

const REMEDY = { summary: 'Exempt ALTR.' };

type Judge = Parameters<typeof judgedByOrganization>[2];

interface Judged {
  readonly organization?: Observation['organization'];
  readonly required?: boolean;
  readonly seenAccount?: RuleContext['observation']['accountId'];
  readonly accountId?: string;
  readonly assumptions?: Assumptions;
  readonly judge?: Judge;
}

const byResourcePolicies: Judge = ({ resource }) => [decided(resource)];
const byBoth: Judge = ({ service, resource }) => [decided(service), decided(resource)];

function judgeOrganization({
  organization,
  required,
  seenAccount = known(OWN),
  accountId = OWN,
  assumptions = {},
  judge = byResourcePolicies,
}: Judged): readonly Outcome[] {
  const context = {
    organization,
    organizationRequired: required,
    assumptions,
    observation: { accountId: seenAccount },
  } as RuleContext;
  return judgedByOrganization(context, accountId, judge, {
    purpose: 'assuming the role',
    causes: 'organization-assume',
    remedy: (decisions, { id }) => ({
      summary: `${REMEDY.summary} ${id}: ${decisions.map(({ action, verdict }) => `${action} ${verdict}`)}`,
    }),
  });
}
const readOrganization = (...setUp: Parameters<typeof organizationOf>) => known(organizationOf(...setUp));

const notRead = (api: string): Outcome => ({
  status: 'unknown',
  fact: `unreadable-${api}`,
  cause: 'unreadable',
  message: `It can’t be decided: AWS denied ${api} (AccessDenied).`,
  actual: refused(api).reason,
  remediation: expect.anything(),
});
const unknownBecause = (message: string): Outcome => ({
  status: 'unknown',
  fact: 'unreadable-attribute',
  cause: 'unreadable',
  message: `It can’t be decided: ${message}.`,
  actual: { message },
});
const pass = (fact: string, message: string): Outcome => ({ status: 'pass', fact, message });
const ALLOWED = pass('allowed', 'No organization policy keeps ALTR from assuming the role.');

describe('the outcome of a rule', () => {
  const hidden = withTarget(UNIT, {
    resourceControlPolicies: unreadList,
    serviceControlPolicies: unreadList,
  });

  test.each<[what: string, judged: Judged, outcomes: readonly Outcome[]]>([
    ['nobody looked', { required: true }, []],
    ['the organization could not be read', { organization: unreadList }, []],
    [
      'the organization could not be read, and is demanded',
      { organization: unreadList, required: true },
      [notRead('organizations:ListPoliciesForTarget')],
    ],
    [
      'there is no organization',
      { organization: ABSENT },
      [pass('no-organization', 'The account is in no organization.')],
    ],
    [
      'there is no organization of the accounts that the run knew, and this one may be another',
      { organization: ABSENT, seenAccount: refused('sts:GetCallerIdentity') },
      [notRead('sts:GetCallerIdentity')],
    ],
    [
      'the account is not known',
      { organization: readOrganization(), accountId: NO_ACCOUNT },
      [
        unknownBecause(
          'it is not known which account of the organization the export is in; add accountId to the export',
        ),
      ],
    ],
    [
      'the account is in another organization',
      { organization: readOrganization({}, withPath(ABSENT)) },
      [
        unknownBecause(
          `account ${OWN} is not in the organization o-exampleorg1, and no other one’s policies were read`,
        ),
      ],
    ],
    ['the account’s place was not read', { organization: readOrganization({}, withPath(unreadList)) }, []],
    [
      'the account’s place was not read, and is demanded',
      { organization: readOrganization({}, withPath(unreadList)), required: true },
      [notRead('organizations:ListPoliciesForTarget')],
    ],
    [
      'nobody looked for the account',
      { organization: readOrganization(), accountId: OTHER },
      [unknownBecause(`nobody read where account ${OTHER} is in the organization`)],
    ],
    [
      'the account manages the organization',
      { organization: readOrganization({ root: rcp(denyAs('*')) }), accountId: MANAGEMENT },
      [pass('management-account', 'No policy of the organization binds its management account.')],
    ],
    ['nothing is in the way', { organization: readOrganization() }, [ALLOWED]],
    ['nothing is asked', { organization: readOrganization(), judge: () => [] }, [ALLOWED]],
    ['some policies were not read', { organization: readOrganization({}, hidden), judge: byBoth }, []],
    [
      'some policies were not read, and are demanded: each reason once',
      { organization: readOrganization({}, hidden), judge: byBoth, required: true },
      [notRead('organizations:ListPoliciesForTarget')],
    ],
    [
      'a policy of one type alone was not read, and is demanded',
      { organization: readOrganization({}, withoutDocument('p-3')), judge: byBoth, required: true },
      [notRead('organizations:DescribePolicy')],
    ],
    [
      'something outside the organization was not read',
      {
        organization: readOrganization({}, hidden),
        judge: ({ resource }) => [decided(resource), undecided(ASSUME, refused('kms:DescribeKey').reason)],
      },
      [notRead('kms:DescribeKey')],
    ],
    [
      'something outside the organization was not read, beside policies that are demanded',
      {
        organization: readOrganization({}, hidden),
        judge: ({ resource }) => [decided(resource), undecided(ASSUME, refused('kms:DescribeKey').reason)],
        required: true,
      },
      [notRead('organizations:ListPoliciesForTarget'), notRead('kms:DescribeKey')],
    ],
    [
      'a Deny may apply, and policies that are demanded were not read',
      { organization: readOrganization({ root: rcp(denyAs(ASSUME, OPEN)) }, hidden), required: true },
      [notRead('organizations:ListPoliciesForTarget')],
    ],
  ])('%s', (_what, judged, outcomes) => {
    expect(judgeOrganization(judged)).toStrictEqual(outcomes);
  });

  test('names the Deny and its place, and how to fix it', () => {
    const organization = readOrganization({ root: rcp(denyAs(ASSUME)) }, hidden);
    const message = `${PERIMETER}, denies sts:AssumeRole at /Statement/0`;
    expect(judgeOrganization({ organization, required: true })).toStrictEqual([
      {
        status: 'fail',
        fact: 'deny',
        message: `An organization policy keeps ALTR from assuming the role: ${message}.`,
        expected: ['sts:AssumeRole is allowed'],
        actual: [message],
        location: { document: 'resource control policy Perimeter (p-2)', pointer: '/Statement/0' },
        also: [],
        about: undefined,
        causeId: 'organization-assume:p-2',
        remediation: { summary: 'Exempt ALTR. o-exampleorg1: sts:AssumeRole denied' },
      },
    ]);
  });

  test('names every Deny of every call that is denied, and the cause once', () => {
    const [outcome, ...more] = judgeOrganization({
      organization: readOrganization({
        root: { ...scp(full, denyOwn(ASSUME)), ...rcp(denyAs(ASSUME)) },
      }),
      judge: ({ service, resource }) => [decided(resource), decided(service), decided(resource)],
    });
    expect(more).toEqual([]);
    const own =
      'the service control policy Own (p-0), attached to root r-ab12, denies sts:AssumeRole at /Statement/1';
    const perimeter = `${PERIMETER}, denies sts:AssumeRole at /Statement/0`;
    const places = [
      { document: 'service control policy Own (p-0)', pointer: '/Statement/1' },
      { document: 'resource control policy Perimeter (p-2)', pointer: '/Statement/0' },
    ];
    expect(outcome).toMatchObject({
      message: `An organization policy keeps ALTR from assuming the role: ${perimeter}; ${own}.`,
      expected: ['sts:AssumeRole is allowed'],
      actual: [perimeter, own],
      location: places[1],
      also: [places[0], places[1]],
      causeId: 'organization-assume:p-0+p-2',
    });
  });

  test('a call that is allowed or open is no part of one that is denied', () => {
    const [outcome, ...more] = judgeOrganization({
      organization: readOrganization({ root: { ...scp(full, denyOwn('*', OPEN)), ...rcp(denyAs(ASSUME)) } }),
      judge: byBoth,
    });
    expect(more).toEqual([]);
    expect(outcome).toMatchObject({
      status: 'fail',
      actual: [`${PERIMETER}, denies sts:AssumeRole at /Statement/0`],
    });
  });

  test('names the levels that lack an Allow, and tells the fingerprint of them', () => {
    const organization = readOrganization({ unit: scp({ ...full, Action: 's3:*' }) });
    const message = `no policy that is attached to organizational unit Logs (${UNIT}) allows sts:AssumeRole`;
    expect(judgeOrganization({ organization, judge: byBoth })).toStrictEqual([
      {
        status: 'fail',
        fact: 'no-allow',
        message: `An organization policy keeps ALTR from assuming the role: ${message}.`,
        expected: ['sts:AssumeRole is allowed'],
        actual: [message],
        location: undefined,
        also: [],
        about: { actions: [ASSUME], lacking: [UNIT] },
        causeId: `organization-assume:${UNIT}`,
        remediation: { summary: 'Exempt ALTR. o-exampleorg1: sts:AssumeRole denied' },
      },
    ]);
  });

  test('tells why it can’t be decided', () => {
    const organization = readOrganization({ root: rcp(denyAs(ASSUME, OPEN)) }, withoutDocument('p-5'));
    const text = `${PERIMETER}, may deny sts:AssumeRole at /Statement/0: ${OPEN_TEXT}`;
    expect(judgeOrganization({ organization, judge: byBoth })).toStrictEqual([
      {
        status: 'unknown',
        fact: 'depends',
        cause: 'undecidable',
        message: `Whether an organization policy keeps ALTR from assuming the role can’t be decided: ${text}: IpAddress aws:SourceIp 203.0.113.0/24.`,
        actual: [text],
        location: { document: 'resource control policy Perimeter (p-2)', pointer: '/Statement/0' },
        also: [],
        about: undefined,
        remediation: { summary: 'Exempt ALTR. o-exampleorg1: sts:AssumeRole depends' },
      },
    ]);
  });

  test.each<[value: string, message: string]>([
    ['o-exampleorg1', 'No organization policy keeps ALTR from assuming the role.'],
    [
      'o-another0000',
      `An organization policy keeps ALTR from assuming the role: ${PERIMETER}, denies sts:AssumeRole at /Statement/0.`,
    ],
  ])('names the assumption that it rests on: the caller is of %s', (organizationId, message) => {
    const outside = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } };
    const [outcome] = judgeOrganization({
      organization: readOrganization({ root: rcp(denyAs(ASSUME, outside)) }),
      assumptions: { organizationId, aclHeader: 'none' },
      judge: ({ resource }, { organizationId: value }) => [
        decideByOrganization(
          resource,
          request({ 'aws:PrincipalOrgID': value ? { kind: 'value', value } : { kind: 'open' } }),
        ),
      ],
    });
    expect(outcome?.message).toBe(`${message} This rests on altr.assumptions in the config: organizationId.`);
  });
});
