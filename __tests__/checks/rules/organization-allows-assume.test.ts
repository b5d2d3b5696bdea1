import { known, NO_ACCOUNT, type Observation } from '../../../checks/observe/observation';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { judge } from '../../../checks/verdict/judge';
import { notLookedAt } from '../../../checks/verdict/not-looked-at';
import { contractFor } from '../../../contract/contract';
import { denyAs, denyOwn, full, inOrganization, rcp, scp, withTarget } from './organization';
import { EXAMPLE, findingsOf } from './support';

const RULE = 'organization-allows-assume';
const outside = rcp(
  denyAs('sts:AssumeRole', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorg1' } }),
);
const findingOf = (setUp: SetUp) => findingsOf(setUp).find(({ rule }) => rule === RULE);
const judged = (observation: Observation, organization?: { required: boolean }) => {
  const [report] = judge(observation, { contracts: [EXAMPLE], declaredRoles: [EXAMPLE], organization });
  return report?.findings.filter(({ rule }) => rule.startsWith('organization-')) ?? [];
};

test('the finding names the policy, its ID, its place and the statement', () => {
  const finding = findingOf(inOrganization({ root: outside }));
  expect(finding).toMatchObject({ status: 'fail', location: { pointer: '/Statement/0' } });
  expect(finding?.message).toBe(
    'An organization policy keeps ALTR from assuming the role: the resource control policy Perimeter (p-2), attached to root r-ab12, denies sts:AssumeRole at /Statement/0.',
  );
});

test('the fix exempts ALTR’s account, says whose policy it is, and offers no command', () => {
  const { remediation } = findingOf(inOrganization({ unit: outside })) ?? {};
  expect(remediation).toEqual({
    summary:
      'Ask the owner of the organization o-exampleorg1 (management account 999999999999) to exempt ALTR’s account in the resource control policy Perimeter (p-4), attached to organizational unit Logs (ou-ab12-11111111): add "aws:PrincipalAccount": "111122223333" under "StringNotEqualsIfExists" in the condition at /Statement/0. The policy is theirs and binds other accounts, too, so no command is offered.',
    document: {
      Version: '2012-10-17',
      Statement: [
        denyAs('sts:AssumeRole', {
          StringNotEqualsIfExists: {
            'aws:PrincipalOrgID': 'o-exampleorg1',
            'aws:PrincipalAccount': ['111122223333'],
          },
        }),
      ],
    },
  });
});

test.each<[string, Parameters<typeof denyAs>[1], string]>([
  [
    'no such operator',
    { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } },
    'add "StringNotEqualsIfExists": {"aws:PrincipalAccount": "111122223333"} to the condition at /Statement/0.',
  ],
  [
    'the operator without the key',
    { stringnotequalsifexists: { 'aws:PrincipalOrgID': 'o-exampleorg1' } },
    'add "aws:PrincipalAccount": "111122223333" under "stringnotequalsifexists" in the condition at /Statement/0.',
  ],
  [
    'the operator with the key',
    { StringNotEqualsIfExists: { 'AWS:PrincipalAccount': '444455556666' } },
    'add "111122223333" to the values of "AWS:PrincipalAccount" under "StringNotEqualsIfExists" in the condition at /Statement/0.',
  ],
])('the fix says what to add to a statement that has %s', (_, condition, says) => {
  const { remediation } = findingOf(inOrganization({ root: rcp(denyAs('sts:AssumeRole', condition)) })) ?? {};
  expect(remediation?.summary).toContain(`: ${says}`);
});

test('what it depends on is named', () => {
  const finding = findingOf(
    inOrganization({ root: rcp(denyAs('sts:*', { NotIpAddress: { 'aws:SourceIp': '52.0.0.0/8' } })) }),
  );
  expect(finding).toMatchObject({ status: 'unknown', cause: 'undecidable' });
  expect(finding?.message).toMatch(
    /^Whether an organization policy keeps ALTR from assuming the role can’t be decided: .*only ALTR knows/,
  );
});

