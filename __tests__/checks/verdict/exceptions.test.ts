/** What exceptions do to findings and verdicts, on findings that the rules really make. */
import fc from 'fast-check';
import { unreadable } from '../../../checks/observe/observation';
import type { SetUp } from '../../../checks/pages/set-up';
import { RULES } from '../../../checks/rules';
import { applyExceptions, exceptionProblems } from '../../../checks/verdict/exceptions';
import type { ExportReport, Finding } from '../../../checks/verdict/finding';
import { exitCodeOf, verdictOf } from '../../../checks/verdict/judge';
import { type LoadedConfig, parseConfig } from '../../../config/file/parse';
import { allowAltr, beside, bucketPolicy, denyAll, hostile, OBJECTS, put, trust } from '../rules/builders';
import { EXAMPLE, findingsOf } from '../rules/support';

const TODAY = '2026-06-15';
const RULE_IDS = RULES.map(({ metadata }) => metadata.id);

/** A config with the example's export, another one, and these exceptions. The first exception stands on line 14. */
function configWith(
  exceptions: readonly Readonly<Record<string, string | undefined>>[],
  more = '',
): LoadedConfig {
  const entry = (name: string) => `  - name: ${name}
    clientId: ${EXAMPLE.clientId}
    bucket: ${name}-altr-audit-logs
    region: us-east-1
    roleName: ALTRPublishSIEMData${name}
`;
  const lines = exceptions.map((exception) =>
    Object.entries(exception)
      .map(([key, value], index) => `${index === 0 ? '  - ' : '    '}${key}: ${JSON.stringify(value)}\n`)
      .join(''),
  );
  const text = `altr:
  awsAccountId: "111122223333"
exports:
${entry('acme-prod')}${entry('acme-emea')}exceptions:
${lines.join('')}${more}`;
  return parseConfig(text, 'f.yaml', 'audit');
}

const ACCEPTED = {
  rule: 'permissions-action-scope',
  export: 'acme-prod',
  owner: 'sec@acme.example',
  reason: 'The reader moves in June.',
  until: '2026-09-30',
};

function exportOf(setUp: SetUp, name = 'acme-prod', rules = RULE_IDS): ExportReport {
  const findings = findingsOf(setUp).filter(({ rule }) => rules.includes(rule));
  return { name, accountId: '123456789012', region: 'us-east-1', status: verdictOf(findings), findings };
}

const READS_TOO = beside(put({ Action: 's3:GetObject' }));
const UNDECIDABLE = bucketPolicy(denyAll({ NotIpAddress: { 'aws:SourceIp': '52.1.0.0/16' } }));
const UNREADABLE: SetUp = { bucket: { policy: unreadable({ message: 'AWS denied s3:GetBucketPolicy' }) } };

/** Applies one exception to one export: its verdict, exit code, what is not passed, and what is said. */
function applied(
  setUp: SetUp,
  exception: Readonly<Record<string, string | undefined>> = {},
  rules = RULE_IDS,
) {
  const loaded = configWith([{ ...ACCEPTED, ...exception }]);
  const { exports, notices } = applyExceptions([exportOf(setUp, 'acme-prod', rules)], loaded, TODAY);
  return {
    verdict: exports[0]?.status,
    exitCode: exitCodeOf(exports),
    statuses: [...new Set(exports[0]?.findings.map(({ status }) => status))].filter((s) => s !== 'pass'),
    exception: exports[0]?.findings.find((finding) => finding.exception)?.exception,
    notices: notices.map(({ kind }) => kind),
  };
}

