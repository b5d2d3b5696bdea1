/** Organization policies that AWS publishes, each with its verdict: as published, and with the exemption that the finding asks for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE_ORGANIZATION, type SetUp } from '../../../checks/pages/set-up';
import { EXAMPLE, findingsOf } from './support';

const FOLDER = join(__dirname, 'organization-policies');
const RULES = ['organization-allows-assume', 'organization-allows-delivery'] as const;

/** AWS's placeholders; `<third-party-account-a>` is somebody else's until a case exempts ALTR. */
const VALUES: Readonly<Record<string, string>> = {
  'my-org-id': EXAMPLE_ORGANIZATION,
  'my-corporate-cidr': '203.0.113.0/24',
  'third-party-resource': 'arn:aws:s3:::their-bucket/*',
  region: EXAMPLE.region,
};
const FOREIGN_ACCOUNT = '444455556666';

type Kind = 'serviceControlPolicies' | 'resourceControlPolicies';
const FULL = { Effect: 'Allow', Action: '*', Resource: '*' };

/** The policy at the root. */
function attached(kind: Kind, statements: readonly unknown[], setUp: SetUp): SetUp {
  const full = kind === 'serviceControlPolicies' ? { FullAWSAccess: [FULL] } : {};
  return { ...setUp, organization: { root: { [kind]: { ...full, Published: statements } } } };
}

function published(file: string, values: Readonly<Record<string, string>> = {}): readonly unknown[] {
  const text = readFileSync(join(FOLDER, file), 'utf8')
    .replaceAll('o-orgid/r-acroot/ou-development', `${EXAMPLE_ORGANIZATION}/r-ab12/ou-ab12-11111111`)
    .replaceAll(/<([a-z-]+?)>/g, (_whole, name: string) => values[name] ?? VALUES[name] ?? FOREIGN_ACCOUNT);
  return (JSON.parse(text) as { Statement: unknown[] }).Statement;
}

function judged(setUp: SetUp) {
  const findings = findingsOf(setUp).filter(({ rule }) => rule.startsWith('organization-'));
  const statusOf = (rule: string) => findings.find((finding) => finding.rule === rule)?.status;
  return { findings, statuses: RULES.map(statusOf) };
}