test('a fact that the config declares decides, and the report says so', () => {
  const setUp = inOrganization({
    root: rcp(denyAs('sts:*', { NotIpAddress: { 'aws:SourceIp': '52.0.0.0/8' } })),
  });
  const [finding] = findingsOf(setUp, { sourceIpRanges: ['52.1.0.0/16'] }).filter(
    ({ rule }) => rule === RULE,
  );
  expect(finding).toMatchObject({ status: 'pass' });
  expect(finding?.message).toContain('altr.assumptions in the config: sourceIpRanges');
});

test('the organization that was read counts, not the one that the config declares', () => {
  const setUp = inOrganization({ root: outside });
  const [finding] = findingsOf(setUp, { organizationId: 'o-declared001' }).filter(
    ({ rule }) => rule === RULE,
  );
  expect(finding?.status).toBe('fail');
});

const base = observationOf({}, EXAMPLE);
const refused = {
  state: 'unreadable',
  reason: { message: 'AWS denied it', api: 'organizations:ListRoots' },
} as const;

test('both rules are silent where nobody looked, and where nobody demands what could not be read', () => {
  expect(judged(base)).toEqual([]);
  expect(judged({ ...base, organization: refused })).toEqual([]);
  expect(judged({ ...base, organization: refused }, { required: false })).toEqual([]);
});

test('both are unknown where the config demands what could not be read', () => {
  const statuses = judged({ ...base, organization: refused }, { required: true }).map(({ status }) => status);
  expect(statuses).toEqual(['unknown', 'unknown']);
});

const PARTS: readonly [string, Parameters<typeof inOrganization>[1]][] = [
  [
    'the policies of a level',
    withTarget('r-ab12', { serviceControlPolicies: refused, resourceControlPolicies: refused }),
  ],
  [
    'the documents',
    ({ policies }) => ({ policies: policies.map((policy) => ({ ...policy, document: refused })) }),
  ],
  ['the path', () => ({ accounts: [{ accountId: '123456789012', path: refused }] })],
  ['levels that are missing', () => ({ targets: [] })],
  ['policies that are missing', () => ({ policies: [] })],
];

test.each(PARTS)(
  '%s: both are unknown where the config demands them, else the report says so',
  (_, change) => {
    const seen = observationOf(inOrganization({}, change), EXAMPLE);
    const demanded = judged(seen, { required: true });
    expect([...new Set(demanded.map(({ rule, status }) => `${rule} ${status}`))]).toEqual([
      'organization-allows-assume unknown',
      'organization-allows-delivery unknown',
    ]);
    expect(judged(seen, { required: false })).toEqual([]);
    expect(notLookedAt(seen, { required: false })).toEqual([
      expect.stringMatching(
        /^Organization policies were not looked at: (AWS denied it|nobody read .*)\. S3 Access Grants/,
      ),
    ]);
  },
);

test('both are unknown for an export of an account that is not known, and say what to add', () => {
  const [entry] = base.exports;
  const role = entry?.role.state === 'value' ? entry.role.value : undefined;
  if (!entry || !role) throw new Error('no role');
  const arn = role.arn.replace(/\d{12}/, NO_ACCOUNT);
  const exports = [{ ...entry, accountId: known(NO_ACCOUNT), role: known({ ...role, arn }) }];
  const { organization } = observationOf(inOrganization({}), EXAMPLE);
  expect(judged({ ...base, exports, organization }).map(({ status, message }) => [status, message])).toEqual(
    Array(2).fill(['unknown', expect.stringMatching(/export is in; add accountId to the export\.$/)]),
  );
});

test('both pass where the account is in no organization', () => {
  const statuses = judged({ ...base, organization: { state: 'absent' } }, { required: true }).map(
    ({ status }) => status,
  );
  expect(statuses).toEqual(['pass', 'pass']);
});

