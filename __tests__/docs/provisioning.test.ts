/** The page on provisioning: its examples synthesise, and its number is right. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseConfig } from '../../config/file/parse';
import { exportOptionsShape } from '../../config/options';
import { synthesise } from '../../modules/stack/synthesise';
import { MATRIX } from '../modules/option-matrix';
import { blocksOf, readPage } from './pages';

const page = readPage('docs/provisioning.md');
const examples = blocksOf(page).filter(({ language }) => language === 'yaml');
const ALTR = { altr: { awsAccountId: '111122223333' } };
const CONFIG = stringify({
  ...ALTR,
  exports: [
    {
      name: 'acme',
      clientId: 'client-1',
      bucket: 'acme-altr-audit-logs',
      region: 'us-east-1',
      accountId: '123456789012',
    },
  ],
});

test.each(examples.map(({ code }, index) => [index + 1, code] as const))(
  'example %d synthesises',
  (_number, code) => {
    const folder = mkdtempSync(join(tmpdir(), 'altr-page-'));
    try {
      const isWhole = code.startsWith('exports:');
      const text = isWhole ? stringify(ALTR) + code : CONFIG + code.replaceAll(/^(?=.)/gm, '    ');
      const { config } = parseConfig(text, 'example.yaml', 'provision');
      expect(() => synthesise(config, folder)).not.toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('every option of provisioning has its example or is in the table', () => {
  for (const option of Object.keys(exportOptionsShape).filter((key) => key !== 'forceDestroy')) {
    expect(page).toContain(option);
  }
  expect(examples.length).toBeGreaterThanOrEqual(7);
});

test('as many combinations are applied as the page says', () => {
  expect(page).toContain(`${MATRIX.filter(({ plannedOnly }) => !plannedOnly).length} combinations`);
});
