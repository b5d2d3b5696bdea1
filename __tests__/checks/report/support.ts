/** Real reports: set-ups judged by the rules, as a run would report them. */

import { type ExportObservation, unreadable } from '../../../checks/observe/observation';
import { declaredBy } from '../../../checks/pages/example';
import { observationOf, type SetUp } from '../../../checks/pages/set-up';
import type { ReportOptions } from '../../../checks/report/options';
import { RULES } from '../../../checks/rules';
import type { ExportReport, Finding, Report } from '../../../checks/verdict/finding';
import { judge, verdictOf } from '../../../checks/verdict/judge';
import { contractFor } from '../../../contract/contract';
import { allowAltr, beside, bucketPolicy, denyAll, put, trust } from '../rules/builders';
import { EXAMPLE } from '../rules/support';

export const OPTIONS: ReportOptions = {
  colour: false,
  width: 100,
  rules: RULES.map(({ metadata }) => metadata),
  configFile: 'altr-exports.yaml',
  exportLines: { acme: 4 },
};

/** A set-up, judged as an export of this name. */
export function exportOf(name: string, setUp: SetUp, changes: Partial<ExportObservation> = {}): ExportReport {
  const contract = contractFor({ ...EXAMPLE, name, roleName: setUp.roleName ?? EXAMPLE.roleName });
  const observation = observationOf(setUp, contract);
  const exports = observation.exports.map((entry) => ({ ...entry, ...changes }));
  const [report] = judge(
    { ...observation, exports },
    {
      contracts: [contract],
      declaredRoles: [contract],
      declared: declaredBy(setUp, name),
      ...(setUp.logFeed ? { feeds: new Map([[name, ['splunk']]]) } : {}),
    },
  );
  if (!report) throw new Error('no report');
  return report;
}

export function reportOf(exports: readonly ExportReport[]): Report {
  const count = (status: ExportReport['status']) => exports.filter((entry) => entry.status === status).length;
  return {
    schemaVersion: 1,
    tool: { name: 'altr-audit-log-export-kit', version: '0.1.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
    summary: {
      exports: exports.length,
      compliant: count('compliant'),
      violating: count('violating'),
      unknown: count('unknown'),
    },
    exports,
  };
}

/** The same export with its first violation accepted. */
export function accepted(entry: ExportReport): ExportReport {
  const first = entry.findings.find(({ status }) => status === 'fail');
  const findings = entry.findings.map(
    (finding): Finding =>
      finding === first
        ? {
            ...finding,
            status: 'excepted',
            exception: {
              owner: 'sec@example.org',
              reason: 'moves in June',
              until: '2026-06-30',
              expired: false,
              covers: 'fail',
            },
          }
        : finding,
  );
  return { ...entry, findings, status: verdictOf(findings) };
}

const UNREADABLE = unreadable({
  message: 'AWS denied iam:GetRole (AccessDenied)',
  api: 'iam:GetRole',
  code: 'AccessDenied',
  permission: 'iam:GetRole',
});

const MANY = exportOf('many', {
  ...beside(put({ Action: 's3:GetObject' }), put({ Action: 's3:DeleteObject' })),
  ...trust(allowAltr({ Condition: undefined })),
  ...bucketPolicy(denyAll({ Bool: { 'aws:SecureTransport': 'false' } }), {
    Effect: 'Allow',
    Principal: { AWS: '222222222222' },
    Action: 's3:GetObject',
    Resource: '*',
  }),
});

/** A report with findings of every kind and of every rule. */
export const EVERYTHING: Report = {
  ...reportOf([
    exportOf('acme', {}),
    MANY,
    accepted(exportOf('accepted', beside(put({ Action: 's3:GetObject' })))),
    exportOf('role-unread', {}, { role: UNREADABLE }),
    exportOf('nothing-read', {}, { accountId: UNREADABLE, role: UNREADABLE, bucket: UNREADABLE }),
    exportOf(
      'undecidable',
      trust(
        allowAltr({
          Condition: {
            StringEquals: { 'sts:ExternalId': EXAMPLE.clientId },
            IpAddress: { 'aws:SourceIp': '203.0.113.0/24' },
          },
        }),
      ),
    ),
    exportOf(
      'advice',
      bucketPolicy({
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `${EXAMPLE.bucketArn}/s3/*`,
      }),
    ),
    ...RULES.map(({ metadata: { id, examples } }) => exportOf(id, examples.violating.setUp)),
  ]),
  notices: [
    {
      kind: 'exception-stale',
      message: 'The exception from role-exists for acme matches nothing; remove it.',
      file: 'altr-exports.yaml',
      line: 12,
    },
  ],
  baseline: {
    startedAt: '2025-12-31T00:00:00.000Z',
    new: 1,
    unchanged: 2,
    resolved: [
      {
        export: 'acme',
        rule: 'role-exists',
        status: 'fail',
        severity: 'high',
        resource: 'r',
        message: 'There is no role r.',
        fingerprint: 'role-exists::missing::1',
      },
    ],
  },
};

/** Reports of this many findings, most of them violations, over exports of up to a hundred each. */
export function largeReport(findings: number): Report {
  const { findings: own, documents } = MANY;
  const wrong = own.filter(({ status }) => status !== 'pass');
  const exports = Array.from({ length: Math.ceil(findings / 100) }, (_, index): ExportReport => {
    const list = Array.from({ length: 100 }, (_, number) => {
      const finding = wrong[number % wrong.length] as Finding;
      return { ...finding, fingerprint: `${finding.fingerprint}::${index}::${number}` };
    });
    return { ...MANY, name: `export-${index}`, findings: list, ...(documents ? { documents } : {}) };
  });
  return reportOf(exports);
}

/** A report of this many exports in accounts of up to fifty each: most are compliant, the others differ in their faults. */
export function fleet(exports: number): Report {
  const kinds = EVERYTHING.exports.filter(({ accountId }) => accountId !== null);
  const [compliant] = kinds;
  return reportOf(
    Array.from({ length: exports }, (_, index): ExportReport => {
      const kind = (index % 5 === 0 ? kinds[(index / 5) % kinds.length] : compliant) as ExportReport;
      const accountId = String(100_000_000_000 + Math.floor(index / 50));
      return { ...kind, name: `export-${index}`, accountId };
    }),
  );
}
