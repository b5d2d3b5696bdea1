import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { FORMAT_NAMES, type FormatName, formatReport } from '../../../checks/report/formats';
import { planOutputs } from '../../../checks/report/output';
import { RULES } from '../../../checks/rules';
import type { Finding, Report } from '../../../checks/verdict/finding';
import { beside, put } from '../rules/builders';
import { findingsOf } from '../rules/support';
import { EVERYTHING, largeReport, reportOf } from './support';

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

test('text shows the table, then what is wrong, where, and how to fix it', async () => {
  const text = await render('text');
  expect(text).toMatch(
    /^export {2}account {7}region {5}verdict {4}findings\nacme {4}123456789012 {2}us-east-1 {2}violating {2}16 pass, 1 fail \(1 high\)\n/,
  );
  expect(text).toContain('FAIL permissions-action-scope (high) in acme');
  expect(text).toContain('    expected  s3:PutObject\n    found     s3:GetObject\n');
  expect(text).toMatch(/\n {4}fix {7}\S/);
  expect(text).toMatch(/\n1 export, 0 compliant, 1 violating, 0 unknown; 1 violation: 1 high\n$/);
  expect(text).toContain(
    'where     inline policy more of role ALTRPublishSIEMDataAcmeProd at /Statement/0/Action',
  );
  expect(text).toContain(
    '$ aws iam delete-role-policy --role-name ALTRPublishSIEMDataAcmeProd --policy-name more',
  );
  expect(text).not.toContain('\u001b');
});

test('what was not looked at is one line of every report that has room for one', async () => {
  const unseen = 'Organization policies were not looked at: nobody asked for it.';
  const what: Report = { ...violating, notLookedAt: [unseen] };
  const counts = await Promise.all(
    FORMAT_NAMES.map(async (format) => [format, (await render(format, what)).split(unseen).length - 1]),
  );
  expect(Object.fromEntries(counts)).toEqual({
    text: 1,
    json: 1,
    ndjson: 1,
    html: 1,
    markdown: 1,
    brief: 1,
    slack: 1,
    junit: 1,
    sarif: 1,
    // Rows and events of findings alone.
    csv: 0,
    asff: 0,
    ocsf: 0,
  });
});

test('text fits its table into the terminal, also with names of double width', async () => {
  const name = `輸出${'-long'.repeat(30)}`;
  for (const width of [60, 80, 120]) {
    const text = await formatReport(report(violating.exports[0]?.findings ?? [], name), 'text', {
      ...options,
      width,
    });
    const [table = ''] = text.split('\n\n');
    for (const row of table.split('\n')) expect(stringWidth(row)).toBeLessThanOrEqual(width);
    expect(table.replaceAll(/\s/g, '')).toContain('violating');
  }
});

test('text labels what is expected and what was found, and the worst finding of all exports first', async () => {
  const text = await formatReport(EVERYTHING, 'text', options);
  expect(text).toMatch(
    /FAIL trust-external-id \(critical\)[\s\S]*FAIL permissions-action-scope \(high\)[\s\S]*UNKNOWN[\s\S]*ADVICE/,
  );
  const difference = [
    '    expected',
    '      {',
    '        "StringEquals": {',
    '          "sts:ExternalId": "1c42465e-4bf2-4e83-90d6-f6fbcac03634"',
    '        }',
    '      }',
    '    found     nothing',
  ].join('\n');
  expect(text).toContain(difference);
});

