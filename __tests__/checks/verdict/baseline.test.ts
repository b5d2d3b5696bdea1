/** What is new, unchanged and resolved since an earlier run, on findings that the rules really make. */

import { ABSENT, unreadable } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { compareWithBaseline } from '../../../checks/verdict/baseline';
import { parseFailOn } from '../../../checks/verdict/fail-on';
import type { ExportReport, Finding } from '../../../checks/verdict/finding';
import { exitCodeOf, verdictOf } from '../../../checks/verdict/judge';
import { parseBaseline } from '../../../cli/check/baseline-file';
import { reportOf } from '../../../cli/report-of';
import { allowAltr, beside, bucketPolicy, denyAll, hostile, OBJECTS, put, trust } from '../rules/builders';
import { findingsOf } from '../rules/support';

type Changes = Partial<Pick<ExportReport, 'name' | 'accountId'>> & {
  readonly change?: (finding: Finding) => Finding;
};

function exportOf(setUp: SetUp, { name = 'prod', accountId = '123456789012', change }: Changes = {}) {
  const findings = findingsOf(setUp).map(change ?? ((finding) => finding));
  return { name, accountId, region: 'us-east-1', status: verdictOf(findings), findings };
}

/** Compares through the file's text, as a run does. */
function compare(then: ExportReport, now: ExportReport) {
  const text = JSON.stringify(reportOf([then], '2026-01-01T00:00:00.000Z'));
  const result = compareWithBaseline([now], parseBaseline(text, 'last.json'));
  const { new: fresh, unchanged, resolved } = result.baseline;
  return { exports: result.exports, counts: [fresh, unchanged], resolved: resolved.map(({ rule }) => rule) };
}

const READS_TOO = beside(put({ Action: 's3:GetObject' }));
const LISTS_TOO = beside(put({ Action: 's3:ListBucket' }));
const NO_ID = trust(allowAltr({ Condition: undefined }));
const excepted = (finding: Finding): Finding =>
  finding.status === 'fail' ? { ...finding, status: 'excepted' } : finding;

describe('against a baseline', () => {
  test.each([
    ['the same violation is unchanged', READS_TOO, READS_TOO, [0, 1], []],
    ['the first violation is new', {}, READS_TOO, [1, 0], []],
    ['a fixed violation is resolved', READS_TOO, {}, [0, 0], ['permissions-action-scope']],
    ['another fact of the same rule is new', READS_TOO, LISTS_TOO, [1, 0], ['permissions-action-scope']],
    ['another rule’s is new', READS_TOO, { ...READS_TOO, ...NO_ID }, [1, 1], []],
  ] as const)('%s', (_why, then, now, counts, resolved) => {
    expect(compare(exportOf(then), exportOf(now))).toMatchObject({ counts, resolved });
  });

  test('what was never decided, since it was too much, is another finding once anything has changed', () => {
    const of = (setUp: SetUp) => {
      const entry = exportOf({ ...hostile(), ...setUp });
      const findings = entry.findings.filter(({ rule }) => rule === 'permissions-put-object');
      expect(findings.map(({ status }) => status)).toEqual(['unknown']);
      return { ...entry, findings };
    };
    expect(compare(of({}), of({})).counts).toEqual([0, 1]);
    expect(compare(of({}), of(READS_TOO)).counts).toEqual([1, 0]);
    expect(compare(of({}), of({ bucket: { versioning: ABSENT } })).counts).toEqual([1, 0]);
  });

  test('what a rule about the whole account found is resolved whichever export speaks for the account now', () => {
    const [pass] = exportOf({}).findings;
    const of = (name: string, status?: 'fail' | 'pass') => {
      const rule = 'undeclared-altr-role';
      const found = pass && status ? [{ ...pass, rule, status, fingerprint: `${rule}::${status}` }] : [];
      return { ...exportOf({}, { name }), findings: found };
    };
    const resolved = (now: readonly ExportReport[]) => {
      const then = JSON.stringify(reportOf([of('prod', 'fail'), of('emea')], '2026-01-01T00:00:00.000Z'));
      return compareWithBaseline(now, parseBaseline(then, 'last.json')).baseline.resolved.length;
    };
    expect(resolved([of('emea', 'pass'), of('prod')])).toBe(1);
    expect(resolved([of('emea', 'fail'), of('prod')])).toBe(0);
    expect(resolved([of('emea'), of('prod')])).toBe(0);
    expect(resolved([{ ...of('emea', 'pass'), accountId: '210987654321' }, of('prod')])).toBe(0);
  });

  test('of an earlier version, all is new, nothing is resolved, and a note says why', () => {
    const old = exportOf(READS_TOO, {
      change: (finding) => ({ ...finding, fingerprint: finding.fingerprint.slice(0, -4) }),
    });
    const text = JSON.stringify(reportOf([old], '2026-01-01T00:00:00.000Z'));
    const compared = (now: SetUp) =>
      compareWithBaseline([exportOf(now)], parseBaseline(text, 'last.json')).baseline;
    expect(compared(READS_TOO)).toMatchObject({
      new: 1,
      unchanged: 0,
      resolved: [],
      note: expect.stringContaining('written by an earlier version'),
    });
    expect(compared({})).toMatchObject({ new: 0, resolved: [] });
    expect(
      compareWithBaseline(
        [exportOf({})],
        parseBaseline(JSON.stringify(reportOf([exportOf(READS_TOO)], '2026-01-01T00:00:00.000Z')), 'l.json'),
      ).baseline.note,
    ).toBeUndefined();
  });

  test('a finding carries its state, and what passes carries none', () => {
    const { exports } = compare(exportOf({}), exportOf(READS_TOO));
    const states = exports[0]?.findings.map(({ status, baselineState }) => `${status} ${baselineState}`);
    expect([...new Set(states)].sort()).toEqual(['fail new', 'pass undefined']);
  });

  test('what can’t be read or decided now is not resolved', () => {
    const foreign = bucketPolicy({
      Effect: 'Allow',
      Principal: { AWS: '999999999999' },
      Action: 's3:GetObject',
      Resource: OBJECTS,
    });
    const gone = compare(exportOf(foreign), exportOf({})).resolved;
    expect(gone).toContain('bucket-foreign-access');
    const unread = { bucket: { policy: unreadable({ message: 'AWS denied s3:GetBucketPolicy' }) } };
    expect(compare(exportOf(foreign), exportOf(unread)).resolved).not.toContain('bucket-foreign-access');
    const denied = exportOf(bucketPolicy(denyAll()));
    const depends = exportOf(bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } })));
    expect(compare(denied, exportOf({})).resolved).toEqual(['permissions-put-object']);
    expect(compare(denied, depends).resolved).toEqual([]);
  });

  test('a rule or an export that was not judged, or another account’s, is not resolved', () => {
    const withoutRule = exportOf({});
    const others = withoutRule.findings.filter(({ rule }) => rule !== 'permissions-action-scope');
    expect(compare(exportOf(READS_TOO), { ...withoutRule, findings: others }).resolved).toEqual([]);
    expect(compare(exportOf(READS_TOO), exportOf({ roleExists: false })).resolved).toEqual([]);
    expect(compare(exportOf(READS_TOO), exportOf({}, { name: 'emea' })).resolved).toEqual([]);
    expect(compare(exportOf(READS_TOO), exportOf({}, { accountId: '210987654321' })).resolved).toEqual([]);
  });

  test('the same finding in another account is new; under another export’s name it is not', () => {
    expect(compare(exportOf(READS_TOO), exportOf(READS_TOO, { accountId: '210987654321' })).counts).toEqual([
      1, 0,
    ]);
    expect(compare(exportOf(READS_TOO), exportOf(READS_TOO, { name: 'renamed' })).counts).toEqual([0, 1]);
  });

  test('what was excepted then and counts now is new; what is excepted now counts as neither', () => {
    expect(compare(exportOf(READS_TOO, { change: excepted }), exportOf(READS_TOO)).counts).toEqual([1, 0]);
    const { counts, resolved, exports } = compare(
      exportOf(READS_TOO),
      exportOf(READS_TOO, { change: excepted }),
    );
    expect({ counts, resolved }).toEqual({ counts: [0, 0], resolved: [] });
    expect(exports[0]?.findings.find(({ status }) => status === 'excepted')?.baselineState).toBe('unchanged');
  });
});

