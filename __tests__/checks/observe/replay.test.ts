import {
  type ExportObservation,
  known,
  type Observation,
  type Observed,
  type PolicyText,
  type ReaderObservation,
} from '../../../checks/observe/observation';
import { replayed } from '../../../checks/observe/replay';
import { observationOf } from '../../../checks/pages/set-up';
import type { ExportReport } from '../../../checks/verdict/finding';
import { judge } from '../../../checks/verdict/judge';
import { EXAMPLE } from '../rules/support';

const SAVED = observationOf({}, EXAMPLE);
const DECLARED = { name: EXAMPLE.name, roleName: EXAMPLE.roleName, bucket: EXAMPLE.bucket };
const { altrAccountId: ALTR } = EXAMPLE;

/** The report of a saved observation, held against what the config declares now. */
function reportOf(saved: Observation, declared: Partial<typeof DECLARED> = {}, altr = ALTR): ExportReport {
  const entry = { ...DECLARED, ...declared };
  const observation = replayed(saved, { exports: [entry], altrAccountId: altr });
  const [report] = judge(observation, { contracts: [EXAMPLE], declaredRoles: [entry] });
  return report as ExportReport;
}
const undeclared = ({ findings }: ExportReport) =>
  findings
    .filter(({ rule }) => rule === 'undeclared-altr-role')
    .map(({ status, message }) => ({ status, message }));

test('what the config declares still passes, role listing and all', () => {
  const report = reportOf(SAVED);
  expect(report.status).toBe('compliant');
  expect(undeclared(report)).toEqual([{ status: 'pass', message: expect.any(String) }]);
});

test.each([
  [
    'role',
    { roleName: 'ALTRPublishSIEMDataNew' },
    `the role ${EXAMPLE.roleName} was observed, and the export ${EXAMPLE.name} declares ALTRPublishSIEMDataNew; observe again, or correct roleName`,
  ],
  [
    'bucket',
    { bucket: 'another-bucket' },
    `the bucket ${EXAMPLE.bucket} was observed, and the export ${EXAMPLE.name} declares another-bucket; observe again, or correct bucket`,
  ],
])('an observation of another %s says nothing of the export', (_what, declared, message) => {
  const { status, findings } = reportOf(SAVED, declared);
  expect(status).toBe('unknown');
  expect(findings.filter((finding) => finding.status === 'pass')).toEqual([]);
  expect(findings[0]?.message).toContain(message);
});

test('a role is the same in another case, as for IAM', () => {
  expect(reportOf(SAVED, { roleName: EXAMPLE.roleName.toUpperCase() }).status).toBe('compliant');
});

test('an account whose roles were not listed is not free of undeclared roles', () => {
  const report = reportOf({ ...SAVED, accounts: [] });
  expect(report.status).toBe('unknown');
  expect(undeclared(report)).toEqual([
    { status: 'unknown', message: expect.stringContaining('were not listed; observe again with the rule') },
  ]);
});

test.each([
  ['for another account of ALTR', '999999999999', 'ALTR’s account 999999999999, and the config declares'],
  ['for nobody says whom', undefined, 'ALTR’s account that the observation does not name'],
])('roles that were listed %s are not listed', (_what, altrAccountId, message) => {
  const { altrAccountId: _, ...without } = SAVED;
  const report = reportOf({ ...without, ...(altrAccountId === undefined ? {} : { altrAccountId }) });
  expect(undeclared(report)).toEqual([{ status: 'unknown', message: expect.stringContaining(message) }]);
});

test('a saved plan stays silent: it lists its own roles alone', () => {
  const { altrAccountId: _, ...plan } = SAVED;
  const report = reportOf({ ...plan, accounts: plan.accounts.map((entry) => ({ ...entry, partial: true })) });
  expect({ status: report.status, undeclared: undeclared(report) }).toEqual({
    status: 'compliant',
    undeclared: [],
  });
});

test('an observation of another bucket of copies says nothing of the declared one', () => {
  const setUp = { declares: { replication: { bucket: 'copies', region: 'eu-west-1' } } };
  const saved = observationOf(setUp, EXAMPLE);
  const copiesFor = (bucket: string) =>
    replayed(saved, { exports: [{ ...DECLARED, replication: { bucket } }], altrAccountId: ALTR }).exports[0]
      ?.copies;
  expect(copiesFor('copies')).toMatchObject({ state: 'value' });
  expect(copiesFor('other-copies')).toMatchObject({
    state: 'unreadable',
    reason: {
      message: `the bucket copies was observed, and the export ${EXAMPLE.name} declares that logs are copied to other-copies; observe again, or correct replication.bucket`,
    },
  });
});

describe('an observation of another reader says nothing of the declared one', () => {
  const at = (arn: string): Observed<PolicyText> =>
    known({ source: `policy ${arn} version v2`, text: '{"Version":"2012-10-17","Statement":[]}' });
  const { role } = SAVED.exports[0] as ExportObservation;
  const roleNamed = (name: string) => ({
    role: role.state === 'value' ? known({ ...role.value, name }) : role,
  });
  const derived = `${EXAMPLE.bucket}-reader-siem`;
  const readersFor = (seen: Omit<ReaderObservation, 'name'>, roleName?: string) => {
    const [first] = SAVED.exports;
    const saved = {
      ...SAVED,
      exports: [{ ...(first as ExportObservation), readers: [{ name: 'siem', ...seen }] }],
    };
    const entry = { ...DECLARED, readers: [{ name: 'siem', roleName }] };
    return replayed(saved, { exports: [entry], altrAccountId: ALTR }).exports[0]?.readers;
  };

  test.each<[string, 'role' | 'policy', Omit<ReaderObservation, 'name'>, string | undefined, string]>([
    ['a role', 'role', roleNamed('old-siem'), 'new-siem', 'old-siem was observed'],
    ['a role, for a derived name', 'role', roleNamed('old-siem'), undefined, `declares ${derived} for`],
    [
      'a policy',
      'policy',
      { policy: at('arn:aws:iam::123456789012:policy/siem/old-siem') },
      'new-siem',
      `the policy old-siem was observed, and the export ${EXAMPLE.name} declares new-siem for its reader siem; observe again, or correct readers.roleName`,
    ],
    ['a policy of a state', 'policy', { policy: at('old-siem') }, 'new-siem', 'the policy old-siem was'],
  ])('%s', (_what, kind, seen, roleName, message) => {
    const reason = { message: expect.stringContaining(message) };
    expect(readersFor(seen, roleName)).toEqual([{ name: 'siem', [kind]: { state: 'unreadable', reason } }]);
  });

  test.each<[string, Omit<ReaderObservation, 'name'>, string | undefined]>([
    ['a role in another case', roleNamed('Siem'), 'siem'],
    ['a role of the derived name', roleNamed(derived), undefined],
    ['a policy under a path', { policy: at('arn:aws:iam::123456789012:policy/x/siem') }, 'siem'],
    ['a role that did not exist', { role: { state: 'absent' } }, 'siem'],
  ])('but %s is the declared one', (_what, seen, roleName) => {
    expect(readersFor(seen, roleName)).toEqual([{ name: 'siem', ...seen }]);
  });
});
