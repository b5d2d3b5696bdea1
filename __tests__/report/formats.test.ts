import fc from 'fast-check';
import type { Finding, Report } from '../../checks/finding';
import { FORMAT_NAMES, formatReport } from '../../checks/report/formats';
import { planOutputs } from '../../checks/report/output';
import { RULES } from '../../checks/rules';
import { beside, put } from '../rules/builders';
import { findingsOf } from '../rules/support';

const options = {
  colour: false,
  width: 100,
  rules: RULES.map(({ metadata }) => metadata),
  configFile: 'altr-exports.yaml',
  exportLines: { acme: 4 },
};

function report(findings: readonly Finding[], name = 'acme'): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'altr-audit-log-export-kit', version: '0.1.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
    summary: { exports: 1, compliant: 0, violating: 1, unknown: 0 },
    exports: [{ name, accountId: '123456789012', region: 'us-east-1', status: 'violating', findings }],
  };
}

const violating = report(findingsOf(beside(put({ Action: 's3:GetObject' }))));
const render = (format: (typeof FORMAT_NAMES)[number], what = violating) =>
  formatReport(what, format, options);

test('text shows the table, then what is wrong, where, and how to mend it', async () => {
  const text = await render('text');
  expect(text).toMatch(
    /^export {2}account {7}region {5}verdict\nacme {4}123456789012 {2}us-east-1 {2}violating\n/,
  );
  expect(text).toContain('FAIL permissions-action-scope (high)');
  expect(text).toContain('- s3:PutObject');
  expect(text).toContain(
    'where     inline policy more of role ALTRPublishSIEMDataAcmeProd at /Statement/0/Action',
  );
  expect(text).toContain(
    '$ aws iam delete-role-policy --role-name ALTRPublishSIEMDataAcmeProd --policy-name more',
  );
  expect(text).not.toContain('\u001b');
});

test('json is the report, and nothing else', async () => {
  expect(JSON.parse(await render('json'))).toEqual(violating);
});

test('sarif has a result for what is wrong, at the export’s line, with a stable fingerprint', async () => {
  const log = JSON.parse(await render('sarif'));
  expect(log.version).toBe('2.1.0');
  expect(log.runs[0].tool.driver.rules).toHaveLength(RULES.length);
  const [result, ...others] = log.runs[0].results;
  expect(others).toEqual([]);
  expect(result).toMatchObject({ ruleId: 'permissions-action-scope', level: 'error' });
  expect(log.runs[0].tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
  expect(result.locations[0].physicalLocation).toMatchObject({
    artifactLocation: { uri: 'altr-exports.yaml' },
    region: { startLine: 4 },
  });
  expect(result.partialFingerprints['altrFinding/v1']).toMatch(/^acme::permissions-action-scope::/);
});

test('markdown fits a comment, and says what it leaves out', async () => {
  const [finding] = violating.exports[0]?.findings.filter(({ status }) => status === 'fail') ?? [];
  const many = report(Array.from({ length: 5_000 }, () => finding as Finding));
  const text = await render('markdown', many);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/\d+ more lines are left out/);
  expect(await render('markdown')).not.toMatch(/left out/);
});