describe('an exception', () => {
  test('takes a violation out of the verdict and the exit code, and stays with the finding', () => {
    expect(applied(READS_TOO)).toEqual({
      verdict: 'compliant',
      exitCode: 0,
      statuses: ['excepted'],
      exception: {
        owner: 'sec@acme.example',
        reason: 'The reader moves in June.',
        until: '2026-09-30',
        expired: false,
        covers: 'fail',
      },
      notices: [],
    });
  });

  test('by fingerprint excuses the statement that was accepted, and no wider one', () => {
    const reads = (Condition?: unknown) =>
      bucketPolicy({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: OBJECTS,
        ...(Condition ? { Condition } : {}),
      });
    const accepted = reads({ StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } });
    const rule = 'bucket-foreign-access';
    const fingerprint = findingsOf(accepted).find((finding) => finding.rule === rule)?.fingerprint;
    const only = [rule];
    expect(applied(accepted, { rule, fingerprint }, only).verdict).toBe('compliant');
    const open = { ...reads(), bucket: { publicAccessBlock: { state: 'absent' } } } as const;
    expect(applied(open, { rule, fingerprint }, only)).toMatchObject({
      verdict: 'violating',
      notices: ['exception-stale'],
    });
  });

  test('with a fingerprint of an earlier version covers nothing, and says in one line to renew it', () => {
    const fingerprint = 'permissions-action-scope::other-action::6cd856ea92d7';
    expect(applied(READS_TOO, { fingerprint })).toMatchObject({
      verdict: 'violating',
      notices: ['exception-old-form'],
    });
    const loaded = configWith([{ ...ACCEPTED, fingerprint }]);
    expect(applyExceptions([exportOf(READS_TOO)], loaded, TODAY).notices).toEqual([
      {
        kind: 'exception-old-form',
        message:
          'The exception from permissions-action-scope for acme-prod covers nothing any more: its fingerprint has the form of an earlier version, which did not cover the whole statement. Look at the finding again, and copy its new fingerprint, or ask sec@acme.example to decide again.',
        file: 'f.yaml',
        line: 15,
      },
    ]);
  });

  test('holds through its last day', () => {
    expect(applied(READS_TOO, { until: TODAY })).toMatchObject({
      verdict: 'compliant',
      notices: ['exception-expiring'],
    });
  });

  test('counts no more on the day after, and says so', () => {
    expect(applied(READS_TOO, { until: '2026-06-14' })).toMatchObject({
      verdict: 'violating',
      exitCode: 1,
      statuses: ['fail'],
      exception: { expired: true },
      notices: ['exception-expired'],
    });
  });

  test.each([
    ['30 days before its end', '2026-07-15', ['exception-expiring']],
    ['31 days before its end', '2026-07-16', []],
  ])('warns %s', (_when, until, notices) => {
    expect(applied(READS_TOO, { until })).toMatchObject({ verdict: 'compliant', notices });
  });

  test('may cover an unknown that nobody can decide', () => {
    const rule = 'permissions-put-object';
    expect(applied(UNDECIDABLE)).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(applied(UNDECIDABLE, { rule })).toMatchObject({
      verdict: 'compliant',
      exitCode: 0,
      exception: { covers: 'unknown' },
    });
  });

  test.each(['bucket-foreign-access', 'permissions-put-object'])(
    'never covers what could not be read (%s), and is not called stale for it',
    (rule) => {
      expect(applied(UNREADABLE, { rule, export: '*' }, [rule])).toMatchObject({
        verdict: 'unknown',
        exitCode: 2,
        statuses: ['unknown'],
        exception: undefined,
        notices: [],
      });
    },
  );

  test('never covers a rule that broke down', () => {
    const broken = exportOf(UNDECIDABLE).findings.map((finding) =>
      finding.status === 'unknown' ? { ...finding, cause: 'broken-rule' as const } : finding,
    );
    const { exports } = applyExceptions(
      [{ ...exportOf(UNDECIDABLE), findings: broken }],
      configWith([{ ...ACCEPTED, rule: 'permissions-put-object' }]),
      TODAY,
    );
    expect(exitCodeOf(exports)).toBe(2);
  });

  test('covers its own rule, export, resource and fingerprint alone', () => {
    const fingerprint = findingsOf(READS_TOO).find(({ status }) => status === 'fail')?.fingerprint ?? '';
    expect(applied(READS_TOO, { fingerprint })).toMatchObject({ verdict: 'compliant' });
    expect(applied(READS_TOO, { fingerprint: 'permissions-action-scope::*' }).verdict).toBe('compliant');
    expect(applied(READS_TOO, { export: 'acme-*' })).toMatchObject({ verdict: 'compliant', notices: [] });
    for (const narrower of [
      { rule: 'trust-action' },
      { export: 'acme-emea' },
      { resource: 'arn:aws:s3:::*' },
      { fingerprint: `${fingerprint}0` },
    ]) {
      expect(applied(READS_TOO, narrower).verdict).toBe('violating');
    }
  });

  test('leaves the other violations of its export standing', () => {
    const setUp = { ...READS_TOO, ...trust(allowAltr({ Condition: undefined })) };
    expect(applied(setUp)).toMatchObject({ verdict: 'violating', statuses: ['fail', 'excepted'] });
  });

  test('that has ended gives way to one that has not', () => {
    const loaded = configWith([{ ...ACCEPTED, until: '2026-01-31' }, ACCEPTED]);
    const { exports, notices } = applyExceptions([exportOf(READS_TOO)], loaded, TODAY);
    expect(exports[0]?.status).toBe('compliant');
    expect(notices.map(({ message }) => message)).toEqual([
      'The exception from permissions-action-scope for acme-prod ended on 2026-01-31, and another exception covers the same; remove this one.',
    ]);
    const ended = configWith([{ ...ACCEPTED, until: '2026-01-31' }]);
    expect(applyExceptions([exportOf(READS_TOO)], ended, TODAY).notices[0]?.message).toContain(
      'ended on 2026-01-31, and what it covered counts again;',
    );
  });

  test('from a rule about the whole account holds and goes stale with any export of the account', () => {
    const rule = 'undeclared-altr-role';
    const of = (name: string, status?: 'fail' | 'pass'): ExportReport => {
      const [pass] = exportOf({}).findings;
      const findings =
        pass && status ? [{ ...pass, rule, status, resource: 'r', fingerprint: `${rule}::f` }] : [];
      return { name, accountId: '123456789012', region: 'us-east-1', status: 'compliant', findings };
    };
    const said = (name: string, exports: readonly ExportReport[]) => {
      const result = applyExceptions(exports, configWith([{ ...ACCEPTED, rule, export: name }]), TODAY);
      return [result.exports[0]?.findings[0]?.status, ...result.notices.map(({ kind }) => kind)];
    };
    for (const name of ['*', 'acme-prod', 'acme-emea']) {
      expect(said(name, [of('acme-prod', 'pass'), of('acme-emea')])).toEqual(['pass', 'exception-stale']);
      expect(said(name, [of('acme-prod', 'fail'), of('acme-emea')])).toEqual(['excepted']);
    }
    const elsewhere = { ...of('acme-emea'), accountId: '210987654321' };
    expect(said('*', [of('acme-prod', 'pass'), elsewhere])).toEqual(['pass']);
    expect(said('acme-emea', [of('acme-prod', 'fail'), elsewhere])).toEqual(['fail']);
  });

  test('that matches nothing is stale, at its line', () => {
    const { notices } = applyExceptions([exportOf({})], configWith([ACCEPTED]), TODAY);
    expect(notices).toEqual([
      {
        kind: 'exception-stale',
        message: 'The exception from permissions-action-scope for acme-prod matches nothing; remove it.',
        file: 'f.yaml',
        line: 15,
      },
    ]);
  });

  test('is not stale where its rule or one of its exports was not judged', () => {
    expect(applied({}, {}, ['trust-action']).notices).toEqual([]);
    expect(applied({}, {}, ['permissions-action-scope']).notices).toEqual(['exception-stale']);
    expect(applied({ roleExists: false }).notices).toEqual([]);
    expect(applied({}, { export: 'acme-*' }).notices).toEqual([]);
    expect(applied({}, { export: 'acme-emea' }).notices).toEqual([]);
  });
});

