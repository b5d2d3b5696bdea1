import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The scripts are ES modules, which run as they are. */
const call = (name: string, ...args: readonly string[]): string => {
  const script = join(__dirname, '..', '..', 'scripts', 'changelog.mjs');
  const code = `import(process.argv[1]).then((module) => process.stdout.write(module[process.argv[2]](...process.argv.slice(3))))`;
  return execFileSync(process.execPath, ['-e', code, script, name, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

const CHANGELOG =
  '# Changelog\n\nIntro.\n\n## 0.2.0 - unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-01-02\n\nFirst.\n';

describe('released', () => {
  test('dates the unreleased part, and that alone', () => {
    const dated = CHANGELOG.replace('unreleased', '2026-03-04');
    expect(call('released', CHANGELOG, '0.2.0', '2026-03-04')).toBe(dated);
    const unnamed = CHANGELOG.replace('0.2.0 - unreleased', 'Unreleased');
    expect(call('released', unnamed, '0.2.0', '2026-03-04')).toBe(dated);
  });

  test('refuses a changelog that has nothing unreleased', () => {
    expect(() => call('released', '# Changelog\n\n## 0.1.0 - 2026-01-02\n', '0.2.0', '2026-03-04')).toThrow(
      /has no heading "## Unreleased"/,
    );
  });
});

describe('notesOf', () => {
  const dated = CHANGELOG.replace('unreleased', '2026-03-04');

  test('is what stands under the version', () => {
    expect(call('notesOf', dated, '0.2.0')).toBe('### Added\n\n- A thing.\n');
    expect(call('notesOf', dated, '0.1.0')).toBe('First.\n');
  });

  test.each([
    ['has no heading', dated, '0.3.0', /no heading "## 0\.3\.0 - DATE"/],
    ['is not dated', CHANGELOG, '0.2.0', /gives 0\.2\.0 no date/],
    [
      'is empty',
      '## 0.2.0 - 2026-03-04\n\n## 0.1.0 - 2026-01-02\n\nFirst.\n',
      '0.2.0',
      /says nothing of 0\.2\.0/,
    ],
  ])('refuses a version that %s', (_what, text, version, message) => {
    expect(() => call('notesOf', text, version)).toThrow(message);
  });
});