test('csv has a row for each finding', async () => {
  const rows = (await render('csv')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(1 + (violating.exports[0]?.findings.length ?? 0));
  expect(rows[0]).toMatch(/^"export","account","region","rule"/);
});

describe('an excepted finding and a notice', () => {
  const exception = {
    owner: 'sec@acme.example',
    reason: 'The reader moves in June.',
    until: '2026-06-30',
    expired: false,
    covers: 'fail',
  } as const;
  const withException = (status: 'excepted' | 'fail', expired: boolean): Report => ({
    ...report(
      (violating.exports[0]?.findings ?? []).map((finding) =>
        finding.status === 'fail' ? { ...finding, status, exception: { ...exception, expired } } : finding,
      ),
    ),
    notices: [
      { kind: 'exception-stale', message: 'It matches nothing.', file: 'altr-exports.yaml', line: 12 },
    ],
  });
  const excepted = withException('excepted', false);

  test('text names who accepted it, and no remedy', async () => {
    const text = await render('text', excepted);
    expect(text).toContain('EXCEPTED permissions-action-scope');
    expect(text).toContain('accepted  by sec@acme.example until 2026-06-30: The reader moves in June.');
    expect(text).toContain('NOTICE It matches nothing. (altr-exports.yaml:12)');
    expect(text).not.toContain('$ aws');
  });

  test('text says of an expired one that it is over', async () => {
    const text = await render('text', withException('fail', true));
    expect(text).toContain('FAIL permissions-action-scope');
    expect(text).toContain('by sec@acme.example until 2026-06-30, which is over');
    expect(text).toContain('$ aws');
  });

  test('markdown, junit and sarif say so in their own ways', async () => {
    expect(await render('markdown', excepted)).toMatch(
      /\*\*excepted\*\*.*<br>Accepted by sec&#64;acme\.example/,
    );
    expect(await render('markdown', excepted)).toContain('- ⚠️ It matches nothing');
    expect(await render('junit', excepted)).toMatch(
      /failures="0".*skipped="1"[\s\S]*<skipped message=".* Accepted by sec/,
    );
    const [run] = JSON.parse(await render('sarif', excepted)).runs;
    expect(run.results[0].suppressions).toEqual([
      {
        kind: 'external',
        status: 'accepted',
        justification: 'Accepted by sec@acme.example until 2026-06-30: The reader moves in June.',
      },
    ]);
    expect(run.invocations[0].toolConfigurationNotifications[0].message.text).toBe('It matches nothing.');
  });
});

describe('hostile names', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\u001b[2J\u001b]0;owned\u0007',
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '=HYPERLINK("http://evil")',
      '@SUM(1)',
      '\n::error::owned',
      '::error::owned',
      '##[error]owned',
      '](javascript:alert(1))',
      '\u202egnp.exe',
      '-->]]>',
      'x'.repeat(100_000),
    ),
  );
  const finding = fc.record({
    rule: fc.constant('role-exists'),
    status: fc.constantFrom('fail', 'unknown', 'advice', 'pass', 'excepted'),
    severity: fc.constant('high'),
    resource: hostile,
    message: hostile,
    risk: hostile,
    expected: hostile,
    actual: hostile,
    location: fc.record({ document: hostile, pointer: hostile }),
    remediation: fc.record({ summary: hostile, commands: fc.array(hostile, { maxLength: 1 }) }),
    fingerprint: fc.constant('f'),
  }) as fc.Arbitrary<Finding>;

  test.each(FORMAT_NAMES.filter((name) => !['json', 'ndjson', 'sarif'].includes(name)))(
    'come out harmless in %s',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(fc.array(finding, { maxLength: 2 }), hostile, async (findings, name) => {
          const text = await render(format, report(findings, name));
          expect(text).not.toMatch(
            /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
          );
          expect(text).not.toMatch(/^\s*::|##\[/m);
          if (format === 'junit' || format === 'markdown') expect(text).not.toMatch(/<(script|img)/);
          if (format === 'markdown') expect(text).not.toMatch(/\]\(javascript/);
          if (format === 'csv') expect(text).not.toMatch(/(^|,)"[=+\-@]/m);
        }),
        { numRuns: 200 },
      );
    },
  );

  test.each(['json', 'sarif'] as const)('leave %s parseable', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(finding, { maxLength: 2 }), hostile, async (findings, name) => {
        JSON.parse(await render(format, report(findings, name)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('outputs', () => {
  test.each([
    ['nothing asked for', [], [], [{ format: 'text', file: '-' }]],
    ['a format alone', ['json'], [], [{ format: 'json', file: '-' }]],
    ['a file alone', [], ['r.json'], [{ format: 'json', file: 'r.json' }]],
    [
      'several files by their extensions',
      [],
      ['a.sarif', 'b.xml', 'c.md'],
      [
        { format: 'sarif', file: 'a.sarif' },
        { format: 'junit', file: 'b.xml' },
        { format: 'markdown', file: 'c.md' },
      ],
    ],
    ['a format and its file, whatever its name', ['csv'], ['out'], [{ format: 'csv', file: 'out' }]],
  ] as const)('%s', (_why, formats, files, expected) => {
    expect(planOutputs(formats, files)).toEqual(expected);
  });
});