describe('what was never decided, since it was too much, is not excused', () => {
  const many = Array.from({ length: 120 }, (_, i) => String(200_000_000_000 + i));
  const outsiders = trust(allowAltr(), allowAltr({ Principal: { AWS: many } }));
  const excused = (setUp: SetUp, rule: string, fingerprint?: string) =>
    applied(setUp, { rule, fingerprint }, [rule]);

  test.each([
    ['policies that take too long to compare', hostile(), 'permissions-put-object'],
    ['too many callers to try', outsiders, 'trust-external-id'],
    ['too many principals to try', outsiders, 'trust-principal'],
  ])('%s', (_what, setUp, rule) => {
    const found = exportOf(setUp, 'acme-prod', [rule]).findings.filter(({ status }) => status === 'unknown');
    expect(found).toEqual([expect.objectContaining({ cause: 'not-understood' })]);
    expect(excused(setUp, rule)).toMatchObject({ verdict: 'unknown', exitCode: 2, notices: [] });
    expect(excused(setUp, rule, found[0]?.fingerprint)).toMatchObject({ verdict: 'unknown', exitCode: 2 });
  });
});

test('whatever the findings and exceptions are, only what may be accepted is, and only while it may', () => {
  const rule = fc.constantFrom('trust-action', 'permissions-action-scope', 'bucket-region');
  const finding = fc.record({
    rule,
    status: fc.constantFrom('pass', 'fail', 'unknown', 'advice'),
    cause: fc.constantFrom('unreadable', 'undecidable', 'not-understood', 'nothing-to-judge', 'broken-rule'),
    severity: fc.constant('high'),
    resource: fc.constantFrom('a', 'b'),
    message: fc.constant('m'),
    expected: fc.constant(null),
    actual: fc.constant(null),
    location: fc.constant(null),
    remediation: fc.constant(null),
    fingerprint: fc.constantFrom('f', 'g'),
  }) as fc.Arbitrary<Finding>;
  const exception = fc.record({
    rule,
    export: fc.constantFrom('acme-prod', 'acme-emea', 'acme-*', '*'),
    resource: fc.constantFrom('a', '*'),
    owner: fc.constant('o'),
    reason: fc.constant('r'),
    until: fc.constantFrom('2026-06-14', TODAY, '2026-06-16'),
  });
  fc.assert(
    fc.property(fc.array(finding), fc.array(exception, { minLength: 1, maxLength: 4 }), (findings, given) => {
      const before = { ...exportOf({}), findings, status: verdictOf(findings) };
      const { exports } = applyExceptions([before], configWith(given), TODAY);
      const after = exports[0]?.findings ?? [];
      expect(after.map(({ status: _status, exception: _exception, ...rest }) => rest)).toEqual(
        findings.map(({ status: _status, ...rest }) => rest),
      );
      after.forEach((finding, index) => {
        const was = findings[index];
        const covering = given.some(
          (entry) =>
            entry.rule === finding.rule &&
            entry.export !== 'acme-emea' &&
            (entry.resource === '*' || entry.resource === finding.resource) &&
            entry.until >= TODAY,
        );
        const acceptable =
          was?.status === 'fail' || (was?.status === 'unknown' && was.cause === 'undecidable');
        expect(finding.status).toBe(covering && acceptable ? 'excepted' : was?.status);
      });
      expect(exports[0]?.status).toBe(verdictOf(after));
    }),
  );
});

