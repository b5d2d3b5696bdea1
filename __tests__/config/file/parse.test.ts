import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ConfigPurpose, parseConfig } from '../../../config/file/parse';
import { readConfig } from '../../../config/file/read';
import { definitionOf } from '../../../config/schema';

const GOOD = `altr:
  awsAccountId: "011122223333"
exports:
  - name: acme
    clientId: 1c42465e-4bf2-4e83-90d6-f6fbcac03634
    bucket: acme-logs
    region: eu-west-1
    roleName: ALTRPublishSIEMDataAcme
`;

/** `line: message` of each fault. */
function faults(text: string, purpose: ConfigPurpose = 'audit'): string[] {
  try {
    parseConfig(text, 'f.yaml', purpose);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => `${problem.line}: ${problem.message}`);
  }
  return [];
}

const changed = (from: string, to: string) => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};

describe('a valid config', () => {
  test('gives the definitions of its exports and their lines', () => {
    const { config, exportLines } = parseConfig(GOOD, 'f.yaml', 'provision');
    const [entry] = config.exports;
    expect(entry && definitionOf(config, entry)).toEqual({
      name: 'acme',
      altrAccountId: '011122223333',
      clientId: '1c42465e-4bf2-4e83-90d6-f6fbcac03634',
      bucket: 'acme-logs',
      region: 'eu-west-1',
      roleName: 'ALTRPublishSIEMDataAcme',
    });
    expect(exportLines).toEqual({ acme: 4 });
  });

  test('may be JSON, and may begin with a byte-order mark', () => {
    const { config } = parseConfig(GOOD, 'f.yaml', 'audit');
    expect(parseConfig(`\uFEFF${JSON.stringify(config)}`, 'f.json', 'audit').config).toEqual(config);
  });

  test('the example is one', () => {
    const text = readFileSync(join(__dirname, '../../../examples/altr-exports.yaml'), 'utf8');
    expect(faults(text, 'provision')).toEqual([]);
    expect(text).toMatch(/^# yaml-language-server: \$schema=/);
  });
});

describe('a role name without the prefix', () => {
  const text = changed('ALTRPublishSIEMDataAcme', 'clicked-together-in-2019');

  test('may be audited', () => expect(faults(text, 'audit')).toEqual([]));

  test('is not provisioned', () =>
    expect(faults(text, 'provision')).toEqual([
      '8: exports[0].roleName "clicked-together-in-2019" must start with ALTRPublishSIEMData: ALTR assumes no other role',
    ]));
});

describe('faults', () => {
  test.each([
    [
      'an account ID that YAML reads as a number',
      changed('"011122223333"', '011122223333'),
      '2: altr.awsAccountId 011122223333 must be in quotes, since YAML reads it as a number and loses its leading zero (11122223333): write "011122223333"',
    ],
    [
      'a client ID that YAML reads as a number',
      changed('1c42465e-4bf2-4e83-90d6-f6fbcac03634', '12e45'),
      '5: exports[0].clientId 12e45 must be in quotes, since YAML reads it as a number: write "12e45"',
    ],
    [
      'a mistyped key',
      changed('clientId:', 'client_id:'),
      '4: exports[0].clientId is missing',
      '5: unknown key "client_id" in exports[0]; did you mean "clientId"?',
    ],
    ['a missing key', changed('    bucket: acme-logs\n', ''), '4: exports[0].bucket is missing'],
    ['an empty value', changed('acme-logs', ''), '6: exports[0].bucket is empty'],
    [
      'a list where text belongs',
      changed('acme-logs', '[acme-logs]'),
      '6: exports[0].bucket ["acme-logs"] must be text',
    ],
    ['no exports', GOOD.slice(0, GOOD.indexOf('exports:')), '1: exports is missing'],
    ['a text alone', 'hello', '1: the config "hello" must be an object with keys'],
    ['an empty file', '', '1: is empty; it needs "altr" and "exports"'],
    ['a file of comments', '# nothing\n', '1: is empty; it needs "altr" and "exports"'],
    [
      'a key given twice',
      changed('    bucket:', '    name: twice\n    bucket:'),
      '6: has the same key twice in one object; keep one of them',
    ],
  ])('%s', (_why, text, ...expected) => expect(faults(text)).toEqual(expected));

  test('come all at once, each with its line', () => {
    const text = GOOD.replace('"011122223333"', '"123"')
      .replace('acme-logs', 'Acme')
      .replace('eu-west-1', 'europe');
    expect(faults(text).map((fault) => fault.split(':')[0])).toEqual(['2', '6', '7']);
  });

  test('two exports may share neither name nor bucket nor role, which IAM compares without case', () => {
    const twin = GOOD.slice(GOOD.indexOf('  - name')).replace(
      'ALTRPublishSIEMDataAcme',
      'ALTRPUBLISHSIEMDATAACME',
    );
    expect(faults(GOOD + twin)).toEqual([
      '9: exports[1].name "acme" is already that of exports[0]; each export needs its own',
      '11: exports[1].bucket "acme-logs" is already that of exports[0]; each export needs its own',
      '13: exports[1].roleName "ALTRPUBLISHSIEMDATAACME" is already that of exports[0]; each export needs its own',
    ]);
  });

  test.each([
    [
      'without an end',
      '    until: 2026-12-31\n',
      '',
      '10: exceptions[0].until is missing; every exception ends: write the last day on which it holds, as YYYY-MM-DD',
    ],
    ...['2026-02-30', 'soon', '2026-12-31T00:00:00Z', '31.12.2026'].map(
      (until) =>
        [
          `with the end ${until}`,
          '2026-12-31',
          until,
          `14: exceptions[0].until "${until}" is no date; write the last day on which it holds as YYYY-MM-DD`,
        ] as const,
    ),
    [
      'without an owner',
      '    owner: sec@acme.example\n',
      '',
      '10: exceptions[0].owner is missing; name who answers for it',
    ],
    ['for a blank reason', 'moves in June', '" "', '13: exceptions[0].reason " " must not be blank'],
    [
      'with a mistyped key',
      '    until:',
      '    util: x\n    until:',
      '14: unknown key "util" in exceptions[0]; did you mean "until"?',
    ],
  ] as const)('an exception %s', (_why, from, to, expected) => {
    const exception = `exceptions:
  - rule: bucket-region
    export: acme
    owner: sec@acme.example
    reason: moves in June
    until: 2026-12-31
`;
    expect(exception).toContain(from);
    expect(faults(GOOD + exception)).toEqual([]);
    expect(faults(GOOD + exception.replace(from, to))).toEqual([expected]);
  });

  test('an alias bomb is refused', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'd: [*c,*c,*c,*c,*c,*c]',
    ].join('\n');
    expect(faults(bomb)[0]).toMatch(/can't be expanded/);
  });
});

describe('the config file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'altr-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    [
      'is not there',
      join(folder, 'none.yaml'),
      /there is no config file .*none\.yaml; altr-export init .*, altr-export adopt .*, or name the right one/,
    ],
    ['is a folder', folder, /is a folder/],
  ])('that %s is named in one sentence', (_why, file, message) => {
    expect(() => readConfig('audit', file)).toThrow(message);
  });

  test('that is no UTF-8 is refused', () => {
    const file = join(folder, 'latin1.yaml');
    writeFileSync(file, Buffer.from([0xe9, 0x0a]));
    expect(() => readConfig('audit', file)).toThrow(/not a text in UTF-8/);
  });

  test('may be named by ALTR_EXPORTS_CONFIG', () => {
    const file = join(folder, 'named.yaml');
    writeFileSync(file, GOOD);
    process.env.ALTR_EXPORTS_CONFIG = file;
    try {
      expect(readConfig('audit').file).toBe(file);
    } finally {
      delete process.env.ALTR_EXPORTS_CONFIG;
    }
  });
});