/** The kind that AWS's Landing Zone attaches. */
const LANDING_ZONE = [
  {
    Sid: 'OnlyOwnIdentities',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Resource: '*',
    Condition: {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': EXAMPLE_ORGANIZATION },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  },
];

const TAGGED = (tag: string): SetUp => ({ roleTags: { [tag]: 'true' } });
const WITH_KEY: SetUp = {
  kmsKey: {},
  inlinePolicies: {
    key: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' }],
    },
  },
};

type Case = readonly [
  why: string,
  file: string | readonly unknown[],
  kind: Kind,
  /** Of organization-allows-assume and organization-allows-delivery. */
  expected: readonly ['pass' | 'fail' | 'unknown', 'pass' | 'fail' | 'unknown'],
  setUp?: SetUp,
  values?: Readonly<Record<string, string>>,
];

const RCP = 'resourceControlPolicies';
const SCP = 'serviceControlPolicies';
const OU_FILE =
  'rcp/Deny-access-to-resources-in-an-organizational-unit_except-for-principals-from-the-same-or-specified-organizational-unit.json';

const CASES: readonly Case[] = [
  ['Landing Zone', LANDING_ZONE, RCP, ['fail', 'pass']],
  ['identity perimeter', 'rcp/identity_perimeter_rcp.json', RCP, ['fail', 'pass']],
  [
    'identity perimeter, ALTR among the third parties',
    'rcp/identity_perimeter_rcp.json',
    RCP,
    ['pass', 'pass'],
    {},
    { 'third-party-account-b': EXAMPLE.altrAccountId },
  ],
  [
    'identity perimeter, the role excluded by its tag',
    'rcp/identity_perimeter_rcp.json',
    RCP,
    ['pass', 'pass'],
    TAGGED('dp:exclude:identity'),
  ],
  ['identity perimeter, with a key', 'rcp/identity_perimeter_rcp.json', RCP, ['fail', 'pass'], WITH_KEY],
  [
    'identity perimeter of another organization',
    'rcp/identity_perimeter_rcp.json',
    RCP,
    // ALTR may be of it.
    ['unknown', 'unknown'],
    {},
    { 'my-org-id': 'o-another0001' },
  ],
  ['network perimeter', 'rcp/network_perimeter_vpceorgid_rcp.json', RCP, ['pass', 'pass']],
  [
    'network perimeter, the role included by its tag',
    'rcp/network_perimeter_vpceorgid_rcp.json',
    RCP,
    // The bucket's tags may exclude it.
    ['pass', 'unknown'],
    TAGGED('dp:include:network'),
  ],
  ['only the same unit', OU_FILE, RCP, ['pass', 'pass']],
  ['only TLS', 'rcp/Restrict-access-to-only-HTTPS-connections-to-your-resources.json', RCP, ['pass', 'pass']],
  ['no SSE-C', 'rcp/S3-Deny-SSE-C.json', RCP, ['pass', 'pass']],
  ['TLS 1.2', 'rcp/S3-Enforce-TLS-version.json', RCP, ['pass', 'pass']],
  ['governance', 'scp/data_perimeter_governance_scp.json', SCP, ['pass', 'pass'], WITH_KEY],
  ['network perimeter by SCP', 'scp/network_perimeter_vpceorgid_scp.json', SCP, ['pass', 'pass'], WITH_KEY],
  [
    'network perimeter by SCP, the role included by its tag',
    'scp/network_perimeter_vpceorgid_scp.json',
    SCP,
    // ALTR may come from any public address.
    ['pass', 'unknown'],
    TAGGED('dp:include:network'),
  ],
  [
    'network perimeter by SCP, the role included by its tag, private addresses only',
    'scp/network_perimeter_vpceorgid_scp.json',
    SCP,
    ['pass', 'fail'],
    TAGGED('dp:include:network'),
    { 'my-corporate-cidr': '10.0.0.0/8' },
  ],
  ['resource perimeter', 'scp/resource_perimeter_scp.json', SCP, ['pass', 'pass'], WITH_KEY],
  [
    'resource perimeter of another organization',
    'scp/resource_perimeter_scp.json',
    SCP,
    ['pass', 'fail'],
    {},
    { 'my-org-id': 'o-another0001' },
  ],
  [
    'resource perimeter of another organization, the role excluded by its tag',
    'scp/resource_perimeter_scp.json',
    SCP,
    ['pass', 'pass'],
    TAGGED('dp:exclude:resource'),
    { 'my-org-id': 'o-another0001' },
  ],
  [
    'resource policies',
    'scp/restrict_resource_policy_configurations_scp.json',
    SCP,
    ['pass', 'pass'],
    WITH_KEY,
  ],
];

test('every published policy has a verdict', () => {
  const files = ['rcp', 'scp'].flatMap((folder) =>
    readdirSync(join(FOLDER, folder)).map((file) => `${folder}/${file}`),
  );
  expect(
    [...new Set(CASES.map(([, file]) => file).filter((file) => typeof file === 'string'))].sort(),
  ).toEqual(files.sort());
});

describe.each(CASES.map(([why, ...rest]) => [why, rest] as const))('%s', (_why, rest) => {
  const [file, kind, expected, setUp = {}, values] = rest;
  const statements = typeof file === 'string' ? published(file, values) : file;
  const { findings, statuses } = judged(attached(kind, statements, setUp));

  test('as published', () => {
    expect(statuses).toEqual(expected);
  });

  test('with the exemption that each finding asks for, nothing is in the way', () => {
    for (const { rule, status, remediation } of findings) {
      if (status === 'pass') continue;
      expect(remediation?.commands).toBeUndefined();
      const { Statement = [] } = (remediation?.document ?? {}) as { Statement?: unknown[] };
      expect(Statement).toHaveLength(statements.length);
      const after = judged(attached(kind, Statement, setUp));
      expect([rule, after.statuses[RULES.indexOf(rule as (typeof RULES)[number])]]).toEqual([rule, 'pass']);
    }
  });
});
