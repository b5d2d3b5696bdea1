/** Reports are what the format's own schema, or the service that reads them, demands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import Ajv, { type ValidateFunction } from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';
import { memoryPages, validateXML } from 'xmllint-wasm';
import { FORMAT_NAMES, type FormatName, formatReport } from '../../../checks/report/formats';
import type { Report } from '../../../checks/verdict/finding';
import { EVERYTHING, largeReport, OPTIONS, reportOf } from './support';

const read = (...path: string[]) => readFileSync(join(__dirname, '..', '..', ...path), 'utf8');
const render = (format: FormatName, report: Report = EVERYTHING) => formatReport(report, format, OPTIONS);
const NOTHING = reportOf([]);

const compiled = new Map<object, ValidateFunction>();

/** What a validator has against a value; empty where it is valid. */
function faults(schema: object, value: unknown, Validator: typeof Ajv | typeof AjvDraft04 = Ajv): string[] {
  let validate = compiled.get(schema);
  if (!validate) {
    const ajv = new Validator({ allErrors: true, strict: false, unicodeRegExp: false });
    addFormats(ajv as Ajv);
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test('the report of these tests has findings of every status and of every rule', () => {
  const findings = EVERYTHING.exports.flatMap((entry) => entry.findings);
  const statuses = new Set(findings.map(({ status }) => status));
  expect([...statuses].sort()).toEqual(['advice', 'excepted', 'fail', 'pass', 'unknown']);
  const failing = new Set(findings.flatMap(({ rule, status }) => (status === 'fail' ? [rule] : [])));
  expect([...failing].sort()).toEqual(OPTIONS.rules.map(({ id }) => id).sort());
});

describe('json', () => {
  const schema = JSON.parse(read('..', 'docs', 'schema', 'report.schema.json'));

  test.each([
    ['with everything', EVERYTHING],
    ['with nothing', NOTHING],
  ])('%s is valid by the published schema', async (_what, report) => {
    expect(faults(schema, JSON.parse(await render('json', report)))).toEqual([]);
  });

  test('the schema refuses what is no report', () => {
    const { exports, ...rest } = EVERYTHING;
    expect(faults(schema, rest)).toContain(" must have required property 'exports'");
    const odd = { ...EVERYTHING, exports: exports.map((entry) => ({ ...entry, status: 'fine' })) };
    expect(faults(schema, odd)).not.toEqual([]);
    expect(faults(schema, { ...EVERYTHING, more: 1 })).not.toEqual([]);
  });
});

test('every line of ndjson is valid by the published schema, and the last one is the summary', async () => {
  const schema = JSON.parse(read('..', 'docs', 'schema', 'report-line.schema.json'));
  const lines = (await render('ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.flatMap((line) => faults(schema, line))).toEqual([]);
  expect(lines[0]).toMatchObject({ type: 'run' });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', summary: EVERYTHING.summary });
  expect(lines.filter(({ type }) => type === 'finding')).toHaveLength(
    EVERYTHING.exports.flatMap((entry) => entry.findings).length,
  );
  expect(faults(schema, { type: 'other' })).not.toEqual([]);
});

describe('sarif', () => {
  const schema = JSON.parse(read('schemas', 'sarif-2.1.0-rtm.5.json'));

  test.each([
    ['with everything', EVERYTHING],
    ['with nothing', NOTHING],
  ])('%s is valid by OASIS’s schema', async (_what, report) => {
    expect(faults(schema, JSON.parse(await render('sarif', report)), AjvDraft04)).toEqual([]);
  });

  test('the schema refuses what is no log', () => {
    expect(faults(schema, { version: '2.1.0', runs: [{ results: [] }] }, AjvDraft04)).not.toEqual([]);
  });

  test('keeps within GitHub’s limits, tells alerts apart, and says what it leaves out', async () => {
    const {
      runs: [run],
    } = JSON.parse(await render('sarif')) as Log;
    const prints = run?.results?.map(
      ({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash,
    );
    expect(new Set(prints).size).toBe(prints?.length);
    for (const rule of run?.tool.driver.rules ?? []) {
      expect(rule.fullDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(rule.help?.markdown).toContain('How to fix it');
      expect((rule.properties?.tags ?? []).length).toBeLessThanOrEqual(10);
    }
    const {
      runs: [large],
    } = JSON.parse(await render('sarif', largeReport(25_100))) as Log;
    expect(large?.results).toHaveLength(25_000);
    expect(large?.invocations?.[0]?.toolConfigurationNotifications?.[0]?.message.text).toMatch(
      /^100 results are left out/,
    );
  });

  test('names the config relative to the working directory', async () => {
    const uriOf = async (configFile: string) => {
      const {
        runs: [run],
      } = JSON.parse(await formatReport(EVERYTHING, 'sarif', { ...OPTIONS, configFile })) as Log;
      return run?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    };
    expect(await uriOf(join(process.cwd(), 'conf', 'a b.yaml'))).toBe('conf/a%20b.yaml');
    expect(await uriOf('./altr-exports.yaml')).toBe('altr-exports.yaml');
    expect(await uriOf('/etc/altr exports.yaml')).toBe('file:///etc/altr%20exports.yaml');
  });
});

describe('junit', () => {
  const validate = async (contents: string) => {
    const { errors } = await validateXML({
      xml: [{ fileName: 'report.xml', contents }],
      schema: [{ fileName: 'junit-10.xsd', contents: read('schemas', 'junit-10.xsd') }],
      maxMemoryPages: memoryPages.MiB * 64,
    });
    return errors.map(({ message }) => message);
  };

  test.each([
    ['with everything', EVERYTHING],
    ['with nothing', NOTHING],
  ])('%s is valid by Jenkins’s schema', async (_what, report) => {
    expect(await validate(await render('junit', report))).toEqual([]);
  });

  test('the schema refuses what is no report', async () => {
    expect(await validate('<testsuites><testcase/></testsuites>')).not.toEqual([]);
  });

  test('has a case for each rule: unknown is an error, advice passes with a note, what is accepted is skipped', async () => {
    const text = await render('junit');
    const suite = (name: string) =>
      text.match(new RegExp(`<testsuite name="${name}"[\\s\\S]*?</testsuite>`))?.[0] ?? '';
    expect(suite('many')).toMatch(/tests="17" failures="\d" errors="0" skipped="0"/);
    expect(suite('many').match(/<testcase /g)).toHaveLength(17);
    expect(suite('many')).toMatch(/name="permissions-action-scope" time="0">\n {6}<failure[\s\S]*<failure/);
    expect(suite('role-unread')).toMatch(
      /name="role-exists" time="0">\n {6}<error type="unreadable" message="It can(’|&#39;)t be decided/,
    );
    expect(suite('advice')).toMatch(/name="bucket-foreign-access" time="0">\n {6}<system-out>advice: /);
    expect(suite('accepted')).toMatch(
      /<skipped message="[^"]*Accepted by sec@example.org until 2026-06-30: moves in June"\/>/,
    );
  });
});

describe('ocsf', () => {
  const schema = JSON.parse(read('schemas', 'ocsf-1.9.0-compliance-finding.schema.json'));

  test('every event is a valid Compliance Finding', async () => {
    const events: unknown[] = JSON.parse(await render('ocsf'));
    expect(events).toHaveLength(EVERYTHING.exports.flatMap((entry) => entry.findings).length);
    expect(events.flatMap((event) => faults(schema, event)).slice(0, 5)).toEqual([]);
    expect(faults(schema, { class_uid: 2003 })).not.toEqual([]);
    expect(JSON.parse(await render('ocsf', NOTHING))).toEqual([]);
  });

  test('says pass, warning for unknown, fail; what is accepted is a suppressed failure', async () => {
    const events = JSON.parse(await render('ocsf')) as {
      compliance: { status_code: string; status_id: number };
      status_id?: number;
    }[];
    const seen = new Set(
      events.map(
        ({ compliance, status_id }) =>
          `${compliance.status_code} ${compliance.status_id} ${status_id ?? '-'}`,
      ),
    );
    expect([...seen].sort()).toEqual(['advice 1 -', 'excepted 3 3', 'fail 3 1', 'pass 1 -', 'unknown 2 1']);
  });
});

describe('asff', () => {
  const batches = async (report?: Report) =>
    (await render('asff', report))
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { Findings: AwsSecurityFinding[] });

  test('is batches of at most 100 findings of one account and region', async () => {
    const large = await batches(largeReport(1_050));
    expect(large.flatMap(({ Findings }) => Findings)).toHaveLength(1_100);
    for (const { Findings } of [...large, ...(await batches())]) {
      expect(Findings.length).toBeLessThanOrEqual(100);
      expect(new Set(Findings.map(({ ProductArn }) => ProductArn)).size).toBe(1);
    }
  });

  test('keeps to the sizes of Security Hub, also for long texts', async () => {
    const long = {
      ...EVERYTHING,
      exports: EVERYTHING.exports.map((entry) => ({
        ...entry,
        findings: entry.findings.map((finding) => ({
          ...finding,
          message: 'ü'.repeat(5_000),
          resource: `arn:aws:s3:::${'é'.repeat(3_000)}`,
        })),
      })),
    };
    for (const { Findings } of [...(await batches()), ...(await batches(long))]) {
      for (const finding of Findings) {
        const size = (text: string | undefined) => Buffer.byteLength(text ?? '');
        expect(size(finding.Title)).toBeLessThanOrEqual(256);
        expect(size(finding.Description)).toBeLessThanOrEqual(1024);
        expect(size(finding.Id)).toBeLessThanOrEqual(512);
        expect(size(finding.Remediation?.Recommendation?.Text)).toBeLessThanOrEqual(512);
        expect(size(finding.Resources?.[0]?.Id)).toBeLessThanOrEqual(512);
        for (const value of Object.values(finding.ProductFields ?? {}))
          expect(size(value)).toBeLessThanOrEqual(2048);
        expect(size(JSON.stringify(finding))).toBeLessThan(240_000);
      }
    }
  });

  test('has the required fields, and the status that the finding has', async () => {
    const all = (await batches()).flatMap(({ Findings }) => Findings);
    const first = all.find(
      ({ GeneratorId, Compliance }) => GeneratorId === 'trust-external-id' && Compliance?.Status === 'FAILED',
    );
    expect(first).toMatchObject({
      SchemaVersion: '2018-10-08',
      ProductArn: 'arn:aws:securityhub:us-east-1:123456789012:product/123456789012/default',
      AwsAccountId: '123456789012',
      CreatedAt: '2026-01-01T00:00:00.000Z',
      UpdatedAt: '2026-01-01T00:00:01.000Z',
      Types: ['Software and Configuration Checks/AWS Security Best Practices'],
      Severity: { Label: 'CRITICAL' },
      Resources: [
        {
          Type: 'AwsIamRole',
          Id: 'arn:aws:iam::123456789012:role/ALTRPublishSIEMDataAcmeProd',
          Partition: 'aws',
          Region: 'us-east-1',
        },
      ],
    });
    // What the baseline had and is no more.
    expect(all.filter(({ RecordState }) => RecordState === 'ARCHIVED')).toMatchObject([
      {
        Id: 'acme/role-exists::missing::1',
        Compliance: { Status: 'PASSED' },
        Workflow: { Status: 'RESOLVED' },
      },
    ]);
    const seen = new Set(
      all.map(({ ProductFields, Compliance }) => `${ProductFields?.['altr/status']} ${Compliance?.Status}`),
    );
    expect([...seen].sort()).toEqual([
      'advice PASSED',
      'excepted FAILED',
      'fail FAILED',
      'pass PASSED',
      'resolved PASSED',
      'unknown WARNING',
    ]);
  });
});

test('every format renders a report of nothing', async () => {
  for (const format of FORMAT_NAMES) expect(typeof (await render(format, NOTHING))).toBe('string');
});
