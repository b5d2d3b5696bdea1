/** An export of which the chosen rules have nothing to say is never silent, and never wrongly unknown. */

import { known, type Observation, unreadable } from '../../../checks/observe/observation';
import { declaredBy } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import {
  bucketRule,
  declaredBucketRule,
  declaredRoleRule,
  type Rule,
  roleRule,
  whereDeclared,
} from '../../../checks/rules/rule';
import { trustExternalId } from '../../../checks/rules/trust-external-id';
import { exitCodeOf, judge } from '../../../checks/verdict/judge';
import { inOrganization, withTarget } from '../rules/organization';
import { EXAMPLE } from '../rules/support';

const rules = (...ids: string[]) => RULES.filter(({ metadata }) => ids.includes(metadata.id));

/** The findings of chosen rules, each as its rule, status and cause. */
function judged(
  observation: Observation,
  ...ids: string[]
): { verdict: string | undefined; findings: string[] } {
  const options = { contracts: [EXAMPLE], declaredRoles: [EXAMPLE], rules: rules(...ids) };
  const [report] = judge(observation, options);
  const findings = report?.findings.map(({ rule, status, cause = '' }) =>
    `${rule} ${status} ${cause}`.trim(),
  );
  return { verdict: report?.status, findings: findings ?? [] };
}
const foreign = { bucket: { owner: known('another-account' as const) } };

test.each<[what: string, SetUp, chosen: string[], silent: string, says: string]>([
  [
    'a role that is not there, beside a bucket that is fine',
    { roleExists: false },
    ['trust-principal', 'bucket-exists'],
    'trust-principal',
    `there is no role ${EXAMPLE.roleName}. Choose role-exists, too.`,
  ],
  [
    'a bucket that is not there, beside a role that is fine',
    { bucketExists: false },
    ['bucket-public-access', 'role-exists'],
    'bucket-public-access',
    `there is no bucket ${EXAMPLE.bucket}. Choose bucket-exists, too.`,
  ],
  [
    'a bucket of another account, beside a role that is fine',
    foreign,
    ['bucket-region', 'role-exists'],
    'bucket-region',
    `the bucket ${EXAMPLE.bucket} belongs to another account. Choose bucket-exists, too.`,
  ],
])('%s: who is silent about it does not pass', (_what, setUp, chosen, silent, says) => {
  const observation = observationOf(setUp, EXAMPLE);
  const { verdict, findings } = judged(observation, ...chosen);
  expect(verdict).toBe('unknown');
  expect(findings).toContain(`${silent} unknown nothing-to-judge`);
  const [report] = judge(observation, {
    contracts: [EXAMPLE],
    declaredRoles: [EXAMPLE],
    rules: rules(silent),
  });
  expect(report?.findings.map(({ message }) => message)).toEqual([`It can’t be decided: ${says}`]);
});

test('a rule about the organization, chosen alone, says that nobody looked or why it could not be read', () => {
  const messages = (organization: Observation['organization']) =>
    judge(
      { ...observationOf({}, EXAMPLE), organization },
      { contracts: [EXAMPLE], declaredRoles: [EXAMPLE], rules: rules('organization-allows-assume') },
    ).flatMap(({ findings }) => findings.map(({ status, message }) => [status, message]));
  expect(messages(undefined)).toEqual([
    [
      'unknown',
      'It can’t be decided: nobody looked at the organization. Add organization: {} to the config, or give --organization FILE.',
    ],
  ]);
  const refused = unreadable({ message: 'AWS denied it' });
  const why = [
    ['unknown', 'It can’t be decided: not all of the organization’s policies could be read: AWS denied it.'],
  ];
  expect(messages(refused)).toEqual(why);
  const partly = inOrganization({}, withTarget('r-ab12', { resourceControlPolicies: refused }));
  expect(messages(observationOf(partly, EXAMPLE).organization)).toEqual(why);
});

test('a rule that has nothing to do with what is missing passes', () => {
  const observation = observationOf({ roleExists: false }, EXAMPLE);
  expect(judged(observation, 'bucket-region', 'undeclared-altr-role')).toEqual({
    verdict: 'compliant',
    findings: ['bucket-region pass', 'undeclared-altr-role pass'],
  });
});

test('where role-exists is chosen it alone speaks of a missing role', () => {
  const observation = observationOf({ roleExists: false }, EXAMPLE);
  expect(judged(observation, 'trust-principal', 'role-exists').findings).toEqual(['role-exists fail']);
});

test('nobody says of an account that could not be told that no role in it is undeclared', () => {
  const seen = observationOf({}, EXAMPLE);
  const accountId = unreadable({ message: 'sts:GetCallerIdentity failed', api: 'sts:GetCallerIdentity' });
  const exports = seen.exports.map((entry) => ({ ...entry, accountId }));
  const untold = { ...seen, exports, accounts: [] };
  expect(judged(untold, 'role-exists', 'undeclared-altr-role')).toEqual({
    verdict: 'unknown',
    findings: ['role-exists pass', 'undeclared-altr-role unknown unreadable'],
  });
  // A plan shows its own roles alone: that it shows none is never said to mean anything.
  const { altrAccountId: _, ...plan } = untold;
  expect(judged(plan, 'role-exists', 'undeclared-altr-role').findings).toEqual(['role-exists pass']);
});

test('where another export has spoken for the account, an export is compliant with a rule about accounts', () => {
  const other = { ...EXAMPLE, name: 'other' };
  const [first, second] = [observationOf({}, EXAMPLE), observationOf({}, other)];
  const exports = judge(
    { ...first, exports: [...first.exports, ...second.exports] },
    { contracts: [EXAMPLE, other], declaredRoles: [EXAMPLE], rules: rules('undeclared-altr-role') },
  );
  expect(exports.map(({ status }) => status)).toEqual(['compliant', 'compliant']);
  expect(exitCodeOf(exports)).toBe(0);
});

describe('a rule that reports nothing about what exists', () => {
  const of = trustExternalId.metadata;
  const ofRetention = { ...of, audits: 'retention' as const };
  const declares = { retention: { versioning: true } };

  test.each<[what: string, Rule]>([
    ['about the role', roleRule(of, () => [])],
    ['about the bucket', bucketRule(of, () => [])],
    ['about what the config declares of the bucket', declaredBucketRule(ofRetention, () => [])],
    ['about what the config declares of the role', declaredRoleRule(ofRetention, () => [])],
    ['about anything that the config declares', whereDeclared(ofRetention, () => [])],
  ])('%s is unknown', (_what, silent) => {
    const setUp = { declares };
    const [report] = judge(observationOf(setUp, EXAMPLE), {
      contracts: [EXAMPLE],
      declaredRoles: [EXAMPLE],
      declared: declaredBy(setUp, EXAMPLE.name),
      rules: [silent, ...rules('role-exists')],
    });
    expect(report?.findings.map(({ rule, status, cause }) => [rule, status, cause])).toEqual([
      [of.id, 'unknown', 'broken-rule'],
      ['role-exists', 'pass', undefined],
    ]);
  });
});
