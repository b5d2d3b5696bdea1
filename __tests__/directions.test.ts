/** The rules on imports in `.dependency-cruiser.cjs` can fail: each is given an import that it forbids. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

interface Rule {
  readonly name: string;
}

const { forbidden } = require('../.dependency-cruiser.cjs') as { forbidden: readonly Rule[] };

/** The file, what it imports, and the rule that forbids it. */
const FORBIDDEN: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ['contract/a.ts', 'logs/target', 'contract-imports-one-way'],
  ['config/a.ts', 'checks/target', 'config-imports-one-way'],
  ['logs/a.ts', 'checks/target', 'logs-imports-one-way'],
  ['logs/f.ts', 'contract/target', 'logs-imports-one-way'],
  ['lambda/a.ts', 'checks/target', 'lambda-imports-one-way'],
  ['lambda/b.ts', 'contract/target', 'lambda-imports-one-way'],
  ['modules/a.ts', 'checks/rules/target', 'modules-imports-one-way'],
  ['modules/b.ts', 'checks/observe/declared-options/target', 'modules-imports-one-way'],
  ['checks/a.ts', 'scripts/target', 'checks-imports-one-way'],
  ['checks/policy/a.ts', 'contract/target', 'checks-policy-imports-one-way'],
  ['checks/observe/a.ts', 'checks/policy/target', 'checks-observe-imports-one-way'],
  ['checks/evidence/a.ts', 'checks/remedy/target', 'checks-evidence-imports-one-way'],
  ['checks/remedy/a.ts', 'checks/rules/target', 'checks-remedy-imports-one-way'],
  ['checks/rules/a.ts', 'checks/report/target', 'checks-rules-imports-one-way'],
  ['checks/verdict/a.ts', 'checks/report/target', 'checks-verdict-imports-one-way'],
  ['checks/report/a.ts', 'checks/policy/target', 'checks-report-imports-one-way'],
  ['checks/report/c.ts', 'checks/observe/observation/target', 'checks-report-imports-one-way'],
  ['checks/adopt/a.ts', 'checks/rules/target', 'checks-adopt-imports-one-way'],
  ['checks/auditor-policy/a.ts', 'checks/rules/target', 'checks-auditor-policy-imports-one-way'],
  ['checks/pages/a.ts', 'checks/report/target', 'checks-pages-imports-one-way'],
  ['package/a.ts', 'cli/target', 'nobody-imports-the-command-line'],
  ['bench/a.ts', 'cli/target', 'nobody-imports-the-command-line'],
  ['main.ts', 'package/target', 'nobody-imports-the-package'],
  ['config/b.ts', '@smithy/core', 'contract-and-config-know-no-cloud'],
  ['contract/b.ts', '@aws-sdk/client-s3', 'contract-and-config-know-no-cloud'],
  ['checks/rules/b.ts', '@aws-sdk/client-s3', 'only-observe-reads-aws'],
  ['logs/b.ts', '@aws-sdk/not-installed', 'only-observe-reads-aws'],
  ['cli/b.ts', 'cdktf', 'only-constructs-load-cdktf'],
  ['checks/report/b.ts', '@cdktf/provider-aws', 'only-constructs-load-cdktf'],
  ['cli/c.ts', 'constructs', 'only-constructs-load-cdktf'],
  ['contract/c.ts', 'node:fs', 'contract-config-and-logs-do-no-io'],
  ['config/file/schema.ts', 'node:fs/promises', 'contract-config-and-logs-do-no-io'],
  ['logs/c.ts', 'node:http', 'contract-config-and-logs-do-no-io'],
  ['checks/rules/d.ts', 'node:fs', 'checks-do-no-io'],
  ['checks/evidence/d.ts', 'node:child_process', 'checks-do-no-io'],
  ['checks/verdict/d.ts', 'node:net', 'checks-do-no-io'],
];

const ALLOWED: readonly (readonly [file: string, imported: string])[] = [
  ['checks/observe/live/e.ts', '@aws-sdk/client-s3'],
  ['checks/observe/live/f.ts', 'node:http'],
  ['cli/e.ts', '@aws-sdk/client-s3'],
  ['cli/f.ts', 'checks/rules/target'],
  ['modules/e.ts', 'cdktf'],
  ['config/file/read.ts', 'node:fs'],
  ['logs/e.ts', 'node:zlib'],
  ['checks/verdict/e.ts', 'node:crypto'],
  ['checks/rules/e.ts', 'checks/policy/target'],
];

const PACKAGES = ['@aws-sdk/client-s3', '@smithy/core', '@cdktf/provider-aws', 'cdktf', 'constructs'];

let folder: string;

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'directions-'));
  for (const [file, imported] of [...FORBIDDEN, ...ALLOWED]) {
    const ours = imported.endsWith('/target');
    const up = '../'.repeat(file.split('/').length - 1) || './';
    put(`house/${file}`, `import '${ours ? up : ''}${imported}';\n`);
    if (ours) put(`house/${imported}.ts`, 'export {};\n');
  }
  put('house/package.json', '{}');
  put('house/tsconfig.json', readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  // As a Terraform project of CDKTF has it; it is not the package.
  put('house/cdktf.json', '{}');
  for (const name of PACKAGES) {
    put(`elsewhere/node_modules/${name}/package.json`, `{ "name": "${name}", "main": "index.js" }`);
    put(`elsewhere/node_modules/${name}/index.js`, '');
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Violation {
  readonly from: string;
  readonly rule: Rule;
}

const violations = () => {
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', '.'],
    ],
    { cwd: join(folder, 'house'), encoding: 'utf8' },
  );
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
};

test('every rule has an import that it forbids', () => {
  expect([...new Set(FORBIDDEN.map(([, , rule]) => rule))].sort()).toEqual(
    forbidden.map(({ name }) => name).sort(),
  );
});

test.each(['linked', 'here'])('each is found, and nothing else, with node_modules %s', (where) => {
  const from = join(folder, 'elsewhere/node_modules');
  const to = join(folder, 'house/node_modules');
  rmSync(to, { recursive: true, force: true });
  if (where === 'linked') symlinkSync(from, to);
  else for (const name of PACKAGES) put(`house/node_modules/${name}/index.js`, '');
  expect(violations().sort()).toEqual(FORBIDDEN.flatMap(([file, , rule]) => `${file}: ${rule}`).sort());
});

test('the one file that may name a client of AWS outside the rooms that call it imports a type', () => {
  const code = readFileSync(join(ROOT, 'checks/report/asff.ts'), 'utf8');
  const lines = code.split('\n').filter((line) => line.includes('@aws-sdk'));
  expect(lines).toEqual([expect.stringMatching(/^import type \{ \w+ \} from /)]);
});
