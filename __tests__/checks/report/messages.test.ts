/** `brief` and `slack` against the limits of those who carry them. */
import { formatReport } from '../../../checks/report/formats';
import type { ExportReport, Report } from '../../../checks/verdict/finding';
import { beside, put } from '../rules/builders';
import { EVERYTHING, exportOf, fleet, OPTIONS, reportOf } from './support';

/** What SNS takes (Amazon SNS API Reference, "Publish"). */
const SNS = 262_144;

const violating = exportOf('acme', beside(put({ Action: 's3:GetObject' })));
const many = reportOf(Array.from({ length: 200 }, (_, index) => ({ ...violating, name: `acme-${index}` })));

/** Exports with a rule each of its own name, so that nothing can be grouped. */
const manyCauses = (count: number, message = 'It is wrong.'): Report =>
  reportOf(
    Array.from({ length: count }, (_, index): ExportReport => {
      const [first] = violating.findings.filter(({ status }) => status === 'fail');
      if (!first) throw new Error('no violation');
      return {
        ...violating,
        name: `acme-${index}`,
        findings: [{ ...first, rule: `rule-${index}`, message }],
      };
    }),
  );

const brief = (report: Report, options = {}) => formatReport(report, 'brief', { ...OPTIONS, ...options });

interface Block {
  readonly type: string;
  readonly text: { readonly type: string; readonly text: string };
}
const slack = async (report: Report, options = {}) =>
  JSON.parse(await formatReport(report, 'slack', { ...OPTIONS, ...options })) as {
    readonly text: string;
    readonly blocks: readonly Block[];
  };

const HISTORY: Report = {
  ...many,
  exports: many.exports.map((entry, index) => ({
    ...entry,
    findings: entry.findings.map((finding) =>
      finding.status === 'fail'
        ? { ...finding, baselineState: index === 7 ? ('new' as const) : ('unchanged' as const) }
        : finding,
    ),
  })),
  baseline: { ...(EVERYTHING.baseline as NonNullable<Report['baseline']>), new: 1, unchanged: 199 },
};

test('brief tells the counts, the causes and where the whole report is', async () => {
  expect(await brief(many, { wholeReports: ['report.json', 'report.html'] })).toBe(
    [
      'ALTR audit-log exports: 200 of 200 violating',
      '200 exports, 0 compliant, 200 violating, 0 unknown; 200 violations: 200 high',
      '',
      'Top causes:',
      '- high permissions-action-scope in 200 exports (acme-0, acme-1, acme-2, …): for example, The inline policy more of role ALTRPublishSIEMDataAcmeProd allows s3:GetObject, more than s3:PutObject.',
      '',
      'Whole report: report.json, report.html',
      '',
    ].join('\n'),
  );
});

test('brief tells what is new first, and what is resolved', async () => {
  expect(await brief(HISTORY)).toMatch(
    /\nSince the baseline of 2025-12-31T00:00:00.000Z: 1 new, 199 unchanged, 1 resolved\n\nNew since the baseline:\n- high permissions-action-scope in acme-7: .*\n\nEverything that is open:\n- high permissions-action-scope in 200 exports .*\n\nResolved since the baseline:\n- role-exists in acme: There is no role r\.\n/,
  );
});

test('brief says no more than the counts where nothing is open', async () => {
  expect(await brief(reportOf([exportOf('acme', {})]))).toBe(
    'ALTR audit-log exports: compliant\n1 export, 1 compliant, 0 violating, 0 unknown\n',
  );
});

test.each([
  ['1,024 bytes', 1_024],
  ['8,192 bytes, the default', undefined],
  ['what SNS takes', SNS],
])('brief keeps within %s, and tells how much is left out', async (_what, maxBytes) => {
  for (const report of [many, HISTORY, EVERYTHING, fleet(1_000), manyCauses(3_000, '☃'.repeat(400))]) {
    const text = await brief(report, { maxBytes, wholeReports: ['report.json'] });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes ?? 8_192);
    expect(text).toContain('\nWhole report: report.json\n');
    expect(text).not.toMatch(/:\n\n… and/);
  }
  const cut = await brief(manyCauses(3_000, '☃'.repeat(400)), { maxBytes });
  const [, left] = /\n… and (\d+) more\n$/.exec(cut) ?? [];
  expect(Number(left) + (cut.match(/^- /gm) ?? []).length).toBe(3_000);
});

test('200 violating exports fit into what SNS takes, whole', async () => {
  const text = await brief(many, { maxBytes: SNS });
  expect(Buffer.byteLength(text)).toBeLessThan(SNS);
  expect(text).not.toContain('… and');
});

test('slack keeps within every limit of Block Kit, and tells how much is left out', async () => {
  for (const report of [
    many,
    HISTORY,
    EVERYTHING,
    fleet(1_000),
    manyCauses(3_000),
    manyCauses(3_000, '<&>'.repeat(160)),
  ]) {
    const { text, blocks } = await slack(report, { wholeReports: ['report.json'] });
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
    for (const block of blocks) {
      expect(block.text.type).toBe('plain_text');
      expect(block.text.text.length).toBeGreaterThan(0);
      expect(block.text.text.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000);
    }
    expect(blocks.at(-1)?.text.text).toBe('Whole report: report.json');
  }
  const { blocks } = await slack(manyCauses(3_000));
  const shown = blocks.flatMap(({ text: { text } }) => text.match(/^•/gm) ?? []).length;
  expect(blocks.at(-1)?.text.text).toBe(`… and ${3_000 - shown} more`);
  expect(shown).toBeGreaterThan(50);
});

test('slack shows the counts, what is new and the causes', async () => {
  const { text, blocks } = await slack(HISTORY);
  expect(text).toBe('ALTR audit-log exports: 200 of 200 violating');
  expect(blocks.map(({ type, text: { text: own } }) => `${type}: ${own.split('\n')[0]}`)).toEqual([
    'header: ALTR audit-log exports: 200 of 200 violating',
    'section: 200 exports, 0 compliant, 200 violating, 0 unknown; 200 violations: 200 high',
    'section: New since the baseline',
    'section: Everything that is open',
    'section: Resolved since the baseline',
  ]);
});

test('slack makes no mention and no link of a name', async () => {
  const { blocks } = await slack(reportOf([{ ...violating, name: '<!channel> & <https://evil.example|x>' }]));
  const all = blocks.map(({ text }) => text.text).join('\n');
  expect(all).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;');
  expect(all).not.toContain('<');
});