test('text explains why exports differ in their number of passes', async () => {
  const explanation = 'n/a: not applicable, since the export does not declare';
  const text = await formatReport(EVERYTHING, 'text', options);
  expect(text).toMatch(/\nrole-exists .* 22 n\/a\n/);
  expect(text).toContain(explanation);
  expect(await render('text')).not.toContain('n/a');
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

test('sarif names files from the root of the repository, also from a folder in it', async () => {
  const repository = mkdtempSync(join(realpathSync(tmpdir()), 'altr-sarif-'));
  const folder = join(repository, 'infra', 'altr logs');
  mkdirSync(folder, { recursive: true });
  const before = process.cwd();
  const uriOfResult = async (configFile: string) => {
    const log = JSON.parse(await formatReport(violating, 'sarif', { ...options, configFile }));
    return log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
  };
  try {
    process.chdir(folder);
    expect(await uriOfResult('altr-exports.yaml')).toBe('altr-exports.yaml');
    mkdirSync(join(repository, '.git'));
    expect(await uriOfResult('altr-exports.yaml')).toBe('infra/altr%20logs/altr-exports.yaml');
    expect(await uriOfResult('../../altr-exports.yaml')).toBe('altr-exports.yaml');
    expect(await uriOfResult('../../../other.yaml')).toMatch(/^file:\/\/\//);
  } finally {
    process.chdir(before);
    rmSync(repository, { recursive: true });
  }
});

test('markdown escapes no more than it must, and its commands can be copied', async () => {
  const text = await render('markdown');
  expect(text).not.toContain('\\-');
  expect(text).toContain('**fail** permissions-action-scope (high) in acme: ');
  expect(text).toMatch(
    /\n {2}```sh\n {2}aws iam delete-role-policy --role-name ALTRPublishSIEMDataAcmeProd --policy-name more\n {2}```\n/,
  );
  expect(text).toContain('1 export: 0 compliant, 1 violating, 0 unknown; 1 violation: 1 high.');
});

test('markdown counts one export as one', async () => {
  const [first] = EVERYTHING.exports;
  expect(await render('markdown', reportOf(first ? [first] : []))).toContain('\n1 export: ');
});

test('markdown fits a comment and a step’s summary, keeps the worst, and says what it leaves out', async () => {
  for (const many of [
    largeReport(5_000),
    { ...EVERYTHING, exports: Array.from({ length: 60 }, () => EVERYTHING.exports).flat() },
  ]) {
    const text = await render('markdown', many);
    expect(text.length).toBeLessThan(65_536);
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
    expect(text).toMatch(/\n\d+ more findings left out for want of room/);
    expect(text).toMatch(/\*\*fail\*\* trust/);
    expect(text).not.toMatch(/\*\*advice\*\*/);
  }
  const whole = await render('markdown', EVERYTHING);
  expect(whole).not.toMatch(/left out/);
  expect(whole).toMatch(/\*\*advice\*\*/);
});

test('csv has a row for each finding', async () => {
  const rows = (await render('csv')).trimEnd().split('\r\n');
  expect(rows).toHaveLength(1 + (violating.exports[0]?.findings.length ?? 0));
  // A byte order mark, by which spreadsheets know that it is UTF-8.
  expect(rows[0]).toMatch(/^\ufeff"export","account","region","rule"/);
});

describe('an observation', () => {
  const observed = (observedAt: string): Report => ({ ...violating, observedAt });

  test.each([
    ['2025-12-30T23:00:00.000Z', '25 hours'],
    ['2025-12-01T00:00:00.000Z', '31 days'],
  ])('of %s tells its age in every format', async (observedAt, age) => {
    for (const format of FORMAT_NAMES) {
      const text = await render(format, observed(observedAt));
      expect(text).toContain(`${age} old`);
    }
  });

  test('judged with an old copy of the organization tells the age of the copy in every format', async () => {
    const organizationObservedAt = '2025-12-01T00:00:00.000Z';
    for (const format of FORMAT_NAMES) {
      const text = await render(format, { ...violating, organizationObservedAt });
      expect(text).toContain('copy of the organization is 31 days');
    }
  });

  test.each(['2025-12-31T00:00:00.000Z', '2026-01-01T00:00:00.000Z'])(
    'of %s, no more than a day old, says nothing of it',
    async (observedAt) => {
      for (const format of FORMAT_NAMES)
        expect(await render(format, observed(observedAt))).not.toMatch(/(hours|days) old/);
    },
  );
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

test.each(['text', 'markdown', 'html'] as const)(
  '%s says what changed since the baseline',
  async (format) => {
    const { exports, ...rest } = violating;
    const marked = exports.map((entry) => ({
      ...entry,
      findings: entry.findings.map((finding) =>
        finding.status === 'fail' ? { ...finding, baselineState: 'new' as const } : finding,
      ),
    }));
    const resolved = {
      export: 'acme',
      rule: 'bucket-region',
      status: 'fail',
      severity: 'medium',
      resource: 'r',
      message: 'The bucket was elsewhere.',
      fingerprint: 'f',
    } as const;
    const baseline = { startedAt: '2026-01-01T00:00:00.000Z', new: 1, unchanged: 2, resolved: [resolved] };
    const text = await render(format, { ...rest, exports: marked, baseline });
    expect(text).toMatch(/Since the baseline of .*1 new, 2 unchanged, 1 resolved/);
    expect(text).toMatch(/The bucket was elsewhere/);
    expect(text).toMatch(/new\)|\*\*new\*\*|NEW/);
  },
);

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
      '##vso[task.setvariable variable=owned]1',
      "##teamcity[buildStatus text='owned']",
      ...[20, 40, 60, 80, 100].map((width) => `${'a'.repeat(width)} ::error::owned`),
      '](javascript:alert(1))',
      '\u202egnp.exe',
      '\u{e0041}\u{e007f}\u3164\u034f\u{e0100}\ufe0f\u115f',
      '-->]]>',
      'x'.repeat(100_000),
    ),
    // A report may break its lines at any space.
    fc
      .array(fc.constantFrom('a', 'a-longer-word', '::error::owned', '##vso[a.b]', ':'), { maxLength: 60 })
      .map((words) => words.join(' ')),
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

  /** What no reader of a report may ever get: escape sequences, invisible direction changes, workflow commands. */
  const HARMFUL =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Default_Ignorable_Code_Point}|^\s*::[a-z]|##[\w.-]*\[/imu;

  /** What only one format's readers would act on. */
  const HARMFUL_IN: Partial<Record<FormatName, RegExp>> = {
    junit: /<(script|img)/,
    markdown: /<(script|img)|\]\(javascript|(^|[^\\])!\[|@SUM/,
    html: /<script>alert|<img/,
    csv: /(^|,)"\s*[=+\-@＝＋－＠]/m,
  };

  /** What a reader shows or acts on: not our own sign for the encoding, and no markup in a block of code. */
  const shown: Partial<Record<FormatName, (text: string) => string>> = {
    csv: (text) => text.replace(/^\ufeff/, ''),
    markdown: (text) => text.replaceAll('⚠️', '').replaceAll(/^ {2}(`{3,})sh\n( {2}.*\n)*? {2}\1$/gm, ''),
  };

  const parse: Partial<Record<FormatName, (text: string) => unknown>> = {
    json: JSON.parse,
    sarif: JSON.parse,
    ocsf: JSON.parse,
    ndjson: (text) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    asff: (text) =>
      text
        .trimEnd()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };

  const hostileReport = (findings: readonly Finding[], name: string): Report => {
    const { exports, ...rest } = report(findings, name);
    const documents = Object.fromEntries(
      findings.map(({ location }) => [location?.document ?? '', { [name]: [name] }]),
    );
    const notices = [{ kind: 'exception-stale' as const, message: name, file: name, line: 1 }];
    return { ...rest, notices, exports: exports.map((entry) => ({ ...entry, region: name, documents })) };
  };

  test.each(FORMAT_NAMES)('come out harmless in %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(finding, { maxLength: 2 }), hostile, async (findings, name) => {
        const text = await render(format, hostileReport(findings, name));
        expect(shown[format]?.(text) ?? text).not.toMatch(HARMFUL);
        expect(shown[format]?.(text) ?? text).not.toMatch(HARMFUL_IN[format] ?? /(?!)/);
        parse[format]?.(text);
      }),
      { numRuns: 100 },
    );
  });

  test('are seen by these tests where they come out as they are', () => {
    for (const harm of [
      '\u001b[2J',
      '\u202e',
      '\u{e0041}',
      '\u3164',
      '\u034f',
      '::error::x',
      '  ::error::x',
      'a ##[error]x',
      '##vso[x]',
      'a ##teamcity[x',
    ])
      expect(harm).toMatch(HARMFUL);
    expect('"a","=1"').toMatch(HARMFUL_IN.csv as RegExp);
  });

  test('json keeps the data as they are', async () => {
    const name = '\u001b[2J\u202e##[error]##vso[a]\u{1f600}\ud800';
    const found = report(violating.exports[0]?.findings ?? [], name);
    expect(JSON.parse(await render('json', found))).toEqual(JSON.parse(JSON.stringify(found)));
  });

  test.each(FORMAT_NAMES)('of 10 MB are no burden in %s', async (format) => {
    const long = '<=\u001b☃'.repeat(2_500_000);
    const [first] = violating.exports[0]?.findings.filter(({ status }) => status === 'fail') ?? [];
    const changed = { ...(first as Finding), message: long, actual: { a: [long] } };
    const location = { document: 'd', pointer: '/a/0' };
    const { exports, ...rest } = report([{ ...changed, location }]);
    const text = await render(format, {
      ...rest,
      exports: exports.map((entry) => ({ ...entry, documents: { d: { a: [long] } } })),
    });
    expect(shown[format]?.(text) ?? text).not.toMatch(HARMFUL);
    // The machine's own formats carry everything; what people read is cut, and says so.
    if (!['json', 'ndjson'].includes(format)) expect(text.length).toBeLessThan(400_000);
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