test('both are unknown where the account is not known for which AWS named no organization', () => {
  const [entry] = base.exports;
  if (!entry) throw new Error('no export');
  const reason = { message: 'AWS denied sts:GetCallerIdentity' };
  const exports = [{ ...entry, accountId: { state: 'unreadable', reason } as const }];
  const findings = judged({ ...base, exports, organization: { state: 'absent' } });
  expect(findings.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
});

test('both are silent for want of a role, and role-exists speaks', () => {
  const findings = findingsOf({ roleExists: false, ...inOrganization({ root: outside }) });
  expect(findings.filter(({ rule }) => rule.startsWith('organization-'))).toEqual([]);
  expect(findings.find(({ rule }) => rule === 'role-exists')?.status).toBe('fail');
});

test('10,000 policies are too much work: unknown, and no crash', () => {
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n) => [
      `P${n}`,
      [denyAs('s3:PutObject', {}, { Resource: `arn:aws:s3:::other-${n}*` })],
    ]),
  );
  const open = findingsOf({ organization: { root: { resourceControlPolicies: many } } }).filter(
    ({ status }) => status !== 'pass',
  );
  expect(open.map(({ rule, status, message }) => [rule, status, message])).toEqual([
    [
      'organization-allows-delivery',
      'unknown',
      expect.stringContaining('too complex to be decided: they hold too many statements'),
    ],
  ]);
});

test('a level at which nothing allows is named, and what to attach there', () => {
  const findings = findingsOf(inOrganization({ unit: scp({ ...full, Action: 'ec2:*' }) }));
  const finding = findings.find(({ rule }) => rule === 'organization-allows-delivery');
  expect(finding?.message).toContain(
    'no policy that is attached to organizational unit Logs (ou-ab12-11111111) allows s3:PutObject',
  );
  expect(finding?.remediation?.summary).toContain(
    'attach a policy that allows s3:PutObject to organizational unit Logs (ou-ab12-11111111)',
  );
});

describe.each([
  ['us-gov-west-1', 'aws-us-gov'],
  ['cn-north-1', 'aws-cn'],
])('in %s', (region, partition) => {
  const contract = contractFor({ ...EXAMPLE, region });
  const statuses = (setUp: SetUp) => {
    const seen = observationOf(setUp, contract);
    const [report] = judge(seen, { contracts: [contract], declaredRoles: [contract] });
    const of = (rule: string) => report?.findings.find((finding) => finding.rule === rule)?.status;
    return [of(RULE), of('organization-allows-delivery')];
  };
  const everyOther = (key: string, value: string) => ({ ArnNotLike: { [key]: value } });

  test('the partition’s ARNs are meant, and no others', () => {
    const roles = (of: string) => rcp(denyAs('sts:AssumeRole', {}, { Resource: `arn:${of}:iam::*:role/*` }));
    expect(statuses(inOrganization({ root: roles(partition) }))).toEqual(['fail', 'pass']);
    expect(statuses(inOrganization({ root: roles('aws') }))).toEqual(['pass', 'pass']);
    const objects = (of: string) => scp(full, denyOwn('s3:*', {}, { Resource: `arn:${of}:s3:::*` }));
    expect(statuses(inOrganization({ root: objects(partition) }))).toEqual(['pass', 'fail']);
    expect(statuses(inOrganization({ root: objects('aws') }))).toEqual(['pass', 'pass']);
  });

  test('an exemption counts in the partition’s ARN', () => {
    const sparing = (of: string) =>
      scp(full, denyOwn('s3:*', everyOther('aws:PrincipalArn', `arn:${of}:iam::*:role/ALTR*`)));
    expect(statuses(inOrganization({ root: sparing(partition) }))).toEqual(['pass', 'pass']);
    expect(statuses(inOrganization({ root: sparing('aws') }))).toEqual(['pass', 'fail']);
    const altr = (of: string) =>
      rcp(denyAs('sts:AssumeRole', everyOther('aws:PrincipalArn', `arn:${of}:iam::111122223333:*`)));
    expect(statuses(inOrganization({ root: altr(partition) }))).toEqual(['pass', 'pass']);
    expect(statuses(inOrganization({ root: altr('aws') }))).toEqual(['fail', 'pass']);
  });
});

test('a policy that this audit does not understand is named, and what to do about it', () => {
  const open = findingsOf(inOrganization({ root: scp(full, denyAs('s3:*')) })).find(
    ({ status }) => status === 'unknown',
  );
  expect(open).toMatchObject({ rule: 'organization-allows-delivery', cause: 'not-understood' });
  expect(open?.message).toContain(
    'the service control policy Own (p-0), attached to root r-ab12, may deny s3:PutObject at /Statement/1: a service control policy names no principals',
  );
  expect(open?.remediation?.summary).toContain('correct the service control policy Own (p-0)');
});