describe('--fail-on', () => {
  const medium = trust(allowAltr({ Action: ['sts:AssumeRole', 'sts:TagSession'] }));
  const code = (failOn: string, then: SetUp, now: SetUp) =>
    exitCodeOf(compare(exportOf(then), exportOf(now)).exports, parseFailOn(failOn, true));

  test.each([
    ['any', READS_TOO, READS_TOO, 1],
    ['new', READS_TOO, READS_TOO, 0],
    ['new', {}, READS_TOO, 1],
    ['high', {}, READS_TOO, 1],
    ['critical', {}, READS_TOO, 0],
    ['high', {}, medium, 0],
    ['medium', {}, medium, 1],
    ['info', {}, medium, 1],
    ['any', READS_TOO, {}, 0],
  ] as const)('%s: %#', (failOn, then, now, expected) => expect(code(failOn, then, now)).toBe(expected));

  test.each(['new', 'critical', 'any'])('an unknown ends with 2 under %s, known or not', (failOn) => {
    const unknown = bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } }));
    expect(code(failOn, unknown, unknown)).toBe(2);
  });

  test.each([
    ['nwe', true, '--fail-on "nwe" is unknown; did you mean new?'],
    [
      'sometimes',
      true,
      '--fail-on "sometimes" is unknown; there are: any, new, critical, high, medium, low, info',
    ],
    ['new', false, '--fail-on new needs a --baseline to compare with'],
  ])('%s is refused', (text, hasBaseline, says) => {
    expect(() => parseFailOn(text, hasBaseline)).toThrow(says);
  });
});

describe('a baseline file that', () => {
  const good = reportOf([exportOf({})], '2026-01-01T00:00:00.000Z');
  test.each([
    ['is no JSON', 'no', /^last\.json is not JSON; give --baseline the report of an earlier run/],
    ['is another JSON', '{"a":1}', /^last\.json is no report of altr-export/],
    ['is a list', '[]', /is no report of altr-export/],
    ['is null', 'null', /is no report of altr-export/],
    [
      'has a newer schema version',
      JSON.stringify({ ...good, schemaVersion: 2 }),
      /^last\.json is a report of schema version 2, and this version of altr-export compares with version 1; make a new baseline/,
    ],
    [
      'is of a run that failed',
      JSON.stringify({ ...good, exports: [], error: 'no AWS credentials' }),
      /^last\.json is the report of a run that failed and judged nothing/,
    ],
    [
      'is damaged',
      JSON.stringify({ ...good, exports: [{ name: 'x', accountId: null, findings: [{}] }] }),
      /^last\.json is a damaged report \(at exports\.0\.findings\.0\.rule\)/,
    ],
  ])('%s is refused in one sentence', (_why, text, says) => {
    expect(() => parseBaseline(text, 'last.json')).toThrow(says);
  });
});
