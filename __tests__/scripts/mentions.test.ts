/** Documents and examples name the version that package.json has. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { version } from '../../package.json';

const ROOT = join(__dirname, '..', '..');

const evaluate = (code: string, ...args: readonly string[]) =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '-e',
        `import(process.argv[1]).then((mentions) => process.stdout.write(JSON.stringify(${code})))`,
        join(ROOT, 'scripts', 'mentions.mjs'),
        ...args,
      ],
      { encoding: 'utf8' },
    ),
  );

test('every version that documents and examples name is this one', () => {
  const found: [string, string[]][] = evaluate(
    `mentions.filesWithMentions(process.argv[2]).map((file) => [file, mentions.mentionsIn(require('fs').readFileSync(file, 'utf8'))])`,
    ROOT,
  );
  expect(found.length).toBeGreaterThanOrEqual(4);
  expect(found.filter(([, versions]) => versions.some((named) => named !== version))).toEqual([]);
});

test.each([
  ['npm install ./altr-audit-log-export-kit-1.2.3.tgz', 'npm install ./altr-audit-log-export-kit-9.9.9.tgz'],
  [
    `uses: a/altr-audit-log-export-kit@${'0'.repeat(40)} # v1.2.3`,
    `uses: a/altr-audit-log-export-kit@${'0'.repeat(40)} # v9.9.9`,
  ],
  [
    'image: ghcr.io/acme/altr-audit-log-export-kit:1.2.3',
    'image: ghcr.io/acme/altr-audit-log-export-kit:9.9.9',
  ],
  ['npx altr-audit-log-export-kit@1.2.3 check', 'npx altr-audit-log-export-kit@9.9.9 check'],
  ["git ls-remote REPOSITORY 'v1.2.3^{}'", "git ls-remote REPOSITORY 'v9.9.9^{}'"],
  ['  KIT_VERSION: 1.2.3', '  KIT_VERSION: 9.9.9'],
  [
    '- repo: https://github.com/acme/altr-audit-log-export-kit\n  rev: v1.2.3',
    '- repo: https://github.com/acme/altr-audit-log-export-kit\n  rev: v9.9.9',
  ],
  ['"altr-audit-log-export-kit": "1.2.3"', '"altr-audit-log-export-kit": "9.9.9"'],
  // Versions of others stay.
  [
    '- repo: https://github.com/acme/other\n  rev: v4.2.2',
    '- repo: https://github.com/acme/other\n  rev: v4.2.2',
  ],
  ['"cdktf": "0.21.0", uses: actions/checkout@v4.2.2', '"cdktf": "0.21.0", uses: actions/checkout@v4.2.2'],
])('%s', (before, after) => {
  expect(evaluate('[mentions.withVersion(process.argv[2], "9.9.9")]', before)).toEqual([after]);
});