describe('exceptions that name what is not there', () => {
  const problems = (exception: Readonly<Record<string, string>>, more?: string) =>
    exceptionProblems(configWith([{ ...ACCEPTED, ...exception }], more), RULE_IDS, TODAY).map(
      ({ line, message }) => `${line}: ${message}`,
    );

  test.each([
    [
      'a rule, with the nearest one',
      { rule: 'permission-action-scope' },
      '15: exceptions[0].rule "permission-action-scope" is no rule; did you mean permissions-action-scope?',
    ],
    [
      'a rule that none is like',
      { rule: 'x' },
      '15: exceptions[0].rule "x" is no rule; altr-export rules lists them',
    ],
    [
      'an export, with the nearest one',
      { export: 'acme-prd' },
      '16: exceptions[0].export "acme-prd" is no export; did you mean acme-prod?',
    ],
    [
      'a fingerprint of another rule',
      { fingerprint: 'trust-action::x' },
      '20: exceptions[0].fingerprint "trust-action::x" is of another rule; it must begin with permissions-action-scope::',
    ],
    [
      'an end more than a year ahead',
      { until: '2027-06-16' },
      '19: exceptions[0].until "2027-06-16" is more than a year ahead; write 2027-06-15 or earlier, or raise maxExceptionDays',
    ],
  ])('%s', (_why, exception, expected) => expect(problems(exception)).toEqual([expected]));

  test('a year ahead is near enough, and the config may say otherwise', () => {
    expect(problems({ until: '2027-06-15' })).toEqual([]);
    expect(problems({ until: '2027-06-16' }, 'maxExceptionDays: 365\n')[0]).toContain(
      'more than 365 days ahead',
    );
    expect(problems({ until: '2027-06-17' }, 'maxExceptionDays: 367\n')).toEqual([]);
    expect(problems({ until: '2026-06-17' }, 'maxExceptionDays: 1\n')).toHaveLength(1);
  });

  test.each([
    ['2027-07-01', '2028-07-01', '2028-07-02'],
    ['2028-02-29', '2029-02-28', '2029-03-01'],
  ])('a year from %s ends on %s, leap years too', (today, last, late) => {
    const faults = (until: string) =>
      exceptionProblems(configWith([{ ...ACCEPTED, until }]), RULE_IDS, today).length;
    expect([faults(last), faults(late)]).toEqual([0, 1]);
  });
});

test('a document that is not understood can’t be excepted: nobody knows what it grants', () => {
  const broken = exportOf({ trustPolicy: '{' });
  const unknown = [
    ...new Set(broken.findings.filter(({ status }) => status === 'unknown').map(({ rule }) => rule)),
  ];
  expect(unknown.length).toBeGreaterThan(0);
  const exceptions = unknown.map((rule) => ({ ...ACCEPTED, rule }));
  const { exports } = applyExceptions([broken], configWith(exceptions), TODAY);
  expect(exports[0]?.status).toBe('unknown');
  expect(exports[0]?.findings.map(({ status }) => status)).not.toContain('excepted');
});
